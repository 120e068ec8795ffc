"""What became of the completions: counted by day, model and language, on this machine only.

A row is a number and nothing else: no text, no name of a file. Several servers share one small
database, and each adds to what is there, so none loses another's counts. It is kept for its user
alone to read; whatever goes wrong with it costs the counts and nothing else.

Contract: `count` costs a look into a dictionary. What was counted is written by a thread, half a
minute after the first of it at the latest, and by `close`. A database that cannot be read is
begun anew; what cannot be written, because the disk is full, is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from inglenook.private import Unusable, is_sole, own

log = logging.getLogger(__name__)

SECONDS: Final = 30.0  # between two writes
MODELS: Final = 100
LANGUAGES: Final = 50
DAYS: Final = 400

_FORMAT: Final = 1  # SQLite's user_version
_DIRECTORY: Final = "counters"  # in the state directory, ours alone
_FILE: Final = "counters.db"
_FILES: Final = (_FILE, f"{_FILE}-journal")
_WAITING: Final = 5_000  # different numbers that may wait to be written
_BUSY_SECONDS: Final = 0.25  # that another server's write is waited for
_LAST_BUSY_SECONDS: Final = 1.0  # the same at the end, when there is no next time
_MODEL_LETTERS: Final = 100
# A language is whatever an editor says it is.
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9+#._-]{1,40}", re.ASCII)
_OTHER: Final = "other"

_SCHEMA: Final = f"""
    CREATE TABLE counts (
        day TEXT NOT NULL, model TEXT NOT NULL, language TEXT NOT NULL, event TEXT NOT NULL,
        n INTEGER NOT NULL, PRIMARY KEY (day, model, language, event)
    ) WITHOUT ROWID;
    PRAGMA user_version = {_FORMAT};
"""
_ADD: Final = """
    INSERT INTO counts VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (day, model, language, event) DO UPDATE SET n = n + excluded.n
"""
# The names that were met last stay; "model" and "language" are bounded alike.
_BOUND: Final = """
    DELETE FROM counts WHERE {0} IN (
        SELECT {0} FROM counts GROUP BY {0} ORDER BY MAX(day) DESC, SUM(n) DESC LIMIT -1 OFFSET ?
    )
