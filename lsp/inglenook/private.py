"""Directories and files that are ours alone: no other user can read them, or has written them."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


class Unusable(Exception):
    """Why nothing can be kept in a directory, in one sentence."""


def own(directory: Path) -> bool:
    """Make the directory ours alone; False if others could have written in it before."""
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise Unusable(f"{directory} is not a directory of its own; remove it.")
        if not _is_mine(status):
            raise Unusable(f"{directory} belongs to another user; remove it.")
        if os.name == "posix" and stat.S_IMODE(status.st_mode) != 0o700:
            directory.chmod(0o700)
        return _is_closed(status)
    except OSError as error:
        raise Unusable(f"{directory} cannot be used: {error.strerror}.") from None


def is_private(status: os.stat_result) -> bool:
    """Whether it is a regular file that nobody but us could have written."""
    return stat.S_ISREG(status.st_mode) and _is_mine(status) and _is_closed(status)


def is_sole(status: os.stat_result) -> bool:
    """The same of a file that has no second name: what is written here is written nowhere else."""
    return is_private(status) and status.st_nlink == 1


def _is_mine(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def _is_closed(status: os.stat_result) -> bool:
    """Whether group and others may do nothing with it."""
    return os.name != "posix" or not status.st_mode & 0o077
