from __future__ import annotations

from functools import partial

import pytest

from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.typescript.extract_variable import extract_variable
from inglenook_context.refactor.typescript.inline_variable import inline_variable
from inglenook_context.refactor.typescript.rename_local import rename_local
from tests.context.refactor.typescript.drawn import cases, drawn, selection, syntax_of

_SPANS = {
    "extract_variable": extract_variable,
    "extract_variable_everywhere": partial(extract_variable, everywhere=True),
}
_CURSORS = {
    "inline_variable": inline_variable,
    "rename": partial(rename_local, name="fresh"),
    "rename_type": partial(rename_local, name="New"),
}


def _done(refactor: str, language: str, before: str) -> tuple[str, Refactoring | Refusal]:
    if refactor in _SPANS:
        source, start, stop = selection(before)
        return source, _SPANS[refactor](syntax_of(source, language), start, stop)
    source = before.replace("█", "")
    return source, _CURSORS[refactor](syntax_of(source, language), before.index("█"))


@pytest.mark.parametrize(("refactor", "language", "before", "after"), list(cases()))
def test_drawn(refactor: str, language: str, before: str, after: str) -> None:
    source, result = _done(refactor, language, before)
    assert not syntax_of(source, language).tree.root_node.has_error
    assert drawn(source, result) == after
    if isinstance(result, Refactoring):
        changed = after.split("\n? ")[0]
        assert not syntax_of(changed, language).tree.root_node.has_error


@pytest.mark.parametrize(("refactor", "language", "before"), [case[:3] for case in cases()])
def test_line_ends_are_kept(refactor: str, language: str, before: str) -> None:
    """With CRLF the result is the same text with CRLF."""
    source, result = _done(refactor, language, f"{before}\n".replace("\n", "\r\n"))
    plain, other = _done(refactor, language, f"{before}\n")
    after = drawn(source, result)
    assert isinstance(result, Refusal) or "\n" not in after.split("\n? ")[0].replace("\r\n", "")
    assert after.replace("\r\n", "\n") == drawn(plain, other)


def test_a_given_name_is_taken() -> None:
    source, start, stop = selection("function f(x) {\n  return g(«x + 1»)\n}\n")
    result = extract_variable(syntax_of(source, "typescript"), start, stop, "successor")
    assert isinstance(result, Refactoring)
    assert result.name == "successor"
    assert "const successor = x + 1\n  return g(successor)" in drawn(source, result)
    assert result.title == "Extract variable successor"


def test_a_given_name_that_is_taken_gets_a_number() -> None:
    source, start, stop = selection("function f(x) {\n  return g(«x + 1»)\n}\n")
    result = extract_variable(syntax_of(source, "typescript"), start, stop, "g")
    assert isinstance(result, Refactoring)
    assert result.name == "g2"


@pytest.mark.parametrize(
    "name", ["1x", "class", "a b", "await", "let", "ä", "#x", "undefined", "arguments", "a-b"]
)
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    source, start, stop = selection("function f(x) {\n  return g(«x + 1»)\n}\n")
    syntax = syntax_of(source, "typescript")
    assert isinstance(extract_variable(syntax, start, stop, name), Refusal)
    assert isinstance(rename_local(syntax, source.index("x"), name), Refusal)


@pytest.mark.parametrize("name", ["string", "any", "keyof"])
def test_a_type_cannot_be_called_as_a_type_of_the_language(name: str) -> None:
    source = "function f<T>(x: T, y: T) {}"
    assert isinstance(rename_local(syntax_of(source, "typescript"), 11, name), Refusal)
    assert isinstance(rename_local(syntax_of(source, "typescript"), 14, name), Refactoring)


def test_a_name_of_the_language_is_not_made_up() -> None:
    source, start, stop = selection("function f(x) {\n  return g(«x.default» + 1)\n}\n")
    result = extract_variable(syntax_of(source, "typescript"), start, stop)
    assert isinstance(result, Refactoring)
    assert result.name == "defaultValue"


def test_a_long_function_is_refused_and_its_long_class_is_not() -> None:
    lines = "".join(f"    let a{at} = b + {at}\n" for at in range(3_000))
    source = f"class A {{\n  f(b) {{\n{lines}  }}\n  g() {{\n    let x = this.h(1) + 1\n  }}\n}}\n"
    syntax = syntax_of(source, "typescript")
    at = source.index("this.h")
    assert isinstance(extract_variable(syntax, at, at + 9), Refactoring)
    assert isinstance(rename_local(syntax, at - 4, "y"), Refactoring)
    at = source.index("b + 7")
    long = extract_variable(syntax, at, at + 5)
    assert isinstance(long, Refusal)
    assert "too long" in long.reason


def test_another_language_is_refused() -> None:
    syntax = syntax_of("x = 1 + 2", "python")
    assert isinstance(extract_variable(syntax, 4, 9), Refusal)
    assert isinstance(rename_local(syntax, 0, "y"), Refusal)
    assert isinstance(inline_variable(syntax, 0), Refusal)
