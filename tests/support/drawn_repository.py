"""Drawn changes of several files, made in a real git repository, and what a review reads of them.

    '''
    == cart.py
      def total(prices):
    -     return sum(prices)
    +     return round(sum(prices), 2)
    == old.py -> new.py
      x = 1
    '''

Each line begins with a sign and a space: blank for what stays, ``+`` for what is new and ``-`` for
what goes. A file of nothing but ``+`` is new, one of nothing but ``-`` is deleted. What a source
reads is shown in the same way; ``!! path: why`` is a file that it leaves out.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Final

from inglenook.review.source import Source
from inglenook.review.values import Changed, Skipped

_ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


@dataclass(frozen=True)
class File:
    """One file on both sides; None where it is not."""

    path: str
    old_path: str
    before: str | None
    after: str | None


def drawn(drawing: str) -> list[File]:
    """The files that are drawn."""
    files: list[File] = []
    for part in dedent(drawing).strip("\n").split("== ")[1:]:
        name, _, body = part.partition("\n")
        old, _, new = name.partition(" -> ")
        rows = [(row[:1] or " ", row[2:]) for row in body.split("\n")[:-1]]
        if not body.endswith("\n"):
            rows.append((body.rpartition("\n")[2][:1] or " ", body.rpartition("\n")[2][2:]))
        signs = {sign for sign, _ in rows}
        files.append(
            File(
                new or old,
                old,
                None if signs == {"+"} else "".join(f"{text}\n" for s, text in rows if s != "+"),
                None if signs == {"-"} else "".join(f"{text}\n" for s, text in rows if s != "-"),
            )
        )
    return files


@dataclass
class Repository:
    """A real repository, driven by a git that knows nothing of this machine's user."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls, root: Path) -> Repository:
        root.mkdir(parents=True, exist_ok=True)
        repository = cls(root)
        repository.git("init", "-q", "-b", "main")
        return repository

    def git(self, *arguments: str, check: bool = True, data: bytes | None = None) -> bytes:
        """What git prints."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**clean, **_ENVIRONMENT, **self.environment},
            input=data if data is not None else b"",
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert not check or not done.returncode, (arguments, done.stderr)
        return done.stdout

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; None takes one away."""
        for path, text in files.items():
            place = self.root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Commit everything that is there; the commit's name."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD").decode().strip()

    def before(self, files: Iterable[File]) -> str:
        """The state before a drawing, committed."""
        return self.commit(
            {each.old_path: each.before for each in files if each.before is not None}
        )

    def after(self, files: Iterable[File]) -> None:
        """The state after it, in the work tree."""
        for each in files:
            if each.before is not None and (each.after is None or each.old_path != each.path):
                self.write({each.old_path: None})
            if each.after is not None:
                self.write({each.path: each.after})


# -- what a source reads -----------------------------------------------------------------------


def read(source: Source) -> list[Changed | Skipped]:
    """All of a source, in its order; it is closed."""
    try:
        return [*(source.read(listed) for listed in source.listed), *source.skipped]
    finally:
        source.close()


def drawing(source: Source) -> str:
    """What is read, drawn, by path."""
    return "\n".join(
        f"!! {each.path}: {each.reason}" if isinstance(each, Skipped) else _drawing(each)
        for each in sorted(read(source), key=lambda each: each.path)
    )


def as_drawing(text: str) -> str:
    """A drawing as `drawing` would draw it."""
    return "\n".join(row.rstrip() for row in dedent(text).strip("\n").split("\n"))


def _drawing(changed: Changed) -> str:
    old = changed.old_path
    name = f"{old} -> {changed.path}" if old and old != changed.path else changed.path
    rows = [f"== {name}{' (partial)' if changed.partial else ''}"]
    new = {n for hunk in changed.hunks for n in range(hunk.start, hunk.start + hunk.count)}
    gone = {hunk.start: hunk.removed for hunk in changed.hunks}
    lines = lines_of(changed.text)
    for number, line in enumerate([*lines, None], 1):
        rows += [f"- {text}".rstrip() for text in gone.pop(number, ())]
        if line is not None and (line or not changed.partial or number in new):
            rows.append(f"{'+' if number in new else ' '} {line}".rstrip())
    assert not gone, f"{changed.path}: hunks behind the end: {gone}"
    return "\n".join(rows)


def undone(changed: Changed) -> list[str]:
    """The lines of the old side, made from the new one and the hunks alone."""
    lines = lines_of(changed.text)
    for hunk in sorted(changed.hunks, key=lambda hunk: -hunk.start):
        lines[hunk.start - 1 : hunk.start - 1 + hunk.count] = hunk.removed
    return lines


def lines_of(text: str) -> list[str]:
    """Lines as git counts them; what ends a line is not part of it, as in `Hunk.removed`."""
    lines = text.split("\n")
    return [line.rstrip("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
