"""How much each name and each word near a cursor weighs: the nearer, the more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inglenook_context.document import Cursor

_BEFORE: Final = 60  # lines
_AFTER: Final = 25
_REACH: Final = 6_000  # characters on either side
_ABOVE_HALF: Final = 8  # lines after which what stands above weighs half
_BELOW: Final = (0.6, 6)  # what stands below weighs less, and loses it sooner
_MOST: Final = 2.5  # however often a name stands near
_NAME: Final = re.compile(r"[^\W\d][\w$]*")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What is imported is no use of it.
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from\b[^\n(]*(?:\([^)]*\)?)?|import\b(?:[ \t]*\([^)]*\)?|[^\n{]*(?:\{[^}]*\}?)?)"
    r"|(?:pub(?:\([^)\n]*\))?[ \t]+)?use[ \t]+[\w:]{1,200}::[^;=]{0,2000};)[^\n]*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Nearby:
    """``names`` and the words they are made of ("parse", "url"), each with its weight;
    ``typed`` are the words of the cursor's line."""

    names: Mapping[str, float]
    words: Mapping[str, float]
    typed: frozenset[str]

    def weight(self, name: str) -> float:
        """What a name's standing near is worth, from 0 to `_MOST`."""
        return min(self.names.get(name, 0.0), _MOST)

    def likeness(self, name: str) -> float:
        """How much of a name's words stand near, from 0 to 1; twice that on the cursor's line."""
        words = words_of(name)
        if not words:
            return 0.0
        near = sum([self.words.get(word, 0.0) for word in words])
        return (1.5 * near + sum([word in self.typed for word in words])) / len(words)


def nearby(cursor: Cursor) -> Nearby:
    before = without_imports(cursor.before(_REACH)).split("\n")[-_BEFORE:]
    after = without_imports(cursor.after(_REACH)).split("\n", _AFTER)[:_AFTER]
    names: dict[str, float] = {}
    words: dict[str, float] = {}
    for distance, line in enumerate(reversed(before)):
        _weigh(line, _ABOVE_HALF / (_ABOVE_HALF + distance), names, words)
    most, half = _BELOW
    for distance, line in enumerate(after):
        _weigh(line, most * half / (half + distance), names, words)
    typed = frozenset(
        word for name in _NAME.findall(cursor.line_before[-_REACH:]) for word in words_of(name)
    )
    return Nearby(names, words, typed)


def without_imports(text: str) -> str:
    return _IMPORT.sub("", text)


def names_in(text: str) -> list[str]:
    return _NAME.findall(text)


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[str, ...]:
    """The words of an identifier, in lower case: ``parseURL_fast`` has parse, url and fast."""
    return tuple(word.lower() for word in _WORD.findall(name) if len(word) > 1)


def _weigh(line: str, weight: float, names: dict[str, float], words: dict[str, float]) -> None:
    for name in _NAME.findall(line):
        names[name] = names.get(name, 0.0) + weight
        for word in words_of(name):
            if words.get(word, 0.0) < weight:
                words[word] = weight
