"""Whether an editor of this user is completing: told by one process, read by any other.

It is a file in the user's runtime directory whose time of change is that of the last request. What
can wait, a review, looks at it and keeps out of the way, for local engines share one machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.engine.sharing import runtime_dir
from inglenook.private import Unusable, is_private, own

QUIET: Final = 2.0  # seconds after the last request for which somebody is taken to be typing
_APART: Final = 0.05  # seconds between two times that are written


def signal_file(environ: Mapping[str, str] = os.environ) -> Path:
    return runtime_dir(environ) / "typing"


@dataclass(slots=True)
class TypingSignal:
    """``file`` is made when it is first written, in a directory that is ours alone."""

    file: Path
    quiet: float = QUIET
    _told: float = -1e9
    _made: bool | None = field(default=None)

    def tell(self) -> None:
        """A completion was asked for. Costs a system call, and mostly not even that."""
        now = time.monotonic()
        if now - self._told < _APART or self._made is False:
            return
        self._told = now
        if self._made is None:
            self._made = self._make()
        try:
            os.utime(self.file, follow_symlinks=False)
        except OSError:  # somebody has cleared up; it is made anew with the next
            self._made = None

    def is_busy(self) -> bool:
        """Whether a completion was asked for lately. A time that is yet to come is none."""
        try:
            status = self.file.lstat()
        except OSError:
            return False
        age = time.time() - status.st_mtime
        return is_private(status) and -_APART < age < self.quiet

    def _make(self) -> bool:
        try:
            if not own(self.file.parent):
                return False
            flags = os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
            os.close(os.open(self.file, flags, 0o600))
        except (OSError, Unusable):
            return False
        return True
