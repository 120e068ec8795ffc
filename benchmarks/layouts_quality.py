"""What a prompt's layout costs in quality: the same sites, the real model, layout by layout.

    python -m benchmarks.layouts_quality [--sites N] [--threads N] [--fresh] [--report]

Each site of `sites_data` (Python, in a seeded order) is completed once in each layout, from the
current file alone, greedily, to the end of the line. Answers are appended to a file in the
development cache as they come, so a run goes on where it was stopped; ``--report`` only reads
them. All layouts of a site are asked one after another, which lets the engine keep their common
beginning. A whole run takes about 50 minutes with one thread.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from benchmarks.layouts_engine import Engine, running
from benchmarks.layouts_variants import (
    ALL_BLANKS,
    ALL_TYPED,
    BLOCK_3,
    BLOCK_8,
    BLOCK_8_DROPPED,
    BLOCK_16,
    DROPPED,
    GRID_8,
    GRID_8_ALL_BLANKS,
    HEALED,
    NO_MARKS,
    PSM,
    PSM_HEALED,
    TORN,
    WHOLE_WORD,
    Variant,
    cursor_at,
)
from benchmarks.sites_data.build import Site, build, load_sites, read_site
from benchmarks.sites_data.completion import METRICS, closeness
from tests.support.test_model import model_path

SEED: Final = 1
MAX_TOKENS: Final = 32
RESAMPLES: Final = 5000
# On how many sites, in the seeded order, each layout is tried; those that share the longest
# beginnings stand side by side.
PLAN: Final = {
    HEALED: 200,
    TORN: 200,
    DROPPED: 200,
    WHOLE_WORD: 200,
    NO_MARKS: 200,
    ALL_BLANKS: 200,
    PSM: 200,
    PSM_HEALED: 200,
    BLOCK_3: 200,
    BLOCK_8: 200,
    BLOCK_8_DROPPED: 200,
    BLOCK_16: 100,
    ALL_TYPED: 60,
    GRID_8: 200,
    GRID_8_ALL_BLANKS: 200,
}

Row = dict[str, Any]

_CACHE: Final = model_path().parent
_ROWS: Final = _CACHE / "layouts_quality.jsonl"
_TREES: Final = _CACHE / "sites"
_HERE: Final = Path(__file__).parent


def python_sites() -> list[Site]:
    """The Python sites in the order in which they are asked."""
    sites = [s for s in load_sites() if s.lang == "python"]
    random.Random(SEED).shuffle(sites)
    return sites


async def collect(sites: Sequence[Site], threads: int) -> None:
    """Ask for what `_ROWS` does not hold yet."""
    done = {(row["id"], row["layout"]) for row in rows()}
    async with running(threads) as engine:
        with _ROWS.open("a", encoding="utf-8") as out:
            for number, site in enumerate(sites):
                wanted = [v for v, n in PLAN.items() if number < n]
                wanted = [v for v in wanted if (site.id, v.name) not in done]
                for variant in wanted:
                    out.write(json.dumps(await _row(engine, site, variant)) + "\n")
                    out.flush()


async def _row(engine: Engine, site: Site, variant: Variant) -> Row:
    shown = read_site(site, _TREES)
    sent = variant.sent(cursor_at(shown.prefix, shown.suffix))
    told = await engine.ask(sent, MAX_TOKENS)
    return {
        "id": site.id,
        "layout": variant.name,
        "text": told.text,
        "failed": told.failed,
        "heal": sent.rendered.heal,
        "tokens": told.tokens,
        "evaluated": told.evaluated,
        "ms": round(told.total_ms),
        **dict(zip(METRICS, astuple(closeness(site, shown, told.text)), strict=True)),
    }


def rows() -> list[Row]:
    """All answers so far."""
    if not _ROWS.exists():
        return []
    return [json.loads(line) for line in _ROWS.read_text("utf-8").splitlines()]


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean, resampling sites."""
    rng = random.Random(SEED)
    size = len(differences)
    means = sorted(sum(rng.choices(differences, k=size)) / size for _ in range(RESAMPLES))
    return means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]


def compare(found: Sequence[Row]) -> list[Row]:
    """For each layout: its measures, and those of PSM on the same sites, in per cent."""
    answers = {variant.name: _of(found, variant.name) for variant in PLAN}
    psm = answers[PSM.name]
    for dropped in (DROPPED.name, BLOCK_8_DROPPED.name):
        answers[f"{dropped}, else psm"] = {
            key: psm[key] if row["failed"] else row
            for key, row in answers[dropped].items()
            if key in psm
        }
    table = []
    for name, own in answers.items():
        if ids := sorted(own.keys() & psm.keys()):
            table.append({"layout": name} | _line([own[i] for i in ids], [psm[i] for i in ids]))
    return table


def _of(found: Sequence[Row], layout: str) -> dict[str, Row]:
    return {row["id"]: row for row in found if row["layout"] == layout}


def _line(own: Sequence[Row], psm: Sequence[Row]) -> Row:
    line: Row = {"sites": len(own), "empty": sum(not row["text"].strip() for row in own)}
    for metric in METRICS:
        differences = [100 * (a[metric] - b[metric]) for a, b in zip(own, psm, strict=True)]
        line[metric] = {
            "mean": _rounded(100 * fmean(row[metric] for row in own)),
            "difference": _rounded(fmean(differences)),
            "interval": [_rounded(end) for end in interval(differences)],
            "won": sum(d > 0 for d in differences),
            "lost": sum(d < 0 for d in differences),
        }
    return line


def _rounded(value: float) -> float:
    return round(value, 1) + 0.0


def show(table: Sequence[Row]) -> None:
    """All in per cent; won and lost are sites, differences are to PSM on the same sites."""
    print(f"{'layout':42} sites empty   hit  difference [95 %]      won lost  exact        edit")
    for line in table:
        hit, exact, edit = (line[m] for m in ("identifier_hit", "exact_match", "edit_similarity"))
        low, high = hit["interval"]
        print(
            f"{line['layout']:42} {line['sites']:5} {line['empty']:5} {hit['mean']:5.1f}"
            f" {hit['difference']:+6.1f} [{low:+5.1f}, {high:+5.1f}]"
            f" {hit['won']:5} {hit['lost']:4}"
            f" {exact['mean']:6.1f} ({exact['difference']:+5.1f})"
            f" {edit['mean']:5.1f} ({edit['difference']:+5.1f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="forget earlier answers")
    parser.add_argument("--report", action="store_true", help="ask nothing")
    options = parser.parse_args()
    if options.fresh:
        _ROWS.unlink(missing_ok=True)
    if not options.report:
        sites = python_sites()[: options.sites]
        _CACHE.mkdir(parents=True, exist_ok=True)
        build((site.archive for site in sites), _TREES)
        asyncio.run(collect(sites, options.threads))
    table = compare(rows())
    show(table)
    result = {
        "date": time.strftime("%Y-%m-%d"),
        "model": "Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
        "window": "SMALL",
        "max_tokens": MAX_TOKENS,
        "layouts": table,
    }
    target = _HERE / "results" / "layouts_quality.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
