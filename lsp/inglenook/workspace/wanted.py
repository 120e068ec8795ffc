"""What the server may believe of an environment's packages, and what it asks the worker for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 20_000  # questions, each of which is asked once


@dataclass(slots=True, eq=False)
class Wanted:
    """Of one environment, since its worker was started. Paths are below ``site-packages``.

    ``names`` are those at the top; ``directories`` are those of which the worker has said that
    what it stored is so.
    """

    names: frozenset[str] = frozenset()
    directories: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _unsent: list[str] = field(default_factory=list)

    def believes(self, path: str) -> bool:
        """Whether what is stored of a file is so."""
        return path.rpartition("/")[0] in self.directories

    def has_package(self, path: str) -> bool:
        """Whether there can be a file, by the first part of its path."""
        top = path.partition("/")[0]
        return top in self.names or top.rpartition(".")[0] in self.names

    def ask(self, path: str) -> bool:
        """Ask for a file, or with a slash at its end for a directory; False if it was before."""
        if path in self._asked or len(self._asked) >= _MOST:
            return False
        self._asked.add(path)
        self._unsent.append(path)
        return True

    def take(self) -> list[str]:
        """The questions since the last time."""
        unsent, self._unsent = self._unsent, []
        return unsent
