"""Where the index of a root lies, and whether what lies there is ours.

Each root has a database of its own, named by the root's real path and by the code that made the
facts: another version of this program begins anew and leaves the older's alone. The directory is
ours alone (0700), and a database that is not exactly as we make it is thrown away.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import inglenook_context
from inglenook.private import Unusable, is_sole, own
from inglenook_context.digest import blake2b

_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")
_KEPT: Final = 2  # databases of one root, of different versions
_SECONDS_KEPT: Final = 30 * 86_400.0  # since it was used last
_LARGEST: Final = 2 << 30  # bytes of a database
_BODY: Final = 1 << 20  # bytes of a value

_GRAMMAR: Final = re.compile(rb'"(tree_sitter_\w+)"')

SCHEMA: Final = (
    "CREATE TABLE file(dir TEXT NOT NULL, name TEXT NOT NULL, stamp INTEGER NOT NULL,"
    " read INTEGER NOT NULL, facts INTEGER, PRIMARY KEY(dir, name)) WITHOUT ROWID",
    "CREATE INDEX file_facts ON file(facts)",
    "CREATE TABLE facts(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, body BLOB,"
    " left INTEGER)",
    "CREATE TABLE name(name TEXT NOT NULL, facts INTEGER NOT NULL, PRIMARY KEY(name, facts))"
    " WITHOUT ROWID",
)


def database_of(store: Path, root: Path, kind: str = "") -> Path:
    """The database of a root (by its real path) in the directory ``store``; another one for each
    ``kind`` of looking at the same directory."""
    key = os.fsencode(root) + (b"\0" + kind.encode() if kind else b"")
    return store / f"{_digest(key)}-{recipe()}.db"


@cache
def recipe() -> str:
    """A digest of what decides on facts: our code and queries, and the grammars."""
    sources = []
    for package in (Path(inglenook_context.__file__).parent, Path(__file__).parent):
        sources += sorted(path for path in package.rglob("*") if path.suffix in (".py", ".scm"))
    parts = [path.name.encode() + b"\0" + path.read_bytes() for path in sources]
    # By their names in our code: whoever asks this has no need of the grammars themselves.
    for module in sorted({name for part in parts for name in _GRAMMAR.findall(part)}):
        found = importlib.util.find_spec(module.decode())
        if found is not None and found.origin is not None:
            status = Path(found.origin).parent.stat(), Path(found.origin).stat()
            parts.append(repr([(each.st_size, each.st_mtime_ns) for each in status]).encode())
    return _digest(b"\0".join(parts))[:16]


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def prepare(directory: Path) -> None:
    """Make the directory, and make it ours alone; `Unusable` if it cannot be."""
    if not own(directory):  # others could have written in it before
        for path in directory.glob("*.db"):
            remove(path)
    if not os.access(directory, os.W_OK):
        raise Unusable(f"Nothing can be written in {directory}; there is no index.")


def is_ours(database: Path) -> bool:
    """Whether the files are regular ones of ours, and the tables as we make them."""
    for suffix in _SUFFIXES:
        try:
            status = database.with_name(database.name + suffix).lstat()
        except FileNotFoundError:
            continue
        if not is_sole(status) or status.st_size > _LARGEST:
            return False
    if not database.exists():
        return False
    try:
        with contextlib.closing(connect(database)) as connection:
            return _is_as_made(connection)
    except sqlite3.Error:
        return False


def connect(database: Path, *, write: bool = False, seconds: float = 0.2) -> sqlite3.Connection:
    """A connection in which a hostile schema runs nothing, and no value is large."""
    mode = "rw" if write else "ro"
    connection = sqlite3.connect(
        f"{database.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * _BODY)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")  # a file that shrinks under a map kills
    connection.execute("PRAGMA cache_size = -4000")
    if not write:
        connection.execute("PRAGMA query_only = ON")
    return connection


def make(database: Path) -> None:
    """A new, empty database in place of whatever is there."""
    remove(database)
    # SQLite gives the files beside it the mode of the database.
    os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with contextlib.closing(connect(database, write=True)) as connection:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("COMMIT")


def remove(database: Path) -> None:
    """Remove a database. (Whoever has it open goes on with a nameless one.)"""
    for suffix in _SUFFIXES:
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def tidy(database: Path) -> None:
    """Mark a database as used, and remove those that nobody uses any more."""
    root = database.name.partition("-")[0]
    with contextlib.suppress(OSError):
        os.utime(database)
        used = sorted(_used(database.parent), reverse=True)
        older = [path for _, path in used if path.name.startswith(root)][_KEPT:]
        for when, path in used:
            if path in older or time.time() - when > _SECONDS_KEPT:
                remove(path)


def _used(directory: Path) -> Iterator[tuple[float, Path]]:
    for path in directory.glob("*.db"):
        with contextlib.suppress(OSError):
            yield path.lstat().st_mtime, path


def _is_as_made(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(sql for (sql,) in found) == sorted(SCHEMA)
