"""Which files of a root are indexed: found directory by directory, or one at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.workspace import aliases
from inglenook.workspace.ignore import KINDS, Layers, Placed, rules
from inglenook.workspace.languages import is_plain, is_vendored, language_of
from inglenook.workspace.source import LARGEST, Root, Source, file_stamp, text_of

_RULES: Final = frozenset(KINDS)
_DEEPEST: Final = 64  # directories below one another
LARGEST_RULES: Final = 256 * 1024  # bytes of an ignore file
_MOST_PARENTS: Final = 32  # above the root in which the repository's top is looked for
_MOST_ODD: Final = 100  # names that are remembered though nothing can be done with them
_REMEMBERED: Final = 256  # directories whose rules are kept between single files


class Listed(NamedTuple):
    """A directory (empty for the root) with the stamps of the files in it that are indexed, and
    the names of those that say where modules are."""

    directory: str
    files: dict[str, int]
    configs: tuple[str, ...] = ()


class Walk:
    """The files of one root with at most ``largest`` bytes whose names are ``wanted``. ``secret``
    matches the names of files of secrets."""

    def __init__(
        self,
        root: Root,
        secret: re.Pattern[str],
        largest: int = LARGEST,
        wanted: Callable[[str], object] = language_of,
    ) -> None:
        self.root = root
        self._wanted = wanted
        self.odd: list[str] = []  # what is passed over because its name cannot be shown
        self._largest = largest
        self._top = str(root.path)  # Path objects would take half of the time of a walk
        self._secret = secret
        self._layers: dict[str, Layers | None] = {}

    def everything(self) -> Iterator[Listed]:
        """Every directory, parents first; rules are read anew."""
        self._layers.clear()
        yield from self.below("")

    def below(self, directory: str) -> Iterator[Listed]:
        """``directory`` and those in it; nothing if it is not one that is walked."""
        above = self._layers_of(directory)
        if above is None:
            return
        waiting = [(directory, above)]
        while waiting:
            place, layers = waiting.pop()
            entries = self._entries(place)
            if entries is None or (place and is_vendored(_name(place), frozenset(entries))):
                continue
            if place != directory and not _RULES.isdisjoint(entries):
                layers = layers.below(place, self._read)
            start = f"{place}/" if place else ""
            files: dict[str, int] = {}
            configs = tuple(
                name
                for name in sorted(aliases.NAMES & entries.keys())
                if not layers.excludes(start + name, False)
            )
            for name, entry in entries.items():
                path = start + name
                if _is_directory(entry):
                    if self._may_enter(path) and not layers.excludes(path, True):
                        waiting.append((path, layers))
                elif self._wanted(name) and not layers.excludes(path, False):
                    stamp = self._stamp(path, entry)
                    if stamp:
                        files[name] = stamp
            yield Listed(place, files, configs)

    def stamp(self, path: str) -> int:
        """The stamp of one file if it is indexed, else 0."""
        directory, _, name = path.rpartition("/")
        if language_of(name) is None or not is_plain(path):
            return 0
        layers = self._layers_of(directory)
        if layers is None or layers.excludes(path, False):
            return 0
        return self._stamp(path, self.root.path / path)

    def reads(self, path: str) -> bool:
        """Whether no rule excludes a file or a directory above it."""
        layers = self._layers_of(path.rpartition("/")[0])
        return is_plain(path) and layers is not None and not layers.excludes(path, False)

    def read(self, path: str) -> Source | None:
        """What is to be indexed of a file; None if there is none any more."""
        source = self.root.read(path)
        if source is None:
            target = self.root.target(path)
            if target is not None and target != path and self._is_fit(target):
                return self.root.read(target)
        return source

    def forget(self) -> None:
        """Rules may have changed."""
        self._layers.clear()

    def _entries(self, directory: str) -> dict[str, os.DirEntry[str]] | None:
        try:
            with os.scandir(f"{self._top}{os.sep}{directory}") as entries:
                return {entry.name: entry for entry in entries if self._is_plain(directory, entry)}
        except OSError:
            return None

    def _is_plain(self, directory: str, entry: os.DirEntry[str]) -> bool:
        if is_plain(entry.name):
            return True
        if len(self.odd) < _MOST_ODD:
            self.odd.append(f"{directory}/{entry.name}" if directory else entry.name)
        return False

    def _may_enter(self, directory: str) -> bool:
        return directory.count("/") < _DEEPEST and not is_vendored(_name(directory), _UNKNOWN)

    def _stamp(self, path: str, entry: os.DirEntry[str] | Path) -> int:
        """0 for what is no regular file inside the root, huge, or secret by its name."""
        try:
            if self._secret.fullmatch(entry.name):
                return 0
            if entry.is_symlink():
                target = self.root.target(path)
                if target is None or not self._is_fit(target):
                    return 0
            return file_stamp(entry.stat(), self._largest)
        except OSError:
            return 0

    def _is_fit(self, target: str) -> bool:
        """Whether a link may lead to this file, which must be one that has facts itself."""
        *directories, name = target.split("/")
        hidden = any(is_vendored(each, _UNKNOWN) for each in directories)
        return not hidden and language_of(name) is not None and not self._secret.fullmatch(name)

    def _layers_of(self, directory: str) -> Layers | None:
        """What holds in a directory; None if it or one above it is not walked."""
        if directory in self._layers:
            return self._layers[directory]
        if len(self._layers) > _REMEMBERED:
            self._layers.clear()
        layers = self._find_layers(directory)
        self._layers[directory] = layers
        return layers

    def _find_layers(self, directory: str) -> Layers | None:
        if not directory:
            return above(self.root.path).below("", self._read)
        if directory.count("/") > _DEEPEST:
            return None
        parent = self._layers_of(directory.rpartition("/")[0])
        if parent is None or not self._may_enter(directory) or parent.excludes(directory, True):
            return None
        place = self.root.path / directory
        entries = None if _is_link(place) else self._entries(directory)
        if entries is None or is_vendored(_name(directory), frozenset(entries)):
            return None
        return parent.below(directory, self._read)

    def _read(self, path: str) -> str | None:
        return text_of(self.root.path, path, LARGEST_RULES)


# As if a directory were a package, so that its name alone decides.
_UNKNOWN: Final = frozenset({"__init__.py"})


def above(root: Path) -> Layers:
    """The rules of .gitignore files above the root, up to the top of its repository, and of
    the repository's own exclude file, from the nearest to the farthest."""
    found: list[Placed] = []
    for top in (root, *root.parents)[:_MOST_PARENTS]:
        files = (KINDS[0],) if top != root else ()
        is_top = (top / ".git").exists()
        for name in (*files, ".git/info/exclude") if is_top else files:
            text = text_of(top, name, LARGEST_RULES)
            if text:
                before = "" if top == root else f"{root.relative_to(top).as_posix()}/"
                found.append(Placed(rules(text.split("\n")), 0, before))
        if is_top:
            return Layers((tuple(found), (), ()))
    return Layers()  # no repository: nothing above the root concerns it


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_directory(entry: os.DirEntry[str]) -> bool:
    """Whether it is one itself, and no link to one."""
    try:
        return entry.is_dir(follow_symlinks=False) and not _is_link(entry)
    except OSError:
        return False


def _is_link(entry: os.DirEntry[str] | Path) -> bool:
    """A junction of Windows is a link too (Python 3.12 knows them)."""
    return entry.is_symlink() or bool(getattr(entry, "is_junction", bool)())
