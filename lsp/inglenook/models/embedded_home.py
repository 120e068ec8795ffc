"""The directory in which the processes of one user meet to share an engine, and what is in it.

For each engine, under the name of its plan:

    NAME.lock     held by the engine for its life: whether it lives is the kernel's word
    NAME.start    held by whoever looks whether to start one, so that two do not
    NAME.json     the record: where the engine's door is, and the key; written when it serves
    NAME.starts   when it was started lately, so that it is not started without end

An engine that goes takes its files along. What a killed one leaves is removed when one of its
clients goes, or by the next start; but its starts are counted until they have aged.
Nothing here is believed that is not a private file of our own.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inglenook.file_lock import Lock, take
from inglenook.models.embedded_plan import STARTS_SECONDS
from inglenook.private import is_private

_RECORD_BYTES: Final = 4096
_KEY_CHARACTERS: Final = 32
_SWEPT: Final = 100  # files looked at in one sweep
_NAME: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Home:
    """``directory`` is made if need be. The engine goes after so many seconds of idleness."""

    directory: Path
    idle_seconds: float = 60.0  # without any client
    unused_seconds: float = 1800.0  # with clients, none of which asks for anything


@dataclass(frozen=True, slots=True)
class Record:
    """``door``: the port on 127.0.0.1 where `inglenook.models.embedded_lease` is spoken."""

    door: int
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """The files of the engine called ``name``."""

    directory: Path
    name: str

    @property
    def lock(self) -> Path:
        return self.directory / f"{self.name}.lock"

    @property
    def start(self) -> Path:
        return self.directory / f"{self.name}.start"

    @property
    def record(self) -> Path:
        return self.directory / f"{self.name}.json"

    @property
    def starts(self) -> Path:
        return self.directory / f"{self.name}.starts"

    def read_record(self) -> Record | None:
        """What the engine wrote; None if there is nothing that can be believed."""
        told = _read(self.record)
        if not isinstance(told, dict):
            return None
        door, key = told.get("door"), told.get("key")
        if type(door) is not int or not 0 < door < 65536:
            return None
        if not isinstance(key, str) or len(key) < _KEY_CHARACTERS or not key.isascii():
            return None
        return Record(door, key)

    def write_record(self, record: Record) -> None:
        _write(self.record, {"door": record.door, "key": record.key})

    def vacate(self) -> Lock | None:
        """The engine's lock if none lives here; the record of a dead one is removed then."""
        lock = take(self.lock)
        if lock is not None:
            self.record.unlink(missing_ok=True)
        return lock

    def leave(self, lock: Lock) -> None:
        """Remove everything; for the engine that holds ``lock``."""
        if lock.holds():  # else the directory was emptied meanwhile, and these are another's
            for file in (self.record, self.starts):
                with contextlib.suppress(OSError):
                    file.unlink(missing_ok=True)
        lock.drop()

    def recent_starts(self) -> list[float]:
        """Seconds since the epoch; a damaged file tells of none."""
        told, now = _read(self.starts), time.time()
        if not isinstance(told, list):
            return []
        times = [each for each in told[:100] if type(each) in (int, float) and math.isfinite(each)]
        return [each for each in times if now - STARTS_SECONDS < each <= now]

    def note_start(self, recent: list[float]) -> None:
        _write(self.starts, [*recent, time.time()])


def sweep(directory: Path) -> None:
    """Remove what engines of other plans left that were killed, when their starts have aged."""
    with contextlib.suppress(OSError):
        old = time.time() - STARTS_SECONDS
        files = list(directory.iterdir())[:_SWEPT]
        aged = {file.stem for file in files if file.lstat().st_mtime < old}
        for name in filter(_NAME.fullmatch, aged):
            clear(Place(directory, name))


def clear(place: Place, *, forget: bool = False) -> None:
    """Remove what is left of an engine; nothing while it lives, or while one is being started.

    Its starts go when they have aged, or are to be forgotten.
    """
    start = take(place.start)
    if start is None:
        return
    try:
        lock = place.vacate()
        if lock is not None:
            if forget or not place.recent_starts():
                for file in (place.starts, *place.directory.glob(f"{place.name}.*-new")):
                    file.unlink(missing_ok=True)
            lock.drop()
    finally:
        start.drop()


def _read(path: Path) -> Any:
    """The JSON in a small private file of ours; None if it is none."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        file = os.open(path, flags)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if not is_private(status) or status.st_size > _RECORD_BYTES:
            return None
        return json.loads(os.read(file, _RECORD_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    finally:
        os.close(file)


def _write(path: Path, told: Any) -> None:
    """Replace the file as a whole, so that nobody reads half of it."""
    fresh = path.with_suffix(f"{path.suffix}-new")
    fresh.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(fresh, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file)
    fresh.replace(path)