"""


class Event(StrEnum):
    ASKED = "asked"  # a model was asked
    CACHED = "cached"  # an answer was at hand
    SHOWN = "shown"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Total:
    """The sums of one model and language over the days that are kept."""

    model: str
    language: str
    asked: int = 0
    cached: int = 0
    shown: int = 0
    accepted: int = 0
    rejected: int = 0

    @property
    def rate(self) -> float | None:
        """The share of what was shown that was accepted; None if nothing was shown."""
        return self.accepted / self.shown if self.shown else None


_Key = tuple[str, str, str, str]  # day, model, language, event


class Counters:
    """``directory`` is the state directory; None: nothing is counted. Use it on one event loop."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._waiting: Counter[_Key] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._one = threading.Lock()  # a thread writes at a time

    def count(self, event: Event, model: str, language: str) -> None:
        """One more of ``event``. ``language`` is LSP's identifier."""
        if self._directory is None or len(self._waiting) >= _WAITING:
            return
        if not _LANGUAGE.fullmatch(language):
            language = _OTHER
        self._waiting[date.today().isoformat(), _shown(model), language, str(event)] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SECONDS, self._due)

    async def flush(self) -> None:
        """Write what waits. Never raises."""
        await self._flush(_BUSY_SECONDS)

    async def close(self) -> None:
        """Write what waits, as far as that is quick; `count` is not called afterwards."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await self._flush(_LAST_BUSY_SECONDS)

    def _due(self) -> None:
        self._timer = None
        self._writing = asyncio.get_running_loop().create_task(self.flush())

    async def _flush(self, seconds: float) -> None:
        taken, self._waiting = self._waiting, Counter()
        if self._directory is None or not taken:
            return
        directory = self._directory / _DIRECTORY
        if not await asyncio.to_thread(self._write, directory, taken, seconds):
            self._waiting += taken

    def _write(self, directory: Path, taken: Counter[_Key], seconds: float) -> bool:
        """False if another server is writing, and it is worth another try."""
        with self._one:
            try:
                own(directory)
                _add(directory, taken, seconds)
            except sqlite3.OperationalError as error:
                if _is_busy(error):
                    return False
                log.info("Nothing was counted: %s", type(error).__name__)
            except (sqlite3.Error, OSError, Unusable) as error:
                log.info("Nothing was counted: %s", type(error).__name__)
            return True


def totals(state: Path) -> tuple[Total, ...]:
    """All that was counted, the most shown first; nothing if there is nothing. Never raises."""
    directory = state / _DIRECTORY
    sums: dict[tuple[str, str], dict[str, int]] = {}
    events = {str(event) for event in Event}
    try:
        if not _is_ours(directory / _FILE):
            return ()
        with _opened(directory, _BUSY_SECONDS, "ro") as database:
            rows = database.execute(
                "SELECT model, language, event, SUM(n) FROM counts GROUP BY 1, 2, 3"
            )
            for model, language, event, count in rows:
                if event in events and isinstance(count, int):
                    sums.setdefault((str(model), str(language)), {})[event] = count
    except (sqlite3.Error, OSError, OverflowError):
        return ()
    found = [Total(model, language, **counts) for (model, language), counts in sums.items()]
    return tuple(sorted(found, key=lambda each: (-each.shown, each.model, each.language)))


# ------------------------------------------------------------------------------------------------


def _shown(model: str) -> str:
    """The name of a model, without the directories of one that is a file."""
    is_path = "\\" in model or model.startswith(("/", "~"))
    name = re.split(r"[\\/]", model)[-1] if is_path else model
    return name.encode("utf-8", "replace").decode("utf-8")[:_MODEL_LETTERS]


def _add(directory: Path, taken: Counter[_Key], seconds: float) -> None:
    """Add to what is there; what is no database of ours is begun anew, once."""
    try:
        _add_once(directory, taken, seconds)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
            raise  # it is busy, or the disk is full
        _remove(directory)
        _add_once(directory, taken, seconds)


def _add_once(directory: Path, taken: Counter[_Key], seconds: float) -> None:
    # Made here, so that it is never readable for others; SQLite gives its journal the same mode.
    with suppress(FileExistsError):
        os.close(os.open(directory / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if not _is_ours(directory / _FILE):
        _remove(directory)
        os.close(os.open(directory / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _opened(directory, seconds, "rw") as database:
        database.execute("BEGIN IMMEDIATE")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
        elif version != _FORMAT or _is_strange(database):
            raise sqlite3.DatabaseError("not a database of ours")
        database.executemany(_ADD, [(*key, count) for key, count in taken.items()])
        oldest = (date.today() - timedelta(days=DAYS)).isoformat()
        database.execute("DELETE FROM counts WHERE day < ?", (oldest,))
        database.execute(_BOUND.format("model"), (MODELS,))
        database.execute(_BOUND.format("language"), (LANGUAGES,))
        database.execute("COMMIT")


def _is_strange(database: sqlite3.Connection) -> bool:
    """Whether there is anything but our table, such as a trigger."""
    kinds = database.execute("SELECT type, name FROM sqlite_schema").fetchall()
    return kinds != [("table", "counts")]


@contextmanager
def _opened(directory: Path, seconds: float, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"{(directory / _FILE).absolute().as_uri()}?mode={mode}"
    database = sqlite3.connect(uri, uri=True, timeout=seconds, isolation_level=None)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        yield database
    finally:
        database.close()  # rolls back what was not committed


def _is_ours(file: Path) -> bool:
    """Whether nobody else can have written it, or can make us write elsewhere."""
    try:
        return is_sole(file.lstat())
    except OSError:
        return False


def _remove(directory: Path) -> None:
    for name in _FILES:
        (directory / name).unlink(missing_ok=True)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
