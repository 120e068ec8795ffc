"""Where in a unit the code stands that a model quotes. Its word for a line is never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook.review.values import Unit

_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\w")
_SIGN: Final = re.compile(r"^(?:[+ ](?=\S|\s)|\d{1,6}\s*[|:]\s?)")
_LEAST: Final = 8  # characters of a part of a line that is looked for


_CHOICES: Final = 60  # lines, of which a model can be held to quote one
_CHOICE: Final = 200  # characters of such a line


class Located(NamedTuple):
    """Lines of the file, both inside, and what stands there."""

    line: int
    end_line: int
    text: str


def quotable(unit: Unit) -> tuple[str, ...]:
    """The lines of a change that a finding can be about, each once: those that are new, or those
    beside what is gone. None if they are too many or too long, or of a whole file.

    A model that may quote any line is easily drawn to the first.
    """
    if unit.whole:
        return ()
    lines = dict(enumerate(unit.code.split("\n"), unit.start))
    gone = {each for number, _ in unit.removed for each in (number - 1, number)}
    for numbers in (unit.changed, gone):
        found = [_plain(lines[each]) for each in sorted(numbers & lines.keys())]
        choices = tuple(dict.fromkeys(each for each in found if _WORD.search(each)))
        if choices:
            fits = len(choices) <= _CHOICES and max(map(len, choices)) <= _CHOICE
            return choices if fits else ()
    return ()


def locate(quote: str, unit: Unit) -> Located | None:
    """The place of a quote: where its lines stand as they are, else the one line that has it in it.

    Of several equal places the one that is new counts, of several of these the first; None if it
    is nowhere, or could be anywhere.
    """
    lines = unit.code.split("\n")
    plain = [_plain(each) for each in lines]
    for wanted in _readings(quote):
        places = list(_whole(wanted, plain))
        if len(places) > 1 and len(" ".join(wanted)) < _LEAST:
            places = [place for place in places if _is_new(unit, place)]
            places = places if len(places) == 1 else []
        if not places:
            found = list(_parts(wanted, plain))
            new = [place for place in found if _is_new(unit, place)]
            places = found if len(found) == 1 else new if len(new) == 1 else []
        if places:
            first, last = min(places, key=lambda place: (not _is_new(unit, place), place))
            text = "\n".join(each.rstrip("\r") for each in lines[first : last + 1]).strip("\n")
            return Located(unit.start + first, unit.start + last, text)
    return None


def _readings(quote: str) -> Iterator[list[str]]:
    """The lines of a quote: as they are, and without signs of a diff, numbers and fences."""
    rows = [row for row in quote.replace("\r", "").split("\n") if row.strip()]
    bare = [row for row in rows if not row.startswith("```")]
    seen: list[list[str]] = []
    for each in (rows, bare, [_SIGN.sub("", row) for row in bare]):
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
    """Lines that have all of a quote in them, from a word's beginning to a word's end."""
    if len(wanted) != 1 or len(wanted[0]) < _LEAST:
        return
    pattern = re.compile(rf"(?<!\w){re.escape(wanted[0])}(?!\w)")
    words = wanted[0][0].isalnum(), wanted[0][-1].isalnum()
    for at, line in enumerate(lines):
        if wanted[0] in line and (pattern.search(line) or not any(words)):
            yield at, at


def _is_new(unit: Unit, place: tuple[int, int]) -> bool:
    first, last = place
    return any(unit.start + each in unit.changed for each in range(first, last + 1))
