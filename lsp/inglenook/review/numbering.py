"""Where the lines of a file stand, however it was cut to be shown: in which definition, and which
of those that are equal there they are, whether or not anybody speaks of the others."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inglenook.review.lines import Lines

_SPACES: Final = re.compile(r"\s+")


def words_of(text: str) -> str:
    """A line, or several, as they are compared."""
    return _SPACES.sub("", text)


def nth(lines: Sequence[str], first: int, last: int, among: Iterable[int]) -> int:
    """The how manieth place the lines from ``first`` to ``last`` are, both inside, of those in
    which the same stands; ``among`` are where one may begin, in order. All count from 0."""
    wanted = [words_of(each) for each in lines[first : last + 1]]
    count = 0
    for at in among:
        if at > first:
            break
        there = lines[at : at + len(wanted)]
        count += words_of(there[0]) == wanted[0] and [words_of(each) for each in there] == wanted
    return max(count, 1)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The lines of a whole file, and the innermost definitions that they stand in: first line, last
    line and qualified name, in order. What is in none of these stands in nothing, "". Lines count
    from 1."""

    lines: Lines
    spans: tuple[tuple[int, int, str], ...]

    def symbol_at(self, line: int) -> str:
        """The qualified name of what a line stands in."""
        at = bisect_right(self.spans, line, key=lambda span: span[0]) - 1
        return self.spans[at][2] if at >= 0 and line <= self.spans[at][1] else ""

    def nth(self, first: int, last: int, symbol: str) -> int:
        """The how manieth place with the words of these lines they are of those in the symbol."""
        texts = [self.lines.text(each) for each in range(1, self.lines.count + 1)]
        return nth(texts, first - 1, last - 1, self._in(symbol))

    def _in(self, symbol: str) -> Iterator[int]:
        """The lines of a symbol, from 0."""
        before = 0
        for start, stop, name in (*self.spans, (self.lines.count + 1, self.lines.count, "")):
            if not symbol:
                yield from range(before, start - 1)
            if name == symbol:
                yield from range(start - 1, stop)
            before = stop
