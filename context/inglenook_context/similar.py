"""Code that resembles what is being written, by the names that both hold: the rarer, the more.

A text is looked at in windows of 20 lines, of which each begins 10 lines below the last. Which
window holds which name is noted once a text, a little at each step (`shaping`); at a cursor only
the names near it are looked up. What follows in a window that resembles the lines above the cursor
is what may follow there, so a passage begins a little above the most alike line and goes on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import log
from typing import Final

from inglenook_context.document import Cursor
from inglenook_context.excerpt import excerpt, lines_of
from inglenook_context.nearby import names_in, without_imports
from inglenook_context.passages import COMES, Passage, Seen
from inglenook_context.text import Text, encode

_STEP: Final = 10  # lines
_WINDOWS: Final = 2_000  # of one text; beyond these nothing is found
_WIDTH: Final = 4_000  # characters of ten lines that are looked at
_PIECE: Final = 65_536  # characters that are digested at once
_ABOVE: Final = 15  # lines above the cursor that are compared
_REACH: Final = 4_000  # and characters
_HALF: Final = 3  # lines above the cursor at which a name weighs half
_COMMON: Final = 0.5  # of all windows: a name in so many of them tells nothing
_RARE: Final = 3  # windows, in which a name may always be
_SHARED: Final = 4  # names, at least
_BEST: Final = 3  # windows that are looked at closely
_AFTER: Final = 10  # lines behind a window that may be shown with it


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The names in the windows of a text; ``holders`` has for each name the numbers of those that
    hold it, in order. Window ``n`` begins at line ``10 * n``. ``digest`` is of path and text."""

    path: str
    text: Text
    windows: int
    holders: Mapping[str, Sequence[int]]
    digest: int


def shaping(path: str, text: Text) -> Iterator[Shape | None]:
    """The shape of a text, ten lines at each step: yields None, and the shape last."""
    holders: dict[str, list[int]] = {}
    windows = max(min(-(-text.line_count // _STEP) - 1, _WINDOWS), 1)
    for number in range(windows + 1):
        for name in _names(text, number * _STEP):
            held = holders.setdefault(name, [])
            if number and (not held or held[-1] < number - 1):
                held.append(number - 1)
            if number < windows:
                held.append(number)
        yield None
    digest = blake2b(encode(path), digest_size=8)
    for start in range(0, text.length, _PIECE):
        digest.update(encode(text.slice(start, start + _PIECE)))
        yield None
    yield Shape(path, text, windows, holders, int.from_bytes(digest.digest()[:7], "big"))


def _names(text: Text, line: int) -> set[str]:
    if line >= text.line_count:
        return set()
    stop = min(line + _STEP, text.line_count)
    start = text.line_start(line)
    end = text.line_start(stop) if stop < text.line_count else text.length
    return set(names_in(without_imports(text.slice(start, min(end, start + _WIDTH)))))


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """The names near a cursor and what each is worth; ``total`` counts those too that stand
    nowhere else."""

    weights: Mapping[str, float]
    total: float

    def share(self, names: Sequence[str] | frozenset[str]) -> float:
        """How much of what stands near these names are, from 0 to 1."""
        held = self.weights.keys() & names
        if not self.total or len(held) < 2:
            return 0.0
        return sum([self.weights[name] for name in held]) / self.total


def wanted(cursor: Cursor, shapes: Sequence[Shape]) -> Wanted:
    """What stands in the lines above a cursor, weighed by how near it is and how rare."""
    above = without_imports(cursor.before(_REACH)).split("\n")[-_ABOVE:]
    near: dict[str, float] = {}
    for distance, line in enumerate(reversed(above)):
        for name in names_in(line):
            near.setdefault(name, _HALF / (_HALF + distance))
    windows = sum([shape.windows for shape in shapes])
    common = max(_RARE, windows * _COMMON)
    weights: dict[str, float] = {}
    total = 0.0
    for name, nearness in near.items():
        held = sum([len(shape.holders.get(name, ())) for shape in shapes])
        if held <= common:
            weight = nearness * log((windows + 1) / max(held, 1))
            total += weight
            if held:
                weights[name] = weight
    return Wanted(weights, total)


def similar(what: Wanted, shapes: Sequence[Shape], own: Seen, most: int) -> Iterator[Passage]:
    """What resembles the lines above the cursor, in any text and not in the window of its own."""
    if len(what.weights) < _SHARED:
        return
    least = what.total * COMES
    alike = [
        (score, at, number)
        for at, shape in enumerate(shapes)
        for number, score in _scores(what, shape, own).items()
        if score >= least
    ]
    taken: set[tuple[int, int]] = set()
    for score, at, number in heapq.nlargest(_BEST * 3, alike):
        if len(taken) < _BEST and not taken & {(at, number - 1), (at, number), (at, number + 1)}:
            taken.add((at, number))
            found = _passage(what, shapes[at], number, score / what.total, own, most)
            if found is not None:
                yield found


def _scores(what: Wanted, shape: Shape, own: Seen) -> dict[int, float]:
    scores: dict[int, float] = {}
    for name, weight in what.weights.items():
        for number in shape.holders.get(name, ()):
            scores[number] = scores.get(number, 0.0) + weight
    if shape.path != own.path:
        return scores
    count = shape.text.line_count
    return {
        number: score
        for number, score in scores.items()
        if not own.shows(shape.path, number * _STEP, (number + 2) * _STEP, count)
    }


def _passage(
    what: Wanted, shape: Shape, number: int, score: float, own: Seen, most: int
) -> Passage | None:
    first = number * _STEP
    lines = lines_of(shape.text, first, first + 2 * _STEP).split("\n")
    shared = [what.weights.keys() & names_in(line[:_REACH]) for line in lines]
    if len(set().union(*shared)) < _SHARED:
        return None
    weights = [sum([what.weights[name] for name in names]) for names in shared]
    place = first + max(range(len(lines)), key=lambda at: (weights[at], -at))
    stop = min(first + 2 * _STEP + _AFTER, shape.text.line_count)
    if shape.path == own.path:
        stop = next((n for n in range(place, stop) if own.shows(own.path, n, n + 1)), stop)
    shown = excerpt(shape.text, place, stop, most)
    return shown and Passage.made(shape.path, shown, score, "similar", shape.text)
