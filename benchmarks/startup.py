"""Starting, resting and growing: ours beside bare pygls, run in turn.

    python -m benchmarks.startup [-n 15] [--completions 2000]

Two bare servers: one only says hello; the other imports aiohttp too and makes the HTTP calls that
ours makes up to its first completion, which are counted first.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.backend import Backend, backend
from benchmarks.figures import save, summary, table
from benchmarks.servers import OURS, PLAIN, environment, ours, resident_mb, settled
from benchmarks.sites import Site, sites
from benchmarks.typist import AUTOMATIC, Typist, rest
from tests.support.lsp_client import start

Times = dict[str, float]


async def _first(argv: Sequence[str], env: Mapping[str, str], site: Site, ask: bool) -> Times:
    """One start: ms from spawn to the answer to ``initialize``, and to the first completion."""
    spawned = time.monotonic()
    async with await start(argv, env) as client:
        await client.initialize()
        hello = time.monotonic()
        times = {"initialize": (hello - spawned) * 1000, "rss at hello": resident_mb(client)}
        if ask:
            typist = Typist(client, site)
            typist.open()
            key = await typist.key("a", AUTOMATIC)
            if not key.texts:
                raise AssertionError("the first completion is empty")
            times["completion"] = (time.monotonic() - spawned) * 1000
            await rest(300)
            times["rss"] = resident_mb(client)
        await client.shutdown()
    return times


async def starts(runs: int) -> dict[str, Any]:
    """Ours and the two bare servers in turn, so many times each."""
    site = sites()[1]
    seen: dict[str, list[Times]] = {"ours": [], "pygls": [], "pygls + aiohttp": []}
    async with backend(text="value_{n}") as fake, environment(fake) as env:
        calls = await _calls(fake, env, site)
        with_http = {**env, "BENCHMARK_HTTP": "1", "BENCHMARK_CALLS": " ".join(calls)}
        for _ in range(runs + 1):  # the first fills the system's caches
            seen["ours"].append(await _first(OURS, env, site, ask=True))
            seen["pygls"].append(await _first(PLAIN, env, site, ask=False))
            seen["pygls + aiohttp"].append(await _first(PLAIN, with_http, site, ask=True))
    rows = [{"server": name, **_medians(times[1:])} for name, times in seen.items()]
    mine, bare, http = rows
    return {
        "runs": runs,
        "calls": [*calls, "/completion"],
        "servers": rows,
        "initialize ratio": round(mine["initialize"] / bare["initialize"], 3),
        "completion ratio": round(mine["completion"] / http["completion"], 3),
    }


async def _calls(fake: Backend, env: Mapping[str, str], site: Site) -> list[str]:
    """The paths that ours gets before its first completion, in order."""
    await fake.reset()
    await _first(OURS, env, site, ask=True)
    paths = [each["path"] for each in (await fake.report())["requests"]]
    return [path for path in paths[: paths.index("/completion")] if path]


def _medians(times: list[Times]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in ("initialize", "completion", "rss at hello", "rss"):
        values = [each[name] for each in times if name in each]
        figures[name] = summary(values, 1)["median"] if values else None
        figures[f"{name} p95"] = summary(values, 1)["p95"] if values else None
    return figures


async def growth(completions: int) -> dict[str, Any]:
    """Resident megabytes after the first completion and after so many more, each after a key."""
    site = sites()[1]
    async with backend(text="value_{n}") as fake, ours(fake) as client:
        typist = Typist(client, site)
        typist.open(site.open_files)
        await settled(client)
        await typist.key("a")
        await rest(300)
        sizes = [(1, resident_mb(client))]
        for number in range(1, completions + 1):
            if number % 10 == 0:
                typist.rewrite(typist.fresh_word())
            await typist.key(typist.letter())
            await rest(5)
            if number % 250 == 0:
                await fake.reset()
                sizes.append((number, resident_mb(client)))
    first, last = sizes[0][1], sizes[-1][1]
    return {
        "completions": completions,
        "first MB": round(first, 1),
        "last MB": round(last, 1),
        "grown MB": round(last - first, 1),
        "grown after the first 250": round(last - sizes[1][1], 1) if len(sizes) > 1 else None,
        "curve": [[number, round(size, 1)] for number, size in sizes],
    }


async def measure(runs: int, completions: int) -> dict[str, Any]:
    figures = {"starts": await starts(runs)}
    print(table(figures["starts"]["servers"]))
    print({name: value for name, value in figures["starts"].items() if name != "servers"})
    figures["growth"] = await growth(completions)
    print(figures["growth"], flush=True)
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=15, help="starts of each server")
    options.add_argument("--completions", type=int, default=2000)
    given = options.parse_args()
    save("startup", asyncio.run(measure(given.n, given.completions)))


if __name__ == "__main__":
    main()
