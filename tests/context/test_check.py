from __future__ import annotations

import pytest

from inglenook_context.check import breaks_parse
from tests.support.drawn import cursor_of
from tests.support.parsed import syntax_of

FINE = [
    ("def f(a):\n    █\n", "return a + 1", "python"),
    ("x = █\n", "foo(1)", "python"),
    ("x = foo(█)\n", "a, b=2", "python"),
    ("x = foo(█)\n", "bar(a, ", "python"),
    ("x = foo(█)\n", "[a for a in b", "python"),
    ("█\n", "if a:", "python"),
    ("█\n", "def f(a, b", "python"),
    ("█\n", "x = 1 +", "python"),
    ("foo(█\n", "a)", "python"),
    ("def f(a):\n    ret█\n", "urn a", "python"),
    ("def f(a):█\n\nx = 1\n", "\n    return a", "python"),
    ("function f() {\n  █\n}\n", "return a ? b : c;", "typescript"),
    ("function f() {\n  █\n}\n", "if (a) {", "javascript"),
    ("const x = f(█);\n", "(a) => { return a", "typescript"),
]
BROKEN = [
    ("def f(a):\n    █\n", "return a +) 1", "python"),
    ("x = foo(█)\n", "a)) + b", "python"),
    ("█\n", "x = = 2", "python"),
    ("█\n", "Here is the code: it adds one", "python"),
    ("█\n", "```python\nx = 1\n```", "python"),
    ("function f() {\n  █\n}\n", "return a ? ;", "javascript"),
    ("function f() {\n  █\n}\n", "}}} const = 2;", "typescript"),
]


@pytest.mark.parametrize(("drawing", "candidate", "language"), FINE)
def test_what_may_be_inserted(drawing: str, candidate: str, language: str) -> None:
    cursor = cursor_of(drawing, language)
    assert not breaks_parse(syntax_of(cursor), cursor, candidate, 1_000)


@pytest.mark.parametrize(("drawing", "candidate", "language"), BROKEN)
def test_what_breaks_the_syntax(drawing: str, candidate: str, language: str) -> None:
    cursor = cursor_of(drawing, language)
    assert breaks_parse(syntax_of(cursor), cursor, candidate, 1_000)


def test_without_time_nothing_is_said_to_break() -> None:
    cursor = cursor_of("█\n")
    assert not breaks_parse(syntax_of(cursor), cursor, "x = = 2", 0)


def test_the_tree_of_the_cursor_is_left_as_it_was() -> None:
    cursor = cursor_of("x = █\n")
    syntax = syntax_of(cursor)
    size = syntax.tree.root_node.end_byte
    breaks_parse(syntax, cursor, "foo(", 1_000)
    assert syntax.tree.root_node.end_byte == size


def test_a_large_file_costs_no_more_than_its_part() -> None:
    drawing = "def f(a):\n    return a\n\n" * 400 + "def g(a):\n    █\n\n"
    cursor = cursor_of(drawing + "def h(a):\n    return a\n\n" * 400)
    syntax = syntax_of(cursor)
    looks = iter(range(1_000_000))

    def breaks(candidate: str) -> bool:
        return breaks_parse(syntax, cursor, candidate, 30_000, lambda: float(next(looks)))

    assert breaks("return a +) 1")
    assert not breaks("return a + 1")
    assert next(looks) < 60
