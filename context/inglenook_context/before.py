"""What stood near a cursor before the file was changed: the other side of the diff.

What changed is one span between what both texts begin with and what both end with. In it the
nearest lines above and below the cursor that the old text has too, each once in both, tell which
of the old lines the user is writing anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from inglenook_context.common import common_prefix, common_suffix
from inglenook_context.excerpt import Excerpt, lines_of
from inglenook_context.text import Text

LIMIT: Final = 200_000  # characters of a text that is compared
_SPAN: Final = 1_500  # lines that changed, at most
_NEAR: Final = 30  # lines from the cursor within which something must be gone
_GONE: Final = 3  # lines that must be gone: fewer are being typed, and stand in the way
_HEADERS: Final = 2  # lines above them in which the one that opens their block is looked for


def replaced(old: Text, now: Text, line: int, most: int) -> Excerpt | None:
    """The lines of ``old`` in whose place ``line`` of ``now`` is written; None if nothing is gone.

    At most ``most`` characters; their enclosing line comes with them if it stands right above.
    """
    if old is now or max(old.length, now.length) > LIMIT:
        return None
    start, stop, new_stop = _span(old, now)
    if stop - start > _SPAN or new_stop - start > _SPAN:
        return None
    if not start - _NEAR <= line <= new_stop + _NEAR:
        return None
    before = lines_of(old, start, stop).split("\n")[:-1]
    after = lines_of(now, start, new_stop).split("\n")[:-1]
    first, last = _between(before, after, min(max(line - start, 0), len(after)))
    gone = before[first:last]
    held = {each.strip() for each in after}
    lost = [each for each in gone if each.strip() and each.strip() not in held]
    if len(lost) < _GONE:
        return None
    return _shown(old, start + first, start + last, most)


def _span(old: Text, now: Text) -> tuple[int, int, int]:
    """The lines ``[start:stop]`` of ``old`` that became ``[start:new_stop]`` of ``now``."""
    one, other = str(old), str(now)
    head = common_prefix(one, other)
    start = min(old.line_at(head), now.line_at(head))
    head = old.line_start(start)
    tail = common_suffix(one, other, min(len(one), len(other)) - head)
    return start, _line_behind(old, len(one) - tail), _line_behind(now, len(other) - tail)


def _line_behind(text: Text, offset: int) -> int:
    """The first line that begins at ``offset`` or behind it."""
    line = text.line_at(offset)
    return line if text.line_start(line) == offset else line + 1


def _between(before: Sequence[str], after: Sequence[str], line: int) -> tuple[int, int]:
    """The lines of ``before`` that stand between what is left of it above and below ``line``."""
    old = _once(before)
    both = {text: at for text, at in _once(after).items() if text in old}
    first, last = 0, len(before)
    for at in range(min(line, len(after)) - 1, -1, -1):
        if both.get(after[at]) == at:
            first = old[after[at]] + 1
            break
    for at in range(line + 1, len(after)):
        if both.get(after[at]) == at:
            last = old[after[at]]
            break
    return (first, last) if first <= last else (0, 0)


def _once(lines: Sequence[str]) -> dict[str, int]:
    """Where the lines stand of which there is but one; blank and very short ones do not count."""
    found: dict[str, int] = {}
    for at, line in enumerate(lines):
        if len(line.strip()) > 3:
            found[line] = -1 if line in found else at
    return {line: at for line, at in found.items() if at >= 0}


def _shown(old: Text, first: int, stop: int, most: int) -> Excerpt | None:
    """Lines without blank ones round them, below the line that opens their block."""
    lines = lines_of(old, first, stop).split("\n")[:-1]
    while lines and not lines[0].strip():
        del lines[0]
        first += 1
    for above in range(1, min(_HEADERS, first) + 1):
        header = old.line(first - above)
        if header.strip() and lines and _margin(header) < _margin(lines[0]):
            lines = lines_of(old, first - above, first).split("\n")[:-1] + lines
            first -= above
            break
    while lines and (not lines[-1].strip() or len("\n".join(lines)) + 1 > most):
        del lines[-1]
    return Excerpt(first, "\n".join(lines) + "\n") if lines else None


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
