"""The first answer after a restart, at a place that was completed before.

    python -m benchmarks.warm_restart [-n 30]

Each restart is a new process with the cache of the one before. The backend counts: it must not be
asked to generate the answer again.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.backend import backend
from benchmarks.figures import save, summary, table
from benchmarks.servers import ours, settled
from benchmarks.sites import Site, sites
from benchmarks.typist import AUTOMATIC, Typist

_ANSWERS = {"S1": "answer_{n}()", "S2": "answer_{n}, **kwargs)"}  # what fits at each site


async def _at(site: Site, restarts: int) -> dict[str, Any]:
    outside: list[float] = []
    inside: list[float] = []
    cached = 0
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        async with backend(text=_ANSWERS[site.name]) as fake:
            for number in range(restarts + 1):
                kept = {"INGLENOOK_CACHE_DIR": str(Path(home) / "cache")}
                async with ours(fake, timings=True, provider="ollama", **kept) as client:
                    typist = Typist(client, site)
                    typist.open()
                    await settled(client)
                    key = await typist.ask(AUTOMATIC)
                    assert key.texts, "the answer does not fit the site"
                    await client.until(lambda: bool(client.seen("inglenook/completionReport")))
                    report = client.seen("inglenook/completionReport")[0]
                if number:
                    cached += report["cached"]
                    outside.append(key.milliseconds)
                    inside.append(report["ms"]["total"])
    return {
        "site": site.name,
        "lines": site.lines,
        "restarts": restarts,
        "from the disk": cached,
        "ms at the editor": summary(outside),
        "ms in the server": summary(inside),
    }


async def measure(restarts: int) -> list[dict[str, Any]]:
    rows = [await _at(site, restarts) for site in sites()[:2]]
    print(table(rows))
    return rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=30, help="restarts at each place")
    save("warm_restart", asyncio.run(measure(options.parse_args().n)))


if __name__ == "__main__":
    main()
