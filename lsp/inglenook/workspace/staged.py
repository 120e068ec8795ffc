"""What is staged in a repository, file by file. It is asked for as `git` asks: nothing is run."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.workspace.git import Git, NoGit, entries, program
from inglenook.workspace.ignored import is_ignored

# The list of files, a NUL, and their patches in the same order (git-diff, "--raw", "-z").
_DIFF: Final = (
    *("diff", "--cached", "--raw", "-z", "-p", "-M", "--no-ext-diff", "--no-textconv"),
    *("--no-color", "--ignore-submodules=dirty", "--submodule=short", "--diff-filter=u"),
)
_PATCH: Final = re.compile(rb"^(?=diff --git )", re.MULTILINE)
_REPLACED: Final = "T"  # has two patches: what it was goes, and what it is comes


class NoDiff(Exception):
    """Why there is none, as one sentence."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One file; ``file`` is where it lies, ``path`` its name below the top of the work tree.
    ``ignored``: the ignore files leave it out, though it is staged."""

    file: Path
    path: str
    ignored: bool
    diff: str = field(repr=False)


def staged_files(directory: Path) -> tuple[Staged, ...]:
    """The differences of the index to HEAD, for a thread; raises `NoDiff`."""
    if program() is None:
        raise NoDiff("git is not installed, so what is staged cannot be read.")
    try:
        git = Git.at(directory)
        listed, _, patch = git.run(*_DIFF).partition(b"\0\0")
    except NoGit as error:
        raise NoDiff(str(error)) from None
    patches = iter(_PATCH.split(patch)[1:])
    found = []
    for entry in entries(listed):
        parts = [next(patches, b"") for _ in range(2 if entry.status == _REPLACED else 1)]
        path = os.fsdecode(entry.path)
        shown = path.encode(errors="replace").decode()
        diff = b"".join(parts).decode(errors="replace")
        found.append(Staged(git.top / path, shown, is_ignored(git.top, path), diff))
    if not found:
        raise NoDiff("Nothing is staged: git add what the commit is to hold.")
    return tuple(found)
