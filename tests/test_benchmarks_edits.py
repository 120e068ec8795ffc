"""The oracles of the cases of edits: what is right is judged right, and what is wrong is not."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import pytest

from benchmarks.edits_cases.cases import BadDrawing, Case, cases, patched
from benchmarks.edits_cases.judge_purposes import OF_PURPOSE
from benchmarks.edits_cases.judge_types import fits
from benchmarks.edits_cases.oracle import needs_node, parses, why_wrong

CASES = cases()
PYTHON = [case for case in CASES if not needs_node(case)]
NODE = [case for case in CASES if needs_node(case)]


def by_name(case: Case) -> str:
    return case.name


def judged(case: Case) -> tuple[str, list[str]]:
    """Why the right answer is wrong, and those wrong answers that nothing is wrong with."""
    passed = [title for title, text in case.wrong if not why_wrong(case, text)]
    return why_wrong(case, case.right), passed


@pytest.mark.parametrize("case", PYTHON, ids=by_name)
def test_the_oracle_knows_right_from_wrong(case: Case) -> None:
    assert judged(case) == ("", [])


@pytest.mark.editor
@pytest.mark.parametrize("case", NODE, ids=by_name)
def test_the_oracle_knows_right_from_wrong_in_node(case: Case) -> None:
    assert judged(case) == ("", [])


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_all_that_is_drawn_parses(case: Case) -> None:
    for text in (case.text, case.right, *(text for _, text in case.wrong)):
        assert parses(text, case.language)


@pytest.mark.parametrize("case", PYTHON, ids=by_name)
def test_what_was_there_before_is_not_right(case: Case) -> None:
    assert why_wrong(case, case.text)
    assert why_wrong(case, case.text + "\n")


def test_there_are_forty_for_all_that_can_be_asked() -> None:
    assert Counter(case.purpose.value for case in CASES) == {
        "fix": 10,
        "types": 7,
        "docstring": 6,
        "simplify": 7,
        "edit": 10,
    }
    assert Counter(case.language for case in CASES) == {
        "python": 29,
        "typescript": 7,
        "javascript": 2,
        "go": 2,
    }


def test_a_diff_must_fit_one_place() -> None:
    assert patched("a\nb\nc\n", " a\n-b\n+d\n") == "a\nd\nc\n"
    assert patched("a\n\nb\n", "-a\n@@\n-b\n+c\n") == "\nc\n"
    for text in ("b\n", "a\na\n"):
        with pytest.raises(BadDrawing):
            patched(text, "-a\n+b\n")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (1, float),
        (None, int | None),
        ({"a": [1]}, dict[str, list[int]]),
        ({"a": 1}, Mapping[str, float]),
        (("a", 1, 2), tuple[str, int, int]),
        ((1, 2), tuple[int, ...]),
        (len, Callable[[str], int]),
        (iter(["a"]), Iterator[str]),
        ("a", Literal["a", "b"]),
        ([], Sequence[int]),
    ],
)
def test_a_value_is_of_its_type(value: object, hint: Any) -> None:
    assert fits(value, hint)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (1.5, int),
        (None, int),
        ({"a": ["1"]}, dict[str, list[int]]),
        ({1: 1}, Mapping[str, int]),
        (("a", 1), tuple[str, int, int]),
        ((1, "2"), tuple[int, ...]),
        ("len", Callable[[str], int]),
        (iter([1]), Iterator[str]),
        ("c", Literal["a", "b"]),
        (["a"], Sequence[int]),
    ],
)
def test_a_value_is_not_of_another_type(value: object, hint: Any) -> None:
    assert not fits(value, hint)


@pytest.mark.parametrize(
    ("docstring", "wrong"),
    [
        ("Sum of both values.", ""),
        ("Sum of both.\n\n    Args:\n        a: One.\n        b (int): Other.\n    ", ""),
        ("Sum of both.\n\n    :param int a: One.\n    :raises ValueError: If below 0.", ""),
        ("Sum of both.\n\n    Parameters\n    ----------\n    a : int\n        One.\n", ""),
        ("Sum of both.\n\n    Raises:\n        ValueError: If a is below 0.\n    ", ""),
        ("Sum of both.\n\n    Args:\n        a: One.\n        c: None.\n", "not there: c"),
        ("Sum of both.\n\n    :param c: None.", "not there: c"),
        ("Sum.\n\n    Parameters\n    ----------\n    c : int\n        The sum.", "not there: c"),
        ("Sum of both.\n\n    Raises:\n        TypeError: Always.\n", "raises TypeError"),
        ("Sum of both.\n\n    :raises KeyError: Always.", "raises KeyError"),
        ("Sum.", "says nothing"),
        ("The sum of both", ""),
        ("The sum of both.\n\n    It is an int if both are, and raises if the", "breaks off"),
        ("The sum of both. It is computed by adding,", "breaks off"),
        ("The sum of both. It is computed by adding both to", "breaks off"),
    ],
)
def test_what_a_docstring_says_must_be_so(docstring: str, wrong: str) -> None:
    code = "    if a < 0:\n        raise ValueError\n    return a + b\n"
    before = ast.parse(f"def total(a, b):\n{code}")
    after = ast.parse(f'def total(a, b):\n    """{docstring}"""\n{code}')
    said = OF_PURPOSE["docstring"](before, after, "total")
    assert wrong in said
    assert bool(wrong) == bool(said)
