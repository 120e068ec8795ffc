"""Names of the standard library added to a Python file's imports, where the file has its own."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from inglenook_context.refactor.edits import Change
from inglenook_context.rewrite.rows import start_of_line, usual_end
from inglenook_context.rewrite.structure import Broken, Structure, grown
from inglenook_context.rewrite.type_text import Import
from inglenook_context.text import Text
from inglenook_context.verify.tree import Tree

_MARK: Final = "\ufeff"  # byte order mark
_FROM: Final = "import_from_statement"
_IMPORTS: Final = ("import_statement", _FROM)


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """What a file begins with; ``imports`` are those before anything else is done."""

    docstring: Tree | None
    future: Tree | None
    imports: list[Tree]
    first: Tree | None  # what comes behind


def with_imports(
    structure: Structure, wanted: Iterable[Import], before: int
) -> tuple[Change, ...] | None:
    """The changes that import ``wanted`` above ``before``; None if there is no place for them."""
    by_module: dict[str, list[str]] = {}
    for each in sorted(set(wanted), key=lambda one: (one.module, one.name)):
        by_module.setdefault(each.module, []).append(each.name)
    changes: list[Change] = []
    fresh: list[tuple[str, list[str]]] = []
    for module, names in by_module.items():
        statement = _existing(structure, module, before)
        if statement is None:
            fresh.append((module, names))
        else:
            changes += _merged(structure, statement, names)
    if fresh:
        added = _added(structure, fresh, before)
        if added is None:
            return None
        changes += added
    return tuple(sorted(changes, key=lambda change: change.start))


# A statement that imports from the module already


def _existing(structure: Structure, module: str, before: int) -> Tree | None:
    for node in structure.root.children:
        if node.type != _FROM or node.stop > before or not node.all("name"):
            continue
        source = node.one("module_name")
        if source is not None and structure.written(source) == module:
            return node
    return None


def _merged(structure: Structure, statement: Tree, names: Sequence[str]) -> list[Change]:
    """Each name before the first that sorts behind it, else at the end."""
    text = structure.text
    there = statement.all("name")
    keys = [structure.written(each).casefold() for each in there]
    is_sorted = keys == sorted(keys)
    inserted: dict[int, str] = {}
    for name in names:
        at = next((n for n, key in enumerate(keys) if key > name.casefold()), None)
        if at is None or not is_sorted:
            place = there[-1].stop
            inserted[place] = inserted.get(place, "") + "," + _gap(text, there[-1]) + name
        else:
            place = there[at].start
            inserted[place] = inserted.get(place, "") + name + "," + _gap(text, there[at])
    return [Change(place, place, new) for place, new in inserted.items()]


def _gap(text: Text, name: Tree) -> str:
    """What stands between two names: a space, or a line each."""
    margin = text.slice(start_of_line(text, name.start), name.start)
    return " " if margin.strip() else usual_end(str(text)) + margin


# Statements of their own


def _added(
    structure: Structure, fresh: Sequence[tuple[str, list[str]]], before: int
) -> list[Change] | None:
    text = structure.text
    end = usual_end(str(text))
    head = _head(structure, before)
    group = _standard_group(structure, head.imports)
    lines = {module: f"from {module} import {', '.join(names)}{end}" for module, names in fresh}
    inserted: dict[int, str] = {}
    try:
        if group:
            for module, line in lines.items():
                place = _place_in(structure, group, module)
                inserted[place] = inserted.get(place, "") + line
        else:
            place, above, below = _place(structure, head, end)
            inserted[place] = above + "".join(lines.values()) + below
    except Broken:
        return None
    if any(place > max(start_of_line(text, before), _begin(text)) for place in inserted):
        return None
    return [Change(place, place, new) for place, new in inserted.items()]


def _head(structure: Structure, before: int) -> _Head:
    docstring = future = None
    imports: list[Tree] = []
    for number, node in enumerate(structure.root.parts):
        inner = node.parts[0].type if node.parts else ""
        if number == 0 and inner in ("string", "concatenated_string"):
            docstring = node
        elif node.type == "future_import_statement":
            future = node
        elif node.type in _IMPORTS and node.stop <= before and _begins(structure, node):
            imports.append(node)
        else:
            return _Head(docstring, future, imports, node)
    return _Head(docstring, future, imports, None)


def _begins(structure: Structure, node: Tree) -> bool:
    text = structure.text
    return not text.slice(start_of_line(text, node.start), node.start).strip(f"{_MARK} \t\f")


def _standard_group(structure: Structure, imports: Sequence[Tree]) -> list[Tree]:
    """The first imports without a blank line between them that are of the standard library."""
    text = structure.text
    groups: list[list[Tree]] = []
    for node in imports:
        line = text.line_at(node.start)
        if not groups or not text.line(line - 1).strip():
            groups.append([])
        groups[-1].append(node)
    for group in groups:
        if any(
            _module(structure, node).partition(".")[0] in sys.stdlib_module_names for node in group
        ):
            return group
    return []


def _module(structure: Structure, node: Tree) -> str:
    source = node.one("module_name") or node.one("name") or node
    return structure.written(source.one("name") or source)


def _place_in(structure: Structure, group: Sequence[Tree], module: str) -> int:
    """Before the first ``from`` of a module that sorts behind, else behind the group."""
    for node in group:
        if node.type == _FROM and _module(structure, node) > module:
            return node.start if node.start == 0 else start_of_line(structure.text, node.start)
    return _behind(structure, group[-1])


def _place(structure: Structure, head: _Head, end: str) -> tuple[int, str, str]:
    """Where imports go in a file that has none of the standard library, and the blank lines
    above and below."""
    text = structure.text
    if head.imports:
        first = head.imports[0]
        at = start_of_line(text, first.start)
        return (at if at else first.start), "", end
    is_definition = head.first is not None and head.first.type.endswith("_definition")
    blanks = 2 if is_definition else 1
    after = head.future or head.docstring
    line = 0
    while line < text.line_count and text.line(line).lstrip(_MARK).startswith("#"):
        line += 1
    if after is not None:
        at = _behind(structure, after)
    elif line:
        at = text.line_start(line) if line < text.line_count else len(text)
    else:
        at = _begin(text)
    there = _blanks(text, at)
    return at, end if after is not None or line else "", end * max(blanks - there, 0)


def _behind(structure: Structure, node: Tree) -> int:
    """The start of the line behind a statement and all that shares its lines."""
    text = structure.text
    _, stop = grown(structure, node.start, node.stop)
    line = text.line_at(stop) + 1
    return text.line_start(line) if line < text.line_count else len(text)


def _blanks(text: Text, offset: int) -> int:
    """How many blank lines there are from ``offset`` on."""
    first = line = text.line_at(offset)
    while line < text.line_count and not text.line(line).strip(f"{_MARK} \t\f"):
        line += 1
    return line - first


def _begin(text: Text) -> int:
    """The first place behind a byte order mark."""
    return int(text.slice(0, 1) == _MARK)
