"""What a key costs in each prompt layout: prompt tokens evaluated again, time to first token.

    python -m benchmarks.layouts_typing [--scale N] [--threads N] [--fresh] [--report]

A session types 30 characters in the middle of a 600-line file, then Enter, the first key of the
next line, and further lines at once, and asks the real engine each time; every request finishes.
Nothing but the engine is in the way: no cache of answers, no type-through, no prefetch. Every
session has a text of its own. Sessions are appended to a file in the development cache.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.layouts_engine import Engine, running
from benchmarks.layouts_text import Place, place_in, places
from benchmarks.layouts_variants import (
    GRID_8,
    GRID_8_LARGE,
    HEALED,
    HEALED_LARGE,
    PRODUCT,
    PSM,
    PSM_SLIDING,
    TORN,
    Variant,
    cursor_at,
)
from benchmarks.sites_data.build import build, load_sites
from tests.support.test_model import model_path

SEED: Final = 7
MAX_TOKENS: Final = 16
KINDS: Final = ("name", "blank", "mark")  # the keys that are typed
ENTER: Final = "enter"
OPENING: Final = "first key of the next line"
COLD: Final = "cold"

Row = dict[str, Any]

_CACHE: Final = model_path().parent
_ROWS: Final = _CACHE / "layouts_typing.jsonl"
_HERE: Final = Path(__file__).parent


# The layouts, and how many sessions of each are typed.
PLAN: Final = {
    PSM_SLIDING: 1,
    PSM: 3,
    TORN: 4,
    HEALED: 8,
    HEALED_LARGE: 2,
    GRID_8: 8,
    PRODUCT: 8,
    GRID_8_LARGE: 2,
}


def steps(place: Place) -> Iterator[tuple[str, str]]:
    """What kind of key was pressed, and all that was typed by then."""
    yield COLD, ""
    for count, key in enumerate(place.keys, 1):
        kind = "blank" if key.isspace() else "name" if key.isalnum() or key == "_" else "mark"
        yield kind, place.keys[:count]
    typed = place.keys
    for count, rest in enumerate(place.rests):
        typed += rest
        yield ENTER, typed
        if count == 0:
            yield OPENING, typed + place.opening


async def collect(files: Sequence[Path], scale: int, threads: int) -> None:
    """Type the sessions that `_ROWS` does not hold yet, a round of all layouts at a time."""
    done = {(row["layout"], row["session"]) for row in rows()}
    async with running(threads) as engine:
        with _ROWS.open("a", encoding="utf-8") as out:
            for number in range(scale * max(PLAN.values())):
                for order, (variant, sessions) in enumerate(PLAN.items()):
                    if number >= scale * sessions or (variant.name, number) in done:
                        continue
                    place = place_in(files[number % len(files)], 1000 * number + order)
                    row = await _session(engine, variant, place)
                    out.write(json.dumps(row | {"session": number, "threads": threads}) + "\n")
                    out.flush()


async def _session(engine: Engine, variant: Variant, place: Place) -> Row:
    keys = []
    for kind, typed in steps(place):
        cursor = cursor_at(place.before + typed, place.after)
        told = await engine.ask(variant.sent(cursor), MAX_TOKENS)
        keys.append(
            {
                "kind": kind,
                "tokens": told.tokens,
                "evaluated": told.evaluated,
                "first_ms": told.first_ms and round(told.first_ms, 1),
            }
        )
    return {"layout": variant.name, "load": os.getloadavg()[0], "keys": keys}


def rows() -> list[Row]:
    """All sessions so far."""
    if not _ROWS.exists():
        return []
    return [json.loads(line) for line in _ROWS.read_text("utf-8").splitlines()]


def summary(sessions: Sequence[Row]) -> list[Row]:
    """Per layout, medians and 90th percentiles over the keys of all its sessions."""
    table = []
    for variant in PLAN:
        own = [row for row in sessions if row["layout"] == variant.name]
        keys = [key for row in own for key in row["keys"]]
        if not keys:
            continue
        line: Row = {"layout": variant.name, "sessions": len(own)}
        line["load"] = round(median(row["load"] for row in own), 1)
        line["threads"] = sorted({row["threads"] for row in own})
        for title, kinds in (
            ("all keys", KINDS),
            *((kind, (kind,)) for kind in (*KINDS, ENTER, OPENING, COLD)),
        ):
            line[title] = _figures([key for key in keys if key["kind"] in kinds])
        table.append(line)
    return table


def _figures(keys: Sequence[Row]) -> Row:
    evaluated = [key["evaluated"] for key in keys if key["evaluated"] is not None]
    first = [key["first_ms"] for key in keys if key["first_ms"] is not None]
    return {
        "requests": len(keys),
        "finished": len(evaluated),
        "evaluated": _spread(evaluated),
        "first_ms": _spread(first),
    }


def _spread(values: Sequence[float]) -> list[int] | None:
    """Median and 90th percentile."""
    if not values:
        return None
    ordered = sorted(values)
    return [round(median(ordered)), round(ordered[min(len(ordered) - 1, len(ordered) * 9 // 10)])]


def show(table: Sequence[Row]) -> None:
    titles = ("all keys", *KINDS, ENTER, OPENING, COLD)
    for what in ("evaluated", "first_ms"):
        print(f"\n{what}: median / 90th percentile")
        print(f"{'layout':38} {'keys':>5}" + "".join(f"{title[:16]:>17}" for title in titles))
        for line in table:
            cells = [line[title][what] for title in titles]
            shown = [f"{cell[0]} / {cell[1]}" if cell else "-" for cell in cells]
            print(f"{line['layout']:38} {line['all keys']['finished']:5}"
                  + "".join(f"{cell:>17}" for cell in shown))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scale", type=int, default=1, help="so many times the sessions")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="forget earlier sessions")
    parser.add_argument("--report", action="store_true", help="ask nothing")
    options = parser.parse_args()
    if options.fresh:
        _ROWS.unlink(missing_ok=True)
    if not options.report:
        trees = _CACHE / "sites"
        trees.mkdir(parents=True, exist_ok=True)
        build((site.archive for site in load_sites() if site.lang == "python"), trees)
        asyncio.run(collect(places(trees, SEED), options.scale, options.threads))
    table = summary(rows())
    show(table)
    result = {
        "date": time.strftime("%Y-%m-%d"),
        "model": "Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
        "window": "SMALL unless the layout says LARGE",
        "max_tokens": MAX_TOKENS,
        "layouts": table,
    }
    target = _HERE / "results" / "layouts_typing.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
