"""A place in a file with what is known of it, and the definitions that are offered for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from inglenook_context.document import Cursor
from inglenook_context.facts import Facts
from inglenook_context.nearby import Nearby, nearby
from inglenook_context.reading import Reading
from inglenook_context.resolve import Place, Resolver

_BEGUN: Final = 5.0  # a name that begins with the word that is being written


class Candidate(NamedTuple):
    """``reason`` is one of the sources, for whoever asks why it is shown."""

    place: Place
    score: float
    reason: str


@dataclass(slots=True, eq=False)
class Scene:
    """A place in a file, with what is known of it. ``used`` are the names that its file uses.

    ``late`` says that there is no time left: then a source stops and the scene ``is_cut``.
    """

    cursor: Cursor
    facts: Facts  # of the cursor's own file
    used: frozenset[str]
    resolver: Resolver
    near: Nearby
    reading: Reading
    class_place: Place | None
    late: Callable[[], bool] = bool
    is_cut: bool = False
    found: dict[Place, Candidate] = field(default_factory=dict)

    @classmethod
    def at(
        cls,
        cursor: Cursor,
        reading: Reading,
        facts: Facts,
        used: frozenset[str],
        resolver: Resolver,
        late: Callable[[], bool] = bool,
    ) -> Scene:
        name = reading.class_name
        class_place = resolver.export(facts.path, name) if name else None
        return cls(cursor, facts, used, resolver, nearby(cursor), reading, class_place, late)

    @property
    def path(self) -> str:
        return self.facts.path

    def ends(self) -> bool:
        """Whether a source must stop here."""
        self.is_cut = self.is_cut or self.late()
        return self.is_cut

    def offer(self, place: Place | None, score: float, reason: str) -> None:
        """Note a candidate; the cursor's own file is in the prompt anyway."""
        if place is None or place.path == self.path:
            return
        known = self.found.get(place)
        if known is None or known.score < score:
            self.found[place] = Candidate(place, score, reason)

    def likely(self, name: str) -> float:
        """How well a name fits into what stands near."""
        own = 1.5 if name == self.reading.function else 0.0
        return 1.2 * min(self.near.weight(name), 2.0) + self.near.likeness(name) + own

    def begun(self, name: str) -> float:
        partial = self.reading.partial
        return _BEGUN if partial and name.startswith(partial) else 0.0
