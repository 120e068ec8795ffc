"""Where in a unit the code stands that a model quotes. Its word for a line is never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook.review.values import Unit

_SPACES: Final = re.compile(r"\s+")
_SIGN: Final = re.compile(r"^(?:[+ ](?=\S|\s)|\d{1,6}\s*[|:]\s?)")
_LEAST: Final = 6  # characters of a part of a line that is looked for


class Located(NamedTuple):
    """Lines of the file, both inside, and what stands there."""

    line: int
    end_line: int
    text: str


def locate(quote: str, unit: Unit) -> Located | None:
    """The best place for a quote: whole lines before parts of one, what is new before what is not,
    else the first. None if it is nowhere."""
    lines = unit.code.split("\n")
    plain = [_plain(each) for each in lines]
    for wanted in _readings(quote):
        places = list(_whole(wanted, plain)) or list(_parts(wanted, plain))
        if places:
            first, last = min(places, key=lambda place: (not _is_new(unit, place), place))
            text = "\n".join(each.rstrip("\r") for each in lines[first : last + 1]).strip("\n")
            return Located(unit.start + first, unit.start + last, text)
    return None


def _readings(quote: str) -> Iterator[list[str]]:
    """The lines of a quote: as they are, without signs of a diff or numbers, the first alone."""
    rows = [row for row in quote.replace("\r", "").split("\n") if row.strip()]
    bare = [row for row in rows if not row.startswith("```")]
    unsigned = [_SIGN.sub("", row) for row in bare]
    seen: list[list[str]] = []
    for each in (rows, bare, unsigned, bare[:1], unsigned[:1]):
        wanted = [_plain(row) for row in each if _plain(row)]
        if wanted and wanted not in seen:
            seen.append(wanted)
            yield wanted


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _whole(wanted: list[str], lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where these lines stand one below the other; blank lines between them do not count."""
    for first, line in enumerate(lines):
        if line != wanted[0]:
            continue
        at, last = first, first
        for row in wanted[1:]:
            at += 1
            while at < len(lines) and not lines[at]:
                at += 1
            if at >= len(lines) or lines[at] != row:
                break
            last = at
        else:
            yield first, last


def _parts(wanted: list[str], lines: list[str]) -> Iterator[tuple[int, int]]:
    """Lines that have all of a quote in them, or begin with it."""
    if len(wanted) != 1 or len(wanted[0]) < _LEAST:
        return
    for at, line in enumerate(lines):
        if wanted[0] in line:
            yield at, at


def _is_new(unit: Unit, place: tuple[int, int]) -> bool:
    first, last = place
    return any(unit.start + each in unit.changed for each in range(first, last + 1))
