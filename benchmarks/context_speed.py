"""What building a prompt costs at every key: parse, reading, resolution, ranking, window.

    python -m benchmarks.context_speed [--places 48] [--only django,script,broken] [--profile FILE]

In one process: a real session over a real index that is built already. Lines of public code are
typed out, each key an edit and a prompt, at the pace of a fast typist, so that the background has
its turns between keys as it has in the server. CPU time is this thread's, and it is what counts;
wall-clock time has in it whatever else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import cProfile
import gc
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.broken import OPENERS
from benchmarks.figures import save, summary, table
from benchmarks.index_trees import distribution
from benchmarks.site_files import TREES, language_of
from benchmarks.sites import long_site, sites
from benchmarks.sites_data.build import build, load_sites, workspace
from inglenook.engine import context, sensitive
from inglenook.engine.ask import Ask
from inglenook.engine.session import Session
from inglenook.server.positions import Encoding
from inglenook.server.splice import replace
from inglenook.workspace.index import Index
from inglenook_context.document import Cursor, Document
from inglenook_context.text import Edit, Text
from inglenook_context.window import LARGE

_BETWEEN: Final = 0.055  # seconds between keys: longer than the background keeps out of the way
_SETTLED: Final = 0.12  # seconds after opening a file, of which its outline needs a part
_LETTERS: Final = 9  # typed behind each opener of `broken`
_LONG: Final = ("django/db/models/query.py", "django/contrib/admin/options.py")
_SHORT: Final = ("django/views/generic/list.py", "django/views/generic/edit.py")
_STEPS: Final = {  # functions that `gather` calls, by what they are for
    "_syntax": "parse",
    "window": "window",
    "read": "reading",
    "Scene": "resolution: the place",
    "candidates": "resolution: candidates",
    "revised": "ranking",
    "followed": "ranking",
    "wants_block": "site",
    "checker": "site",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file that is typed out; ``beside`` are files that are open too."""

    root: Path
    path: str
    line: int
    beside: tuple[str, ...] = ()


