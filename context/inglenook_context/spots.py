"""Places where the user was a moment ago, as passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from inglenook_context.excerpt import Excerpt, excerpt
from inglenook_context.nearby import names_in
from inglenook_context.passages import Passage
from inglenook_context.similar import Wanted
from inglenook_context.text import Text

_RELATED: Final = 0.15  # of the weight of the names near the cursor, that a spot must have
_EDITED: Final = 0.15  # that having been edited is worth, less with each newer spot
_VISITED: Final = 0.05  # and having been looked at
_FADES: Final = 0.85
_BELOW: Final = 12  # lines below a spot that may be shown with it


@dataclass(frozen=True, slots=True)
class Spot:
    """Lines of a text that were edited, or where the cursor stood, as they can be shown."""

    path: str
    edited: bool
    text: Text = field(repr=False)
    shown: Excerpt
    names: frozenset[str] = field(repr=False)


def spot(path: str, text: Text, first: int, stop: int, most: int, *, edited: bool) -> Spot | None:
    """The spot at the lines ``first`` to ``stop``, with what is round them."""
    shown = excerpt(text, first, stop + _BELOW, most)
    return shown and Spot(path, edited, text, shown, frozenset(names_in(shown.text)))


def recent(what: Wanted, spots: Iterable[Spot]) -> Iterator[Passage]:
    """Of the spots, newest first, those that have to do with what stands near the cursor."""
    fresh = 1.0
    for each in spots:
        share = what.share(each.names)
        if share >= _RELATED:
            bonus = (_EDITED if each.edited else _VISITED) * fresh
            reason = "edited" if each.edited else "visited"
            yield Passage.made(each.path, each.shown, share + bonus, reason, each.text)
        fresh *= _FADES
