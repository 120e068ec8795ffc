"""Which lines round a place of a text can stand by themselves."""

from __future__ import annotations

from typing import Final, NamedTuple

from inglenook_context.style import to_model
from inglenook_context.text import Text

_ABOVE: Final = 12  # lines above a place in which a good beginning is looked for
_LEAD: Final = 4  # that are shown above it where there is none
_OPENING: Final = "({[:,"  # what ends a line that goes on in the next
_LEAST: Final = 2  # lines with something in them, or it tells nothing
_LONGEST: Final = 400  # characters of a line


class Excerpt(NamedTuple):
    """Lines of a text from ``first`` on; each ends with ``\\n``."""

    first: int
    text: str

    @property
    def stop(self) -> int:
        return self.first + self.text.count("\n")


def lines_of(text: Text, first: int, stop: int) -> str:
    """The lines ``first`` to ``stop``, without the last, all of them ended by ``\\n``."""
    first, stop = max(first, 0), min(stop, text.line_count)
    if first >= stop:
        return ""
    end = text.line_start(stop) if stop < text.line_count else text.length
    found = to_model(text.slice(text.line_start(first), end))
    return found if found.endswith("\n") or not found else found + "\n"


def excerpt(text: Text, place: int, stop: int, most: int) -> Excerpt | None:
    """The lines round line ``place``, up to ``stop`` and at most ``most`` characters of them.

    It begins where something begins, if that is not far above: a function, or what stands behind
    a blank line. If it must be cut, it ends at a blank line or where a block ends.
    """
    top = max(place - _ABOVE, 0)
    # A line takes at least its end, so these are enough; what is asked for may be a whole text.
    lines = lines_of(text, top, min(stop, place + most)).split("\n")[:-1]
    at = min(place - top, len(lines) - 1)
    if at < 0:
        return None
    first = _first(lines, at)
    while first < at and _size(lines[first : at + 1]) > most * 2 // 3:
        first += 1
    last = _stop(lines, first, most)
    while first < last and not lines[first].strip():
        first += 1
    while first < last and not lines[last - 1].strip():
        last -= 1
    shown = lines[first:last]
    if last < at or sum([not line.isspace() for line in shown if line]) < _LEAST:
        return None
    if max(map(len, shown)) > _LONGEST:
        return None
    return Excerpt(top + first, "\n".join(shown) + "\n")


def _first(lines: list[str], at: int) -> int:
    """Of the lines up to ``at`` the one with the smallest margin that begins something."""
    best, least = max(at - _LEAD, 0), 1 << 30
    below = _margin(lines[at + 1]) if at + 1 < len(lines) else 0
    for number in range(at, -1, -1):
        line, margin = lines[number], _margin(lines[number])
        above = lines[number - 1].rstrip() if number else ""
        if line and margin < least and not line.isspace():
            opens = below > margin
            fresh = not above or (margin <= _margin(above) and above[-1] not in _OPENING)
            if opens or fresh:
                best, least = number, margin
            if not margin or (opens and number and not above):
                break
        below = margin
    return best


def _stop(lines: list[str], first: int, most: int) -> int:
    """How far the lines from ``first`` on go, within ``most`` characters, and to a good end."""
    size, stop = 0, first
    while stop < len(lines) and size + len(lines[stop]) + 1 <= most:
        size += len(lines[stop]) + 1
        stop += 1
    if stop == len(lines):
        return stop
    below = _margin(lines[stop])
    for end in range(stop, first + (stop - first) // 2, -1):
        margin = _margin(lines[end - 1])
        if below < margin or not lines[end].strip():
            return end
        below = margin
    return stop


def _size(lines: list[str]) -> int:
    return sum([len(line) + 1 for line in lines])


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
