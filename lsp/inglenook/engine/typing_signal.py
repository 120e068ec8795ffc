"""Whether an editor of this user waits for a model: told by one process, read by any other.

It is a file in the user's runtime directory whose time of change says until when. While a request
is on its way that lies a little ahead and is told again and again, so that nobody waits for an
editor that died, nor is misled by another one that has ended; then it is the time of the end. What
can wait, a review, looks at it and keeps out of the way, for local engines share one machine.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.engine.sharing import runtime_dir
from inglenook.private import Unusable, is_private, own

QUIET: Final = 0.4  # seconds after a request for which the next one is likely to come
_AHEAD: Final = 3.0  # seconds for which it is told that a request is on its way
_AGAIN: Final = 1.0  # seconds after which it is told again
# Where a link's own times cannot be set (Windows) nobody but the user can put one there either.
_FOLLOWS: Final = os.utime not in os.supports_follow_symlinks


def signal_file(environ: Mapping[str, str] = os.environ) -> Path:
    return runtime_dir(environ) / "typing"


@dataclass(slots=True)
class TypingSignal:
    """``file`` is made when it is first written, in a directory that is ours alone."""

    file: Path
    quiet: float = QUIET
    _waiting: int = 0  # requests of this process
    _told: int = 0  # the time that was written last, in ns
    _made: bool | None = field(default=None)
    _timer: asyncio.TimerHandle | None = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A model is asked for somebody who waits, until this is left; call it in the event loop.
        Costs two system calls, and one a second."""
        self._waiting += 1
        self._tell_ahead()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting and self._timer is not None:
                self._timer.cancel()
            # What another editor has written since is about a request of its own.
            if not self._waiting and (self._time() or 0) <= self._told:
                self._tell(time.time_ns())

    def is_busy(self) -> bool:
        """Whether somebody waits, or did just now. A time that lies too far ahead is no time."""
        told = self._time()
        return told is not None and -_AHEAD <= time.time() - told / 1e9 < self.quiet

    def _time(self) -> int | None:
        """In ns; None if there is no such file, or it is not ours alone."""
        try:
            status = self.file.lstat()
        except OSError:
            return None
        return status.st_mtime_ns if is_private(status) else None

    def _tell_ahead(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._tell(time.time_ns() + int(_AHEAD * 1e9))
        self._timer = asyncio.get_running_loop().call_later(_AGAIN, self._tell_ahead)

    def _tell(self, when: int) -> None:
        if self._made is False:
            return
        if self._made is None:
            self._made = self._make()
        self._told = when
        try:
            os.utime(self.file, ns=(when, when), follow_symlinks=_FOLLOWS)
        except OSError:  # somebody has cleared up; it is made anew with the next
            self._made = None

    def _make(self) -> bool:
        try:
            if not own(self.file.parent):
                return False
            flags = os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
            os.close(os.open(self.file, flags, 0o600))
        except (OSError, Unusable):
            return False
        return True
