"""diskcache without its holes: nothing is unpickled, and no file but its database is touched.

diskcache 5.6.3 unpickles what it finds in its rows (CVE-2025-69872), deletes the files that its
rows name, and makes settings, pragmas and attributes of what the database's own table says. So
rows hold plain bytes here, `Disk` does nothing else whatever a row claims to be, and a database
is looked at before diskcache opens it: one that is not exactly as we make it is thrown away.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import diskcache

from inglenook.file_lock import held
from inglenook.private import Unusable, is_sole, own

ENTRY_BYTES: Final = 64 * 1024  # of one value
SIZE_LIMIT: Final = 64 * 1024 * 1024  # of the database
_ODD_SIZE: Final = 2 * SIZE_LIMIT
_LOCK: Final = "opening.lock"
_LOCK_SECONDS: Final = 1.0
_FILES: Final = ("cache.db", "cache.db-wal", "cache.db-shm", "cache.db-journal")
_RAW: Final = 1  # diskcache's MODE_RAW: the value stands in its row as it is

# What diskcache keeps in the table Settings; each is given, so that none comes from there.
_SETTINGS: Final[dict[str, Any]] = {
    "statistics": 0,
    "tag_index": 0,
    "eviction_policy": "least-recently-stored",
    "size_limit": SIZE_LIMIT,
    "cull_limit": 10,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 256,  # pages
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,  # a file that shrinks under a map would kill the process
    "sqlite_synchronous": 1,
    "disk_min_file_size": 1 << 30,
    "disk_pickle_protocol": 0,
}
_COUNTED: Final = frozenset({"count", "size", "hits", "misses"})
# Of the schema that diskcache 5.6 makes with these settings. Another version's begins anew.
_SCHEMA: Final = "a80f441cfee9ba7b9ba0b83cdc1862ed"


Busy = diskcache.Timeout  # another process is writing


class InUse(Unusable):
    """Another process has it just now; later it can be had."""


class SafeDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Keys and values are bytes, stored in their row, and nothing else is ever read or removed."""

    def hash(self, key: bytes) -> int:
        return int.from_bytes(blake2b(key, digest_size=4).digest(), "big")

    def put(self, key: bytes) -> tuple[sqlite3.Binary, bool]:
        return sqlite3.Binary(key), True

    def get(self, key: Any, raw: Any) -> bytes:
        return bytes(key) if raw and isinstance(key, bytes) else b""

    def store(
        self, value: bytes, read: bool, key: bytes = b""
    ) -> tuple[int, int, None, sqlite3.Binary]:
        return 0, _RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: Any, filename: Any, value: Any, read: bool) -> bytes:
        return value if mode == _RAW and filename is None and isinstance(value, bytes) else b""

    def filename(self, key: Any = None, value: Any = None) -> tuple[str, str]:
        raise OSError("no value is kept in a file")

    def remove(self, file_path: Any) -> None:
        """No row has a file."""


def open_cache(directory: Path, seconds: float) -> Any:
    """The diskcache in ``directory``, which is ours alone afterwards; `Unusable` if it cannot be.

    ``seconds`` is how long a statement may wait for other processes.
    """
    fresh = own(directory)
    try:
        # A database that another process is just making must not be taken for a strange one.
        with held(directory / _LOCK, _LOCK_SECONDS):
            if not fresh or not _is_ours(directory):
                remove(directory)
            with contextlib.suppress(FileExistsError):
                # SQLite gives the files beside it the mode of the database.
                flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
                os.close(os.open(directory / _FILES[0], flags, 0o600))
            _wait_for_others(directory, seconds)  # diskcache would, for a minute
            return diskcache.Cache(str(directory), timeout=seconds, disk=SafeDisk, **_SETTINGS)
    except (sqlite3.OperationalError, TimeoutError) as error:
        if isinstance(error, TimeoutError) or _is_busy(error):
            raise InUse(f"The cache in {directory} is in use; try again in a moment.") from None
        raise Unusable(f"The cache in {directory} cannot be opened.") from None
    except (sqlite3.Error, OSError) as error:
        why = type(error).__name__
        raise Unusable(f"The cache in {directory} cannot be opened ({why}).") from None


def remove(directory: Path) -> None:
    """Remove the database, and nothing else. (Whoever has it open goes on with a nameless one.)"""
    for name in _FILES:
        (directory / name).unlink(missing_ok=True)


def is_full(error: Exception) -> bool:
    """Whether there is no room, or nothing may be written: another database would not help."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))


def start_over(directory: Path, error: Exception) -> None:
    """Throw away a database that is damaged; one that is merely gone is left to its heirs."""
    if isinstance(error, sqlite3.DatabaseError) and hasattr(error, "sqlite_errorname"):
        with contextlib.suppress(OSError):
            remove(directory)


def _is_ours(directory: Path) -> bool:
    """Whether the files are regular ones of ours, and the database as we make them, or missing."""
    for name in _FILES:
        try:
            status = (directory / name).lstat()
        except FileNotFoundError:
            continue
        if not is_sole(status) or status.st_size > _ODD_SIZE:
            return False
    database = directory / _FILES[0]
    if not database.exists() or database.stat().st_size == 0:
        return not any((directory / name).exists() for name in _FILES[1:])
    try:
        with read_only(directory) as connection:
            return _is_as_made(connection)
    except (sqlite3.Error, TypeError, ValueError) as error:
        if _is_busy(error):
            raise
        return False


def _wait_for_others(directory: Path, seconds: float) -> None:
    """OperationalError (SQLITE_BUSY) if another process does not let the database go."""
    connection = sqlite3.connect(directory / _FILES[0], timeout=seconds, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def _is_busy(error: Exception) -> bool:
    """Whether it is only that another process has locked the database."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


@contextlib.contextmanager
def read_only(directory: Path) -> Iterator[sqlite3.Connection]:
    """The database, to look at; a hostile schema runs nothing, and no value is large."""
    uri = f"{(directory / _FILES[0]).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=0.2, isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * ENTRY_BYTES)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        yield connection
    finally:
        connection.close()


def _is_as_made(connection: sqlite3.Connection) -> bool:
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    if schema_digest(schema) != _SCHEMA:
        return False
    settings = dict(connection.execute("SELECT key, value FROM Settings LIMIT 100").fetchall())
    counted = {key: settings.pop(key, None) for key in _COUNTED}
    if settings != _SETTINGS or not all(type(value) is int for value in counted.values()):
        return False
    strange = connection.execute(
        "SELECT 1 FROM Cache WHERE typeof(key) != 'blob' OR length(key) != 16 OR raw IS NOT 1"
        " OR mode IS NOT 1 OR filename IS NOT NULL OR typeof(value) != 'blob'"
        " OR length(value) > ? OR tag IS NOT NULL LIMIT 1",
        (ENTRY_BYTES,),
    ).fetchall()
    return not strange


def schema_digest(rows: list[tuple[str, str, str, str | None]]) -> str:
    text = "\n".join(sorted(repr(row) for row in rows))
    return blake2b(text.encode(), digest_size=16).hexdigest()
