"""Whether an editor of this user waits for a model: told by one process, read by any other.

It is a file in the user's runtime directory whose time of change says until when: while a request
is on its way that lies ahead, so that whoever dies is waited for only so long, and when the request
has ended it is then. What can wait, a review, looks at it and keeps out of the way, for local
engines share one machine.
"""

from __future__ import annotations

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
_LONGEST: Final = 15.0  # seconds that one request is waited for


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

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A model is asked for somebody who waits, until this is left. Costs two system calls."""
        self._waiting += 1
        self._tell(time.time_ns() + int(_LONGEST * 1e9))
        try:
            yield
        finally:
            self._waiting -= 1
            # What another editor has written since is about a request of its own.
            if not self._waiting and (self._time() or 0) <= self._told:
                self._tell(time.time_ns())

    def is_busy(self) -> bool:
        """Whether somebody waits, or did just now. A time that lies too far ahead is no time."""
        told = self._time()
        return told is not None and -_LONGEST < time.time() - told / 1e9 < self.quiet

    def _time(self) -> int | None:
        """In ns; None if there is no such file, or it is not ours alone."""
        try:
            status = self.file.lstat()
        except OSError:
            return None
        return status.st_mtime_ns if is_private(status) else None

    def _tell(self, when: int) -> None:
        if self._made is False:
            return
        if self._made is None:
            self._made = self._make()
        self._told = when
        try:
            os.utime(self.file, ns=(when, when), follow_symlinks=False)
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
