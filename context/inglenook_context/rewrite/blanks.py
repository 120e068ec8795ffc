"""The header of a function with blanks where types are missing, and what a model put into them.

A model that has seen much code writes a header with types better than it says which types there
should be; and an engine that takes grammars can be made to write nothing but the types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change
from inglenook_context.rewrite import script_annotations
from inglenook_context.rewrite.annotations import RETURN, Untyped, change_of, definition_of
from inglenook_context.rewrite.structure import Definition, Structure, structure_of
from inglenook_context.syntax import Syntax

_MARK: Final = "\ue000"  # of no language's code
_BLANK: Final = re.compile(f"{_MARK}(\\d+){_MARK}")
_OPENS: Final = dict(zip("([{<", ")]}>", strict=True))
_LONGEST: Final = 200  # characters of a type


@dataclass(frozen=True, slots=True)
class Header:
    """``pieces`` is the code between the blanks, one more than there are ``labels``: parameters
    with their stars, and ``return``."""

    pieces: tuple[str, ...]
    labels: tuple[str, ...]


def header_of(document: Document, syntax: Syntax | None, found: Untyped) -> Header | None:
    """None if the function is another by now, or its header is not one line after another."""
    structure = structure_of(document, syntax)
    definition = definition_of(structure, found) if structure is not None else None
    body = definition.node.one("body") if definition is not None else None
    if structure is None or definition is None or body is None:
        return None
    labels = (*found.parameters, *([RETURN] if found.returns else []))
    start = definition.node.start
    header = structure.text.slice(start, body.start).rstrip()
    changes = _changes(document, structure, definition, labels)
    if not all(start <= each.start <= each.stop <= start + len(header) for each in changes):
        return None
    at, pieces = 0, []
    for each in sorted(changes, key=lambda change: change.start):
        pieces += [header[at : each.start - start], each.new]
        at = each.stop - start
    parts = _BLANK.split("".join([*pieces, header[at:]]))
    return Header(tuple(parts[::2]), tuple(labels[int(number)] for number in parts[1::2]))


def _changes(
    document: Document, structure: Structure, definition: Definition, labels: tuple[str, ...]
) -> tuple[Change, ...]:
    marks = {label: f"{_MARK}{number}{_MARK}" for number, label in enumerate(labels)}
    if document.language == "python":
        found = [change_of(structure, definition, each, mark) for each, mark in marks.items()]
        return tuple(found)
    return script_annotations.changes_of(structure, definition, marks)


def types_in(answer: str, header: Header) -> dict[str, str]:
    """What a model wrote for the blanks, by label, wherever in ``answer`` the header stands.

    A blank that it left out, or a parameter that it named otherwise, is missing.
    """
    start = answer.find("(")
    close = _close(answer, start) if start >= 0 else -1
    listed = answer[start:close] if close >= 0 else answer
    found = {each: _parameter(listed, each.lstrip("*.")) for each in header.labels}
    if RETURN in found:
        found[RETURN] = _result(answer, close) if close >= 0 else ""
    return {label: written for label, written in found.items() if written}


def _parameter(answer: str, name: str) -> str:
    """What stands behind a parameter's colon, up to its default value or the next parameter."""
    match = re.search(rf"(?<![\w.]){re.escape(name)}\s*\??\s*:", answer)
    if match is None:
        return ""
    stop = match.end()
    for at, character in _outside(answer, match.end()):
        if character in ",)" or (character == "=" and answer[at + 1 : at + 2] != ">"):
            break
        stop = at + 1
    return _line(answer[match.end() : stop])


def _result(answer: str, close: int) -> str:
    """What stands behind the list of parameters, which ends at ``close``."""
    match = re.compile(r"\s*(?:->|:)").match(answer, close)
    if match is None:
        return ""
    stop = match.end()
    for at, character in _outside(answer, match.end()):
        if character in ":\n" or (character in "{=" and answer[match.end() : at].strip()):
            break
        stop = at + 1
    return _line(answer[match.end() : stop])


def _line(text: str) -> str:
    return " ".join(text.split())


def _outside(answer: str, start: int) -> Iterator[tuple[int, str]]:
    """The last character of each thing from ``start`` on that is in no bracket: what opens a
    bracket, and what closes one that was not opened here, stand for themselves."""
    depth = 0
    for at in range(start, min(len(answer), start + _LONGEST)):
        character = answer[at]
        closes = character in _OPENS.values() and answer[at - 1] not in "-="  # an arrow is none
        if closes and depth:
            depth -= 1
            if not depth:
                yield at, "_"  # a thing in brackets
        elif depth == 0:
            yield at, character
        if character in _OPENS:
            depth += 1


def _close(answer: str, start: int) -> int:
    """Behind the bracket that closes the one at ``start``; -1 if there is none."""
    depth = 0
    for at in range(start, len(answer)):
        depth += (answer[at] == "(") - (answer[at] == ")")
        if depth == 0:
            return at + 1
    return -1
