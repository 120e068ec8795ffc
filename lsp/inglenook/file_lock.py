"""A lock on a file that the kernel frees when its holder dies, and whose file goes with it.

The file is removed while the lock is held, and whoever then gets a lock on the nameless file sees
that it is no longer the one at the path, and has nothing. (The library filelock
takes 26 ms to be imported, a fifth of what this program needs until its first completion, and
cannot hand a lock to a child.)
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.private import is_private

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


_PAUSE: Final = 0.005  # seconds between two tries
# Whether a child that inherits the open file has the lock, and keeps it when we let go.
INHERITED: Final = os.name == "posix"


@dataclass(frozen=True, slots=True)
class Lock:
    """Held until `drop`, or the end of the process and of all that inherited the file."""

    path: Path
    file: int

    def holds(self) -> bool:
        """Whether the locked file still is the one at the path."""
        try:
            here, there = os.fstat(self.file), self.path.lstat()
        except OSError:
            return False
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)

    def hand_over(self) -> None:
        """Leave the lock to a child that inherited the file."""
        os.close(self.file)

    def drop(self) -> None:
        """Remove the file and free the lock."""
        # Windows does not remove an open file, and a closed one only if nobody else has it open.
        if self.holds():
            with contextlib.suppress(OSError):
                self.path.unlink()
        os.close(self.file)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()


def take(path: Path) -> Lock | None:
    """The lock, without waiting; None if somebody has it. OSError if no file can be there."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    lock = Lock(path, os.open(path, flags, 0o600))
    try:
        if not is_private(os.fstat(lock.file)):
            raise PermissionError(1, f"{path.name} is not a file of its own")
        if _try(lock.file) and lock.holds():
            return lock
    except BaseException:
        os.close(lock.file)
        raise
    os.close(lock.file)
    return None


@contextlib.contextmanager
def held(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock, which is waited for; TimeoutError if it cannot be had within ``seconds``."""
    last = time.monotonic() + seconds
    while (lock := take(path)) is None:
        if time.monotonic() > last:
            raise TimeoutError
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.drop()


@contextlib.contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Hold off others of us who want to replace a file of a directory; no file is made for it.

    OSError if there is no such directory. Windows locks no directories: nobody is held off there.
    """
    if sys.platform == "win32":
        yield
        return
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _try(file: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
