"""The environment of a workspace, as far as it tells what can be imported: what is installed there,
and which Python it is for. Nothing of it is run, and no path in it is followed out of the folder.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.workspace.environments import site_packages
from inglenook.workspace.source import Root, text_of
from inglenook.workspace.standing import Standing

_MINOR: Final = re.compile(r"(?:^|[/\\])python3\.(\d{1,3})t?(?:[/\\]site-packages|\.exe)?$")
_WANTED: Final = re.compile(r"\A\s*(?:cpython-|python-?)?3\.(\d{1,3})(?:\.\d+)?\w*\s*(?:\Z|\n)")
_VERSION: Final = re.compile(r"^version(?:_info)?\s*=\s*3\.(\d{1,3})\b", re.MULTILINE)
_SHARED: Final = re.compile(r"^include-system-site-packages\s*=\s*true\b", re.MULTILINE | re.I)
_FINDER: Final = re.compile(r"\bimport\s+(__editable__\w+)")
_MOST: Final = 200  # files of paths
_LARGEST: Final = 200_000  # bytes of one


@dataclass(frozen=True, slots=True)
class Site:
    """``packages`` is None without an environment. ``minor`` is that of Python 3, None if it
    cannot be told; ``shared``: what is installed for all is there too."""

    packages: Standing | None = None
    minor: int | None = None
    shared: bool = False


def site_of_folder(folder: Root, environ: Mapping[str, str] = os.environ) -> Site:
    """The environment that a folder has, else the one that the user has activated."""
    place = site_packages(folder.path, environ.get("VIRTUAL_ENV", ""))
    if place is None:
        return Site(None, _minor_without(folder, environ))
    above = place.parents[2] if place.parent.name != "Lib" else place.parents[1]
    config = text_of(above, "pyvenv.cfg", _LARGEST) or ""
    match = _MINOR.search(str(place)) or _VERSION.search(config)
    shared = bool(_SHARED.search(config)) or bool(environ.get("PYTHONPATH"))
    return Site(Standing(Root(place)), int(match[1]) if match else None, shared)


def _minor_without(folder: Root, environ: Mapping[str, str]) -> int | None:
    """That of the Python that the folder asks for, else of the user's."""
    asked = folder.text(".python-version", 200)
    if asked is not None:
        match = _WANTED.match(asked)
        return int(match[1]) if match else None
    for name in ("python3", "python"):
        found = shutil.which(name, path=environ.get("PATH"))
        if found is not None:
            match = _MINOR.search(os.path.realpath(found))
            return int(match[1]) if match else None
    return None


def shared_packages(environ: Mapping[str, str] = os.environ) -> tuple[Standing, ...] | None:
    """The packages that are installed for the user's own Python, which is used where there is no
    environment; None if that cannot be told."""
    for name in ("python3", "python"):
        found = shutil.which(name, path=environ.get("PATH"))
        if found is None:
            continue
        real = os.path.realpath(found)
        match = _MINOR.search(real)
        if match is None:
            return None
        prefix, version = Path(real).parents[1], f"python3.{match[1]}"
        places = (
            prefix / "lib" / version / "site-packages",
            prefix / "lib" / version / "dist-packages",
            prefix / "lib" / "python3" / "dist-packages",
            prefix / "local" / "lib" / version / "dist-packages",
            Path(environ.get("HOME", "/")) / ".local" / "lib" / version / "site-packages",
        )
        return tuple(Standing(Root.of(each)) for each in places if each.is_dir())
    return None


def provides(site: Standing, name: str, folder: Root) -> bool | None:
    """Whether what is installed has a module or package ``name`` at its top; None: it may, by a
    file of paths that leads elsewhere or has a program in it."""
    names = site.names("")
    if site.python("", name) is not None:
        return True
    if f"{name}-stubs" in names:
        return None
    answer: bool | None = False
    paths = sorted(each for each in names if each.endswith(".pth"))
    if len(paths) > _MOST or any(each.endswith((".egg-link", ".egg")) for each in names):
        return None
    for file in paths:
        for line in (site.text(file) or "").splitlines():
            found = _by_line(site, line.strip(), name, folder)
            if found:
                return True
            answer = None if found is None else answer
    return answer


def _by_line(site: Standing, line: str, name: str, folder: Root) -> bool | None:
    if not line or line.startswith("#"):
        return False
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    if line.startswith(("import ", "import\t")):
        texts = [line, *(site.text(f"{each}.py") or name for each in _FINDER.findall(line))]
        return None if any(word.search(text) for text in texts) else False
    try:
        real = Path(os.path.realpath(site.root.path / line))
    except ValueError:
        return None
    for root in (site.root, folder):
        if real == root.path or root.path in real.parents:
            return Standing(Root(real)).python("", name) is not None
    return None  # it leads to other projects