@dataclass
class Spent:
    """Milliseconds by kind of key."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slowest: list[tuple[float, str]] = field(default_factory=list)
    profile: cProfile.Profile | None = None

    def rows(self) -> list[dict[str, Any]]:
        every = {"every key": [ms for each in self.cpu.values() for ms in each]} | self.cpu
        walls = {"every key": [ms for each in self.wall.values() for ms in each]} | self.wall
        return [
            {"key": kind, **summary(cpu)}
            | {
                "wall median": summary(walls[kind])["median"],
                "wall p95": summary(walls[kind])["p95"],
            }
            for kind, cpu in every.items()
        ]

    def step_rows(self) -> list[dict[str, Any]]:
        keys = sum(map(len, self.cpu.values()))
        rows = [
            {"step": step, **summary(spent), "ms a key": round(sum(spent) / keys, 3)}
            for step, spent in self.steps.items()
            if spent
        ]
        known = sum(sum(spent) for spent in self.steps.values())
        rest = sum(sum(spent) for spent in self.cpu.values()) - known
        return [*rows, {"step": "the rest", "n": keys, "ms a key": round(rest / keys, 3)}]


class Typing:
    """Somebody who types into one open document of a session."""

    def __init__(self, session: Session, document: Document, offset: int, spent: Spent) -> None:
        self._session = session
        self._document = document
        self._offset = offset
        self._spent = spent

    def edit(self, start: int, stop: int, text: str) -> None:
        """Put ``text`` in place of what is there; the cursor ends behind it."""
        changed, edit = replace(self._document.text, start, stop, text, Encoding.UTF16)
        self._change(changed, edit, start + len(text))

    def _change(self, text: Text, edit: Edit, offset: int) -> None:
        old = self._document
        self._document = Document(old.uri, old.language, old.version + 1, text)
        self._offset = offset
        self._session.on_change(self._document, (edit,))

    def key(self, text: str, kind: str) -> None:
        """One key, measured."""
        with self._spent.profile or contextlib.nullcontext():
            cpu, wall = time.thread_time(), time.perf_counter()
            self.edit(self._offset, self._offset, text)
            edited = time.thread_time()
            ask = Ask(Cursor(self._document, self._offset), automatic=True)
            context.gather(self._session, ask, LARGE, steady=False)
            milliseconds = (time.thread_time() - cpu) * 1000
            self._spent.wall[kind].append((time.perf_counter() - wall) * 1000)
        self._spent.cpu[kind].append(milliseconds)
        self._spent.steps["edit"].append((edited - cpu) * 1000)
        where = f"{self._document.uri.rpartition('/')[2]} {kind}"
        self._spent.slowest = sorted([*self._spent.slowest, (milliseconds, where)])[-12:]

    async def line(self, text: str) -> None:
        """Type a line out, then a new one below it."""
        for at, character in enumerate(text):
            self.key(character, _kind(character) if at else "first key in a file")
            await asyncio.sleep(_BETWEEN)
        indent = text[: len(text) - len(text.lstrip())]
        self.key("\n" + indent, "new line")
        await asyncio.sleep(_BETWEEN)


def _kind(character: str) -> str:
    if character.isalnum() or character == "_":
        return "letter in a name"
    return "dot" if character == "." else "another character"


@contextlib.contextmanager
def timed(spent: Spent) -> Iterator[None]:
    """Note what each step of `gather` takes, as long as this is open."""
    before = dict(vars(context))
    for name, step in _STEPS.items():
        setattr(context, name, _timed(before[name], spent.steps[step]))
    try:
        yield
    finally:
        for name in _STEPS:
            setattr(context, name, before[name])


def _timed(function: Any, spent: list[float]) -> Any:
    if isinstance(function, type):  # of which a method that makes one is called
        return type(function.__name__, (), {"at": staticmethod(_timed(function.at, spent))})

    def call(*values: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return function(*values, **named)
        finally:
            spent.append((time.thread_time() - began) * 1000)

    return call


@contextlib.asynccontextmanager
async def indexed(root: Path) -> AsyncIterator[Index]:
    """An index that knows every file of a folder, and has none of them in memory yet."""
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as store:
        index = Index([root], Path(store), secret=sensitive.SECRET)
        index.start()
        await index.settled()
        try:
            yield index
        finally:
            await index.close()


def session_of(root: Path, index: Index) -> Session:
    folder = root.as_uri() + "/"
    return Session(lambda uri: uri.removeprefix(folder), files=index)


async def typed(place: Place, index: Index, spent: Spent) -> None:
    """Open a file without one of its lines and type that; nothing is known but by the index."""
    session = session_of(place.root, index)
    for path in place.beside:
        if path != place.path:
            session.on_open(_document(place.root, path, _read(place.root / path)))
    lines = _read(place.root / place.path).split("\n")
    line, lines[place.line] = lines[place.line], ""
    document = _document(place.root, place.path, "\n".join(lines))
    session.on_open(document)
    await settled(session, document.uri)
    offset = document.text.line_start(place.line)
    await Typing(session, document, offset, spent).line(line)
    session.close()


async def inside(root: Path, index: Index, spent: Spent) -> None:
    """Letters inside strings, brackets and f-strings that are not closed, in long files."""
    for site in (sites()[1], long_site()):
        for name, opener in OPENERS.items():
            session = session_of(root, index)
            for path in site.open_files:
                session.on_open(_document(root, path, _read(root / path)))
            document = _document(root, site.path, site.text)
            session.on_open(document)
            await settled(session, document.uri, 1.0)
            start = document.text.line_start(site.line)
            typing = Typing(session, document, start + site.column, spent)
            typing.edit(start, start + site.column, opener.format(word="vword")[:-1])
            await asyncio.sleep(_BETWEEN)
            for number in range(1 + _LETTERS):
                letter = "abcdefghij"[number - 1] if number else opener[-1]
                typing.key(letter, f"{name}, {site.lines} lines")
                await asyncio.sleep(_BETWEEN)
            session.close()


async def settled(session: Session, uri: str, seconds: float = _SETTLED) -> None:
    """Wait until a document is outlined: until it has facts with definitions, at most a while."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        await asyncio.sleep(seconds)
        facts = session.facts(uri)
        if facts is not None and (facts.definitions or session.used(uri)):
            return


