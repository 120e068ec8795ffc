"""What models have answered, kept in memory.

Contract: anything may be lost at any time; no answer depends on the cache; nothing that it
returns is older than the text it is asked for, because the text is the key (`recipe`).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from inglenook.engine.recipe import Surroundings, typed_from

_ENTRIES: Final = 1000
_CHARACTERS: Final = 1_000_000
_RECENT: Final = 12  # answers of one document that typing is compared with


class Asked(NamedTuple):
    """Who is asked, on behalf of which file, and beside which others."""

    model: str
    path: str
    others: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers for one place, best first. ``complete``: no more alternatives are to be had."""

    texts: tuple[str, ...]
    complete: bool

    def is_enough(self, wanted: int) -> bool:
        """Whether it answers a request for so many: alternatives must have been asked for."""
        return self.complete or wanted == 1


@dataclass(slots=True)
class MemoryCache:
    """A bounded map from recipe to answers; the least recently used go first."""

    _kept: OrderedDict[bytes, Kept] = field(default_factory=OrderedDict)
    _characters: int = 0

    def get(self, key: bytes) -> Kept | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: bytes, kept: Kept) -> None:
        self._characters -= _size(self._kept.pop(key, None))
        self._kept[key] = kept
        self._characters += _size(kept)
        while len(self._kept) > _ENTRIES or self._characters > _CHARACTERS:
            self._characters -= _size(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        self._kept.clear()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)


def _size(kept: Kept | None) -> int:
    return sum(map(len, kept.texts)) + 64 if kept else 0


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer as it was given: typing its first characters leaves the rest of it valid."""

    asked: Asked
    language: str
    offset: int  # of the cursor that it was given for
    place: Surroundings
    kept: Kept

    def remainder(
        self, asked: Asked, language: str, offset: int, place: Surroundings
    ) -> Kept | None:
        """The answers that go on after what was typed since, or None if they do not fit.

        What is being typed out was right when it was shown, whatever the other files say now.
        """
        longest = max(map(len, self.kept.texts), default=0)
        same = (asked.model, asked.path, language) == (*self.asked[:2], self.language)
        if not same or offset - self.offset > longest:
            return None
        typed = typed_from(self.place, self.offset, place, offset)
        if typed is None or (not typed and asked != self.asked):
            return None
        texts = tuple(text[len(typed) :] for text in self.kept.texts if text.startswith(typed))
        texts = tuple(text for text in texts if text)
        if texts or not (typed or self.kept.texts):
            return Kept(texts, self.kept.complete)
        return None


@dataclass(slots=True)
class TypeThrough:
    """The last answers of each document, so that typing one of them out asks nobody."""

    _recent: dict[str, list[Typed]] = field(default_factory=dict)

    def get(
        self, uri: str, asked: Asked, language: str, offset: int, place: Surroundings
    ) -> Kept | None:
        for answer in reversed(self._recent.get(uri, ())):
            kept = answer.remainder(asked, language, offset, place)
            if kept is not None:
                return kept
        return None

    def put(self, uri: str, answer: Typed) -> None:
        recent = self._recent.setdefault(uri, [])
        place = (answer.offset, answer.place)
        recent[:] = [older for older in recent if (older.offset, older.place) != place]
        recent.append(answer)
        del recent[:-_RECENT]

    def forget(self, uri: str) -> None:
        self._recent.pop(uri, None)
