"""Whether modules are there, by looking at directories: names alone, and texts that are asked for.

For questions after an edit, which are few: nothing is kept but for one round of them. Names are
compared as they are spelled, on file systems too that take another spelling for the same.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from inglenook.workspace.source import Root

LARGEST: Final = 2 << 20  # bytes of a text
_MOST: Final = 20_000  # names of one directory, and those of a survey
_BINARY: Final = (".so", ".pyd", ".pyx", ".pyc", ".dylib")  # of Python's modules, without a source
_FOREIGN: Final = frozenset(
    "node_modules bower_components site-packages dist-packages __pycache__".split()
)
_NOTHING: Final[frozenset[str]] = frozenset()


class TooMany(Exception):
    """A directory, or a folder, has more names than are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A Python module: its sources, by their paths below where it was looked for.

    ``opaque``: it has names that no source tells of. ``package`` is its directory, empty if it has
    none; ``regular``: that has an ``__init__`` of its own, so all of it is there.
    """

    sources: tuple[str, ...] = ()
    opaque: bool = False
    package: str = ""
    regular: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """All names in a folder, of files without their endings; the paths of ``.d.ts`` files.

    Not ``whole``: there are more than are looked at.
    """

    names: frozenset[str]
    declaring: tuple[str, ...]
    whole: bool


@dataclass(slots=True, eq=False)
class Standing:
    """What stands below one directory. Used from threads, one at a time."""

    root: Root
    _names: dict[str, frozenset[str]] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict)
    _survey: Survey | None = None

    def names(self, directory: str) -> frozenset[str]:
        """What is in a directory below the root; nothing if it is none, or elsewhere.

        Raises `TooMany`, for then nothing can be said to be missing.
        """
        if directory not in self._names:
            self._names[directory] = self._listed(directory)
        return self._names[directory]

    def has(self, path: str) -> bool:
        directory, _, name = path.rpartition("/")
        return name in self.names(directory)

    def is_directory(self, path: str) -> bool:
        return (self.root.path / path).is_dir() if self.has(path) else False

    def text(self, path: str) -> str | None:
        """The text of a file; None if it cannot be read, or not all of it."""
        if path not in self._texts:
            found = self.root.text(path, LARGEST + 1)
            self._texts[path] = found if found is not None and len(found) <= LARGEST else None
        return self._texts[path]

    def python(self, base: str, module: str) -> Found | None:
        """The module ``a.b`` that is looked for in the directory ``base``; None if it is not
        there."""
        directory, _, name = f"{base}/{module.replace('.', '/')}".strip("/").rpartition("/")
        start = f"{directory}/" if directory else ""
        here = self.names(directory)
        sources = [start + name + end for end in (".py", ".pyi") if name + end in here]
        opaque = any(_is_binary(each, name) for each in here)
        package, regular = "", False
        if self.is_directory(start + name):
            package = start + name
            inside = self.names(package)
            own = [f"{package}/__init__{end}" for end in (".py", ".pyi")]
            own = [path for path in own if path.rpartition("/")[2] in inside]
            regular = bool(own)
            opaque |= not own or any(_is_binary(each, "__init__") for each in inside)
            sources += own
        return Found(tuple(sources), opaque, package, regular) if sources or opaque else None

    def survey(self) -> Survey:
        """All that is below the root, but for what others wrote and what is hidden."""
        if self._survey is None:
            names: set[str] = set()
            declaring: list[str] = []
            whole = False
            with contextlib.suppress(TooMany):
                for count, (path, name) in enumerate(self.everything()):
                    if count >= _MOST:
                        raise TooMany
                    names.add(name.partition(".")[0])
                    if name.endswith((".d.ts", ".d.mts", ".d.cts")):
                        declaring.append(path)
                whole = True
            self._survey = Survey(frozenset(names), tuple(declaring), whole)
        return self._survey

    def everything(self) -> Iterator[tuple[str, str]]:
        """Each path below the root with its last part, but for what others wrote and what is
        hidden."""
        waiting = [""]
        while waiting:
            directory = waiting.pop()
            start = f"{directory}/" if directory else ""
            for name in sorted(self.names(directory)):
                if name.startswith(".") or name in _FOREIGN:
                    continue
                path = start + name
                yield path, name
                if self._is_own(self.root.path / path):
                    waiting.append(path)

    def _is_own(self, place: Path) -> bool:
        """Whether a path is a directory of the folder's own."""
        if not place.is_dir() or place.is_symlink():
            return False
        return not (place / "pyvenv.cfg").exists()

    def _listed(self, directory: str) -> frozenset[str]:
        place = self.root.path / directory
        try:
            real = Path(os.path.realpath(place))
            if real != self.root.path and self.root.path not in real.parents:
                return _NOTHING
            with os.scandir(place) as entries:
                found = frozenset(entry.name for entry in islice(entries, _MOST + 1))
        except (OSError, ValueError):
            return _NOTHING
        if len(found) > _MOST:
            raise TooMany
        return found


def _is_binary(file: str, name: str) -> bool:
    """Whether a file is a module of this name that was compiled: ``name.cpython-311-….so``."""
    return file.startswith(f"{name}.") and file.endswith(_BINARY)
