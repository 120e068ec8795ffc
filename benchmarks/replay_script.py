"""What `benchmarks.replay` types: parts of three files of one package, out of its own source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.site_files import TREES
from benchmarks.sites_data.build import Site, load_sites, read_site, workspace

KEYS: Final = 200
_FIRST: Final = (40, 40, 30)  # keys of the first visit to each file; an import may have fewer
_REST: Final = (30, 30)  # of the second visit to the second and third; the first gets what is left
_ABOVE: Final = 1  # lines above a site that are typed as well
_LINES: Final = 12  # that are taken away, at most
_IMPORT: Final = re.compile(r"from [\w.]+ import [\w, ]+")
_KEY: Final = re.compile(r"\n[ \t]*|.")  # Enter brings the indentation


@dataclass(frozen=True, slots=True)
class Visit:
    """``keys`` are typed in the file ``path`` at ``offset`` of its text as it is then."""

    path: str
    offset: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What is typed in one package; ``texts`` are its three files before."""

    package: str
    root: Path
    texts: dict[str, str]
    visits: tuple[Visit, ...]


def scripts() -> Iterator[Script]:
    """One for each Python package that has three files to type in, and an import in the first."""
    every = [site for site in load_sites() if site.lang == "python"]
    for package in dict.fromkeys(site.package for site in every):
        own = [site for site in every if site.package == package]
        first = next((site for site in own if _import_of(site)), None)
        if first is None:
            continue
        long = [site for site in own if len(_keys_at(site)) >= sum(_FIRST[:1]) + _REST[0]]
        others = {site.path: site for site in reversed(long) if site.path != first.path}
        if len(others) >= 2:
            yield _script(first, *list(others.values())[:2])


def _script(first: Site, second: Site, third: Site) -> Script:
    imported = _import_of(first)
    assert imported is not None
    at, line = imported
    head = line[-_FIRST[0] :]  # of a longer line the beginning is there already
    at += len(line) - len(head)
    texts, places = {}, {}
    for site in (first, second, third):
        lines = _source(site).splitlines(keepends=True)
        start = _start(site)
        places[site.path] = sum(map(len, lines[:start]))
        kept = "".join(lines[:start]) + "\n" + "".join(lines[start + _LINES :])
        if site is first:
            kept = kept[:at] + kept[at + len(head) :]
            places[site.path] -= len(head)
        texts[site.path] = kept
    typed = {site.path: _keys_at(site) for site in (first, second, third)}
    visits = [Visit(first.path, at, tuple(_KEY.findall(head)))]
    for site, count in zip((second, third), _FIRST[1:], strict=True):
        visits.append(Visit(site.path, places[site.path], typed[site.path][:count]))
    left = KEYS - len(head) - sum(_FIRST[1:]) - sum(_REST)
    after = places[first.path] + len(head)
    visits.append(Visit(first.path, after, typed[first.path][:left]))
    for site, done, count in zip((second, third), _FIRST[1:], _REST, strict=True):
        keys = typed[site.path]
        offset = places[site.path] + sum(map(len, keys[:done]))
        visits.append(Visit(site.path, offset, keys[done : done + count]))
    return Script(first.package, workspace(first, TREES), texts, tuple(visits))


def _start(site: Site) -> int:
    return max(site.line - _ABOVE, 0)


def _keys_at(site: Site) -> tuple[str, ...]:
    """What is typed about a site."""
    lines = _source(site).splitlines(keepends=True)[_start(site) :][:_LINES]
    return tuple(_KEY.findall("".join(lines).rstrip("\n")))


def _import_of(site: Site) -> tuple[int, str] | None:
    """Where the file of a site imports the site's name, and that line."""
    offset = 0
    for line in _source(site).splitlines(keepends=True):
        names = re.findall(r"\w+", line)
        if _IMPORT.fullmatch(line.rstrip("\n")) and site.names[0] in names:
            return offset, line
        offset += len(line)
    return None


def _source(site: Site) -> str:
    text = read_site(site, TREES)
    return text.prefix + text.masked + text.suffix
