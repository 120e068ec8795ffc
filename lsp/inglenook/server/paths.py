"""All names under which the file of a document could be known, to judge it by each.

A name can hide what a file is: a link, `..`, escaped characters, a folder that is opened deep
within another one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final, NamedTuple
from urllib.parse import unquote

from inglenook.server.uris import path_of, scheme_of

_NAMED: Final = 2  # last parts of a folder's own path that count: `.github/workflows`


class Paths(NamedTuple):
    """``below`` are those that are relative to a folder of the workspace; with forward slashes."""

    all: tuple[str, ...]
    below: tuple[str, ...]


def paths_of(uri: str, shown: str, folders: tuple[str, ...]) -> Paths:
    """The names of a document's file; ``shown`` is the one that a model is shown.

    It looks where links lead: for a thread. Of a path below one of the ``folders`` (URIs) only the
    last parts of the folder's own count: a folder may lie in a directory of an assistant.
    """
    written = [each for each in (_spelled(uri), _spelled(re.split(r"[?#]", uri)[0])) if each]
    roots = [each for each in map(_spelled, folders) if each]
    below = [each for path in written for each in _below(path, roots)]
    found = [shown, *(_named(path, roots) for path in written)]
    path = path_of(uri)
    if path is not None:
        real = _real(str(path))
        reals = [_real(str(root)) for each in folders if (root := path_of(each)) is not None]
        below += _below(real, reals)
        found.append(_named(real, reals))
    below = list(dict.fromkeys((shown, *below)))
    return Paths(tuple(dict.fromkeys((*found, *below))), tuple(below))


def _spelled(uri: str) -> str:
    """The path of a URI as it is written, without what was escaped."""
    path = path_of(uri)
    if path is not None:
        return path.as_posix()
    return unquote(uri[len(scheme_of(uri)) + 1 :])


def _real(path: str) -> str:
    try:
        return PurePath(os.path.realpath(path)).as_posix()
    except (OSError, ValueError):  # no path can have these characters
        return path


def _below(path: str, roots: list[str]) -> Iterator[str]:
    """The path below each root that holds it."""
    for root in roots:
        bare = root.rstrip("/")
        if path.startswith(f"{bare}/"):
            yield path[len(bare) + 1 :]


def _named(path: str, roots: list[str]) -> str:
    """The path from the last parts of the innermost root on; without one the whole path."""
    found = min(_below(path, roots), key=len, default=None)
    if found is None:
        return path
    root = path[: len(path) - len(found) - 1]
    return "/".join([*root.split("/")[-_NAMED:], found])
