"""The files of a root that say under which other names modules are imported."""

from __future__ import annotations

import json
from typing import Any, Final

from inglenook.workspace.languages import is_plain
from inglenook.workspace.source import Root
from inglenook_context import manifests
from inglenook_context.modules_script import Aliases
from inglenook_context.tsconfig import aliases_of

# Of one directory the first that says something; the later ones are what tools have beside it.
_COMPILER: Final = ("tsconfig.json", "jsconfig.json", "tsconfig.app.json", "tsconfig.base.json")
NAMES: Final = frozenset((*manifests.NAMES, *_COMPILER))
_MOST: Final = 400  # files
_MOST_READ: Final = 1_000  # files, with those that they extend
_MOST_PATTERNS: Final = 700  # of a root, all of which each import is compared with
_LARGEST: Final = 200_000  # bytes of a file
_LONGEST: Final = 300_000  # bytes of all that is told


class Configs:
    """Those of one root. `stale` if the aliases may be others than they were when last read."""

    def __init__(self, root: Root) -> None:
        self.stale = True
        self._root = root
        self._paths: dict[str, None] = {}
        self._used: set[str] = set()  # these and those that they extend

    def begin(self) -> None:
        """All are going to be found again."""
        self._paths.clear()
        self.stale = True

    def add(self, path: str) -> None:
        if len(self._paths) < _MOST:
            self._paths[path] = None
            self.stale = True

    def changed(self, path: str) -> None:
        """A file or a directory has changed, or is gone."""
        if path in self._used or any(each.startswith(f"{path}/") for each in self._used):
            self.stale = True

    def read(self) -> list[Aliases]:
        """What they say now."""
        self.stale = False
        self._used = set(self._paths)
        found: list[Aliases] = []
        packages = []
        for directory in dict.fromkeys(path.rpartition("/")[0] for path in self._paths):
            start = f"{directory}/" if directory else ""
            own = (start + name for name in _COMPILER if start + name in self._paths)
            said = (each for path in own if (each := aliases_of(path, self._text)))
            found += [each for each in (next(said, None),) if each is not None]
            named = (start + name for name in manifests.NAMES if start + name in self._paths)
            packages += [(path, text) for path in named if (text := self._text(path))]
        said_by_all = manifests.packages_of(packages)
        return _bounded(([said_by_all] if said_by_all is not None else []) + found)

    def _text(self, path: str) -> str | None:
        # On Windows a path with \\ or : can lead elsewhere, even to another machine.
        if len(self._used) >= _MOST_READ or not is_plain(path) or ":" in path:
            return None
        self._used.add(path)
        return self._root.text(path, _LARGEST)


def _bounded(found: list[Aliases]) -> list[Aliases]:
    """No more than can be told, and asked for at every import."""
    left, size = _MOST_PATTERNS, 0
    kept = []
    for each in found:
        left -= 1 + len(each.paths) + len(each.packages)
        size += len(json.dumps(packed(each)))
        if left < 0 or size > _LONGEST:
            break
        kept.append(each)
    return kept


def packed(aliases: Aliases) -> list[Any]:
    """As it is told in a line of JSON."""
    return [aliases.within, aliases.base, aliases.paths, aliases.packages]


def unpacked(told: list[Any]) -> Aliases:
    within, base, paths, packages = told
    return Aliases(
        within,
        base,
        tuple((pattern, tuple(targets)) for pattern, targets in paths),
        tuple((name, directory) for name, directory in packages),
    )
