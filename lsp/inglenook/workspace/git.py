"""Asking git about a repository that is somebody else's: nothing that it names is run or asked.

No hook, file monitor, external diff, text conversion, filter, pager, signature program or remote;
no replaced objects; and what the environment says of other repositories does not count. Git's own
refusal of a directory that belongs to another user (``safe.directory``) stands.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

_SECONDS: Final = 60.0
MOST: Final = 256 << 20  # bytes that one command may print
_LINE: Final = 1 << 20  # bytes of a line of a patch; the rest of a longer one is passed over
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",  # what a partial clone lacks could be fetched by a command of its
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Whose configuration counts, and how far up a repository is looked for, is the user's to say: CI
# systems name the file in which they trust a directory.
_KEPT: Final = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
)
_QUIET: Final = (
    *("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}", "-c", f"core.attributesFile={os.devnull}"),
    *("-c", "core.quotePath=true", "-c", "diff.renames=true", "-c", "submodule.recurse=false"),
    *("-c", "diff.mnemonicPrefix=false", "-c", "diff.noprefix=false", "-c", "core.pager=cat"),
)
# ``--text``: no attribute of the repository may have source text taken for binary. Of submodules
# only the commit is compared, which asks nothing in them.
_DIFF: Final = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--text", "-M", f"-O{os.devnull}"),
    *("--ignore-submodules=dirty", "--submodule=short", "--inter-hunk-context=0"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--no-relative", "--full-index"),
)
# Files that are new, of another type, or in conflict: what is new of them needs no patch, and they
# have none, or two.
WITHOUT_PATCH: Final = "ATU"
_NO_REPOSITORY: Final = ("not a git repository", "run in a work tree", "cannot change to")
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
        found = program()
        if found is None:
            raise NoGit("git is not installed; name files instead, or pipe a diff in (--stdin).")
        git = cls(directory, found)
        try:
            top = git.run("rev-parse", "--show-toplevel")
        except NoGit as error:
            raise NoGit(_why(directory, str(error))) from None
        git.top = Path(os.fsdecode(top.removesuffix(b"\n")))
        git._check(directory)
        git._own = _without_filters(git.run("config", "--list", "-z", "--name-only"))
        return git

    def _check(self, directory: Path) -> None:
        """Raises `NoGit` if the repository or its work tree lies elsewhere, unless both know each
        other, as a second work tree (gitrepository-layout, "worktrees/<id>/gitdir") or a submodule
        (git-config, "core.worktree") does: else any folder could have any repository read."""
        top = Path(os.path.realpath(self.top))
        here = Path(os.path.realpath(directory))
        place = self.top / ".git"
        if here != top and top not in here.parents:
            raise NoGit(f"The work tree of {directory} is elsewhere: review it from there.")
        if place.is_dir() and not place.is_symlink() and not (place / "commondir").exists():
            return
        known = self.run("rev-parse", "--absolute-git-dir").removesuffix(b"\n")
        home = Path(os.fsdecode(known))
        named = (home / "gitdir", top / ".git")
        with contextlib.suppress(OSError, ValueError):
            if named[0].stat().st_size < 8_192:
                said = Path(os.fsdecode(named[0].read_bytes().removesuffix(b"\n")))
                if os.path.realpath(said) == str(named[1]):
                    return
        with contextlib.suppress(NoGit):
            said = Path(os.fsdecode(self.run("config", "-z", "core.worktree").removesuffix(b"\0")))
            if os.path.realpath(home / said) == str(top):
                return
        raise NoGit(
            f"The .git of {self.top} leads to a repository that does not name this folder; if both "
            "are yours, say so there: git config core.worktree, or git worktree repair."
        )

    def run(self, *arguments: str) -> bytes:
        """What a command prints; raises `NoGit` with what it says of its failure."""
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
        except (OSError, ValueError):  # no argument can have a NUL
            raise NoGit("git could not be run.") from None
        if done.returncode:
            raise NoGit(_said(done.stderr))
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
        return list(entries(self.run(*command)))

    def patches(self, sides: Sequence[str], paths: Sequence[str]) -> Iterator[bytes]:
        """Their differences without context, in the same order and line by line, but for those
        `WITHOUT_PATCH`. However long the diff is, one line is held."""
        without = f"--diff-filter={WITHOUT_PATCH.lower()}"
        command = ("diff", "-U0", without, *_DIFF, *sides, "--", *paths)
        with subprocess.Popen(
            [self._program, *_QUIET, "-C", str(self.top), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_clean(os.environ), **_ENVIRONMENT, **self._own},
        ) as process:
            timer = threading.Timer(_SECONDS, process.kill)
            timer.start()
            try:
                assert process.stdout is not None
                yield from _lines(process.stdout)
            finally:
                timer.cancel()
                process.kill()
        if process.returncode:
            raise NoGit("git diff failed, or took too long.")

    def untracked(self, paths: Sequence[str]) -> list[bytes]:
        """Files that are neither tracked nor ignored."""
        listed = self.run("ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
        return [path for path in listed.split(b"\0") if path]

    # -- contents ------------------------------------------------------------------------------

    def blob(self, name: str, limit: int) -> bytes | None:
        """The content of a blob; None if it is not here, none, larger than ``limit`` bytes, or
        damaged, at which git ends."""
        try:
            kind, size, data = self._object(name, limit)
        except (OSError, ValueError):
            self.close()  # the next one is asked of another process
            return None
        return data if kind == b"blob" and size <= limit else None

    def has(self, name: str) -> bool:
        """Whether there is such an object; also if git cannot tell."""
        try:
            return bool(self._object(name, 0)[0])
        except (OSError, ValueError):
            self.close()
            return True

    def _object(self, name: str, limit: int) -> tuple[bytes, int, bytes]:
        """Its kind, its size and at most one byte more than ``limit`` of it; no kind if it is not
        here. Raises OSError, or ValueError for less than was announced."""
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
        if "\n" in name:
            raise ValueError("no name of one line")
        asked.write(os.fsencode(name) + b"\n")
        asked.flush()
        header = told.readline()
        if not header.endswith(b"\n"):
            raise ValueError("git has ended")
        if header.count(b" ") != 2 or header.endswith(b" missing\n"):
            return b"", 0, b""
        _, kind, size = header.split()
        data = told.read(min(int(size), limit + 1))
        rest = int(size) + 1 - len(data)  # with the line end behind it
        while rest > 0:
            if not (more := told.read(min(rest, 1 << 20))):
                raise ValueError("git has ended")
            rest -= len(more)
        return kind, int(size), data

    def close(self) -> None:
        if self._blobs is not None:
            self._blobs.kill()
            self._blobs.communicate()
            self._blobs = None


def program() -> str | None:
    """Where git is. A part of PATH that is no absolute path, such as the empty one that a stray
    colon makes, means the current directory, which is somebody else's."""
    directories = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which("git", path=os.pathsep.join(filter(os.path.isabs, directories)) or "/bin")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file without their ends; raises `NoGit` for more than `MOST` bytes."""
    total, is_rest = 0, False
    while piece := file.readline(_LINE):
        total += len(piece)
        if total > MOST:
            raise NoGit(f"The diff is larger than {MOST >> 20} MB; review a part of it.")
        is_whole = piece.endswith(b"\n")
        if not is_rest:
            yield piece.removesuffix(b"\n")
        is_rest = not is_whole


def _said(stderr: bytes) -> str:
    """The sentence of git that tells why, printable."""
    lines = stderr.decode(errors="replace").split("\n")
    told = next((each for each in lines if each.startswith(("fatal:", "error:"))), lines[0])
    return "".join(each if each.isprintable() else "?" for each in told)[:300]


def entries(listed: bytes) -> Iterator[Entry]:
    """What ``--raw -z`` printed."""
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
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or name in _KEPT
    }
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
    if said and not any(each in said for each in _NO_REPOSITORY):
        return f"git cannot read the repository of {directory}: {said}"
    return f"{directory} is not in the work tree of a git repository."
