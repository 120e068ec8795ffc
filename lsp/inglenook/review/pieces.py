"""Where a file may be cut into pieces that can be read alone: along its definitions.

No cut goes through a function unless that function alone is larger than there is room for. Sizes
count characters, lines are those of `Lines`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inglenook.review.lines import Lines
from inglenook_context.symbols import Definition

_HOLDERS: Final = frozenset({"class", "interface", "enum", "namespace"})
_KINDS: Final = _HOLDERS | {"function", "method"}
# What stands above a definition and belongs to it: decorators, attributes, comments.
_ABOVE: Final = ("@", "#", "//", "/*", "*", "--", '"""', "template")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, both ends inside. ``headers`` are the first lines of what they
    stand in, from the outside; ``is_code``: they are no definition."""

    start: int
    stop: int
    symbol: str = ""
    headers: tuple[int, ...] = ()
    is_code: bool = False


def pieces_of(
    lines: Lines, definitions: Iterable[Definition], room: int, *, in_classes: bool
) -> list[Piece]:
    """All lines of a file that are not blank, in order, in pieces of at most ``room``.

    ``in_classes``: classes are cut into their methods even if there is room for them.
    """
    cutter = _Cutter(lines, room, in_classes)
    return list(cutter.pieces(Piece(1, lines.count), _spans(definitions, lines)))


def parts(lines: Lines, piece: Piece, room: int) -> Iterator[Piece]:
    """A piece that is too large, cut where lines are blank or begin a statement, if there are any.

    A line that is longer than ``room`` is a part of its own.
    """
    start = piece.start
    while start <= piece.stop:
        stop = start
        while stop < piece.stop and lines.size(start, stop + 1) <= room:
            stop += 1
        if stop < piece.stop:
            stop = _best_cut(lines, start, stop)
        yield replace(piece, start=start, stop=stop)
        start = stop + 1
        while start <= piece.stop and lines.is_blank(start):
            start += 1


def _best_cut(lines: Lines, start: int, stop: int) -> int:
    """The last line of a part that ends at ``stop`` at the latest: before the line of its second
    half that is indented least, of several the last one."""
    half = start + (stop - start + 1) // 2
    candidates = [line for line in range(half + 1, stop + 2) if not lines.is_blank(line)]
    if not candidates:
        return stop
    return min(candidates, key=lambda line: (_indent(lines.text(line)), -line)) - 1


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


@dataclass(frozen=True, slots=True)
class _Span:
    """A definition by its lines; ``header`` is the one with its name."""

    start: int
    stop: int
    header: int
    name: str
    is_holder: bool


def _spans(definitions: Iterable[Definition], lines: Lines) -> list[_Span]:
    """In the order of their beginnings; what holds others comes before these."""
    found: list[_Span] = []
    last = 0
    for each in sorted(definitions, key=lambda each: (each.start, -each.stop)):
        if each.kind not in _KINDS:
            continue
        header, stop = lines.line_at(each.start), lines.line_at(max(each.stop - 1, each.start))
        start = header
        while start - 1 > last and lines.text(start - 1).lstrip().startswith(_ABOVE):
            start -= 1
        name = f"{each.parent}.{each.name}" if each.parent else each.name
        is_holder = each.kind in _HOLDERS
        found.append(_Span(start, stop, header, name, is_holder))
        last = header if is_holder else max(last, stop)
    return found


@dataclass(frozen=True, slots=True)
class _Cutter:
    lines: Lines
    room: int
    in_classes: bool

    def pieces(self, whole: Piece, spans: Sequence[_Span]) -> Iterator[Piece]:
        """What ``whole`` holds: ``spans``, and the code between them."""
        at, number = whole.start, 0
        while number < len(spans):
            span = spans[number]
            after = number + 1
            while after < len(spans) and spans[after].start <= span.stop:
                after += 1
            inner, number = spans[number + 1 : after], after
            stop = min(span.stop, whole.stop)
            start = max(span.start, at)  # of two definitions on one line the first has it
            if start <= stop:
                yield from self._code(replace(whole, start=at, stop=start - 1, is_code=True))
                piece = Piece(start, stop, span.name, whole.headers)
                yield from self._definition(piece, span, inner)
                at = stop + 1
        yield from self._code(replace(whole, start=at, is_code=True))

    def _definition(self, piece: Piece, span: _Span, inner: Sequence[_Span]) -> Iterator[Piece]:
        fits = self.lines.size(piece.start, piece.stop) <= self.room
        if span.is_holder and inner and (self.in_classes or not fits):
            yield from self.pieces(replace(piece, headers=(*piece.headers, span.header)), inner)
        elif fits:
            yield piece
        else:
            yield from parts(self.lines, piece, self.room)

    def _code(self, piece: Piece) -> Iterator[Piece]:
        start, stop = piece.start, piece.stop
        while start <= stop and self.lines.is_blank(start):
            start += 1
        while stop >= start and self.lines.is_blank(stop):
            stop -= 1
        if start <= stop:
            yield from parts(self.lines, replace(piece, start=start, stop=stop), self.room)
