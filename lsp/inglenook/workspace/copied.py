"""A copy of a workspace's folder in which a program of the user's may do what it likes.

Files are copied and never linked: what is written in the copy is written nowhere else. What
`.gitignore` leaves out, what others wrote (``node_modules``, environments) and links that lead
out of the folder are not in it.
"""

from __future__ import annotations

import os
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inglenook.workspace.source import Root
from inglenook.workspace.walk import above

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 200 << 20
_RULES: Final = ".gitignore"
_LARGEST_RULES: Final = 200_000  # bytes
_DEEPEST: Final = 64  # directories below one another
_LEFT_OUT: Final = frozenset(
    """.git .hg .svn .jj node_modules bower_components jspm_packages __pycache__ __pypackages__
    .venv venv .tox .nox .mypy_cache .ruff_cache .pytest_cache .hypothesis""".split()
)


class NotCopied(Exception):
    """Why there is no copy, as the end of a sentence."""


def copied(folder: Path, target: Path, stop: threading.Event) -> None:
    """Copy ``folder`` into the empty directory ``target``, for a thread; raises `NotCopied`.

    It ends early, without a word, once ``stop`` is set.
    """
    root = Root.of(folder)
    files = size = 0
    try:
        for place, entry in _entries(root):
            if stop.is_set():
                return
            here = target / place
            if entry.is_dir(follow_symlinks=False):
                here.mkdir()
                continue
            files += 1
            if entry.is_symlink():
                _link(root, place, here)
            elif stat.S_ISREG((status := entry.stat(follow_symlinks=False)).st_mode):
                size += status.st_size
                if files <= MOST_FILES and size <= MOST_BYTES:
                    shutil.copyfile(entry.path, here, follow_symlinks=False)
                    here.chmod(stat.S_IMODE(status.st_mode) | stat.S_IWUSR)
            if files > MOST_FILES:
                raise NotCopied(f"the folder is too large for a copy (over {MOST_FILES} files)")
            if size > MOST_BYTES:
                raise NotCopied(f"the folder is too large for a copy (over {MOST_BYTES >> 20} MB)")
    except OSError as error:
        raise NotCopied(f"the folder cannot be copied ({error.strerror})") from None


def _entries(root: Root) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """What is in a folder, each directory before what is in it."""

    def read(path: str) -> str | None:
        # The other ignore files say what a model may see, and no program of the user's is one.
        return root.text(path, _LARGEST_RULES) if path.rpartition("/")[2] == _RULES else None

    waiting = [("", above(root.path).below("", read), 0)]
    while waiting:
        directory, layers, depth = waiting.pop()
        start = f"{directory}/" if directory else ""
        with os.scandir(root.path / directory) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            place, is_directory = start + entry.name, entry.is_dir(follow_symlinks=False)
            is_junction = bool(getattr(entry, "is_junction", bool)())  # of Windows, to anywhere
            if is_junction or entry.name in _LEFT_OUT or layers.excludes(place, is_directory):
                continue
            if is_directory and (depth >= _DEEPEST or _is_environment(entry)):
                continue
            yield place, entry
            if is_directory:
                waiting.append((place, layers.below(place, read), depth + 1))


def _is_environment(entry: os.DirEntry[str]) -> bool:
    return os.path.lexists(f"{entry.path}{os.sep}pyvenv.cfg")


def _link(root: Root, place: str, here: Path) -> None:
    """The same link, if it leads to another place of the folder from wherever the folder is."""
    leads = (root.path / place).readlink()
    if not leads.is_absolute() and root.target(place) is not None:
        here.symlink_to(leads)
