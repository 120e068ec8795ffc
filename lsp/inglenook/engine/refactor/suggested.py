"""What a model could be asked to do at a place, as far as the syntax tree shows that there is
something to do. Nothing is asked here.

It goes through what stands round the place, and for a whole file through its definitions: call it
in a thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inglenook.engine.markdown.signs import plain
from inglenook_context.document import Document
from inglenook_context.rewrite.annotations import untyped
from inglenook_context.rewrite.docstring import documentable
from inglenook_context.rewrite.unit import unit_at
from inglenook_context.symbols import Definition, Extraction, definitions_of
from inglenook_context.syntax import Syntax
from inglenook_context.verify.task import Purpose

MOST: Final = 20  # functions of a file that are gone through at once
_LONGEST: Final = 400_000  # characters of a file in which anything is suggested
_TITLE: Final = 60  # characters of what is quoted in a title
_LOOKING: Final = 0.003  # seconds of CPU for whether a file lacks anything
_GOING_THROUGH: Final = 2.0  # of CPU for what it lacks
_WHOLE: Final = {
    Purpose.TYPES: ("source.inglenook.types", "Add the missing types in this file"),
    Purpose.DOCSTRING: ("source.inglenook.docstrings", "Write the missing docstrings in this file"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind`` is an LSP code action kind; ``start`` to ``stop`` is what it is about.

    ``trouble`` is the message that is to be fixed. ``everywhere``: it is a wish for each
    definition of the file that `lacking` names.
    """

    kind: str
    title: str
    purpose: Purpose
    start: int
    stop: int
    trouble: str = ""
    everywhere: bool = False


def is_wanted(kind: str, only: Sequence[str]) -> bool:
    """Whether a client wants a kind: each of ``only`` with all below it; empty: all."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only if each)


def fix(message: str, start: int, stop: int) -> Suggestion:
    """Of a diagnostic at a place."""
    line = " ".join(plain(message).split())
    said = line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"
    return Suggestion("quickfix", f"Fix: {said}", Purpose.FIX, start, stop, message)


def suggested(
    document: Document,
    syntax: Syntax | None,
    start: int,
    stop: int,
    only: Sequence[str] = (),
    *,
    everywhere: bool = True,
) -> tuple[Suggestion, ...]:
    """What is to be done at a place, and ``everywhere`` in the file where nothing is selected or
    ``only`` asks for it; nothing where the tree is not of this text."""
    if syntax is None or not syntax.exact or len(syntax.text) > _LONGEST:
        return ()
    found = [*_there(document, syntax, start, stop, only)]
    if (everywhere and start == stop) or any(each.split(".")[0] == "source" for each in only):
        found += _everywhere(document, syntax, only)
    return tuple(found)


def _there(
    document: Document, syntax: Syntax, start: int, stop: int, only: Sequence[str]
) -> Iterator[Suggestion]:
    at = _first_code(document, start)
    if is_wanted(kind := "refactor.rewrite.types", only):
        lacks = untyped(document, syntax, at)
        if lacks is not None:
            yield Suggestion(kind, f"Add types to {lacks.name}", Purpose.TYPES, at, at)
    if is_wanted(kind := "refactor.rewrite.docstring", only):
        found = documentable(document, syntax, at)
        if found is not None:
            title = f"Write the docstring of {found.name}"
            yield Suggestion(kind, title, Purpose.DOCSTRING, at, at)
    if is_wanted(kind := "refactor.rewrite.simplify", only):
        unit = unit_at(document, syntax, start, stop, Purpose.SIMPLIFY)
        if unit is not None and (
            unit.kind == "function" or (start != stop and unit.kind != "lines")
        ):
            title = f"Simplify {unit.name or 'the selection'}"
            yield Suggestion(kind, title, Purpose.SIMPLIFY, start, stop)


def _first_code(document: Document, offset: int) -> int:
    """The first character of the line behind ``offset`` that is no white space."""
    text = document.text
    line = text.line_at(offset)
    rest = text.slice(offset, text.line_start(line) + len(text.line(line)))
    return offset + len(rest) - len(rest.lstrip())


def _everywhere(document: Document, syntax: Syntax, only: Sequence[str]) -> Iterator[Suggestion]:
    deadline = time.thread_time() + _LOOKING
    first = Extraction(syntax, time.thread_time)
    first.advance(_LOOKING * 500)  # milliseconds: half of the time
    for purpose, (kind, title) in _WHOLE.items():
        for each in first.definitions if is_wanted(kind, only) else ():
            if _lacks(document, syntax, purpose, each):
                yield Suggestion(kind, title, purpose, 0, 0, everywhere=True)
                break
            if time.thread_time() >= deadline:
                break


def lacking(document: Document, syntax: Syntax, purpose: Purpose) -> tuple[tuple[int, str], ...]:
    """Where definitions without types, or without a docstring, begin, and their names.

    At most `MOST`, and of a very long file those at its beginning. Of functions within functions
    nothing is said.
    """
    found: list[tuple[int, str]] = []
    deadline = time.thread_time() + _GOING_THROUGH
    for each in definitions_of(syntax):
        if _lacks(document, syntax, purpose, each):
            found.append((each.start, each.name))
        if len(found) >= MOST or time.thread_time() >= deadline:
            break
    return tuple(found)


def _lacks(document: Document, syntax: Syntax, purpose: Purpose, each: Definition) -> bool:
    if purpose is Purpose.TYPES:
        kinds: tuple[str, ...] = ("function", "method")
    else:
        kinds = ("function", "method", "class")
    if each.kind not in kinds or (each.doc and purpose is Purpose.DOCSTRING):
        return False
    look = untyped if purpose is Purpose.TYPES else documentable
    found = look(document, syntax, each.start)
    return found is not None and found.name == each.name
