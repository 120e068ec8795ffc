"""Reading a file of the workspace that nobody named: only what surely is source text, and inside.

No link leads out: the directory and what was opened are compared with the root's real path. A
pipe or a device is never read, and opening one never waits.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

LARGEST: Final = 1 << 20  # bytes of a file that is looked at
_BINARY_HEAD: Final = 8_192  # bytes in which a NUL tells that it is no text
_GENERATED_HEAD: Final = 1_500
_GENERATED: Final = (b"@generated", b"DO NOT EDIT", b"Do not edit", b"do not edit", b"<auto-gen")
_LONG_LINES: Final = 250  # bytes of a line, on the average: minified, or data
_RACY_NS: Final = 50_000_000  # a file that young can change again with the same times

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Source(NamedTuple):
    """A file's bytes, None if it is none that is indexed; ``stamp`` tells whether it changed
    since, ``read`` when it was read (nanoseconds since 1970)."""

    data: bytes | None
    stamp: int
    read: int


@dataclass(frozen=True, slots=True)
class Root:
    """A workspace folder by its real path."""

    path: Path

    @staticmethod
    def of(path: Path) -> Root:
        return Root(Path(os.path.realpath(path)))

    def place(self, path: Path) -> str | None:
        """Where ``path`` (absolute; its last part may be gone) is below the root, as it is
        written; None if it is outside, or a directory on the way is a link."""
        try:
            parent = Path(os.path.realpath(path.parent))
        except ValueError:  # no path can have these characters
            return None
        for spelled in (path.parent, parent):
            if spelled == self.path or self.path in spelled.parents:
                if parent != spelled or path.name in ("", ".."):
                    return None
                return (spelled / path.name).relative_to(self.path).as_posix()
        return None

    def target(self, path: str) -> str | None:
        """The path below the root that a link of this path leads to; None if that is outside."""
        real = Path(os.path.realpath(self.path / path))
        return real.relative_to(self.path).as_posix() if self.path in real.parents else None

    def read(self, path: str) -> Source | None:
        """What is to be indexed of a file; None if there is no regular file inside the root."""
        place = self.path / path
        try:
            descriptor = os.open(place, _FLAGS)
        except OSError:
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or not self._holds(descriptor, place):
                return None
            read = time.time_ns()
            data = b""
            if status.st_size <= LARGEST:
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    data = file.read(status.st_size + 1)  # a buffer of its size, not of the largest
        except OSError:
            return None
        finally:
            os.close(descriptor)
        good = status.st_size <= LARGEST and len(data) <= LARGEST and is_source(data)
        stamp = 0 if is_racy(status, read) else stamp_of(status)
        return Source(data if good else None, stamp, read)

    def text(self, path: str, limit: int) -> str | None:
        """The text, or its first bytes, of a regular file inside the root, which may be no link."""
        data = self.data(path, limit)
        return data.decode("utf-8", "replace") if data is not None else None

    def data(self, path: str, limit: int) -> bytes | None:
        """The same as bytes."""
        place = self.path / path
        return _data(place, limit, lambda descriptor: self._holds(descriptor, place))

    def _holds(self, descriptor: int, place: Path) -> bool:
        """Whether what was opened is inside, although directories can become links at any time."""
        if sys.platform == "linux":
            opened = Path(f"/proc/self/fd/{descriptor}").readlink()
        else:
            opened = Path(os.path.realpath(place))
        return self.path in opened.parents


def text_of(root: Path, path: str, limit: int) -> str | None:
    """The text of a small regular file such as .gitignore, which may be no link."""
    data = _data(root / path, limit, lambda _descriptor: True)
    return data.decode("utf-8", "replace") if data is not None else None


def _data(place: Path, limit: int, holds: Callable[[int], bool]) -> bytes | None:
    try:
        descriptor = os.open(place, _FLAGS)
    except (OSError, ValueError):  # no path can have these characters
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or not holds(descriptor):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def stamp_of(status: os.stat_result) -> int:
    """A number that differs when a file was written, moved or replaced; never 0.

    The time of the last change of the inode is in it, which `touch` cannot set back.
    """
    parts = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    return hash(parts) or 1  # of integers, so the same in every process


def file_stamp(status: os.stat_result, largest: int = LARGEST) -> int:
    """The stamp of a file that is looked at; 0 for what is no regular file, or has more bytes."""
    good = stat.S_ISREG(status.st_mode) and status.st_size <= largest
    return stamp_of(status) if good else 0


def is_racy(status: os.stat_result, now: int) -> bool:
    """Whether it changed so lately that the next change could leave the same stamp."""
    return min(abs(now - status.st_mtime_ns), abs(now - status.st_ctime_ns)) < _RACY_NS


def is_source(data: bytes) -> bool:
    """Whether it is text that somebody wrote, rather than a program or data."""
    if b"\0" in data[:_BINARY_HEAD]:
        return False
    head = data[:_GENERATED_HEAD]
    if any(mark in head for mark in _GENERATED):
        return False
    if len(data) > _LONG_LINES * (data.count(b"\n") + data.count(b"\r") + 4):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
