"""What is staged in a repository, as a diff. It is asked for as `git` asks: nothing is run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inglenook.workspace.git import Git, NoGit, program

MOST: Final = 400_000  # bytes of a diff that are read
_DIFF: Final = (
    *("diff", "--cached", "--no-ext-diff", "--no-textconv", "--no-color"),
    "--ignore-submodules=all",
)


class NoDiff(Exception):
    """Why there is none, as one sentence."""


def staged_diff(directory: Path) -> str:
    """The diff of the index against HEAD, for a thread; raises `NoDiff`."""
    if program() is None:
        raise NoDiff("git is not installed, so what is staged cannot be read.")
    try:
        diff = Git.at(directory).run(*_DIFF)
    except NoGit as error:
        raise NoDiff(str(error)) from None
    text = diff[:MOST].decode(errors="replace")
    if not text.strip():
        raise NoDiff("Nothing is staged: git add what the commit is to hold.")
    return text
