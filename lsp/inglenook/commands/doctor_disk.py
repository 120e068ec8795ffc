"""Whether the directories and files that Inglenook needs can be used, found out by using them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LEAST: Final = 16 * 1024 * 1024  # bytes free, below which caches and findings come to harm
_TRIAL: Final = 4096
_FULL: Final = frozenset(
    code
    for name in ("ENOSPC", "EDQUOT", "EFBIG")
    if (code := getattr(errno, name, None)) is not None
)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A path that cannot be used. ``at`` is the directory or file that is the reason."""

    path: Path
    at: Path
    why: str  # the system's own words
    full: bool = False  # there is no space
    mine: bool = True  # `at` belongs to whoever runs this


def unreadable(files: Iterable[Path]) -> Iterator[Blocked]:
    """Which of ``files`` are there and cannot be read, or might be there: nobody can look."""
    seen = set()
    for file in files:
        try:
            if stat.S_ISREG(file.stat().st_mode):  # to open a pipe would wait for its writer
                file.open("rb").close()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            blocked = _blocked(file, error)
            if blocked.at not in seen:
                seen.add(blocked.at)
                yield blocked


def unwritable(directories: Iterable[Path]) -> Iterator[Blocked]:
    """In which of ``directories`` nothing can be kept; each reason once.

    What is not there yet would be made in the nearest directory that is. Nothing stays behind.
    """
    seen = set()
    for directory in directories:
        blocked = _tried(directory)
        if blocked is not None and (blocked.at, blocked.full) not in seen:
            seen.add((blocked.at, blocked.full))
            yield blocked


def _tried(directory: Path) -> Blocked | None:
    there = directory
    try:
        while not there.exists() and there.parent != there:
            there = there.parent
        free = shutil.disk_usage(there).free
        if free < _LEAST:
            return Blocked(directory, there, f"{free / 1e6:.0f} MB are free", full=True)
        with tempfile.TemporaryFile(dir=there) as trial:
            trial.write(bytes(_TRIAL))
            trial.flush()
    except OSError as error:
        return _blocked(directory, error, there)
    return None


def _blocked(path: Path, error: OSError, there: Path | None = None) -> Blocked:
    at = _culprit(path, there or path)
    why = error.strerror or type(error).__name__
    return Blocked(path, at, why, error.errno in _FULL, _is_mine(at))


def _culprit(path: Path, there: Path) -> Path:
    """The first directory on the way to ``path`` that lets nobody through, else ``there``."""
    for directory in reversed(path.parents):
        if not os.access(directory, os.X_OK):
            return directory if os.path.lexists(directory) else directory.parent
    return there


def _is_mine(path: Path) -> bool:
    try:
        return not hasattr(os, "geteuid") or path.lstat().st_uid == os.geteuid()
    except OSError:
        return False
