"""Answers of models that are kept, so that nothing is asked twice: in the next run, or in one that
goes on where another was killed.

Each answer lies under the digest of all that decides it. The database is one file in a directory
that is ours alone; SQLite's own journal keeps what was written when a process is killed. Whatever
goes wrong with it costs time and nothing else, and a value that is not as it was written is none.
A database that is not exactly as we make it, with a view or a trigger, is begun anew.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from inglenook.private import Unusable, own

_FORMAT: Final = 1
_MOST: Final = 100_000  # answers; the oldest go first
_EVERY: Final = 500  # writes between two looks at how many there are
_LONGEST: Final = 20_000  # characters of an answer
_DAMAGED: Final = ("not a database", "malformed", "may not be")
_TABLE: Final = "CREATE TABLE answers (key BLOB PRIMARY KEY, value BLOB, used REAL) WITHOUT ROWID"
_LARGEST: Final = 256 << 20  # bytes of the database; a larger one is begun anew
_ROW: Final = 8 * _LONGEST  # bytes of anything that is read of it
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


def digest(*parts: str) -> bytes:
    """Of parts that cannot run into one another."""
    found = blake2b(digest_size=20)
    for part in (str(_FORMAT), *parts):
        data = part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "big"))
        found.update(data)
    return found.digest()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer and the tokens that it took when it was made."""

    text: str
    prompt_tokens: int
    tokens: int


class Kept:
    """Use it from one thread. Without a directory that is ours alone nothing is kept."""

    def __init__(self, directory: Path | None) -> None:
        self._database = _opened(directory) if directory is not None else None
        self._writes = 0

    def get(self, key: bytes) -> Said | None:
        if self._database is None:
            return None
        try:
            row = self._database.execute(
                "SELECT value FROM answers WHERE key = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            return _read(key, bytes(row[0]))
        except (sqlite3.Error, TypeError, ValueError):
            return None

    def put(self, key: bytes, said: Said) -> None:
        if self._database is None or len(said.text) > _LONGEST:
            return
        body = json.dumps([said.text, said.prompt_tokens, said.tokens]).encode()
        with contextlib.suppress(sqlite3.Error):
            self._database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                (key, _sum(key, body) + body, time.time()),
            )
            self._writes += 1
            if self._writes % _EVERY == 1:
                self._database.execute(
                    "DELETE FROM answers WHERE key IN "
                    "(SELECT key FROM answers ORDER BY used DESC LIMIT -1 OFFSET ?)",
                    (_MOST,),
                )

    def drop(self, key: bytes) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("DELETE FROM answers WHERE key = ?", (key,))

    def clear(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("DELETE FROM answers")

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _opened(directory: Path) -> sqlite3.Connection | None:
    try:
        if not own(directory):
            return None
        file = directory / f"answers-{_FORMAT}.sqlite"
        if file.is_symlink():
            return None
        if file.exists() and file.stat().st_size > _LARGEST:
            _remove(file)
        try:
            return _connected(file)
        except (_Strange, sqlite3.DatabaseError) as error:
            damaged = any(word in str(error) for word in _DAMAGED)
            if not damaged and not isinstance(error, _Strange):
                return None  # another process has it for itself just now
            _remove(file)
            return _connected(file)
    except (Unusable, OSError, sqlite3.Error, _Strange):
        return None


class _Strange(Exception):
    """A database that we have not made."""


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=1.0, isolation_level=None)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ROW)
        database.execute("PRAGMA trusted_schema = OFF")
        _check(database)
        database.execute("PRAGMA journal_mode = WAL")
        # What a killed process wrote is the system's already; only a power cut could lose it.
        database.execute("PRAGMA synchronous = OFF")
    except BaseException:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    """Make the table in an empty database; raises `_Strange` if it has anything but that."""
    database.execute("BEGIN IMMEDIATE")
    try:
        rows = database.execute("SELECT sql FROM sqlite_master LIMIT 2").fetchall()
        if not rows:
            database.execute(_TABLE)
        elif rows != [(_TABLE,)]:
            raise _Strange
    finally:
        database.execute("COMMIT")


def _remove(file: Path) -> None:
    for end in _BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)


def _sum(key: bytes, body: bytes) -> bytes:
    return blake2b(key + body, digest_size=16).digest()


def _read(key: bytes, value: bytes) -> Said | None:
    total, body = value[:16], value[16:]
    if total != _sum(key, body):
        return None
    text, prompt_tokens, tokens = json.loads(body)
    return Said(str(text), int(prompt_tokens), int(tokens))
