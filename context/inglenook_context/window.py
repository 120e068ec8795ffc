"""The part of the cursor's own file that a model is shown.

What a local engine has evaluated it keeps, as long as the beginning of the next prompt is the
same to the token. So the window's start moves only in coarse steps, what stands before a group of
lines is frozen while the group is typed, and the suffix ends at a line end: from key to key only
``Window.typed`` differs. That the last lines stand behind the suffix, where the model goes on
writing, also makes its answers better (ARCHITECTURE.md has the measurements).
"""

from __future__ import annotations

from dataclasses import dataclass

from inglenook_context.document import Cursor
from inglenook_context.text import Text

_GROUP = 8  # lines that are frozen together; as many or more stand between them and the cursor
_MOST_TYPED = 1200  # characters that may count as typed
_LONG_LINE = 600  # of the cursor's line, if the lines above it are so long that they are frozen
_LONG_STEP = 300  # beyond that, the frozen part of a long line grows in steps of this size


@dataclass(frozen=True, slots=True)
class Budget:
    """How many characters of each kind a prompt may hold."""

    snippets: int  # of other files, when they are chosen afresh
    prefix: int  # the least that is shown of what stands before the typed part
    step: int  # and how much more until the start moves
    suffix: int

    @property
    def size(self) -> int:
        """All of it."""
        return self.snippets + self.prefix + self.step + self.suffix

    def scaled(self, share: float) -> Budget:
        """The same parts of less, or more."""
        parts = (self.snippets, self.prefix, self.step, self.suffix)
        return Budget(*(max(int(part * share), 1) for part in parts))


LARGE = Budget(snippets=3600, prefix=1600, step=1000, suffix=1000)
SMALL = Budget(snippets=1000, prefix=600, step=600, suffix=400)

PREFIX_LIMIT = LARGE.prefix + LARGE.step + _MOST_TYPED
SUFFIX_LIMIT = LARGE.suffix


@dataclass(frozen=True, slots=True)
class Window:
    """Text with ``\\n`` line ends: ``prefix + typed`` before the cursor, ``suffix`` after it."""

    prefix: str
    typed: str
    suffix: str


def window(cursor: Cursor, budget: Budget) -> Window:
    """What the model is shown of the cursor's file."""
    text = cursor.document.text
    frozen = _frozen(text, cursor.offset)
    start = _start(text, frozen, budget)
    suffix = text.slice(cursor.offset, cursor.offset + budget.suffix)
    if cursor.offset + budget.suffix < text.length:
        suffix = suffix[: suffix.rfind("\n") + 1] or suffix
    return Window(
        prefix=_newlines(text.slice(start, frozen)),
        typed=_newlines(text.slice(frozen, cursor.offset)),
        suffix=_newlines(suffix),
    )


def _frozen(text: Text, offset: int) -> int:
    """Where the typed part begins: at the start of a group of lines above the cursor; if they
    are long, of the cursor's line, or at a coarse step into that."""
    line = text.line_at(offset)
    group = text.line_start(max(line // _GROUP - 1, 0) * _GROUP)
    if offset - group <= _MOST_TYPED:
        return group
    start = text.line_start(line)
    excess = offset - start - _LONG_LINE
    return start if excess <= 0 else start + (excess // _LONG_STEP + 1) * _LONG_STEP


def _start(text: Text, frozen: int, budget: Budget) -> int:
    if frozen <= budget.prefix + budget.step:
        return 0
    coarse = (frozen - budget.prefix) // budget.step * budget.step
    line = text.line_at(coarse) + 1
    if line < text.line_count and text.line_start(line) < frozen:
        return text.line_start(line)
    return coarse


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
