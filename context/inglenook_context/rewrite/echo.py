"""What an answer is wrapped in: fences, blank lines, and lines of the file beside its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inglenook_context.rewrite.rows import margin_of

_FENCE: Final = re.compile(r"[ \t]*(?:`{3,}|~{3,})[^`]*")
_MOST: Final = 20  # lines beside a unit that may come back
_HEADERS: Final = 8  # blocks round a unit whose first lines may
_SAYS: Final = re.compile(r"\w\w")


def without_blanks(rows: Sequence[str]) -> list[str]:
    """The rows without the blank ones at both ends."""
    full = [at for at, row in enumerate(rows) if row.strip()]
    return list(rows[full[0] : full[-1] + 1]) if full else []


def without_fences(rows: Sequence[str], own: Sequence[str]) -> list[str]:
    """The rows of the fenced block, if there is one and the unit has no fences of its own."""
    rows = without_blanks(rows)
    if any(_FENCE.fullmatch(row) for row in own):
        return rows
    fences = [at for at, row in enumerate(rows) if _FENCE.fullmatch(row)]
    if not fences:
        return rows
    first = fences[0]
    if first == 0 or (not margin_of(rows[first]) and len(fences) == 2):
        closed = [at for at in fences[1:] if margin_of(rows[at]) == margin_of(rows[first])]
        return without_blanks(rows[first + 1 : closed[0] if closed else None])
    if fences[-1] == len(rows) - 1 and len(fences) % 2:
        return without_blanks(rows[:-1])
    return rows


def without_echo(
    rows: Sequence[str], own: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> list[str]:
    """The rows without those that repeat what stands directly before and behind the unit, or
    begins a block round it.

    Rows are compared without their margins and blank ones are passed over. What the unit itself
    begins or ends with is no echo, nor is a run of brackets only, which any code may end with.
    """
    kept = without_blanks(rows)
    kept = kept[_echoed(kept, own, before) :]
    kept = without_blanks(kept)
    for header in _headers(own, before):
        if len(kept) > 1 and kept[0].strip() == header != _first(own):
            kept = without_blanks(kept[1:])
    flipped = kept[::-1]
    flipped = flipped[_echoed(flipped, own[::-1], after[::-1]) :]
    return without_blanks(flipped[::-1])


def _echoed(rows: Sequence[str], own: Sequence[str], beside: Sequence[str]) -> int:
    """With how many rows an answer begins that are the last of ``beside``."""
    full = [(at, row.strip()) for at, row in enumerate(rows) if row.strip()]
    texts = [text for _, text in full]
    near = [row.strip() for row in beside if row.strip()][-_MOST:]
    mine = [row.strip() for row in own if row.strip()]
    for count in range(min(len(near), len(texts) - 1), 0, -1):
        run = near[-count:]
        if texts[:count] == run != mine[:count] and any(map(_SAYS.search, run)):
            return full[count - 1][0] + 1
    return 0


def _headers(own: Sequence[str], before: Sequence[str]) -> list[str]:
    """The first lines of the blocks round a unit, outermost first, by their margins."""
    depth = min((len(margin_of(row)) for row in own if row.strip()), default=0)
    found: list[str] = []
    for row in reversed(before):
        if depth == 0 or len(found) == _HEADERS:
            break
        if row.strip() and len(margin_of(row)) < depth and row.rstrip()[-1:] in (":", "{"):
            depth = len(margin_of(row))
            found.append(row.strip())
    return found[::-1]


def _first(own: Sequence[str]) -> str:
    return next((row.strip() for row in own if row.strip()), "")
