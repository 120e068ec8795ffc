"""The CPU time of the turns of the server's event loop while somebody types, also broken code."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.backend import backend
from benchmarks.broken import OPENERS, type_words
from benchmarks.figures import percentile
from benchmarks.servers import TRACED, ours, settled
from benchmarks.sites import Site, long_site, sites
from benchmarks.typist import Typist, rest


async def measure(count: int, folder: Path | None = None) -> list[dict[str, Any]]:
    return [await _at(site, count, folder) for site in (sites()[1], long_site())]


async def _at(site: Site, count: int, folder: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        report = Path(home) / "turns.json"
        async with (
            backend(text="value_{n}") as fake,
            ours(fake, TRACED, folder=folder, BENCHMARK_TURNS=str(report)) as client,
        ):
            typist = Typist(client, site, folder)
            typist.open(site.open_files)
            await settled(client)
            for number in range(count):
                if number % 10 == 0:
                    typist.rewrite(typist.fresh_word())
                await typist.key(typist.letter())
                await rest(60)
            for opener in OPENERS.values():
                await type_words(typist, opener, count)
                await rest(1500)  # so that what was put off is done
        told = json.loads(report.read_text(encoding="utf-8"))
    turns = told["turns"]
    return {
        "lines": site.lines,
        "turns": len(turns),
        "p99_ms": round(percentile(turns, 0.99), 2),
        "p99.9_ms": round(percentile(turns, 0.999), 2),
        "max_ms": round(max(turns), 2),
        "over_20_ms": sum(turn > 20 for turn in turns),
        "longest": [[round(spent, 1), name] for spent, name in told["longest"][:8]],
    }


def row(figures: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in figures.items() if key != "longest"}
