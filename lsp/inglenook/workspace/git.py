"""Asking git about a repository that is somebody else's: nothing that it names is run or asked.

No hook, file monitor, external diff, text conversion, filter, pager, signature program or remote;
no replaced objects; and what the environment says of other repositories does not count. Git's own
refusal of a directory that belongs to another user (``safe.directory``) stands.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_SECONDS: Final = 60.0
MOST: Final = 256 << 20  # bytes that one command may print
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",  # what a partial clone lacks could be fetched by a command of its
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_QUIET: Final = (
    *("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}", "-c", f"core.attributesFile={os.devnull}"),
    *("-c", "core.quotePath=true", "-c", "diff.renames=true", "-c", "submodule.recurse=false"),
    *("-c", "diff.mnemonicPrefix=false", "-c", "diff.noprefix=false", "-c", "core.pager=cat"),
)
_DIFF: Final = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=all", "-M"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--no-relative", "--full-index"),
)
_FILTER: Final = re.compile(r"filter\..*\.(?:clean|smudge|process|required)", re.DOTALL | re.I)


class NoGit(Exception):
    """Why git cannot tell, as one sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One changed file, as ``git diff --raw`` lists it (git-diff, "RAW OUTPUT FORMAT").

    ``status`` is its letter; modes are octal, ``000000`` for a side that is not there. ``path`` is
    that of the new side, as bytes.
    """

    old_mode: str
    new_mode: str
    old_blob: str
    new_blob: str
    status: str
    old_path: bytes
    path: bytes


@dataclass(slots=True)
class Git:
    """One repository; ``top`` is the directory of its work tree."""

    top: Path
    _program: str
    _own: Mapping[str, str] = field(default_factory=dict)  # of the environment, for each command
    _blobs: subprocess.Popen[bytes] | None = None

    @classmethod
    def at(cls, directory: Path) -> Git:
        """The repository that holds a directory; raises `NoGit`."""
        found = shutil.which("git")
        if found is None:
            raise NoGit("git is not installed; name files instead, or pipe a diff in (--stdin).")
        git = cls(directory, str(Path(found).absolute()))
        try:
            top = git.run("rev-parse", "--show-toplevel")
        except NoGit as error:
            raise NoGit(_why(directory, str(error))) from None
        git.top = Path(os.fsdecode(top.removesuffix(b"\n")))
        git._own = _without_filters(git.run("config", "--list", "-z", "--name-only"))
        return git

    def run(self, *arguments: str, least: int = 0) -> bytes:
        """What a command prints; raises `NoGit` with what it says of its failure. ``least`` is an
        exit code above 0 that is no failure."""
        command = [self._program, *_QUIET, "-C", str(self.top), *arguments]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={**_clean(os.environ), **_ENVIRONMENT, **self._own},
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NoGit(f"git {arguments[0]} took longer than {_SECONDS:g} s.") from None
        except OSError as error:
            raise NoGit(f"git could not be run: {error.strerror}.") from None
        if done.returncode > least:
            raise NoGit(done.stderr.decode(errors="replace").strip().split("\n")[0][:200])
        if len(done.stdout) > MOST:
            raise NoGit(f"The diff is larger than {MOST >> 20} MB.")
        return done.stdout

    def commit(self, revision: str) -> str:
        """The object name of a commit; raises `NoGit` if there is none of that name."""
        try:
            if revision.startswith("-"):
                raise NoGit("")
            name = self.run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        except NoGit:
            raise NoGit(f"There is no commit {revision!a} here.") from None
        return name.decode("ascii", "replace").strip()

    def entries(self, sides: Sequence[str], paths: Sequence[str]) -> list[Entry]:
        """The files that differ; ``sides`` are the arguments that say between what."""
        command = ("diff", "--raw", "-z", *_DIFF, *sides, "--", *paths)
        return list(_entries(self.run(*command)))

    def patches(self, sides: Sequence[str], paths: Sequence[str]) -> bytes:
        """Their differences without context, in the same order."""
        return self.run("diff", "-U0", *_DIFF, *sides, "--", *paths)

    def untracked(self, paths: Sequence[str]) -> list[bytes]:
        """Files that are neither tracked nor ignored."""
        listed = self.run("ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
        return [path for path in listed.split(b"\0") if path]

    # -- contents ------------------------------------------------------------------------------

    def blob(self, name: str, limit: int) -> bytes | None:
        """The content of a blob; None if it is not here, none, or larger than ``limit`` bytes."""
        if self._blobs is None:
            self._blobs = subprocess.Popen(
                [self._program, *_QUIET, "-C", str(self.top), "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**_clean(os.environ), **_ENVIRONMENT, **self._own},
            )
        asked, told = self._blobs.stdin, self._blobs.stdout
        assert asked is not None
        assert told is not None
        asked.write(name.encode("ascii", "replace") + b"\n")
        asked.flush()
        header = told.readline().split()
        if len(header) != 3:
            return None
        size = int(header[2])
        data = told.read(min(size, limit + 1))
        rest = size - len(data)
        while rest > 0 and (more := told.read(min(rest, 1 << 20))):
            rest -= len(more)
        told.read(1)  # the line end behind it
        return data if header[1] == b"blob" and size <= limit else None

    def close(self) -> None:
        if self._blobs is not None:
            self._blobs.kill()
            self._blobs.communicate()
            self._blobs = None


def _entries(listed: bytes) -> Iterator[Entry]:
    fields = iter(listed.split(b"\0"))
    for head in fields:
        if not head.startswith(b":"):
            continue
        old_mode, new_mode, old_blob, new_blob, status = head[1:].decode("ascii").split(" ")
        first = next(fields, b"")
        path = next(fields, b"") if status[0] in "RC" else first
        yield Entry(old_mode, new_mode, old_blob, new_blob, status[0], first, path)


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what would have git look at another repository, as it is set in a hook; but for the
    index of a commit that is under way, which is what a hook is to look at."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    if index := environ.get("GIT_INDEX_FILE"):
        kept["GIT_INDEX_FILE"] = str(Path(index).absolute())
    return kept


def _without_filters(listed: bytes) -> dict[str, str]:
    """An environment in which no filter has a command: a repository can name any program as one,
    and a diff with the work tree would run it (gitattributes, "filter")."""
    names = dict.fromkeys(
        key for each in listed.split(b"\0") if _FILTER.fullmatch(key := os.fsdecode(each))
    )
    told = {"GIT_CONFIG_COUNT": str(len(names))}
    for number, key in enumerate(names):
        told[f"GIT_CONFIG_KEY_{number}"] = key
        told[f"GIT_CONFIG_VALUE_{number}"] = "false" if key.lower().endswith("required") else ""
    return told


def _why(directory: Path, said: str) -> str:
    if "dubious ownership" in said:
        return (
            f"git does not trust {directory}, which belongs to another user: if you do, say "
            f"git config --global --add safe.directory {directory}"
        )
    return f"{directory} is not in the work tree of a git repository."
