"""A scan that finds, before a parse, text on which a parser could stall.

py-tree-sitter asks its progress callback about every hundred operations, but some paths of
error recovery run long without asking, and their length grows with how deep brackets nest and
how much stands on one line. Such a text is completed as plain text.

The scan costs O(text), so it is made once, in steps, and then kept up with cheap bounds: an
edit deepens the nesting by at most the brackets that it opens and those whose closing it takes
away. Only when the bound passes the limit is the text scanned again, and to get there somebody
had to edit hundreds of brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.text import Edit, Text

LONGEST_TEXT: Final = 1_000_000  # code points
LONGEST_LINE: Final = 20_000  # code points
DEEPEST: Final = 1_000  # brackets that are open at the same time
_PIECE: Final = 1_024  # code points that are counted at once
_STEP: Final = 32_768  # code points in a step


class Nesting:
    """Whether the text of one open document may be parsed; mutable, follows its edits."""

    __slots__ = ("_deepest", "_scan", "_text", "tame")

    def __init__(self, text: Text) -> None:
        self.tame: bool | None = None  # None while it is not known yet
        self._text = text
        self._deepest = 0
        self._scan = _scan(text)

    def update(self, text: Text, edit: Edit) -> None:
        """``edit`` made ``text`` of the text before. Costs what the edit is long."""
        old, self._text = self._text, text
        if not self.tame or len(text) > LONGEST_TEXT or edit.new_stop - edit.start > _STEP:
            self._restart(text)
            return
        self._deepest += _openers(text.slice(edit.start, edit.new_stop))
        self._deepest += _closers(old.slice(edit.start, edit.stop))
        if self._deepest > DEEPEST or not _lines_fit(text, edit):
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
        self._scan = _scan(text)
        self.tame = None


def _scan(text: Text) -> Iterator[int | None]:
    """None for each step that is not the last, then the deepest nesting (or more)."""
    if len(text) > LONGEST_TEXT:
        yield DEEPEST + 1
        return
    depth = deepest = 0
    since_line_end = 0
    for start in range(0, len(text), _STEP):
        step = text.slice(start, start + _STEP)
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


def _lines_fit(text: Text, edit: Edit) -> bool:
    """Whether the lines that an edit touched are short enough."""
    first, last = text.line_at(edit.start), text.line_at(edit.new_stop)
    return all(len(text.line(line)) <= LONGEST_LINE for line in range(first, last + 1))


def _openers(text: str) -> int:
    return text.count("(") + text.count("[") + text.count("{")


def _closers(text: str) -> int:
    return text.count(")") + text.count("]") + text.count("}")