def _document(root: Path, path: str, text: str) -> Document:
    return Document((root / path).as_uri(), language_of(path), 1, Text.of(text))


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def django_places(count: int) -> list[Place]:
    """Lines of Django: a third in long files, a third in short ones, a third wherever."""
    root, chance = distribution(), Random(5)
    every = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    beside = sites()[1].open_files
    paths = [*_LONG * (count // 6), *_SHORT * (count // 6)]
    while len(paths) < count:
        path = chance.choice(every)
        if _telling(_read(root / path).split("\n")):
            paths.append(path)
    places = []
    for path in paths:
        lines = _telling(_read(root / path).split("\n"))
        places.append(Place(root, path, chance.choice(lines), beside))
    return places


def script_places(count: int) -> list[Place]:
    """The lines of the completion sites in TypeScript, from all packages in turn."""
    every = [site for site in load_sites() if site.lang == "typescript"]
    build(dict.fromkeys(site.archive for site in every), TREES)
    Random(5).shuffle(every)
    return [Place(workspace(site, TREES), site.path, site.line) for site in every[:count]]


def _telling(lines: Sequence[str]) -> list[int]:
    """Numbers of lines inside functions that call or look something up."""
    return [
        number
        for number, line in enumerate(lines)
        if line.startswith("    ")
        and 20 < len(line) < 90
        and "." in line
        and "(" in line
        and line.lstrip()[0].isalpha()
        and ("=" in line or line.lstrip().startswith(("return ", "self.", "raise ", "if ")))
    ]


async def at(places: Sequence[Place], profile: cProfile.Profile | None) -> Spent:
    spent = Spent(profile=profile)
    with timed(spent):
        for root in dict.fromkeys(place.root for place in places):
            async with indexed(root) as index:
                for place in places:
                    if place.root == root:
                        index._kept.forget(0, None)  # as if the server had just begun
                        await typed(place, index, spent)
    return spent


async def broken(profile: cProfile.Profile | None) -> Spent:
    spent = Spent(profile=profile)
    root = distribution()
    with timed(spent):
        async with indexed(root) as index:
            await inside(root, index, spent)
    return spent


PARTS: Final = ("django", "script", "broken")


async def measure(
    places: int, only: tuple[str, ...] = PARTS, profile: cProfile.Profile | None = None
) -> dict[str, Any]:
    figures: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    gc.freeze()  # both as `inglenook serve` has it
    gc.set_threshold(10_000, 20, 20)
    parts: dict[str, Callable[[], Awaitable[Spent]]] = {
        "django": lambda: at(django_places(places), profile),
        "script": lambda: at(script_places(places), profile),
        "broken": lambda: broken(profile),
    }
    for name in only:
        spent = await parts[name]()
        print(f"\n{name}: ms of CPU\n{table(spent.rows())}\n\n{table(spent.step_rows())}")
        print("slowest:", ", ".join(f"{ms:.1f} {where}" for ms, where in reversed(spent.slowest)))
        figures[name] = {"keys": spent.rows(), "steps": spent.step_rows()}
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--places", type=int, default=48, help="lines that are typed out")
    options.add_argument("--only", default=",".join(PARTS))
    options.add_argument("--profile", help="profile the keys, and write it to this file")
    given = options.parse_args()
    only = tuple(given.only.split(","))
    profile = cProfile.Profile() if given.profile else None
    figures = asyncio.run(measure(given.places, only, profile))
    if profile is not None:
        profile.dump_stats(given.profile)
    elif only == PARTS:
        save("context_speed", figures)


if __name__ == "__main__":
    main()
