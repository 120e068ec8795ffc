"""Where in a unit the code stands that a model quotes. Its word for a line is never taken."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from inglenook.review.values import Unit

QUOTE: Final = 300  # characters of a quote; one that has as many may be cut
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\w")
_SIGN: Final = re.compile(r"^(?:[+ ](?=\S|\s)|\d{1,6}\s*[|:]\s?)")
_LEAST: Final = 8  # characters of a part of a line that is looked for
_CHOICES: Final = 60  # quotes, to one of which a model can be held
_CHOICE: Final = 200  # characters of a line in such a quote
_TALLEST: Final = 6  # lines of such a quote


class Located(NamedTuple):
    """Lines of the file, both inside, and what stands there. ``shown`` has those beside it too
    that tell it from its like."""

    line: int
    end_line: int
    text: str
    shown: str


class Choice(NamedTuple):
    """A quote that a model may be held to, and what is meant with it; None if nobody can tell."""

    quote: str
    place: Located | None


def quotable(unit: Unit) -> tuple[Choice, ...]:
    """The lines of a change that a finding can be about, each once: those that are new, or those
    beside what is gone. None if they are too many or too long, or of a whole file.

    A line that stands there several times is quoted with as many others beside it as tell which
    one is meant. A model that may quote any line is easily drawn to the first.
    """
    if unit.whole:
        return ()
    code = _Code.of(unit)
    gone = {each for number, _ in unit.removed for each in (number - 1, number)}
    for numbers in (unit.changed, gone):
        found = [each - unit.start for each in sorted(numbers)]
        lines = [at for at in found if 0 <= at < len(code.plain) and _WORD.search(code.plain[at])]
        if lines:
            return _choices(code, lines)
    return ()


def places(quote: str, unit: Unit) -> tuple[Located, ...]:
    """Where a quote stands: its lines as they are, else the lines that have it in them.

    Of several places the one that is new counts, if there is one such; but a new line that has more
    in it than an old one, which is all of the quote, may be meant as well as that. None if it is
    nowhere, or so short that it could be anywhere; of several any may be meant.
    """
    code = _Code.of(unit)
    return tuple(code.located(*each) for each in code.places(quote))


_Place = tuple[int, int]  # the first line and the last one, both inside, counted from 0


@dataclass(frozen=True, slots=True)
class _Code:
    """The lines of a unit; ``plain`` is each without what layout adds, ``rows`` are those that are
    not blank, and ``joined`` is their text, a line's end before each and at the end."""

    unit: Unit
    lines: Sequence[str]
    plain: Sequence[str]
    rows: Sequence[int]
    joined: str
    starts: Sequence[int]  # where each row's line's end stands in it

    @classmethod
    def of(cls, unit: Unit) -> _Code:
        lines = unit.code.split("\n")
        plain = [_plain(each) for each in lines]
        rows = [at for at, line in enumerate(plain) if line]
        joined = "".join(f"\n{plain[at]}" for at in rows)
        starts = list(accumulate((len(plain[at]) + 1 for at in rows), initial=0))
        return cls(unit, lines, plain, rows, f"{joined}\n", starts)

    def places(self, quote: str) -> list[_Place]:
        for wanted in _readings(quote):
            whole = list(self._whole(wanted, is_cut=len(quote) >= QUOTE))
            if new := [place for place in whole if self._is_new(place)]:
                return new if len(new) == 1 else whole
            parts = list(self._parts(wanted))
            new = [place for place in parts if self._is_new(place)]
            if found := [*whole, *new] or parts:
                return [] if not new and self._is_gone(wanted) else found
        return []

    def _is_gone(self, wanted: Sequence[str]) -> bool:
        """Whether these lines are among those that a change takes away: what stands there still
        is not what is meant."""
        return not {_plain(line) for _, line in self.unit.removed}.isdisjoint(wanted)

    def located(self, first: int, last: int, shown: _Place | None = None) -> Located:
        text, start = self._text(first, last), self.unit.start
        return Located(start + first, start + last, text, self._text(*shown) if shown else text)

    def _text(self, first: int, last: int) -> str:
        return "\n".join(each.rstrip("\r") for each in self.lines[first : last + 1]).strip("\n")

    def _is_new(self, place: _Place) -> bool:
        first, last = place
        return any(self.unit.start + at in self.unit.changed for at in range(first, last + 1))

    def _whole(self, wanted: Sequence[str], *, is_cut: bool) -> Iterator[_Place]:
        """Where these lines stand one below the other; blank lines between them do not count, and
        of a quote that may be cut the last line is only begun."""
        text = "\n".join(("", *wanted)) if is_cut else "\n".join(("", *wanted, ""))
        at = self.joined.find(text)
        while at >= 0:
            row = bisect_left(self.starts, at)
            yield self.rows[row], self.rows[row + len(wanted) - 1]
            at = self.joined.find(text, at + 1)

    def _parts(self, wanted: Sequence[str]) -> Iterator[_Place]:
        """Lines that have all of a quote in them, from a word's beginning to a word's end."""
        if len(wanted) != 1 or len(wanted[0]) < _LEAST:
            return
        pattern = re.compile(rf"(?<!\w){re.escape(wanted[0])}(?!\w)")
        words = wanted[0][0].isalnum(), wanted[0][-1].isalnum()
        for at, line in enumerate(self.plain):
            if wanted[0] in line and (pattern.search(line) or not any(words)):
                yield at, at

    def around(self, line: int, unclear: Collection[int]) -> tuple[str, _Place] | None:
        """The smallest quote with a line in it, once, that stands in one place; with that place.

        One without another line that is unclear goes before one with such, and the lines above go
        before those below. None if there is none, or it is too long.
        """
        shared = None
        row = self.rows.index(line)
        for size in range(2, _TALLEST + 1):
            for start in range(max(row - size + 1, 0), min(row, len(self.rows) - size) + 1):
                those = self.rows[start : start + size]
                texts = [self.plain[at] for at in those]
                quote, place = "\n".join(texts), (those[0], those[-1])
                if texts.count(self.plain[line]) > 1 or len(quote) >= QUOTE:
                    continue
                if self.places(quote) == [place]:
                    if sum(at in unclear for at in those) == 1:
                        return quote, place
                    shared = shared or (quote, place)
        return shared


def _choices(code: _Code, lines: Sequence[int]) -> tuple[Choice, ...]:
    texts = dict.fromkeys(code.plain[at] for at in lines)
    if len(texts) > _CHOICES or max(map(len, texts)) > _CHOICE:
        return ()
    found = {text: code.places(text) for text in texts}
    alone = {text: code.located(*those[0]) for text, those in found.items() if len(those) == 1}
    unclear = {at for at in lines if code.plain[at] not in alone}
    if len(unclear) <= _CHOICES:
        choices = dict(_told_apart(code, lines, alone, unclear))
        if len(choices) <= _CHOICES:
            return tuple(Choice(*each) for each in choices.items())
    return tuple(Choice(text, alone.get(text)) for text in texts)


def _told_apart(
    code: _Code, lines: Sequence[int], alone: Mapping[str, Located], unclear: Collection[int]
) -> Iterator[tuple[str, Located | None]]:
    """Each line as a quote that means it, or means all those that no other quote tells apart."""
    meant: dict[str, int] = {}  # the first line that a quote means
    for at in lines:
        text = code.plain[at]
        if at not in unclear:
            yield text, alone[text]
        elif (found := code.around(at, unclear)) is None:
            yield text, None
        else:
            quote, shown = found
            yield quote, code.located(meant.setdefault(quote, at), at, shown)


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
