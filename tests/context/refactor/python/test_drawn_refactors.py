from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

import pytest

from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.python.rename_local import rename_local
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.context.refactor.python.drawn import cases, drawn, selection
from tests.support.parsed import parsed

_SPANS: dict[str, Callable[[Syntax, int, int], Refactoring | Refusal]] = {
    "extract_function": extract_function,
    "extract_function_expression": extract_function,
    "extract_variable": extract_variable,
    "extract_variable_everywhere": partial(extract_variable, everywhere=True),
}
_CURSORS: dict[str, Callable[[Syntax, int], Refactoring | Refusal]] = {
    "inline_variable": inline_variable,
    "rename": lambda syntax, offset: rename_local(syntax, offset, "new"),
}


def _syntax(source: str) -> Syntax:
    syntax = parsed(Text.of(source))
    assert syntax is not None
    return syntax


def _done(name: str, before: str) -> tuple[str, Refactoring | Refusal]:
    if name in _SPANS:
        source, start, stop = selection(before)
        return source, _SPANS[name](_syntax(source), start, stop)
    source = before.replace("█", "")
    return source, _CURSORS[name](_syntax(source), before.index("█"))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [(name, *case) for name in (*_SPANS, *_CURSORS) for case in cases(name)],
)
def test_drawn(name: str, before: str, after: str) -> None:
    source, result = _done(name, before)
    assert drawn(source, result) == after


@pytest.mark.parametrize(
    ("name", "before"), [(name, case[0]) for name in (*_SPANS, *_CURSORS) for case in cases(name)]
)
@pytest.mark.parametrize("end", ["\r\n", "\n\n"])
def test_line_ends_are_kept(name: str, before: str, end: str) -> None:
    """With CRLF the result is the same text with CRLF; with blank lines it still parses."""
    source, result = _done(name, f"{before}\n".replace("\n", end))
    plain, other = _done(name, f"{before}\n")
    if isinstance(result, Refusal) or isinstance(other, Refusal):
        assert type(result) is type(other)
        return
    after = drawn(source, result).split("\n? ")[0]
    if end == "\r\n":
        assert "\n" not in after.replace("\r\n", "")
        assert after.replace("\r\n", "\n") == drawn(plain, other).split("\n? ")[0]
    if "[T](" not in source:  # which Python 3.11 does not know
        ast.parse(after)


def test_a_given_name_is_taken() -> None:
    source, start, stop = selection("def f(x):\n    «y = x + 1»\n    return y\n")
    result = extract_function(_syntax(source), start, stop, "successor")
    assert isinstance(result, Refactoring)
    assert result.name == "successor"
    assert "def successor(x):" in drawn(source, result)
    assert result.title == "Extract function successor"


@pytest.mark.parametrize("name", ["1x", "class", "a b", "print", "__x", "ä", "match", "list"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    source, start, stop = selection("def f(x):\n    «y = x + 1»\n    return y\n")
    assert isinstance(extract_function(_syntax(source), start, stop, name), Refusal)
    source, start, stop = selection("def f(x):\n    return g(«x + 1»)\n")
    assert isinstance(extract_variable(_syntax(source), start, stop, name), Refusal)
    assert isinstance(rename_local(_syntax(source), source.index("x"), name), Refusal)


def test_a_long_function_is_refused_and_its_long_class_is_not() -> None:
    lines = "".join(f"        a{at} = b + {at}\n" for at in range(3_000))
    source = f"class A:\n    def f(self, b):\n{lines}\n    def g(self):\n        x = self.h(1)\n"
    syntax = _syntax(source)
    at = source.index("self.h")
    assert isinstance(extract_function(syntax, at, at + 9), Refactoring)
    at = source.index("b + 7")
    long = extract_function(syntax, at, at + 5)
    assert isinstance(long, Refusal)
    assert "too long" in long.reason
