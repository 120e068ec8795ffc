"""Hunks of unified diffs without context, as git prints them for files that are known already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.review.values import Hunk

_HEADER: Final = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def patches_of(diff: bytes) -> Iterator[tuple[Hunk, ...]]:
    """The hunks of each file, in the order of the files; none for one that is binary or only got
    another name. How many lines a hunk has its header says, so that no line is taken for another.
    """
    lines = diff.split(b"\n")
    hunks: list[Hunk] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(b"diff --git "):
            if hunks is not None:
                yield tuple(hunks)
            hunks = []
        elif hunks is not None and (match := _HEADER.match(line)):
            hunk, at = _hunk(match, lines, at + 1)
            hunks.append(hunk)
            continue
        at += 1
    if hunks is not None:
        yield tuple(hunks)


def _hunk(match: re.Match[bytes], lines: list[bytes], at: int) -> tuple[Hunk, int]:
    old_start, old_count, start, count = (
        int(each) if each is not None else 1 for each in match.groups()
    )
    removed: list[str] = []
    left_old, left_new = old_count, count
    while at < len(lines) and (left_old or left_new or lines[at].startswith(b"\\")):
        line = lines[at]
        if line.startswith(b"-"):
            left_old -= 1
            removed.append(line[1:].decode(errors="replace").rstrip("\r"))
        elif line.startswith(b"+"):
            left_new -= 1
        elif not line.startswith(b"\\"):
            break
        at += 1
    # Without new lines git gives the line above (git-diff, "combined diff format" and POSIX diff).
    return Hunk(start if count else start + 1, count, tuple(removed), old_start), at
