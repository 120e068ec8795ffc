"""Answers of models that are kept, so that nothing is asked twice: in the next run, or in one that
goes on where another was killed.

Each answer lies under the digest of all that decides it. The database is one file in a directory
that is ours alone; SQLite's own journal keeps what was written when a process is killed. Whatever
goes wrong with it costs time and nothing else, and a value that is not as it was written is none.
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
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, value BLOB, used REAL) WITHOUT ROWID"
)


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
        database = sqlite3.connect(file, timeout=1.0, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")
            database.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            database.close()
            if not any(word in str(error) for word in _DAMAGED):
                return None  # another process has it for itself just now
            file.unlink()
            database = sqlite3.connect(file, timeout=1.0, isolation_level=None)
            database.execute(_TABLE)
    except (Unusable, OSError, sqlite3.Error):
        return None
    return database


def _sum(key: bytes, body: bytes) -> bytes:
    return blake2b(key + body, digest_size=16).digest()


def _read(key: bytes, value: bytes) -> Said | None:
    total, body = value[:16], value[16:]
    if total != _sum(key, body):
        return None
    text, prompt_tokens, tokens = json.loads(body)
    return Said(str(text), int(prompt_tokens), int(tokens))
