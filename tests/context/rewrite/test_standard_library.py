"""Every function of some modules is documented and annotated; nothing else changes."""

from __future__ import annotations

import ast
from itertools import cycle
from typing import Final

import pytest

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Refusal, applied
from inglenook_context.rewrite.annotations import annotated, untyped
from inglenook_context.rewrite.docstring import documentable, documented
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Purpose, Task
from tests.context.rewrite.library import MODULES, Definition, defined, document, syntax
from tests.support.parsed import parsed

_PROSE: Final = (
    "Do it.",
    'Say """ and \\d, and end with "',
    "Do the first thing.\n\nArgs:\n    a: " + "something " * 30,
    "'''\\",
    "*/ 日本語 😀 " + "word " * 400,
    '"""Return `x`.\n\n    More of it.\n    """',
)
_TYPES: Final = (
    {"": "int", "return": "Any"},
    {"": "Optional[List[str]]", "return": "Iterator[Any]"},
    {"": "Callable[[int], Mapping[str, Any]]", "return": "None"},
    {"": '"object"', "return": "Literal['a', 1]"},
)


def test_each_prose_documents_each_definition() -> None:
    """Of one module, with every prose, each from the same text."""
    current, tree = document("sched"), syntax("sched")
    source = str(current.text)
    for node, at in defined(source):
        for prose in _PROSE:
            found = documentable(current, tree, at)
            assert found is not None
            result = documented(current, tree, found, prose)
            assert not isinstance(result, Refusal)
            after = applied(source, result)
            assert _without_docstrings(after) == _without_docstrings(source)
            same = next(each for each, _ in defined(after) if each.lineno == node.lineno)
            assert ast.get_docstring(same) not in (None, ast.get_docstring(node))


@pytest.mark.parametrize("module", MODULES)
def test_documented(module: str) -> None:
    """All of a module from its end to its beginning; the verifier judges all of it at once."""
    source = text = str(document(module).text)
    tree = syntax(module)
    prose = cycle(_PROSE)
    for _, at in _from_the_end(source):
        current = Document("file:///a.py", "python", 1, tree.text)
        found = documentable(current, tree, at)
        assert found is not None
        result = documented(current, tree, found, next(prose))
        assert not isinstance(result, Refusal)
        assert all(found.start <= each.start <= each.stop <= found.stop for each in result)
        text = applied(text, result)
        tree = _parsed(text)
    assert _without_docstrings(text) == _without_docstrings(source)
    assert all(ast.get_docstring(node) for node, _ in defined(text))
    task = Task("python", (0, len(source)), Purpose.DOCSTRING)
    assert verify(source, text, task).failures == ()


@pytest.mark.parametrize("module", MODULES)
def test_annotated(module: str) -> None:
    source = text = str(document(module).text)
    tree = syntax(module)
    types = cycle(_TYPES)
    shift = 0
    for node, at in _from_the_end(source):
        current = Document("file:///a.py", "python", 1, tree.text)
        found = untyped(current, tree, at + shift)
        if isinstance(node, ast.ClassDef):
            assert found is None
            continue
        assert found is not None
        told = next(types)
        wanted = dict.fromkeys(found.parameters, told[""])
        result = annotated(current, tree, found, {**wanted, "return": told["return"]})
        if isinstance(result, Refusal):
            assert not found.parameters
            assert "the type of return is" in result.reason
            continue
        above = [each for each in result if each.start < found.start]
        shift += sum(len(each.new) - (each.stop - each.start) for each in above)
        text = applied(text, result)
        tree = _parsed(text)
    assert _without_types(text) == _without_types(source)
    compile(text, "<annotated>", "exec")
    assert all(
        each.annotation
        for node, _ in defined(text)
        if not isinstance(node, ast.ClassDef)
        for each in _given(node)
    )
    task = Task("python", (0, len(source)), Purpose.TYPES)
    assert verify(source, text, task).failures == ()


def _from_the_end(source: str) -> list[tuple[Definition, int]]:
    return sorted(defined(source), key=lambda pair: -pair[1])


def _parsed(text: str) -> Syntax:
    tree = parsed(Text.of(text))
    assert tree is not None
    return tree


def _given(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """The parameters without the first one, which may be a method's own."""
    arguments = node.args
    return [*[*arguments.posonlyargs, *arguments.args][1:], *arguments.kwonlyargs]


def _without_docstrings(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, Definition) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


def _without_types(source: str) -> str:
    tree = ast.parse(source)
    tree.body = [
        each
        for each in tree.body
        if not (isinstance(each, ast.ImportFrom) and each.module in ("typing", "collections.abc"))
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
    return ast.dump(tree)
