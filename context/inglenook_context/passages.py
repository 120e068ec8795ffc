"""Passages: pieces of text, bodies and all, that show how something like this is written.

Each source (`similar`, `spots`, `before`) finds some and says what they are worth, by the rare
names that they share with what stands near the cursor. They get a small share of what is shown,
and only where they are worth it; signatures (`candidates`, `choice`) tell what can be called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final

from inglenook_context.document import Cursor
from inglenook_context.excerpt import Excerpt, lines_of
from inglenook_context.prompt import Snippet
from inglenook_context.text import Text, encode
from inglenook_context.window import Budget, window

MOST: Final = 1_200  # characters of one passage
_SHARE: Final = 0.3  # of the budget for other files
_LEAST: Final = 160  # characters, or the budget is too small for any
_FEW: Final = 3  # passages at once
COMES: Final = 0.4  # the score of a newcomer, at least (`benchmarks/passages.py`)
_STAYS: Final = 0.25  # and of what is shown
_BETTER: Final = 1.4  # how much better a newcomer must be to drive out what is shown
BEFORE: Final = ".orig"  # behind the path of what a file was before, as patch(1) has it


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole lines of ``of``; ``text`` has ``\\n`` line ends. ``reason`` is one of the sources."""

    path: str
    text: str
    first_line: int
    score: float
    reason: str
    of: Text = field(repr=False, compare=False)

    @classmethod
    def made(cls, path: str, shown: Excerpt, score: float, reason: str, of: Text) -> Passage:
        return cls(path, shown.text, shown.first, score, reason, of)

    @property
    def stop(self) -> int:
        """The first line behind it."""
        return self.first_line + self.text.count("\n")

    def overlaps(self, other: Passage) -> bool:
        same = self.path == other.path
        return same and self.first_line < other.stop and other.first_line < self.stop


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of its own file, from ``first`` to before ``stop``, that a model is shown anyway;
    ``count`` are the lines that the file has."""

    path: str
    first: int
    stop: int
    count: int

    def shows(self, path: str, first: int, stop: int, count: int | None = None) -> bool:
        """Whether any of the lines are among them.

        ``count`` are the lines of an older text that they are of: lines of that may stand where
        they stood, or farther down by as many as were added.
        """
        if path != self.path:
            return False
        moved = 0 if count is None else self.count - count
        low, high = min(first, first + moved), max(stop, stop + moved)
        return low < self.stop and self.first < high


def seen(cursor: Cursor, path: str, budget: Budget) -> Seen:
    """What the window of a cursor's own file shows."""
    shown = window(cursor, budget)
    first = cursor.line - (shown.prefix + shown.typed).count("\n")
    stop = cursor.line + shown.suffix.count("\n") + 1
    return Seen(path, first, stop, cursor.document.text.line_count)


def room(budget: Budget) -> int:
    """How many characters of passages are shown at most; 0 if it is not worth the trouble."""
    most = int(budget.snippets * _SHARE)
    return most if most >= _LEAST else 0


def still(each: Passage, text: Text) -> Passage | None:
    """A passage where it stands in ``text``, as it is or moved by what changed above it; None if
    it is not there any more."""
    if each.of is text:
        return each
    moved = text.line_count - each.of.line_count
    for first in dict.fromkeys((each.first_line, each.first_line + moved)):
        if lines_of(text, first, first + each.stop - each.first_line) == each.text:
            return replace(each, first_line=first, of=text)
    return None


def fill(
    found: Iterable[Passage],
    own: Seen,
    most: int,
    kept: Sequence[Passage] = (),
    comes: float = COMES,
) -> tuple[Passage, ...]:
    """Those that are shown within ``most`` characters, paths included: nothing twice, and nothing
    that the window shows. A newcomer must have the score ``comes``.

    ``kept`` are those that are shown now, with the scores that they have now. They stay as they
    are and where they are, so that an engine need not read them again; newcomers come last.
    """
    chosen: list[Passage] = []
    for each in kept:
        if each.score >= _STAYS and not _hidden(each, own) and _fits(each, chosen, most):
            chosen.append(each)
    for each in sorted(found, key=lambda each: (-each.score, each.path, each.first_line)):
        if each.score < comes:
            break
        twice = any(each.text == other.text or each.overlaps(other) for other in chosen)
        if twice or _hidden(each, own):
            continue
        # What is driven out, the worst first, must be worse by far.
        worse = [old for old in chosen if old.score * _BETTER <= each.score]
        left = list(chosen)
        for old in sorted(worse, key=lambda old: old.score):
            if _fits(each, left, most):
                break
            left.remove(old)
        if _fits(each, left, most):
            chosen = [*left, each]
    return tuple(chosen)


def as_snippets(chosen: Sequence[Passage]) -> tuple[Snippet, ...]:
    """Passages as a model is shown them."""
    return tuple(Snippet(each.path, each.text) for each in chosen)


def size_of(chosen: Sequence[Passage]) -> int:
    """Characters, with the paths of the files."""
    return sum(map(_price, chosen))


def digest(chosen: Sequence[Passage]) -> str:
    """Tells apart what is shown, in this process and in any other; empty for nothing."""
    if not chosen:
        return ""
    made = blake2b(digest_size=8)
    for each in chosen:
        made.update(encode(f"{each.path}\0{each.text}\0"))
    return made.hexdigest()


def _hidden(each: Passage, own: Seen) -> bool:
    return own.shows(each.path, each.first_line, each.stop, each.of.line_count)


def _price(each: Passage) -> int:
    return len(each.text) + len(each.path) + 4


def _fits(each: Passage, chosen: Sequence[Passage], most: int) -> bool:
    return len(chosen) < _FEW and size_of(chosen) + _price(each) <= most
