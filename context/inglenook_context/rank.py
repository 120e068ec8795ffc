"""Which pieces of other files go into the prompt, and in which order.

A name near the cursor that another file defines brings its definition in; after those come
definitions that use the same rare names as the code near the cursor. Heads of files are never
shown. The chosen pieces stand in the order of their paths and places, so that the same choice
is always the same text: what an engine has evaluated it can keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from inglenook_context.imports import Import
from inglenook_context.index import Outline
from inglenook_context.names import Names
from inglenook_context.prompt import Snippet
from inglenook_context.symbols import Definition

_PIECE: Final = 420  # characters of one definition that are shown
_FILE_SHARE: Final = 0.5  # of the budget, for the pieces of one file
_AMBIGUOUS: Final = 6  # a name with more definitions than this tells nothing
_COMMON: Final = 16  # a name that more definitions use than this tells nothing
_DEFINES: Final = 100.0  # what defining a name is worth, where using it too is worth one
_CANDIDATES: Final = 40
_RESERVED: Final = 0.3  # of the budget that only definitions of what is called may fill
_KEPT: Final = 1.5  # how much better a newcomer must be to drive out a piece that is shown
_NAMES: Final = 60
_IMPORTED: Final = 4.0  # how much a definition is worth that the file imports by name
_WHOLE: Final = ("*", "default")


class Piece(NamedTuple):
    """A definition of a file, by its place in the file's outline."""

    path: str
    number: int


def select(
    names: Names,
    outlines: Sequence[Outline],
    budget: int,
    kept: Iterable[Piece] = (),
    imports: Sequence[Import] = (),
) -> tuple[Piece, ...]:
    """The pieces that earn their place within ``budget`` characters.

    ``names`` are the identifiers near the cursor. ``kept`` are pieces
    that the model was shown last time; they stay unless others are clearly better. ``imports``
    of the cursor's file tell under which name, and in which file, a definition is found.
    """
    scores, called = _scores(names, outlines, {each.name: each for each in imports})
    places = {outline.path: place for place, outline in enumerate(outlines)}
    for piece in kept:
        key = (places.get(piece.path, -1), piece.number)
        if key in scores:
            scores[key] *= _KEPT
    best = nlargest(_CANDIDATES, scores, key=lambda key: (scores[key], key))
    chosen: list[tuple[int, int]] = []
    left = budget
    share = [budget * _FILE_SHARE] * len(outlines)
    for place, number in best:
        outline = outlines[place]
        definition = outline.definitions[number]
        others = [outline.definitions[other] for file, other in chosen if file == place]
        if any(_overlap(definition, other) for other in others):
            continue
        if (place, number) not in called and left < budget * _RESERVED:
            continue
        size = len(shown(outline, number)) + 2
        if size <= left and size <= share[place]:
            chosen.append((place, number))
            left -= size
            share[place] -= size
        if left < _PIECE // 8:
            break
    return tuple(sorted(Piece(outlines[place].path, number) for place, number in chosen))


def known_names(names: Names, outlines: Sequence[Outline], imports: Sequence[Import] = ()) -> Names:
    """Those of ``names`` that could bring a piece in: while they stay the same, so does it."""
    imported = {each.name for each in imports}

    def is_known(name: str) -> bool:
        return name in imported or any(
            name in outline.defines or name in outline.uses for outline in outlines
        )

    return Names(tuple(filter(is_known, names.called)), tuple(filter(is_known, names.other)))


def snippets(pieces: Sequence[Piece], outlines: Sequence[Outline]) -> tuple[Snippet, ...]:
    """The chosen pieces as a model is shown them: one snippet a file."""
    files = {outline.path: outline for outline in outlines}
    texts: dict[str, list[str]] = {}
    for piece in sorted(pieces):
        outline = files.get(piece.path)
        if outline and piece.number < len(outline.definitions):
            texts.setdefault(piece.path, []).append(shown(outline, piece.number))
    return tuple(Snippet(path, "\n\n".join(parts) + "\n") for path, parts in texts.items())


def shown(outline: Outline, number: int) -> str:
    """A definition as a model is shown it: whole if it is short, else what a caller must know."""
    text = outline.shown.get(number)
    if text is None:
        text = outline.shown[number] = _rendered(outline, outline.definitions[number])
    return text


def _rendered(outline: Outline, definition: Definition) -> str:
    stop = min(definition.stop, definition.start + _PIECE)
    text = outline.text.slice(definition.start, stop)
    if stop < definition.stop:
        text = text[: text.rfind("\n")] if "\n" in text else text
        if definition.kind == "class" or len(text) < len(definition.signature):
            return definition.signature  # of a class how it is made, not what happens to come first
    text = _dedented(
        text.replace("\r\n", "\n").replace("\r", "\n").rstrip(), _indent(outline, definition)
    )
    if not definition.parent:
        return text
    member = "    " + text.replace("\n", "\n    ")
    if outline.language == "python":
        return f"class {definition.parent}:\n{member}"
    return f"class {definition.parent} {{\n{member}\n}}"


def _scores(
    names: Names, outlines: Sequence[Outline], imports: Mapping[str, Import]
) -> tuple[dict[tuple[int, int], float], set[tuple[int, int]]]:
    """What definitions are worth, by the place of their outline and their number in it, and
    which of them define what is called."""
    scores: dict[tuple[int, int], float] = {}
    called: set[tuple[int, int]] = set()
    every = names.every[:_NAMES]
    near = frozenset(every)
    for rank, used in enumerate(every):
        weight = 1 / (1 + 0.08 * rank)
        origin = imports.get(used)
        name = origin.original if origin and origin.original not in _WHOLE else used
        definers = [
            (place, number)
            for place, outline in enumerate(outlines)
            for number in outline.defines.get(name, ())
        ]
        if len(definers) <= _AMBIGUOUS:
            for place, number in definers:
                outline = outlines[place]
                own = 2.0 if outline.definitions[number].parent in near else 1.0
                if origin and _is_module(outline.path, origin.module):
                    own = _IMPORTED
                value = _DEFINES * own * weight / len(definers)
                scores[place, number] = scores.get((place, number), 0) + value
                if rank < len(names.called):
                    called.add((place, number))
        using = [outline.uses.get(name, ()) for outline in outlines]
        users = sum(map(len, using))
        if users <= _COMMON:
            for place, numbers in enumerate(using):
                for number in numbers:
                    scores[place, number] = scores.get((place, number), 0) + weight / users
    return scores, called


def _is_module(path: str, module: str) -> bool:
    """Whether a file is likely to be the module that an import names: their last parts agree."""
    last = re.split(r"[./\\]", module.removesuffix(".js"))[-1]
    parts = path.replace("\\", "/").rsplit(".", 1)[0].split("/")
    return bool(last) and last in parts[-2:]


def _overlap(one: Definition, other: Definition) -> bool:
    """Whether what is shown of two definitions of a file overlaps."""
    return other.start < min(one.stop, one.start + _PIECE) and one.start < min(
        other.stop, other.start + _PIECE
    )


def _indent(outline: Outline, definition: Definition) -> int:
    line = outline.text.line(outline.text.line_at(definition.start))
    return len(line) - len(line.lstrip())


def _dedented(text: str, indent: int) -> str:
    """Text that begins at its definition: the other lines move left by its indent."""
    first, *rest = text.split("\n")
    return "\n".join(
        [first, *(line[min(indent, len(line) - len(line.lstrip())) :] for line in rest)]
    )
