"""Looking up what a document names before a key needs it, in slices between messages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.ahead import looking_ahead
from inglenook_context.facts import Facts
from inglenook_context.resolve import Resolver

_TRIES: Final = 3  # after each key: while an index is built, what is known changes often

Subject = tuple[str, Resolver]  # the path of a document, and by what its names are resolved


@dataclass(eq=False, slots=True)
class LookAhead:
    """One document at a time, the newest."""

    _tries: int = _TRIES
    _looked: Subject | None = None
    _going: tuple[Subject, Iterator[None]] | None = None

    def key(self) -> None:
        """Something was typed or opened."""
        self._tries = _TRIES

    def has_looked(self, subject: Subject) -> bool:
        return self._looked == subject

    def wants(self, subject: Subject) -> bool:
        """Whether there is something to do."""
        goes_on = self._going is not None and self._going[0] == subject
        return self._looked != subject and (goes_on or self._tries > 0)

    def advance(self, subject: Subject, facts: Facts, milliseconds: float) -> None:
        """One slice."""
        if self._going is None or self._going[0] != subject:
            self._going = subject, looking_ahead(facts, subject[1])
            self._tries -= 1
        deadline = time.perf_counter() + milliseconds / 1000
        for _ in self._going[1]:
            if time.perf_counter() >= deadline:
                return
        self.end(subject)

    def end(self, subject: Subject) -> None:
        """Leave it at what is known now."""
        self._looked, self._going = subject, None
