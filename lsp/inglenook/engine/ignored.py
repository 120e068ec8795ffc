"""Which files the configuration leaves out, by the patterns of several who wrote some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final
from weakref import WeakValueDictionary

from inglenook.workspace.patterns import Patterns, compiled

Zone = tuple[str, ...]  # patterns as in .gitignore, of one who may take back what they leave out

# As long as anybody has them, so that they are compiled once, by whoever reads them.
_compiled: Final[WeakValueDictionary[Zone, Patterns]] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file is left out if one zone leaves it out: no zone takes back what another one does.

    Who makes one waits until the patterns are compiled; who asks it does not.
    """

    zones: tuple[Zone, ...] = ()
    _each: tuple[Patterns, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_each", tuple(_patterns(zone) for zone in self.zones))

    @staticmethod
    def by(zones: Iterable[Zone]) -> Ignored:
        """By these, each once, without those that say nothing."""
        return Ignored(tuple(dict.fromkeys(zone for zone in zones if zone)))

    def __bool__(self) -> bool:
        return bool(self.zones)

    def leaves_out(self, path: str) -> bool:
        """Whether a file is left out; its path is below its folder, with forward slashes."""
        return any(patterns.leaves_out(path) for patterns in self._each)

    @property
    def digest(self) -> str:
        """Another one for other patterns."""
        return blake2b(ascii(self.zones).encode(), digest_size=8).hexdigest()


def _patterns(zone: Zone) -> Patterns:
    found = _compiled.get(zone)
    if found is None:
        found = _compiled[zone] = compiled(zone)
    return found
