"""Where code of the workspace calls something by its name: found by reading, without an index.

It is a search for words, so that it tells nothing for sure. Files that the ignore rules leave out
and files of secrets are not read.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.workspace.source import Root
from inglenook.workspace.walk import Walk

_CALL: Final = re.compile(r"(?<![\w$])([^\W\d][\w$]*)(?=\s*(?:\(|<[\w\s,.\[\]]*>\())")
_BEFORE: Final = 2  # lines that are shown before one that calls
_AFTER: Final = 2
_LONGEST: Final = 200  # characters of a line that are shown
_EACH: Final = 6  # mentions of one name that are kept
_TEST: Final = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec)/|(?:^|/)test_|_test\.|\.(?:test|spec)\."
)


@dataclass(frozen=True, slots=True)
class Mention:
    """``line`` is counted from 1; ``text`` are the lines round it."""

    path: str
    line: int
    text: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name, where it is defined, and the words of which a file that means it has one, or stands
    beside it: the module's, and the class's of a method."""

    name: str
    path: str
    words: frozenset[str]


def is_test(path: str) -> bool:
    """Whether a file is a test by its path."""
    return _TEST.search(path) is not None


def mentions(
    root: Path,
    secret: re.Pattern[str],
    wanted: Mapping[str, Wanted],
    seconds: float,
    leaves_out: Callable[[str], bool] = lambda _path: False,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, tuple[Mention, ...]]:
    """The calls of each wanted name, by its key, nearest files first; for a thread.

    It ends after ``seconds``, with what was found by then. Files that are left out are not read.
    """
    names: dict[str, list[str]] = {}
    for key, each in wanted.items():
        names.setdefault(each.name, []).append(key)
    found: dict[str, list[Mention]] = {key: [] for key in wanted}
    deadline = clock() + seconds
    walk = Walk(Root.of(root), secret)
    for path in _near_first(walk, wanted, deadline, clock):
        if clock() >= deadline:
            break
        if leaves_out(path):
            continue
        source = walk.read(path)
        if source is None or source.data is None:
            continue
        text = source.data.decode("utf-8", "replace")
        for name, line in _calls(text, names.keys()):
            for key in names[name]:
                here = found[key]
                if len(here) < _EACH and _is_meant(wanted[key], path, text):
                    here.append(Mention(path, line, _shown(text, line), is_test(path)))
    return {key: tuple(each) for key, each in found.items() if each}


def _near_first(
    walk: Walk, wanted: Mapping[str, Wanted], deadline: float, clock: Callable[[], float]
) -> Iterator[str]:
    """The files of the workspace: those beside a definition, then tests, then all others."""
    homes = {each.path.rpartition("/")[0] for each in wanted.values()}
    others: list[str] = []
    tests: list[str] = []
    for listed in walk.everything():
        if clock() >= deadline:
            break
        start = f"{listed.directory}/" if listed.directory else ""
        for name in listed.files:
            path = start + name
            if listed.directory in homes:
                yield path
            else:
                (tests if is_test(path) else others).append(path)
    yield from tests
    yield from others


def _calls(text: str, names: Container[str]) -> Iterator[tuple[str, int]]:
    """The names that are called, with the lines of the first calls."""
    line, at = 1, 0
    told: dict[str, int] = {}
    for match in _CALL.finditer(text):
        name = match[1]
        if name not in names or told.get(name, 0) >= _EACH:
            continue
        line += text.count("\n", at, match.start())
        at = match.start()
        begin = text.rfind("\n", 0, at) + 1
        if _DEFINES.search(text, begin, at):
            continue
        told[name] = told.get(name, 0) + 1
        yield name, line


_DEFINES: Final = re.compile(r"\b(?:def|function|fn|func|class|fun|sub)\s+\Z")


def _is_meant(wanted: Wanted, path: str, text: str) -> bool:
    if path == wanted.path:
        return True
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in wanted.words)


def _shown(text: str, line: int) -> str:
    lines = text.split("\n")[max(line - 1 - _BEFORE, 0) : line + _AFTER]
    return "\n".join(each.rstrip()[:_LONGEST] for each in lines)
