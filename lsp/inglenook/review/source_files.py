"""Whole files of a folder: those that are named, and in directories those that are source text."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.engine.sensitive import is_sensitive
from inglenook.review.bad_input import BadInput
from inglenook.review.source import (
    NO_TEXT,
    ODD_NAME,
    UNREAD,
    LeftOut,
    Listed,
    is_program,
    text_of,
    unread,
    unwanted,
)
from inglenook.review.source_git import file_in, shown, whole_of
from inglenook.review.values import Changed, Skipped
from inglenook.workspace.source import Root
from inglenook.workspace.walk import Walk

_NOBODY: Final = re.compile(r"(?!)")
_GLOB: Final = re.compile(r"[*?\[]")
_NAMED: Final = 5  # paths in a headline


@dataclass(slots=True)
class FilesSource:
    """`Source` of files as they are."""

    root: Path
    subject: str
    listed: list[Listed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    def read(self, listed: Listed) -> Changed | Skipped:
        data = file_in(self.root, listed.path)
        text = text_of(data) if data is not None else None
        if data is None or text is None:
            return unread(listed.path, NO_TEXT if data is not None else UNREAD)
        return Changed(listed.path, text, whole_of(text), whole=True)

    def beside(self, path: str) -> bytes | None:
        return file_in(self.root, path)

    def has(self, path: str) -> bool:
        return os.path.lexists(self.root / path)

    def close(self) -> None:
        """Nothing is held."""


class Below(NamedTuple):
    """A directory with its source files, how many other files it has, and what has an odd name."""

    directory: str
    programs: list[str]
    others: int
    odd: list[str]


def files_source(root: Path, here: Path, paths: Sequence[str], left_out: LeftOut) -> FilesSource:
    """The files, those in the directories and those that match the globs, seen from ``here``.

    A file that is named is reviewed whatever language it is in; in a directory only what is source
    text and is not ignored. Raises `BadInput` for what is not there or not below ``root``.
    """
    source = FilesSource(root, _subject(paths))
    seen: set[str] = set()
    for path in paths:
        matching, below = _matching(root, here, path)
        source.below += [each.directory for each in below]
        source.skipped += [
            Skipped(each.directory or ".", f"{each.others} other files in it are no source text.")
            for each in below
            if each.others
        ]
        odd = dict.fromkeys(name for each in below for name in each.odd)
        source.skipped += [unread(shown(name), ODD_NAME) for name in odd]
        for found in matching:
            if found in seen:
                continue
            seen.add(found)
            why = unwanted(left_out, found)
            if not why.checked:
                source.skipped.append(Skipped(shown(found), why.reason))
            elif found != shown(found):
                source.skipped.append(unread(shown(found), ODD_NAME))
            else:
                named = is_sensitive(found) or is_sensitive(os.path.realpath(root / found))
                listed = Listed(found, secret=named, unshown=why.reason, whole=True)
                source.listed.append(listed)
    return source


def _subject(paths: Sequence[str]) -> str:
    """A shell may have made thousands of paths of one glob."""
    named = ["this folder" if path == "." else path for path in paths[:_NAMED]]
    more = len(paths) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more else [])])


def _matching(root: Path, here: Path, path: str) -> tuple[list[str], list[Below]]:
    """The files that one of the user's words means, and of which directory they are all."""
    if not path or path != shown(path):
        raise BadInput(f"There is no file {path!a}, or its name cannot be shown.")
    place = Path(os.path.normpath(here.absolute() / path))
    if _GLOB.search(path) and not os.path.lexists(place):
        found = [each for each in _below(root, "").programs if _matches(root, here, each, path)]
        if not found:
            raise BadInput(f"No source file matches {path!a}.")
        return found, []
    below = Root.of(root).place(place)
    if below is None and place.resolve() == root:
        below = ""
    if below is None:
        raise BadInput(f"{path} is not below {root}.")
    if place.is_dir() and not place.is_symlink():
        directory = "" if below == "." else below
        inside = _below(root, directory)
        if not inside.programs and not inside.odd:
            raise BadInput(f"In {path} there is no source file that is not ignored.")
        return inside.programs, [inside]
    if not place.is_file():
        raise BadInput(f"There is no file {path}.")
    return [below], []


def _below(root: Path, directory: str) -> Below:
    """What is in a directory and is not ignored.

    Also what is too large to be read, and what holds secrets: that has to be said.
    """
    walk = Walk(Root.of(root), _NOBODY, sys.maxsize, lambda _name: True)
    found, others = [], 0
    for listed in walk.below(directory):
        start = f"{listed.directory}/" if listed.directory else ""
        programs = [start + name for name in listed.files if is_program(name)]
        found += programs
        others += len(listed.files) - len(programs)
    return Below(directory, sorted(found), others, walk.odd)


def _matches(root: Path, here: Path, path: str, pattern: str) -> bool:
    """Whether a pattern means a path, seen from ``here``: ``*`` stays in one directory, ``**``
    does not."""
    base = here.resolve().relative_to(root).as_posix()
    wanted = posixpath.normpath(posixpath.join(base, pattern))
    return _regex(wanted).fullmatch(path) is not None


@lru_cache(maxsize=64)
def _regex(pattern: str) -> re.Pattern[str]:
    parts = (_part(each) for each in re.split(r"(\*\*/|\*\*|\*|\?|\[[^]/]+\])", pattern))
    return re.compile("".join(parts), re.DOTALL)


def _part(part: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if part in known:
        return known[part]
    if part.startswith("[") and len(part) > 2:
        inner = part[1:-1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^{inner[1:]}]" if inner[0] in "!^" and len(inner) > 1 else f"[{inner}]"
    return re.escape(part)
