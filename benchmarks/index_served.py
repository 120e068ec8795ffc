"""The server in a workspace of so many files, beside the same in a small and an empty one.

What a size must not change: how soon the server says hello, how soon it completes while its
index is being built, and what a key takes then and afterwards; and all its processes together
have a limit. The document stands in the workspace and takes names of other files from it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.backend import Backend, backend
from benchmarks.figures import summary
from benchmarks.index_trees import make
from benchmarks.servers import OURS, environment, indexing, settled
from benchmarks.sites import Site
from benchmarks.typist import AUTOMATIC, Typist, rest
from tests.support.lsp_client import LspClient, start

_SMALL: Final = 200  # files
_KEYS: Final = 60
_WORD: Final = 10  # keys, after which another word is begun
_AT: Final = 60  # the file that is open; it takes names from the one before it
_LINE: Final = "        return self.value + "
_BUILT: Final = 1_200.0  # seconds that building may take


def site(root: Path) -> Site:
    """A place in a made tree."""
    path = f"pkg{_AT // 50}/mod{_AT}.py"
    lines = (root / path).read_text().split("\n")
    number = next(at for at, line in enumerate(lines) if line.startswith(_LINE))
    rest, lines[number] = lines[number][len(_LINE) :], _LINE
    return Site("made", path, "\n".join(lines), number, len(_LINE), rest, ())


class Server:
    """One server in one workspace, and the most memory that its processes had."""

    def __init__(self, client: LspClient, spawned: float) -> None:
        self.client = client
        self.spawned = spawned
        self.peak_mb = 0.0

    @property
    def milliseconds(self) -> float:
        """Since the server was started."""
        return (time.monotonic() - self.spawned) * 1000

    async def watch(self) -> None:
        while True:
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(self.client.process.pid)
                resident = 0
                for each in (process, *process.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        resident += each.memory_info().rss
                self.peak_mb = max(self.peak_mb, resident / 2**20)
            await asyncio.sleep(0.1)

    def told(self, kind: str) -> bool:
        return indexing(self.client, kind)


@contextlib.asynccontextmanager
async def serving(fake: Backend, root: Path) -> AsyncIterator[tuple[Server, float]]:
    """A server that has just said hello, and the milliseconds that this took."""
    async with environment(fake) as env:
        spawned = time.monotonic()
        async with await start(OURS, env) as client:
            server = Server(client, spawned)
            await client.initialize(folders=[root.as_uri()])
            hello = server.milliseconds
            watching = asyncio.create_task(server.watch())
            try:
                yield server, hello
                await client.shutdown()
            finally:
                watching.cancel()


async def life(fake: Backend, root: Path) -> dict[str, Any]:
    """From the start of a server to a key in a workspace that is known."""
    async with serving(fake, root) as (server, hello):
        typist = Typist(server.client, site(root), root)
        typist.open()
        await _key(typist, "a")
        row: dict[str, Any] = {"initialize": hello, "first completion": server.milliseconds}
        if await _begun(server):
            row["building"] = await keys(typist)
            row["still building"] = not server.told("end")
            await server.client.until(lambda: server.told("end"), _BUILT)
        row["built s"] = server.milliseconds / 1000
        await settled(server.client)
        row["warm"] = await keys(typist)
    return {**row, "all MB": server.peak_mb}


async def building(fake: Backend, root: Path) -> float:
    """Milliseconds of the very first key, typed when the index is being built already."""
    async with serving(fake, root) as (server, _):
        typist = Typist(server.client, site(root), root)
        if not await _begun(server):
            raise AssertionError("the index was built before anything could be typed")
        typist.open()
        began = time.monotonic()
        await _key(typist, "a")
        spent = (time.monotonic() - began) * 1000
        if server.told("end"):
            raise AssertionError("the index was built before the first completion came")
    return spent


async def _begun(server: Server) -> bool:
    with contextlib.suppress(TimeoutError):
        await server.client.until(lambda: server.told("begin"), 4.0)
    return server.told("begin")


async def keys(typist: Typist) -> list[float]:
    times = []
    for number in range(_KEYS):
        if number % _WORD == 0:
            typist.rewrite(typist.fresh_word())
            await rest(40)
        times.append((await typist.key(typist.letter())).milliseconds)
        await rest(40)
    return times


async def _key(typist: Typist, letter: str) -> None:
    if not (await typist.key(letter, AUTOMATIC)).texts:
        raise AssertionError("a completion is empty")


async def hello(fake: Backend, root: Path) -> float:
    async with serving(fake, root) as (_, milliseconds):
        return milliseconds


async def beside(root: Path, files: int, runs: int) -> list[dict[str, Any]]:
    """Medians of workspaces of no, few and so many files (in ``root``), in turn."""
    empty, small = root.with_name("empty"), root.with_name("small")
    empty.mkdir()
    make(small, _SMALL)
    lives: dict[Path, list[dict[str, Any]]] = {small: [], root: []}
    hellos: dict[Path, list[float]] = {empty: [], small: [], root: []}
    first = []
    async with backend(text="value_{n}") as fake:
        await hello(fake, empty)  # fills the system's caches
        for _ in range(runs):
            for place, seen in lives.items():
                seen.append(await life(fake, place))
            for _ in range(5):
                for place, times in hellos.items():
                    times.append(await hello(fake, place))
            first.append(await building(fake, root))
    rows = [{"files": 0, "initialize": summary(hellos[empty])["median"]}]
    rows.append(_row(_SMALL, hellos[small], lives[small]))
    rows.append(_row(files, hellos[root], lives[root]) | {"first while building": max(first)})
    return rows


def _row(files: int, hellos: list[float], lives: list[dict[str, Any]]) -> dict[str, Any]:
    building_keys = [each for life in lives for each in life.get("building", ())]
    row = {
        "files": files,
        "initialize": summary(hellos)["median"],
        "first completion": max(life["first completion"] for life in lives),
        "a key, building": summary(building_keys)["median"] if building_keys else None,
        "p95, building": summary(building_keys)["p95"] if building_keys else None,
        "a key, warm": summary([each for life in lives for each in life["warm"]])["median"],
        "built s": max(life["built s"] for life in lives),
        "all MB": max(life["all MB"] for life in lives),
    }
    return {
        key: round(value, 1) if isinstance(value, float) else value for key, value in row.items()
    }
