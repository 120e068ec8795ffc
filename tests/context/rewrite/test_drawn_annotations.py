from __future__ import annotations

import pytest

from inglenook_context.refactor.edits import Change, Refusal
from inglenook_context.rewrite.annotations import Untyped, annotated, untyped
from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Purpose, Task
from tests.context.rewrite.drawn import Case, cases, outcome

_DRAWN = [*cases("annotations"), *cases("annotations_script")]


def _types(case: Case) -> dict[str, str]:
    rows = [row for row in case.written.split("\n") if row]
    return {row.partition(": ")[0]: row.partition(": ")[2] for row in rows}


def _result(case: Case) -> tuple[Change, ...] | Refusal | None:
    found = untyped(case.document, case.syntax, case.start)
    return found and annotated(case.document, case.syntax, found, _types(case))


def _outcome(case: Case) -> str:
    result = _result(case)
    return "nothing" if result is None else outcome(case.source, result)


@pytest.mark.parametrize("case", _DRAWN)
def test_drawn(case: Case) -> None:
    assert _outcome(case) == case.after


@pytest.mark.parametrize("case", _DRAWN)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_in_the_file(case: Case, end: str) -> None:
    if "\n" in case.source:
        assert _outcome(case.with_ends(end)) == case.after.replace("\n", end)


@pytest.mark.parametrize("case", [case for case in _DRAWN if case.written and case.after[0] != "!"])
def test_it_passes_the_verifier(case: Case) -> None:
    found, result = untyped(case.document, case.syntax, case.start), _result(case)
    assert found is not None
    assert isinstance(result, tuple)
    start = min(found.start, *(each.start for each in result))
    stop = max(found.stop, *(each.stop for each in result))
    task = Task(case.language, (start, stop), Purpose.TYPES)
    assert verify(case.source, case.after, task).failures == ()


def test_what_is_told_of_a_method() -> None:
    source = "class A:\n    @d\n    def f(self, a, b: int, *c, d=1, **e): ...\n"
    case = Case("python", source, source.index("f("), 0, "", "")
    found = untyped(case.document, case.syntax, case.start)
    assert found == Untyped("f", 9, len(source) - 1, ("a", "*c", "d", "**e"), returns=True)


def test_stars_may_be_left_out() -> None:
    case = Case("python", "def f(*a, **b): ...", 4, 4, "a: int\nb: str", "")
    assert _outcome(case) == "def f(*a: int, **b: str): ..."


def test_other_languages_have_none() -> None:
    case = Case("javascript", "function f(a) {}", 10, 10, "", "")
    assert untyped(case.document, case.syntax, case.start) is None


def test_a_stub_needs_no_quotes() -> None:
    case = Case("python", "class A:\n    def f(self): ...\n", 20, 20, "", "")
    document = case.document.__class__("file:///a.pyi", "python", 1, case.document.text)
    found = untyped(document, case.syntax, case.start)
    assert found is not None
    result = annotated(document, case.syntax, found, {"return": "A"})
    assert outcome(case.source, result) == "class A:\n    def f(self) -> A: ...\n"


def test_a_byte_order_mark_stays_first() -> None:
    case = Case("python", "\ufeffdef f(a): ...\n", 7, 7, "a: Any", "")
    assert _outcome(case) == "\ufefffrom typing import Any\n\n\ndef f(a: Any): ...\n"


def test_a_function_that_is_gone_is_refused() -> None:
    case, other = _DRAWN[0], _DRAWN[1]
    found = untyped(case.document, case.syntax, case.start)
    assert found is not None
    assert isinstance(annotated(other.document, other.syntax, found, {"a": "int"}), Refusal)
    assert isinstance(annotated(case.document, None, found, {"a": "int"}), Refusal)
    assert untyped(case.document, None, case.start) is None
