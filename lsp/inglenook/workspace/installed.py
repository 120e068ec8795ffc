"""The installed packages of an environment in the worker: only what is asked for is looked at.

One directory of them can hold 20,000 files, of which a completion needs a few. So the names at the
top are listed at the start; a directory is listed, and a file parsed, when somebody asks for it.
What an earlier session found is believed after its directory was listed again, for the stamps
tell what has changed. Several workspaces of one environment share the database.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.workspace.languages import is_plain, language_of
from inglenook.workspace.place import database_of
from inglenook.workspace.source import Root, file_stamp
from inglenook.workspace.store import Change, Gone, Seen, Store
from inglenook.workspace.tree import Text, examined

_MOST_NAMES: Final = 5_000  # at the top
_MOST_ENTRIES: Final = 4_000  # of a directory
_MOST_DIRECTORIES: Final = 2_000  # that are looked at in a session
_MOST_OF_PACKAGE: Final = 400  # files that are parsed in a session
_MOST_BYTES: Final = 64 << 20  # that are parsed in a session
_DEEPEST: Final = 16  # directories below one another
_STRANGE: Final = frozenset(("", ".", ".."))


class News(NamedTuple):
    """Directories whose files are known from now on; ``names`` are those at the top, None if
    they are what they were."""

    directories: list[str]
    names: list[str] | None


class Installed:
    """One ``site-packages``, by its real path. Raises OSError and `sqlite3.Error` when its store
    breaks. It is worked on as `Tree` is."""

    walked = True  # nothing is walked
    left = 0  # files that progress is shown of

    def __init__(self, path: Path, store: Path, secret: re.Pattern[str]) -> None:
        self.root = Root.of(path)
        self.database = database_of(store, self.root.path, "installed")
        self.store = Store(self.database)
        self.unwritten: list[Change] = []
        self.under_way: dict[str, bytes] = {}  # texts that are with the parsers, by path
        self._secret = secret
        self._listings: dict[str, None] = {"": None}  # directories to be listed
        self._directories = {""}  # that are, or were
        self._known: set[str] = set()  # those that were
        self._files: dict[str, None] = {}  # to be parsed if that is new
        self._asked: set[str] = set()
        self._parsed: Counter[str] = Counter()  # by package
        self._bytes = 0
        self._names: list[str] = []
        self._untold: list[str] = []  # directories
        self._untold_names = False
        self._listed = False  # something that is not written
        self._version = self.store.version()

    # -- what is asked for ---------------------------------------------------------------------

    def want(self, path: str) -> None:
        """Somebody asks for a file, or with a slash at its end for a directory."""
        directory, _, name = path.rpartition("/")
        parts = directory.split("/") if directory else []
        if not is_plain(path) or len(parts) > _DEEPEST or not _STRANGE.isdisjoint(parts):
            return
        if directory not in self._directories and len(self._directories) < _MOST_DIRECTORIES:
            self._directories.add(directory)
            self._listings[directory] = None
        if name and path not in self._asked:
            self._asked.add(path)
            self._files[path] = None

    def changed(self, path: Path) -> bool:
        """A file or directory was written, made, renamed or removed; False if it is elsewhere."""
        place = self.root.place(path)
        if place is None:
            return False
        for directory in (place, place.rpartition("/")[0]):
            if directory in self._known:
                self._listings[directory] = None
        return True

    def look(self) -> None:
        """Look again at what somebody asked for."""
        self._listings.update(dict.fromkeys(("", *self._known)))

    def prefer(self, path: Path) -> None:
        """All that is asked for is wanted now."""

    # -- work ----------------------------------------------------------------------------------

    def step(self) -> bool:
        """List one directory; False if there is none to be listed."""
        if not self._listings:
            return False
        directory = next(iter(self._listings))
        del self._listings[directory]
        read = time.time_ns()
        entries = self._entries(directory)
        if not directory:
            self._take_names(entries)
        files = {entry.name: stamp for entry in entries if (stamp := self._stamp(entry))}
        start = f"{directory}/" if directory else ""
        known = self.store.files(directory)
        for name, stamp in files.items():
            path = start + name
            if known.pop(name, None) != stamp:
                self._note(Seen(path, stamp, read))
            if path in self._asked:
                self._files[path] = None
        for name in known:
            self._note(Gone(start + name, read))
        if directory not in self._known:
            self._known.add(directory)
            self._untold.append(directory)
        return True

    def next(self) -> Text | None:
        """The next text that has to be parsed. None if this file needed none, or `idle`."""
        if self._listings or self.starved or not self._files:
            return None
        path = next(iter(self._files))
        del self._files[path]
        language = language_of(path)
        package = path.partition("/")[0]
        if language is None or not self.store.waits(path) or path in self.under_way:
            return None
        if self._parsed[package] >= _MOST_OF_PACKAGE or self._bytes > _MOST_BYTES:
            return None
        found = examined(path, language, self.root.read(path), time.time_ns(), self.store)
        if isinstance(found, Text):
            self._parsed[package] += 1
            self._bytes += len(found.data)
            return found
        self.unwritten.append(found)
        return None

    @property
    def is_walking(self) -> bool:
        return bool(self._listings)

    @property
    def has_work(self) -> bool:
        """Whether `step` or `next` has something to do now."""
        return bool(self._listings) or (bool(self._files) and not self.starved)

    @property
    def starved(self) -> bool:
        """Whether `write` has to come before anything else can be done."""
        return self._listed and not self._listings

    @property
    def idle(self) -> bool:
        return not self.has_work and not self.unwritten and not self.under_way

    def write(self) -> list[str]:
        """Write what was found; returns the paths concerned."""
        changes, self.unwritten, self._listed = self.unwritten, [], False
        if changes:
            self.store.write(changes)
        return [change.path for change in changes]

    def news(self) -> News | None:
        """What the server can believe since the last question, all of which is written."""
        if self._listed or not (self._untold or self._untold_names):
            return None
        directories, self._untold = self._untold, []
        is_new, self._untold_names = self._untold_names, False
        return News(directories, self._names if is_new else None)

    def tell_again(self) -> None:
        """The server has forgotten all news."""
        self._untold = list(self._known)
        self._untold_names = bool(self._names)

    def is_moved(self) -> bool:
        return False

    def is_written_by_others(self) -> bool:
        before, self._version = self._version, self.store.version()
        return before != self._version

    def close(self) -> None:
        self.store.close()

    # -- looking -------------------------------------------------------------------------------

    def _entries(self, directory: str) -> list[os.DirEntry[str]]:
        """What is in a directory, to which no link may lead."""
        place = self.root.path / directory
        try:
            if Path(os.path.realpath(place)) != place:
                return []
            with os.scandir(place) as entries:
                return [each for each in islice(entries, _MOST_ENTRIES) if is_plain(each.name)]
        except OSError:
            return []

    def _stamp(self, entry: os.DirEntry[str]) -> int:
        """0 for what is no Python source of its own, huge, or secret by its name."""
        if language_of(entry.name) != "python" or self._secret.fullmatch(entry.name):
            return 0
        try:
            return 0 if entry.is_symlink() else file_stamp(entry.stat(follow_symlinks=False))
        except OSError:
            return 0

    def _take_names(self, entries: list[os.DirEntry[str]]) -> None:
        names = sorted({name for entry in entries if (name := _module_name(entry.name))})
        if names != self._names:
            self._names = names[:_MOST_NAMES]
            self._untold_names = True

    def _note(self, change: Change) -> None:
        self.unwritten.append(change)
        self._listed = True


def _module_name(name: str) -> str:
    """The module or package (of stubs) that an entry at the top can be, empty for none."""
    stem = name.removesuffix(".py").removesuffix(".pyi")
    return stem if stem.removesuffix("-stubs").isidentifier() and stem != "__pycache__" else ""
