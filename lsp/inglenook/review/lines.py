"""The lines of a file as git counts them: from 1, each ended by ``\\n``."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Lines:
    """``starts`` are the offsets of the lines, and of the end of the text."""

    whole: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        parts = text.split("\n")
        if parts[-1] == "":
            parts.pop()
        ends = accumulate(len(each) + 1 for each in parts)
        return cls(text, (0, *(min(end, len(text)) for end in ends)))

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    def line_at(self, offset: int) -> int:
        """The line that holds the character at ``offset``; the last one if none does."""
        return max(min(bisect_right(self.starts, offset), self.count), 1)

    def text(self, line: int) -> str:
        """One line without its end."""
        return self.slice(line, line).rstrip("\r\n")

    def slice(self, start: int, stop: int) -> str:
        """The lines from ``start`` to ``stop``, both inside, as they are."""
        start, stop = max(start, 1), min(stop, self.count)
        return self.whole[self.starts[start - 1] : self.starts[stop]] if start <= stop else ""

    def size(self, start: int, stop: int) -> int:
        """Characters of these lines."""
        start, stop = max(start, 1), min(stop, self.count)
        return self.starts[stop] - self.starts[start - 1] if start <= stop else 0

    def is_blank(self, line: int) -> bool:
        return not self.text(line).strip()
