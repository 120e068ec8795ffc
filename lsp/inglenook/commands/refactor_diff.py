"""An edit as a unified diff: what ``git apply`` takes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from inglenook_context.refactor.edits import Change, applied

_AROUND: Final = 3  # lines of context
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_ODD: Final = re.compile(r'[\x00-\x1f\x7f"\\]')  # in a name, which is quoted then as in C
_SIGNS: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """``new`` lines in the place of the ``old`` ones, of which ``first`` is the first (from 0)."""

    first: int
    old: Sequence[str]
    new: Sequence[str]

    @property
    def last(self) -> int:
        """The line behind the old ones."""
        return self.first + len(self.old)


def diff_of(path: str, before: str, changes: Sequence[Change]) -> str:
    """``path`` is below the directory in which the diff is applied; empty without changes.

    Only ``\\n`` ends a line of a diff; whatever else a line ends in is part of it.
    """
    lines = _LINE.findall(before)
    pieces = list(_pieces(before, lines, changes))
    if not pieces:
        return ""
    head = f"--- {_name(f'a/{path}')}\n+++ {_name(f'b/{path}')}\n"
    return head + "".join(_hunks(lines, pieces))


def _pieces(before: str, lines: Sequence[str], changes: Sequence[Change]) -> Iterator[_Piece]:
    """Whole lines; changes within one line are one piece."""
    starts = list(accumulate(map(len, lines), initial=0))
    behind = len(lines) - (1 if lines and not lines[-1].endswith("\n") else 0)
    groups: list[tuple[int, int, list[Change]]] = []
    for change in changes:
        first, last = (
            min(bisect_right(starts, offset) - 1, behind) for offset in (change.start, change.stop)
        )
        last = min(last + 1, len(lines))
        if groups and first < groups[-1][1]:
            groups[-1] = groups[-1][0], max(last, groups[-1][1]), [*groups[-1][2], change]
        else:
            groups.append((first, last, [change]))
    for first, last, group in groups:
        shift = starts[first]
        moved = (replace(each, start=each.start - shift, stop=each.stop - shift) for each in group)
        text = applied(before[shift : starts[last]], tuple(moved))
        piece = _trimmed(_Piece(first, lines[first:last], _LINE.findall(text)))
        if piece.old or piece.new:
            yield piece


def _trimmed(piece: _Piece) -> _Piece:
    """Without the lines at both ends that stay."""
    old, new = piece.old, piece.new
    head = tail = 0
    most = min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _Piece(piece.first + head, old[head : len(old) - tail], new[head : len(new) - tail])


def _hunks(lines: Sequence[str], pieces: Sequence[_Piece]) -> Iterator[str]:
    """Pieces whose context meets are one hunk."""
    hunk: list[_Piece] = []
    shift = 0  # by how many lines what follows has moved
    for piece in (*pieces, None):
        if piece is None or (hunk and piece.first - hunk[-1].last > 2 * _AROUND):
            yield _hunk(lines, hunk, shift)
            shift += sum(len(each.new) - len(each.old) for each in hunk)
            hunk = []
        if piece is not None:
            hunk.append(piece)


def _hunk(lines: Sequence[str], hunk: Sequence[_Piece], shift: int) -> str:
    first = at = max(hunk[0].first - _AROUND, 0)
    last = min(hunk[-1].last + _AROUND, len(lines))
    body: list[str] = []
    for piece in hunk:
        body += [f" {line}" for line in lines[at : piece.first]]
        body += [f"-{line}" for line in piece.old]
        body += [f"+{line}" for line in piece.new]
        at = piece.last
    body += [f" {line}" for line in lines[at:last]]
    came = last - first + sum(len(each.new) - len(each.old) for each in hunk)
    head = f"@@ -{_range(first, last - first)} +{_range(first + shift, came)} @@\n"
    return head + "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in body
    )


def _range(first: int, count: int) -> str:
    """As lines from 1; of none it is the line before."""
    return f"{first + 1 if count else first},{count}"


def _name(name: str) -> str:
    if _ODD.search(name):
        return f'"{_ODD.sub(lambda match: _written(match[0]), name)}"'
    return f"{name}\t" if " " in name else name  # else what follows a blank could be a time


def _written(sign: str) -> str:
    return _SIGNS.get(sign) or f"\\{ord(sign):03o}"
