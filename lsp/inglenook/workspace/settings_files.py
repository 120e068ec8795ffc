"""The files of a workspace folder that may set something for Inglenook: read, not believed.

They are what Inglenook, Continue and agents look for in a repository. What they may say is for
`inglenook.engine.config.folder` to judge; here no link is followed, nothing outside the root's
real path is opened, and their number and size are bounded. Files of secrets (``.env``) are none of
them.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from inglenook.workspace.source import Root, is_racy, stamp_of

LARGEST: Final = 256 * 1024  # bytes of a file
MOST: Final = 200  # files of a folder
MOST_BYTES: Final = 1 << 20  # of all of them
_MOST_ENTRIES: Final = 4_000  # of a directory

_YAML: Final = (".yaml", ".yml")
# In the order in which they are read: what is said first wins.
_FIRST: Final = {
    ".inglenook": (".inglenook/config.yaml", ".inglenook/config.yml"),
    ".continue": (".continue/config.yaml", ".continue/config.yml", ".continue/config.json"),
    "": (".continuerc.json",),
}
_DIRECTORIES: Final = {
    **dict.fromkeys((".continue/agents", ".continue/assistants", ".continue/configs"), _YAML),
    **dict.fromkeys((".continue/models", ".continue/context", ".continue/data"), _YAML),
    **dict.fromkeys((".continue/mcpServers", ".continue/docs"), _YAML),
    ".continue/rules": (*_YAML, ".md"),
    ".continue/prompts": (*_YAML, ".md", ".prompt"),
}
_LAST: Final = (".continuerules", "AGENTS.md", "AGENT.md", "CLAUDE.md")


class SettingsFile(NamedTuple):
    """A file by its path below the root, with forward slashes.

    ``data`` is UTF-8 (bytes that are not are replaced); None if it is too large, or one too many.
    """

    path: str
    data: bytes | None


def read_settings_files(root: Path, users: Iterable[Path] = ()) -> tuple[SettingsFile, ...]:
    """What is there, in the order in which it counts, but for the ``users`` own files and what is
    in directories of theirs.

    Those are below a root that is a home, and were read for what they are.
    """
    inside = Root.of(root)
    own = _identities(users)
    found: list[SettingsFile] = []
    left, files = MOST_BYTES, MOST
    for path in _paths(inside):
        if own and _is_own(inside, path, own):
            continue
        if left <= 0 or files <= 0:
            found.append(SettingsFile(path, None))
            continue
        text = inside.text(path, LARGEST + 1)
        if text is None:
            continue
        data = text.encode()
        files -= 1
        if len(data) > min(LARGEST, left):
            found.append(SettingsFile(path, None))
        else:
            left -= len(data)
            found.append(SettingsFile(path, data))
    return tuple(found)


def _identities(files: Iterable[Path]) -> frozenset[tuple[int, int]]:
    """Those of the files that are there, whatever links lead to them."""
    found = set()
    for file in files:
        with contextlib.suppress(OSError, ValueError):
            found.add(_identity(file.stat()))
    return frozenset(each for each in found if each is not None)


def _is_own(root: Root, path: str, own: frozenset[tuple[int, int]]) -> bool:
    """Whether it is one of the user's, or in a directory below the root that is."""
    if _identity(_status(root, path)) in own:
        return True
    above = [root.path / parent for parent in Path(path).parents if parent.name]
    return not own.isdisjoint(_identities(above))


def _identity(status: os.stat_result | None) -> tuple[int, int] | None:
    return (status.st_dev, status.st_ino) if status is not None else None


def settings_stamp(root: Path) -> object:
    """A value that is another one once `read_settings_files` could give something else.

    Nothing is read. A file that was just written counts as changed once more a moment later.
    """
    inside = Root.of(root)
    now = time.time_ns()
    stamps: list[tuple[str, int]] = []
    for path in _paths(inside):
        status = _status(inside, path)
        if status is not None:
            stamps.append((path, 0 if is_racy(status, now) else stamp_of(status)))
    return tuple(stamps)


def _paths(root: Root) -> Iterator[str]:
    """All that may be read: regular files to which no link leads."""
    for directory, paths in _FIRST.items():
        if _is_plain(root, directory):
            yield from (path for path in paths if _status(root, path) is not None)
    for directory, endings in _DIRECTORIES.items():
        for name in _names(root, directory):
            path = f"{directory}/{name}"
            if name.endswith(endings) and _status(root, path) is not None:
                yield path
    yield from (path for path in _LAST if _status(root, path) is not None)


def _names(root: Root, directory: str) -> list[str]:
    if not _is_plain(root, directory):
        return []
    try:
        with os.scandir(root.path / directory) as entries:
            names = [entry.name for entry in islice(entries, _MOST_ENTRIES)]
    except OSError:
        return []
    return sorted(name for name in names if _is_text(name))


def _is_plain(root: Root, directory: str) -> bool:
    """Whether no link leads to a directory. (`Root.text` sees if one comes afterwards.)"""
    place = root.path / directory
    return place == root.path or root.place(place / "_") == f"{directory}/_"


def _is_text(name: str) -> bool:
    """Whether a message can show it."""
    return name.isprintable() and not name.startswith(".")


def _status(root: Root, path: str) -> os.stat_result | None:
    """None for what is no regular file, such as a link."""
    try:
        status = (root.path / path).lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
