"""What is rewritten together: the smallest whole lines that hold what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook_context.document import Document
from inglenook_context.rewrite.rows import margin_of, trimmed, whole_lines
from inglenook_context.rewrite.structure import (
    Broken,
    Definition,
    Structure,
    definitions,
    grown,
    statements,
    structure_of,
)
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose

_SHORT: Final = 12  # lines of a function that is rewritten as a whole to fix something in it

_DECORATES: Final = ("", "@", "#", "[")
_ENDS: Final = ("", ",", ";")
_COMMENTS: Final = ("#", "//", "/*")


@dataclass(frozen=True, slots=True)
class Unit:
    """Whole lines that are rewritten together: characters ``start`` to ``stop`` (code points).

    ``start`` is the start of a line, ``stop`` is behind the last line's text, before its line end.
    ``indent`` is what the least indented line begins with. ``kind`` is ``function``, ``class``,
    ``statements`` or ``lines``; ``name`` is a function's or class's. ``language`` is an LSP
    language identifier.
    """

    start: int
    stop: int
    indent: str
    kind: str
    name: str = ""
    language: str = ""


def unit_at(
    document: Document, syntax: Syntax | None, start: int, stop: int, purpose: Purpose
) -> Unit | None:
    """The smallest unit for what was asked; never raises.

    A selection grows to whole lines in which no statement is cut. Without one it is the innermost
    function or class round the cursor, else the statement at the top of the file, else the line.
    To fix something it is the statement that holds it, or a short function round that. Without a
    tree, and where it is broken, lines are lines. None: nothing stands there.
    """
    text = document.text
    start, stop = sorted((min(max(start, 0), len(text)), min(max(stop, 0), len(text))))
    begin, end = trimmed(text, start, stop)
    if begin == end:  # a cursor
        begin = end = _code_on_line(text, start)
        if not text.line(text.line_at(begin)).strip() and purpose is Purpose.FIX:
            begin = end = _last_code(text, begin)
    is_blank = not text.slice(*whole_lines(text, begin, end)).strip()
    lines = whole_lines(text, begin, end)
    structure = structure_of(document, syntax, *lines)
    if structure is None:
        return None if is_blank else _lines(document, begin, end)
    try:
        unit = _found(structure, document, begin, end, purpose)
        if unit is None or unit.kind == "function":
            return unit
        if lines[0] <= unit.start and unit.stop <= lines[1]:
            return unit
        structure = structure_of(document, syntax, *lines, members=True) or structure
        return _found(structure, document, begin, end, purpose)
    except Broken:
        return None if is_blank else _lines(document, begin, end)


def _found(
    structure: Structure, document: Document, begin: int, end: int, purpose: Purpose
) -> Unit | None:
    is_blank = not document.text.slice(*whole_lines(document.text, begin, end)).strip()
    if purpose is Purpose.FIX:
        return None if is_blank else _fix(structure, document, begin, end)
    if begin == end:
        return _round(structure, document, begin, is_blank)
    return _unit(structure, document, *grown(structure, begin, end))


def _fix(structure: Structure, document: Document, start: int, stop: int) -> Unit:
    low, high = grown(structure, start, stop)
    for found in reversed(definitions(structure, start)):
        if found.kind == "function" and found.start <= low and high <= found.stop:
            lines = structure.text.line_at(found.stop) - structure.text.line_at(found.start) + 1
            if lines <= _SHORT:
                return _unit(structure, document, found.start, found.stop)
            break
    return _unit(structure, document, low, high)


def _round(structure: Structure, document: Document, offset: int, is_blank: bool) -> Unit | None:
    around = definitions(structure, offset)
    if around:
        return _unit(structure, document, around[-1].start, around[-1].stop)
    if structure.root.error:
        raise Broken
    low, high = whole_lines(structure.text, offset, offset)
    for begin, end, part in statements(structure, structure.root):
        if begin < end and begin <= high and low <= end:
            if part.error:
                raise Broken
            return _unit(structure, document, *grown(structure, begin, end))
    return None if is_blank else _lines(document, offset, offset)


def _unit(structure: Structure, document: Document, start: int, stop: int) -> Unit:
    whole = _is_whole(structure, start, stop)
    kind = "statements" if _has_code(structure, start, stop) else "lines"
    return Unit(
        start,
        stop,
        _indent(structure.text, start, stop, structure),
        whole.kind if whole else kind,
        whole.name if whole else "",
        document.language,
    )


def _lines(document: Document, start: int, stop: int) -> Unit:
    text = document.text
    start, stop = whole_lines(text, start, stop)
    return Unit(start, stop, _indent(text, start, stop), "lines", "", document.language)


def _is_whole(structure: Structure, start: int, stop: int) -> Definition | None:
    """The one definition that a span is."""
    text = structure.text
    first, last = trimmed(text, start, stop)
    for found in definitions(structure, first):
        if trimmed(text, found.start, found.stop) == (first, last):
            before = text.slice(first, found.outer.start)
            after = text.slice(found.outer.stop, last).strip()
            if before[:1] in _DECORATES and (after in _ENDS or after.startswith(_COMMENTS)):
                return found
    return None


def _has_code(structure: Structure, start: int, stop: int) -> bool:
    comments = [
        (node.start, node.stop)
        for node in structure.root.walk()
        if node.type in structure.grammar.comments and node.start < stop and start < node.stop
    ]
    at = start
    for low, high in sorted(comments):
        if structure.text.slice(at, low).strip():
            return True
        at = max(at, high)
    return bool(structure.text.slice(at, stop).strip())


def _indent(text: Text, start: int, stop: int, structure: Structure | None = None) -> str:
    """The least margin of lines that are not blank and do not begin in a string."""
    strings = []
    if structure is not None:
        kinds = structure.grammar.strings - {"jsx_text"}
        strings = [
            (node.start, node.stop)
            for node in structure.root.walk()
            if node.type in kinds and node.start < stop and start < node.stop
        ]
    margins = []
    for line in range(text.line_at(start), text.line_at(stop) + 1):
        at, row = text.line_start(line), text.line(line)
        if row.strip() and not any(low < at < high for low, high in strings):
            margins.append(margin_of(row))
    return min(margins, key=len, default="")


def _code_on_line(text: Text, offset: int) -> int:
    """The first character of a cursor's line that is no white space; of a blank one the cursor."""
    line = text.line_at(offset)
    row = text.line(line)
    at = text.line_start(line) + len(row) - len(row.lstrip())
    return at if row.strip() else min(offset, text.line_start(line) + len(row))


def _last_code(text: Text, offset: int) -> int:
    """The last line above a blank one that is not blank, as `_code_on_line` has it."""
    for line in range(text.line_at(offset), -1, -1):
        if text.line(line).strip():
            return _code_on_line(text, text.line_start(line))
    return offset
