"""What has come of a file so far, and a record of which file it is the beginning of.

While ``NAME`` is not whole, ``.NAME.part`` beside it has its first bytes, and ``.NAME.part.json``
the entry of the catalogue that they are of, with the *validator* of the source's file (see
`download_source.validator_of`). ``.NAME.lock`` is there while a process works on the two.

Nothing in these files is trusted: a part is at best the right beginning, and the digest of the
whole decides. What is no regular file of our own is removed, never written through.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from inglenook.file_lock import take
from inglenook.models.catalogue import Entry
from inglenook.models.download_source import is_validator
from inglenook.private import is_private

_FORMAT: Final = 1
_RECORD_BYTES: Final = 4096
# Absent ones are those of other platforms. (O_NONBLOCK: opening a named pipe would wait.)
_STRICT: Final = sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


class Busy(Exception):
    """Another process, or another task of this one, is fetching the same file."""


@dataclass(frozen=True, slots=True)
class _Record:
    sha256: str  # of the whole
    size: int  # of the whole, in bytes
    validator: str | None


class Part:
    """An open part. ``size`` of its bytes are there; `opened` makes and closes it."""

    def __init__(self, target: Path, entry: Entry, validator: str | None) -> None:
        self.validator = validator
        self._target = target
        self._entry = entry
        self._handle = _open(_part(target))
        self.size = os.fstat(self._handle).st_size
        self.pieced = self.size > 0  # whether more than one answer brought these bytes

    def restart(self, validator: str | None) -> None:
        """Empty it, for the bytes of a source's file that has this validator."""
        os.ftruncate(self._handle, 0)
        self.size, self.pieced, self.validator = 0, False, validator
        _save(self._target, _Record(self._entry.sha256, self._entry.size, validator))

    def append(self, block: bytes) -> None:
        rest = memoryview(block)
        while rest:
            written = os.write(self._handle, rest)  # less than all on a disk that fills up
            self.size += written
            rest = rest[written:]

    def duplicate(self) -> int:
        """A descriptor of the same file, for a thread that may outlive this part."""
        return os.dup(self._handle)

    def close(self) -> None:
        """Afterwards it stays for the next time, unless there is nothing in it."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            os.close(handle)
        if self.size == 0:
            clear(self._target)

    def take_name(self) -> None:
        """Give the file its name: it is whole, and verified."""
        self.close()  # Windows renames no open file
        _part(self._target).replace(self._target)
        clear(self._target)


@contextlib.contextmanager
def opened(target: Path, entry: Entry) -> Iterator[Part]:
    """The part of this entry, to go on with; an empty one if there is none. Needs `held`."""
    for stale in _older(target):
        stale.unlink(missing_ok=True)
    record = _load(target)
    if size_of(target, entry) == 0 or record is None:
        clear(target)
        record = None
    part = Part(target, entry, record.validator if record else None)
    try:
        yield part
    finally:
        part.close()


def size_of(target: Path, entry: Entry) -> int:
    """How many bytes of this entry are there to go on with."""
    record, path = _load(target), _part(target)
    if record is None or (record.sha256, record.size) != (entry.sha256, entry.size):
        return 0
    size = path.lstat().st_size if _is_own(path) and path.exists() else 0
    return size if size <= entry.size else 0


def clear(target: Path) -> None:
    """Remove what is beside ``target`` but the lock."""
    for path in (_part(target), _record(target), _fresh(target), *_older(target)):
        path.unlink(missing_ok=True)


def clear_leftovers(target: Path) -> None:
    """The same for a target that is whole; silently not where that cannot be."""
    with contextlib.suppress(Busy, OSError):
        kept = (_part(target), _record(target), _fresh(target))
        if any(map(os.path.lexists, kept)) or _older(target):
            with held(target):
                clear(target)


@contextlib.contextmanager
def held(target: Path) -> Iterator[None]:
    """Nobody else works on the part of ``target`` meanwhile; `Busy` if somebody does."""
    path = _beside(target, "lock")
    with contextlib.suppress(FileNotFoundError):
        if not is_private(path.lstat()):
            path.unlink()  # it would be refused for ever
    lock = take(path)
    if lock is None:
        raise Busy
    try:
        yield
    finally:
        lock.drop()


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_APPEND | _STRICT
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(path, flags)
        if _is_private(os.fstat(handle)):
            return handle
        os.close(handle)
        path.unlink()
    return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)


def _is_own(path: Path) -> bool:
    """Whether this is a regular file of ours with no second name, or nothing at all."""
    try:
        return _is_private(path.lstat())
    except FileNotFoundError:
        return True


def _is_private(status: os.stat_result) -> bool:
    mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return _is_plain(status) and mine


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _load(target: Path) -> _Record | None:
    """The record, or None for one that is missing, damaged or of another version."""
    try:
        if not _is_own(_record(target)):
            return None
        with os.fdopen(os.open(_record(target), os.O_RDONLY | _STRICT), "rb") as file:
            body = json.loads(file.read(_RECORD_BYTES))
        record = _Record(body["sha256"], body["size"], body["validator"])
        if body["format"] != _FORMAT or type(record.size) is not int:
            return None
        valid = record.validator is None or is_validator(record.validator)
        return record if valid else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _save(target: Path, record: _Record) -> None:
    fresh = _fresh(target)
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _STRICT, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"format": _FORMAT} | asdict(record), file)
    fresh.replace(_record(target))


def _older(target: Path) -> list[Path]:
    """The parts of versions that could not go on with one, if they were killed."""
    return list(target.parent.glob(f".{glob.escape(target.name)}.*.part"))


def _part(target: Path) -> Path:
    return _beside(target, "part")


def _record(target: Path) -> Path:
    return _beside(target, "part.json")


def _fresh(target: Path) -> Path:
    return _beside(target, "part.json.new")


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f".{target.name}.{ending}")
