"""Imports that a model wrote before the code it was asked for go to where the file has its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change
from inglenook_context.rewrite.rows import usual_end
from inglenook_context.syntax import Syntax

if TYPE_CHECKING:
    from inglenook_context.rewrite.unit import Unit

_PYTHON: Final = re.compile(r"[ \t]*(?:import [\w.]+( as \w+)?|from [\w.]+ import [\w, ]+)[ \t\r]*")
_SCRIPT: Final = re.compile(r"[ \t]*import\b[^(\n]*?[\"'][^\"'\n]+[\"'];?[ \t\r]*")
_WRITTEN: Final = {
    "python": _PYTHON,
    **dict.fromkeys(("typescript", "typescriptreact", "javascript", "javascriptreact"), _SCRIPT),
}
_IMPORTS: Final = frozenset(
    {"import_statement", "import_from_statement", "future_import_statement"}
)
_ABOVE: Final = frozenset({"comment", "hash_bang_line"})


def hoisted(
    document: Document, syntax: Syntax | None, unit: Unit, code: str
) -> tuple[str, tuple[Change, ...]]:
    """The code without the imports it begins with, and the changes that add those to the file's.

    What the file imports already is not added. Nothing is moved out of code that stands among the
    file's imports itself, or that is nothing else.
    """
    pattern = _WRITTEN.get(document.language)
    if pattern is None or syntax is None or not syntax.exact:
        return code, ()
    lines = code.split("\n")
    imports, rest = _parted(lines, pattern)
    text = document.text
    old = text.slice(unit.start, unit.stop)
    if not imports or not rest or any(pattern.fullmatch(line) for line in old.split("\n")):
        return code, ()
    place = _place(syntax, unit.start)
    if place is None:
        return code, ()
    known = {syntax.text_of(each).strip() for each in _tops(syntax) if each.type in _IMPORTS}
    end = usual_end(str(text))
    fresh = [line.strip() for line in imports if line.strip() not in known]
    added = "".join(f"{line}{end}" for line in dict.fromkeys(fresh))
    return "\n".join(rest), (Change(place, place, added),) if added else ()


def _parted(lines: list[str], pattern: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """The imports at the beginning, and what comes after them."""
    imports: list[str] = []
    for number, line in enumerate(lines):
        if pattern.fullmatch(line):
            imports.append(line)
        elif line.strip():
            return imports, lines[number:]
    return imports, []


def _place(syntax: Syntax, before: int) -> int | None:
    """The start of the line behind the file's last import; without one, behind the comments and
    the docstring at its beginning. None if that is not before ``before``."""
    text = syntax.text
    last: Node | None = None
    for node in _tops(syntax):
        if node.type in _IMPORTS:
            last = node
    if last is None:
        for number, node in enumerate(_tops(syntax)):
            is_docstring = node.type == "expression_statement" and _is_string(node)
            if node.type not in _ABOVE and not (is_docstring and number <= 3):
                break
            if syntax.stop_of(node) <= before:
                last = node
    line = text.line_at(syntax.stop_of(last)) + 1 if last is not None else 0
    place = text.line_start(line) if line < text.line_count else len(text)
    return place if place <= before else None


def _tops(syntax: Syntax) -> Iterator[Node]:
    yield from syntax.tree.root_node.named_children


def _is_string(statement: Node) -> bool:
    first = statement.named_children[0] if statement.named_children else None
    return first is not None and first.type in ("string", "concatenated_string")
