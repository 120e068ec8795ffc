"""A scan that finds, before a parse, text on which a parser could stall.

py-tree-sitter asks its progress callback about every hundred operations, but some paths of
error recovery run long without asking, and their length grows with how deep brackets nest and
how much stands on one line. Such a text is completed as plain text.

The scan costs O(text), so it is made once, in steps, and then kept up with cheap bounds: an
edit deepens the nesting by at most the brackets that it opens and those whose closing it takes
away. Only when the bound passes the limit is the text scanned again, and to get there somebody
had to edit hundreds of brackets.

YAML nests by its columns, and tree-sitter-yaml 0.7 writes past the end of a buffer, which ends the
process, at 254 levels. A line has at most as many as it is indented and has marks that begin one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.text import Edit, Text

LONGEST_TEXT: Final = 1_000_000  # code points
LONGEST_LINE: Final = 20_000  # code points
DEEPEST: Final = 1_000  # brackets that are open at the same time
DEEPEST_COLUMN: Final = 200  # levels of a line of YAML
_INDENTED: Final = frozenset({"yaml"})  # languages in which columns nest
_BEGINS: Final = re.compile(r"[-?:](?=\s|\Z)")
_PIECE: Final = 1_024  # code points that are counted at once
_STEP: Final = 32_768  # code points in a step


class Nesting:
    """Whether the text of one open document may be parsed; mutable, follows its edits."""

    __slots__ = ("_deepest", "_indented", "_scan", "_text", "tame")

    def __init__(self, text: Text, language: str = "") -> None:
        self.tame: bool | None = None  # None while it is not known yet
        self._text = text
        self._deepest = 0
        self._indented = language in _INDENTED
        self._scan = _scan(text, self._indented)

    def update(self, text: Text, edit: Edit) -> None:
        """``edit`` made ``text`` of the text before. Costs what the edit is long."""
        old, self._text = self._text, text
        if not self.tame or len(text) > LONGEST_TEXT or edit.new_stop - edit.start > _STEP:
            self._restart(text)
            return
        self._deepest += _openers(text.slice(edit.start, edit.new_stop))
        self._deepest += _closers(old.slice(edit.start, edit.stop))
        if self._deepest > DEEPEST or not _lines_fit(text, edit, self._indented):
            self._restart(text)

    def advance(self) -> bool:
        """Scan one step, a fraction of a millisecond; True when `tame` is known."""
        if self.tame is None:
            deepest = next(self._scan)
            if deepest is not None:
                self._deepest = deepest
                self.tame = deepest <= DEEPEST
        return self.tame is not None

    def _restart(self, text: Text) -> None:
        self._scan = _scan(text, self._indented)
        self.tame = None


def _scan(text: Text, indented: bool) -> Iterator[int | None]:
    """None for each step that is not the last, then the deepest nesting (or more)."""
    if len(text) > LONGEST_TEXT:
        yield DEEPEST + 1
        return
    depth = deepest = 0
    since_line_end = 0
    row = ""  # the beginning of one that goes on in the next step
    for start in range(0, len(text), _STEP):
        step = text.slice(start, start + _STEP)
        if indented:
            *rows, row = re.split(r"\r\n|\n|\r", row[:LONGEST_LINE] + step)
            if any(map(_is_deep, (*rows, row))):
                deepest = DEEPEST + 1
        for at in range(0, len(step), _PIECE):
            piece = step[at : at + _PIECE]
            openers = _openers(piece)
            deepest = max(deepest, depth + openers)
            depth = max(depth + openers - _closers(piece), 0)
            if "\n" not in piece and "\r" not in piece:
                since_line_end += len(piece)
                if since_line_end > LONGEST_LINE:
                    deepest = DEEPEST + 1
            else:
                since_line_end = 0
        if deepest > DEEPEST:
            break
        if start + _STEP < len(text):
            yield None
    yield deepest


def _lines_fit(text: Text, edit: Edit, indented: bool) -> bool:
    """Whether the lines that an edit touched are short enough, and not too deep."""
    first, last = text.line_at(edit.start), text.line_at(edit.new_stop)
    lines = (text.line(line) for line in range(first, last + 1))
    return all(len(line) <= LONGEST_LINE and not (indented and _is_deep(line)) for line in lines)


def _is_deep(line: str) -> bool:
    """Whether a line's columns may nest too deep."""
    if len(line) <= DEEPEST_COLUMN:
        return False
    return len(line) - len(line.lstrip()) + len(_BEGINS.findall(line)) > DEEPEST_COLUMN


def _openers(text: str) -> int:
    return text.count("(") + text.count("[") + text.count("{")


def _closers(text: str) -> int:
    return text.count(")") + text.count("]") + text.count("}")
