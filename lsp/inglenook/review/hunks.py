"""Hunks of unified diffs without context, as git prints them for files that are known already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook.review.values import Hunk

_HEADER: Final = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def patches_of(diff: Iterable[bytes]) -> Iterator[tuple[Hunk, ...]]:
    """The hunks of each file, in the order of the files; none for one that only got another name.
    ``diff`` are its lines without their ends. How many lines a hunk has its header says, so that no
    line is taken for another.
    """
    lines = iter(diff)
    hunks: list[Hunk] | None = None
    line = next(lines, None)
    while line is not None:
        if line.startswith(b"diff --git "):
            if hunks is not None:
                yield tuple(hunks)
            hunks = []
        elif hunks is not None and (match := _HEADER.match(line)):
            hunks.append(_hunk(match, lines))
        line = next(lines, None)
    if hunks is not None:
        yield tuple(hunks)


def _hunk(match: re.Match[bytes], lines: Iterator[bytes]) -> Hunk:
    old_start, old_count, start, count = (
        int(each) if each is not None else 1 for each in match.groups()
    )
    removed: list[str] = []
    left = old_count + count
    while left and (line := next(lines, None)) is not None:
        if line.startswith(b"-"):
            removed.append(line[1:].decode(errors="replace").rstrip("\r"))
        left -= not line.startswith(b"\\")  # "No newline at end of file" is no line of a side
    # Without new lines git gives the line above (git-diff, "combined diff format" and POSIX diff).
    return Hunk(start if count else start + 1, count, tuple(removed), old_start)
