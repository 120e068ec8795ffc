"""One root in the worker: what is to be looked at next, and what was found."""

from __future__ import annotations

import posixpath
import re
import stat
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.workspace.aliases import NAMES, Configs
from inglenook.workspace.ignore import KINDS
from inglenook.workspace.languages import is_plain, language_of
from inglenook.workspace.place import database_of
from inglenook.workspace.source import Root, Source
from inglenook.workspace.store import Change, Filled, Gone, Seen, Store, digest_of
from inglenook.workspace.walk import Listed, Walk

MOST_FILES: Final = 200_000  # of one root; what is found later is not indexed
_PREFERRED: Final = 16  # places near which files come first
_AHEAD: Final = 128  # paths that are taken from the store at once
_BRANCH: Final = (".git/HEAD", ".git/index")  # they change when another branch is checked out


class Text(NamedTuple):
    """What a parser is needed for."""

    path: str
    language: str
    data: bytes
    stamp: int
    read: int
    digest: bytes

    def filled(self, body: bytes | None, names: tuple[str, ...]) -> Filled:
        """With the parser's answer; ``body`` is None if the text breaks parsers."""
        return Filled(self.path, self.stamp, self.read, self.digest, True, body or None, names)


def examined(
    path: str, language: str, source: Source | None, read: int, store: Store
) -> Text | Change:
    """What has to be parsed of a file that was looked at; else what is to be written of it.

    ``read`` is when that was, if there is no ``source`` to tell it.
    """
    if source is None:
        return Gone(path, read)
    if source.data is None:
        return Filled(path, source.stamp, source.read, None)
    digest = digest_of(language, source.data)
    if store.knows(digest):
        return Filled(path, source.stamp, source.read, digest)
    return Text(path, language, source.data, source.stamp, source.read, digest)


