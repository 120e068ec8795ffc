"""A changed file in units, about each of which a model is asked alone.

Of a change each function that it touches is a unit of its own; of a file that is reviewed as a
whole, what fits together is one. Every changed line is in one unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from inglenook.review.lines import Lines
from inglenook.review.numbering import Numbering
from inglenook.review.pieces import Piece, parts, pieces_of
from inglenook.review.values import Changed, Hunk, Unit
from inglenook_context.symbols import Definition

_AROUND: Final = 10  # lines that are shown round a change that stands in no function
_HEADER: Final = 200  # characters of the first line of a class
_END: Final = 1 << 60


def units_of(
    changed: Changed, language: str, definitions: Sequence[Definition], room: int
) -> tuple[Unit, ...]:
    """``definitions`` are those of the new text, none if there is no grammar; ``room`` is how many
    characters of code a unit may have, which only a single longer line exceeds."""
    if changed.deleted or not changed.text.strip():
        return ()
    lines = Lines.of(changed.text)
    hunks = [each for each in changed.hunks if 1 <= each.start <= lines.count + 1]
    if changed.partial:
        pieces = [each for known in changed.known for each in parts(lines, Piece(*known), room)]
    else:
        pieces = pieces_of(lines, definitions, room, in_classes=not changed.whole)
    if changed.whole:
        found = [(each, hunks) for each in _packed(lines, pieces, room)]
    else:
        reached = _reached(pieces, hunks)
        found = [each for piece, those in reached for each in _near(piece, those)]
    file = _numbering(lines, definitions)
    return tuple(_unit(changed, language, file, piece, those) for piece, those in found)


def _numbering(lines: Lines, definitions: Sequence[Definition]) -> Numbering:
    """By the smallest pieces that there are, so that it is the same in every review."""
    finest = pieces_of(lines, definitions, _END, in_classes=True)
    return Numbering(lines, tuple((each.start, each.stop, each.symbol) for each in finest))


def _packed(lines: Lines, pieces: Sequence[Piece], room: int) -> Iterator[Piece]:
    """Neighbours in the same scope together, as long as there is room."""
    held: Piece | None = None
    for each in pieces:
        if held is not None and _fit(lines, held, each, room):
            held = replace(held, stop=each.stop, symbol=_both(held.symbol, each.symbol))
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def _fit(lines: Lines, one: Piece, two: Piece, room: int) -> bool:
    return one.headers == two.headers and lines.size(one.start, two.stop) <= room


def _both(one: str, two: str) -> str:
    """What both are in: of two methods the class, of two functions nothing."""
    shared = []
    for left, right in zip(one.split("."), two.split("."), strict=False):
        if left != right:
            break
        shared.append(left)
    return ".".join(shared)


def _reached(pieces: Sequence[Piece], hunks: Sequence[Hunk]) -> Iterator[tuple[Piece, list[Hunk]]]:
    """The pieces that hunks change, with these. Blank lines belong to the piece below them, and
    those at the end to the last one."""
    above = 0
    for number, piece in enumerate(pieces):
        stop = piece.stop if number < len(pieces) - 1 else _END
        those = [each for each in hunks if _first(each) <= stop and _last(each) > above]
        above = piece.stop
        if those:
            yield piece, those


def _first(hunk: Hunk) -> int:
    """The first line that a hunk changes: without new lines, the one above it."""
    return hunk.start if hunk.count else hunk.start - 1


def _last(hunk: Hunk) -> int:
    return hunk.start + max(hunk.count, 1) - 1


def _near(piece: Piece, hunks: Sequence[Hunk]) -> list[tuple[Piece, list[Hunk]]]:
    """The piece, or of code in no definition only what is near its hunks."""
    if not piece.is_code:
        return [(piece, list(hunks))]
    found: list[tuple[Piece, list[Hunk]]] = []
    for hunk in hunks:
        start = max(piece.start, min(_first(hunk), piece.stop) - _AROUND)
        stop = min(piece.stop, max(_last(hunk), piece.start) + _AROUND)
        if found and start <= found[-1][0].stop + 1:
            last, those = found.pop()
            found.append((replace(last, stop=max(stop, last.stop)), [*those, hunk]))
        else:
            found.append((replace(piece, start=start, stop=stop), [hunk]))
    return found


def _unit(
    changed: Changed, language: str, file: Numbering, piece: Piece, hunks: Sequence[Hunk]
) -> Unit:
    lines = file.lines
    inside = range(piece.start, piece.stop + 1)
    new = {line for each in hunks for line in range(each.start, each.start + each.count)}
    headers = (lines.text(each)[:_HEADER] for each in piece.headers if each not in inside)
    return Unit(
        changed.path,
        language,
        piece.symbol,
        piece.start,
        piece.stop,
        lines.slice(piece.start, piece.stop),
        frozenset(new.intersection(inside)),
        tuple((each.start, text) for each in hunks for text in each.removed),
        scope="\n".join(headers),
        whole=changed.whole,
        partial=changed.partial,
        file=file,
    )
