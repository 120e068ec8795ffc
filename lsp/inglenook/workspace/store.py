"""The index of one root on the disk, as the worker writes it.

Contract: rows say which files there are and which facts belong to a file's text. Facts belong to
texts, not to files, so equal files share them and a branch that comes back finds its own. Several
workers may write at once: what was read from the tree last wins. Any of it may vanish at any
time: `sqlite3.Error` then says so, and the database is begun anew.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.file_lock import held
from inglenook.workspace.place import connect, is_ours, make, remove
from inglenook_context.digest import blake2b

NONE: Final = 0  # the facts of a file that has been looked at and is not indexed
_LOCK: Final = "opening.lock"
_LOCK_SECONDS: Final = 5.0
_WAIT_SECONDS: Final = 5.0  # for another worker's transaction
_DAYS_KEPT: Final = 14  # facts of texts that no file has any more
_MOST_LEFT: Final = 20_000  # of these
_FUTURE_NS: Final = 1_000_000_000  # a reading from the future was made under another clock
_VACUUMED_PAGES: Final = 2_000


class Seen(NamedTuple):
    """A file that is new or has changed; its facts are not known from now on."""

    path: str
    stamp: int
    read: int


class Gone(NamedTuple):
    """A file that is no more; with a slash at its end all that was in a directory."""

    path: str
    read: int


class Filled(NamedTuple):
    """The facts of a file: those under ``digest``; without one it has none.

    With ``is_new`` they are ``body`` (None: no facts can be made of this text) and the file
    defines the ``names``; else they are in the store already.
    """

    path: str
    stamp: int
    read: int
    digest: bytes | None
    is_new: bool = False
    body: bytes | None = None
    names: tuple[str, ...] = ()


Change = Seen | Gone | Filled


def digest_of(language: str, data: bytes) -> bytes:
    """What facts are kept under."""
    return blake2b(data, digest_size=16, key=language.encode()).digest()


def discard(database: Path) -> None:
    """Throw a damaged database away."""
    with _lock(database):
        remove(database)


def _lock(database: Path) -> AbstractContextManager[None]:
    return held(database.parent / _LOCK, _LOCK_SECONDS)


def is_full(error: Exception) -> bool:
    """Whether there is no room, or nothing may be written: another database would not help."""
    return _name_of(error).startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_PERM"))


def is_passing(error: Exception) -> bool:
    """Whether the database may still be good."""
    busy = _name_of(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR"))
    return busy or not isinstance(error, sqlite3.DatabaseError)


def _name_of(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


class Store:
    """Opened, or made anew if what is there is not as we make it. Raises OSError and
    `sqlite3.Error`; `TimeoutError`, which is an OSError, if another never lets it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        if not (is_ours(database) and self._open()):
            # What another worker is just making must not be taken for a strange one, and files
            # must not be removed between those that another worker opens.
            with _lock(database):
                if not is_ours(database):
                    make(database)
                self._open()

    def _open(self) -> bool:
        """False if the database was removed meanwhile."""
        self._connection = connect(self._database, write=True, seconds=_WAIT_SECONDS)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA journal_size_limit = 8388608")
        self._inode = self._database.stat().st_ino
        self.unknown()  # now its files are open
        return self.is_there()

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def is_there(self) -> bool:
        """Whether the database still is the one under its name."""
        try:
            return self._database.stat().st_ino == self._inode
        except OSError:
            return False

    def version(self) -> int:
        """Grows when another process has written."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def files(self, directory: str) -> dict[str, int]:
        """The stamps of the files of one directory."""
        return dict(
            self._connection.execute("SELECT name, stamp FROM file WHERE dir = ?", (directory,))
        )

    def directories(self, below: str = "") -> Iterator[str]:
        """Those that have files: ``below`` itself and what is in it."""
        query = "SELECT DISTINCT dir FROM file"
        if not below:
            found = self._connection.execute(query)
        else:
            found = self._connection.execute(
                f"{query} WHERE dir = ? OR (dir > ? AND dir < ?)", (below, below + "/", below + "0")
            )
        return iter([directory for (directory,) in found])

    def unknown(self) -> int:
        """How many files wait for their facts."""
        row = self._connection.execute("SELECT count(*) FROM file WHERE facts IS NULL").fetchone()
        return int(row[0])

    def pending(self, directory: str | None, limit: int) -> list[str]:
        """Paths that wait for their facts: of a directory, then of those in it; None: of all."""
        inside = " AND dir > ? AND dir < ?" if directory else ""
        found: list[tuple[str, str]] = []
        if directory is not None:
            found += self._pending(" AND dir = ?", (directory,), limit)
        if len(found) < limit:
            bounds = (f"{directory}/", f"{directory}0") if directory else ()
            found += self._pending(inside, bounds, limit - len(found))
        return [f"{place}/{name}" if place else name for place, name in found]

    def _pending(self, where: str, values: tuple[str, ...], limit: int) -> list[tuple[str, str]]:
        query = f"SELECT dir, name FROM file WHERE facts IS NULL{where} LIMIT ?"
        return self._connection.execute(query, (*values, limit)).fetchall()

    def waits(self, path: str) -> bool:
        """Whether a file's facts are still unknown."""
        found = self._connection.execute(
            "SELECT 1 FROM file WHERE dir = ? AND name = ? AND facts IS NULL", split(path)
        )
        return found.fetchone() is not None

    def knows(self, digest: bytes) -> bool:
        """Whether there are facts of a text (or none can be made of it)."""
        found = self._connection.execute("SELECT 1 FROM facts WHERE digest = ?", (digest,))
        return found.fetchone() is not None

    def write(self, changes: Iterable[Change]) -> bool:
        """All of them or, if it raises, none; whether facts of any of them are unknown."""
        waits = False
        with self._transaction():
            latest = time.time_ns() + _FUTURE_NS
            for change in changes:
                if isinstance(change, Gone):
                    self._remove(change, latest)
                elif self._upsert(change, latest) is None:
                    waits = True
            # Tells this state from every other one, in this process and in any that comes.
            self._connection.execute(f"PRAGMA user_version = {int.from_bytes(os.urandom(4)) >> 1}")
        return waits

    def purge(self) -> None:
        """Forget facts that no file has had for long, and give their room back."""
        today = int(time.time() // 86_400)
        execute = self._connection.execute
        with self._transaction():
            unused = "id NOT IN (SELECT facts FROM file WHERE facts IS NOT NULL)"
            execute(f"UPDATE facts SET left = ? WHERE left IS NULL AND {unused}", (today,))
            execute(f"UPDATE facts SET left = NULL WHERE left IS NOT NULL AND NOT ({unused})")
            execute(
                "DELETE FROM facts WHERE left < ? OR id IN (SELECT id FROM facts"
                " WHERE left IS NOT NULL ORDER BY left DESC, id DESC LIMIT -1 OFFSET ?)",
                (today - _DAYS_KEPT, _MOST_LEFT),
            )
            execute("DELETE FROM name WHERE facts NOT IN (SELECT id FROM facts)")
        execute(f"PRAGMA incremental_vacuum({_VACUUMED_PAGES})").fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _remove(self, gone: Gone, latest: int) -> None:
        old = "(read <= ? OR read > ?)"
        if gone.path.endswith("/"):
            below = gone.path[:-1]
            self._connection.execute(
                f"DELETE FROM file WHERE (dir = ? OR (dir > ? AND dir < ?)) AND {old}",
                (below, gone.path, below + "0", gone.read, latest),
            )
        else:
            self._connection.execute(
                f"DELETE FROM file WHERE dir = ? AND name = ? AND {old}",
                (*split(gone.path), gone.read, latest),
            )

    def _upsert(self, change: Seen | Filled, latest: int) -> int | None:
        facts = None if isinstance(change, Seen) else self._facts(change)
        self._connection.execute(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " stamp = excluded.stamp, read = excluded.read, facts = excluded.facts"
            " WHERE read <= excluded.read OR read > ?",
            (*split(change.path), change.stamp, change.read, facts, latest),
        )
        return facts

    def _facts(self, filled: Filled) -> int | None:
        """The number of a file's facts; None if they have been purged in the meantime."""
        if filled.digest is None:
            return NONE
        execute = self._connection.execute
        known = execute("SELECT id FROM facts WHERE digest = ?", (filled.digest,)).fetchone()
        if known is not None:
            return int(known[0])
        if not filled.is_new:
            return None
        row = (filled.digest, filled.body)
        number = execute("INSERT INTO facts(digest, body) VALUES (?, ?)", row).lastrowid
        names = [(name, number) for name in filled.names]
        self._connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", names)
        return number


def split(path: str) -> tuple[str, str]:
    """The directory (empty for the root) and the name."""
    directory, _, name = path.rpartition("/")
    return directory, name
