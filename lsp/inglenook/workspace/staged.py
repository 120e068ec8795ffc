"""What is staged in a repository, as a diff. No program, hook or address that the repository
names is run or asked: it is somebody else's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

MOST: Final = 400_000  # bytes of a diff that are read
_SECONDS: Final = 10.0
# Fetching what a partial clone lacks could run a command of the repository's own configuration.
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_QUIET: Final = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "--no-pager")
_DIFF: Final = (
    "diff",
    "--cached",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--ignore-submodules=all",
)


class NoDiff(Exception):
    """Why there is none, as one sentence."""


def staged_diff(directory: Path) -> str:
    """The diff of the index against HEAD, for a thread; raises `NoDiff`."""
    git = shutil.which("git")
    if git is None:
        raise NoDiff("git is not installed, so what is staged cannot be read.")
    command = [str(Path(git).absolute()), *_QUIET, "-C", str(directory), *_DIFF]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_own(os.environ) | _ENVIRONMENT,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NoDiff("git could not be run.") from None
    if done.returncode:
        raise NoDiff(f"{directory} is not in a git repository.")
    text = done.stdout[:MOST].decode(errors="replace")
    if not text.strip():
        raise NoDiff("Nothing is staged: git add what the commit is to hold.")
    return text


def _own(environ: os._Environ[str]) -> dict[str, str]:
    """Without what would have git look at another repository, as it is set in a hook."""
    return {name: value for name, value in environ.items() if not name.startswith("GIT_")}
