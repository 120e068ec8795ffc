"""The index of a workspace: built, restarted, kept up to date, read, and typed beside.

    python -m benchmarks.index [-n 5] [--files 100000] [--only django,made]

*beside* is the whole server in workspaces of no, 200 and so many files (`index_served.py`).
Wall-clock times are of a machine with whatever else it does (its load is noted); CPU seconds are
of the worker and its parsers. Memory is resident memory, of all processes together.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.figures import save, summary, table
from benchmarks.index_served import beside
from benchmarks.index_trees import distribution, make, package
from inglenook.engine import sensitive
from inglenook.workspace.index import Index

_SECRET: Final = sensitive.SECRET
_SAVES: Final = 10
PARTS: Final = ("django", "made")


class Watched:
    """An index with what its processes cost."""

    def __init__(self, root: Path, store: Path) -> None:
        self.index = Index([root], store, secret=_SECRET)
        self.began = time.monotonic()
        self.peak_mb = 0.0
        self.cpu: dict[int, float] = {}
        self._task = asyncio.create_task(self._watch())
        self.index.start()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def cpu_seconds(self) -> float:
        return round(sum(self.cpu.values()), 2)

    async def _watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(0.05)

    def look(self) -> None:
        resident = 0
        for process in _processes():
            with contextlib.suppress(psutil.Error):
                self.cpu[process.pid] = sum(process.cpu_times()[:2])
                resident += process.memory_info().rss
        self.peak_mb = max(self.peak_mb, resident / 2**20)

    async def close(self) -> None:
        self.look()
        self._task.cancel()
        await self.index.close()


def _processes() -> list[psutil.Process]:
    """The worker and its parsers."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "inglenook.workspace.worker" in child.cmdline():
                found += [child, *child.children()]
    return found


@contextlib.asynccontextmanager
async def watched(root: Path, store: Path) -> AsyncIterator[Watched]:
    one = Watched(root, store)
    try:
        yield one
    finally:
        await one.close()


async def tree(name: str, source: Path, runs: int) -> dict[str, Any]:
    """One tree: cold, restarted, files saved one by one, and read."""
    cold, warm, cpu, warm_cpu, peaks = [], [], [], [], []
    saves: list[float] = []
    reads: dict[str, Any] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as directory:
            store = Path(directory) / "store"
            root = Path(shutil.copytree(source, Path(directory) / source.name))
            async with watched(root, store) as one:
                await one.index.settled()
                cold.append(one.seconds)
            cpu.append(one.cpu_seconds)
            peaks.append(one.peak_mb)
            async with watched(root, store) as one:
                await one.index.settled()
                warm.append(one.seconds * 1000)
                one.look()
                warm_cpu.append(one.cpu_seconds * 1000)
                reads = read(one.index, root)
                await asyncio.sleep(1)  # until a parser waits for the next save
                saves += await saved(one.index, root)
    return {
        "tree": name,
        "files": len(list(source.rglob("*.py"))),
        "cold s": round(statistics.median(cold), 2),
        "cold CPU s": round(statistics.median(cpu), 2),
        "restart ms": round(statistics.median(warm), 1),
        "restart CPU ms": round(statistics.median(warm_cpu), 1),
        "save ms": summary(saves)["median"],
        "save p95": summary(saves)["p95"],
        "peak MB": round(max(peaks), 1),
        **reads,
    }


async def saved(index: Index, root: Path) -> list[float]:
    """Milliseconds from a save to the new facts, of some files; the files are as before after."""
    files = sorted(root.rglob("*.py"))
    times = []
    for number, file in enumerate(files[:: max(1, len(files) // _SAVES)]):
        old = file.read_bytes()
        path = file.relative_to(root).as_posix()
        if index.facts(path) is None:
            continue
        name = f"saved_{number}_{time.monotonic_ns()}"
        try:
            file.write_bytes(old + f"\ndef {name}(): ...\n".encode())
            began = time.monotonic()
            index.changed([file])
            while (facts := index.facts(path)) is None or name not in facts.defines:
                await asyncio.sleep(0.0002)
            times.append((time.monotonic() - began) * 1000)
        finally:
            file.write_bytes(old)
        index.changed([file])
        await index.settled()
    return times


def read(index: Index, root: Path) -> dict[str, float]:
    """Microseconds of the calls that the event loop makes."""
    paths = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.py"))][:5_000]

    def each(call: Callable[[str], object]) -> float:
        times = []
        for path in paths:
            began = time.perf_counter()
            call(path)
            times.append((time.perf_counter() - began) * 1e6)
        return round(statistics.median(times), 1)

    return {
        "facts us": each(index.facts),
        "kept us": each(lambda _path: index.facts(paths[-1])),
        "exists us": each(index.exists),
        "absent us": each(lambda path: index.exists(f"src/{path}i")),
        "named us": each(lambda path: index.named(path.rpartition("/")[2][:-3])),
    }


async def made(count: int, runs: int) -> dict[str, Any]:
    """A workspace of so many files."""
    figures: dict[str, Any] = {"files": count}
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as directory:
        root = Path(directory) / "made"
        make(root, count)
        figures["beside"] = await beside(root, count, runs)
        print(table(figures["beside"]), flush=True)
        async with watched(root, Path(directory) / "store") as one:
            await one.index.walked()
            figures["walked s"] = round(one.seconds, 2)
            await one.index.settled()
            figures["cold s"] = round(one.seconds, 1)
        figures |= {"cold CPU s": one.cpu_seconds, "peak MB": round(one.peak_mb, 1)}
        files = (Path(directory) / "store").iterdir()
        figures["store MB"] = round(sum(file.stat().st_size for file in files) / 2**20, 1)
        async with watched(root, Path(directory) / "store") as one:
            await one.index.settled()
            figures["restart s"] = round(one.seconds, 2)
            figures |= read(one.index, root)
            await asyncio.sleep(1)
            figures["save ms"] = summary(await saved(one.index, root))["median"]
    return figures


async def measure(runs: int, files: int, only: tuple[str, ...] = PARTS) -> dict[str, Any]:
    figures: dict[str, Any] = {"load at the start": round(os.getloadavg()[0], 1)}
    if "django" in only:
        rows = [await tree("django/", package(), runs), await tree("sdist", distribution(), runs)]
        figures["django"] = rows
        print(table(rows), flush=True)
    if "made" in only:
        figures["made"] = await made(files, max(1, runs // 2))
        print(table([{k: v for k, v in figures["made"].items() if k != "beside"}]), flush=True)
    figures["load at the end"] = round(os.getloadavg()[0], 1)
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=5, help="runs of each")
    options.add_argument("--files", type=int, default=100_000, help="in the made tree")
    options.add_argument("--only", default=",".join(PARTS))
    given = options.parse_args()
    only = tuple(given.only.split(","))
    figures = asyncio.run(measure(given.n, given.files, only))
    print({name: value for name, value in figures.items() if name.startswith("load")})
    if only == PARTS:
        save("index", figures)


if __name__ == "__main__":
    main()
