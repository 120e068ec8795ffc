"""URIs as editors send them: opaque names that are compared in a canonical form.

`file:///c%3A/x`, `file:///C:/x` and `file:///c:/x` are one document, and so are spellings that
differ only in percent-encoding (RFC 3986, section 6.2.2). Only a `file:` URI names a path;
`untitled:`, `git:` and every other scheme are served from the open text alone.
"""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DRIVE: Final = re.compile(r"/([A-Za-z]):(?=/|$)")
# Escapes of the characters that divide a URI: decoding them would join different documents.
_DIVIDERS: Final = re.compile(r"%(2f|3f|23|25|40|5b|5d)", re.IGNORECASE)


def scheme_of(uri: str) -> str:
    """The scheme in lower case; empty if there is none."""
    match = _SCHEME.match(uri)
    return match[1].lower() if match else ""


@lru_cache(maxsize=1024)
def key_of(uri: str) -> str:
    """The form in which two spellings of one URI are equal; never raises."""
    scheme = scheme_of(uri)
    rest = uri[len(scheme) + 1 :] if scheme else uri
    if scheme == "file":
        authority, path = _split(rest)
        return f"file://{authority}{path}"
    return f"{scheme}:{_decoded_but_dividers(rest)}"


def path_of(uri: str) -> Path | None:
    """The path that a `file:` URI names on this machine, else None; never raises."""
    if scheme_of(uri) != "file":
        return None
    authority, path = _split(uri[5:])
    if not path.startswith("/") or "\0" in path:
        return None
    if sys.platform == "win32":
        local = path[1:] if _DRIVE.match(path) else path
        return Path(f"//{authority}{path}" if authority else local)
    return None if authority else Path(path)


def name_of(uri: str) -> str:
    """The last part of the URI's path, to show to its user; may be empty."""
    return unquote(re.split(r"[?#]", uri, maxsplit=1)[0]).rstrip("/").rsplit("/", 1)[-1]


class Placed(NamedTuple):
    """Where a document is: the URI of its innermost folder, as the editor spells it, and the path
    below that, with forward slashes."""

    folder: str
    path: str


@lru_cache(maxsize=1024)
def placed(uri: str, folders: tuple[str, ...]) -> Placed | None:
    """Where ``uri`` is among the folder URIs; None if it is in none of them.

    Symbolic links are resolved only if the names alone do not tell, so that a root reached
    through a link counts as the same folder.
    """
    key = key_of(uri)
    roots = sorted(((key_of(each).rstrip("/"), each) for each in folders), key=_size, reverse=True)
    for root, folder in roots:
        if key.startswith(root + "/"):
            below = key[len(root) + 1 :]
            return Placed(folder, below if key.startswith("file:") else unquote(below))
    path = path_of(uri)
    if path is None:
        return None
    real = Path(_real(str(path.parent))) / path.name
    inside = [
        (resolved, folder)
        for folder in folders
        if (root_path := path_of(folder)) is not None
        and real.is_relative_to(resolved := _real(str(root_path)))
    ]
    if not inside:
        return None
    resolved, folder = max(inside, key=_size)  # of roots of one path the longest is the innermost
    return Placed(folder, real.relative_to(resolved).as_posix())


def _size(root: tuple[str, str]) -> int:
    return len(root[0])


@lru_cache(maxsize=256)
def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except OSError:
        return path


def _split(rest: str) -> tuple[str, str]:
    """What follows `file:` as authority and decoded path, the drive letter in lower case."""
    authority = ""
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        authority = "" if authority.lower() == "localhost" else authority.lower()
        rest = slash + path
    # Bytes that are not UTF-8 come back as the surrogates that `os.fsencode` understands.
    path = unquote(rest, errors="surrogateescape")
    return authority, _DRIVE.sub(lambda drive: f"/{drive[1].lower()}:", path, count=1)


def _decoded_but_dividers(rest: str) -> str:
    guarded = _DIVIDERS.sub(lambda escape: f"%25{escape[1].upper()}", rest)
    return unquote(guarded, errors="surrogateescape")
