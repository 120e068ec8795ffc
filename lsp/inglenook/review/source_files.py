"""Whole files of a folder: those that are named, and in directories those that are source text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from inglenook.engine.sensitive import SECRET
from inglenook.review.source import BadInput, LeftOut, Listed, text_of
from inglenook.review.source_git import file_in, shown
from inglenook.review.values import Changed, Hunk, Skipped
from inglenook.workspace.source import Root
from inglenook.workspace.walk import Walk

_SECRET: Final = re.compile(SECRET, re.VERBOSE | re.IGNORECASE)
_GLOB: Final = re.compile(r"[*?\[]")


@dataclass(slots=True)
class FilesSource:
    """`Source` of files as they are."""

    root: Path
    subject: str
    listed: list[Listed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def read(self, listed: Listed) -> Changed | Skipped:
        data = file_in(self.root, listed.path)
        text = text_of(data) if data is not None else None
        if data is None or text is None:
            why = "It is no text." if data is not None else "It cannot be read, or is over 2 MB."
            return Skipped(listed.path, why)
        count = text.count("\n") + (not text.endswith("\n"))
        return Changed(listed.path, text, (Hunk(1, count),), whole=True)

    def close(self) -> None:
        """Nothing is held."""


def files_source(root: Path, here: Path, paths: Sequence[str], left_out: LeftOut) -> FilesSource:
    """The files, those in the directories and those that match the globs, seen from ``here``.

    A file that is named is reviewed whatever language it is in; in a directory only what is source
    text and is not ignored. Raises `BadInput` for what is not there or not below ``root``.
    """
    source = FilesSource(root, ", ".join(paths))
    seen: set[str] = set()
    for path in paths:
        for found in _matching(root, here, path):
            if found in seen:
                continue
            seen.add(found)
            if why := left_out(found):
                source.skipped.append(Skipped(shown(found), why))
            elif found != shown(found):
                source.skipped.append(Skipped(shown(found), "Its name cannot be shown."))
            else:
                source.listed.append(Listed(found))
    return source


def _matching(root: Path, here: Path, path: str) -> list[str]:
    place = here / path
    if _GLOB.search(path) and not place.exists():
        found = [each for each in _below(root, "") if _matches(root, here, each, path)]
        if not found:
            raise BadInput(f"No source file matches {path!a}.")
        return sorted(found)
    below = Root.of(root).place(place.absolute())
    if below is None and place.resolve() == root:
        below = ""
    if below is None:
        raise BadInput(f"{path} is not below {root}.")
    if place.is_dir():
        return sorted(_below(root, "" if below == "." else below))
    if not place.is_file():
        raise BadInput(f"There is no file {path}.")
    return [below]


def _below(root: Path, directory: str) -> list[str]:
    walk = Walk(Root.of(root), _SECRET)
    found = []
    for listed in walk.below(directory):
        start = f"{listed.directory}/" if listed.directory else ""
        found += [start + name for name in listed.files]
    return found


def _matches(root: Path, here: Path, path: str, pattern: str) -> bool:
    base = here.resolve().relative_to(root).as_posix() if here.resolve() != root else ""
    inside = path.removeprefix(f"{base}/") if base else path
    return fnmatchcase(inside, pattern) or fnmatchcase(inside, pattern.replace("**/", ""))