class Tree:
    """One root. Raises OSError and `sqlite3.Error` when its store breaks."""

    def __init__(self, path: Path, store: Path, secret: re.Pattern[str]) -> None:
        self.root = Root.of(path)
        self.database = database_of(store, self.root.path)
        self.store = Store(self.database)
        self.unwritten: list[Change] = []
        self.under_way: dict[str, bytes] = {}  # texts that are with the parsers, by path
        self.walked = False  # since its start or since `look`
        self.configs = Configs(self.root)
        self._walk = Walk(self.root, secret)
        self._listing: Iterator[Listed] | None = None
        self._visited: set[str] = set()
        self._files = 0
        self._urgent: deque[str] = deque()
        self._next: deque[str] = deque()
        self._dry = False  # nothing in the store waits
        self._preferred: deque[str] = deque(maxlen=_PREFERRED)
        self._branch = self._branch_stamp()
        self._version = self.store.version()

    # -- walking -------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at everything (again): from the top, with rules that are read anew."""
        self._listing = self._walk.everything()
        self.configs.begin()
        self._visited = set()
        self._files = 0
        self.walked = False

    def step(self) -> bool:
        """Look at one directory; False if there is none to be looked at."""
        if self._listing is None:
            return False
        read = time.time_ns()
        listed = next(self._listing, None)
        if listed is not None:
            self._visited.add(listed.directory)
            self._compare(listed, read)
            return True
        self._listing = None
        self._forget("", read)
        self.walked = True
        return True

    def _compare(self, listed: Listed, read: int) -> None:
        start = f"{listed.directory}/" if listed.directory else ""
        known = self.store.files(listed.directory)
        for name in listed.configs:
            self.configs.add(start + name)
        for name, stamp in listed.files.items():
            self._files += 1
            if known.pop(name, None) != stamp and self._files <= MOST_FILES:
                self.unwritten.append(Seen(start + name, stamp, read))
        self.unwritten += [Gone(start + name, read) for name in known]

    def _forget(self, below: str, read: int) -> None:
        """Forget directories that have not been found."""
        for directory in self.store.directories(below):
            if directory not in self._visited:
                gone = [f"{directory}/{name}" for name in self.store.files(directory)]
                self.unwritten += [Gone(path.removeprefix("/"), read) for path in gone]

    # -- what happened -------------------------------------------------------------------------

    def changed(self, path: Path) -> bool:
        """A file or directory was written, made, renamed or removed; False if it is elsewhere."""
        if path == self.root.path:
            self.look()
            return True
        place = self.root.place(path)
        if place is None or not is_plain(place):
            return False
        self._changed_config(place)
        if posixpath.basename(place) in KINDS or place in _BRANCH:
            self.look()
        elif language_of(place) is not None:
            self._urgent.append(place)
        else:
            self._changed_directory(place)
        return True

    def _changed_config(self, place: str) -> None:
        self.configs.changed(place)
        if posixpath.basename(place) in NAMES and self._walk.reads(place):
            self.configs.add(place)

    def _changed_directory(self, place: str) -> None:
        try:
            is_directory = stat.S_ISDIR((self.root.path / place).lstat().st_mode)
        except OSError:
            is_directory = False
        if is_directory:
            self._look_below(place)
        elif any(self.store.directories(place)):
            self.unwritten.append(Gone(f"{place}/", time.time_ns()))

    def _look_below(self, directory: str) -> None:
        read = time.time_ns()
        self._visited = set()
        for listed in self._walk.below(directory):
            self._visited.add(listed.directory)
            self._compare(listed, read)
        self._forget(directory, read)
        self._dry = False

    def prefer(self, path: Path) -> None:
        """Files near ``path`` come first."""
        place = self.root.place(path)
        if place is not None:
            self._preferred.appendleft(place)
            self._next.clear()

    def is_moved(self) -> bool:
        """Whether another branch may have been checked out since the last question."""
        before, self._branch = self._branch, self._branch_stamp()
        return before != self._branch

    def is_written_by_others(self) -> bool:
        before, self._version = self._version, self.store.version()
        return before != self._version

    def _branch_stamp(self) -> list[int]:
        found = []
        for name in _BRANCH:
            try:
                found.append((self.root.path / name).lstat().st_mtime_ns)
            except OSError:
                found.append(0)
        return found

    # -- filling -------------------------------------------------------------------------------

    def next(self) -> Text | None:
        """The next text that has to be parsed; what needs no parser is done on the way, one file
        a call. None if this file needed none, or `idle`."""
        path = self._next_path()
        if path is None:
            return None
        language = language_of(path)
        read = time.time_ns()
        if language is None or not self._walk.stamp(path):
            self.unwritten.append(Gone(path, read))
            return None
        found = examined(path, language, self._walk.read(path), read, self.store)
        if isinstance(found, Text):
            return found
        self.unwritten.append(found)
        return None

    @property
    def is_walking(self) -> bool:
        return self._listing is not None

    @property
    def has_work(self) -> bool:
        """Whether `step` or `next` has something to do now."""
        waits = not self._dry and not self.starved and self._listing is None
        return self._listing is not None or bool(self._urgent or self._next) or waits

    @property
    def starved(self) -> bool:
        """Whether `write` has to come before anything else can be done."""
        return bool(self.unwritten) and not (self._urgent or self._next or self._listing)

    @property
    def idle(self) -> bool:
        return not self.has_work and not self.unwritten and not self.under_way

    def _next_path(self) -> str | None:
        if self._urgent:
            return self._urgent.popleft()
        if self._listing is not None:
            return None
        if not self._next and not self._dry and not self.unwritten:
            self._next.extend(self._nearest())
            self._dry = not self._next  # what is with the parsers will be written
        while self._next:
            path = self._next.popleft()
            if path not in self.under_way and self.store.waits(path):
                return path
        return None

    def _nearest(self) -> list[str]:
        """Some paths that wait, those first that are near to what is preferred."""
        for place in self._preferred:
            directory = place
            while directory:
                directory = posixpath.dirname(directory)
                found = self._waiting(directory)
                if found:
                    return found
        return self._waiting(None)

    def _waiting(self, directory: str | None) -> list[str]:
        paths = self.store.pending(directory, _AHEAD)
        return [path for path in paths if path not in self.under_way]

    @property
    def left(self) -> int:
        """How many files wait for their facts."""
        return self.store.unknown()

    # -- writing -------------------------------------------------------------------------------

    def write(self) -> list[str]:
        """Write what was found; returns the paths concerned."""
        changes, self.unwritten = self.unwritten, []
        if not changes:
            return []
        if self.store.write(changes):
            self._dry = False  # until the store is asked what waits
        return [change.path for change in changes]

    def close(self) -> None:
        self.store.close()
