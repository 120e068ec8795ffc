"""What a review costs somebody who types, and what typing costs the review: one real engine.

    python -m benchmarks.review_typing [--seconds 170] [--keys 20]

Our server and ``inglenook review`` of the labelled set's functions share one llama.cpp engine with
Qwen2.5-Coder-0.5B, and the file that tells of typing. Three times as long as said: typing alone,
the review alone, both. Who types does so in bursts of some keys, each with a completion and a rest
after its answer; a pause takes as long as the burst before it.
The first key of a burst is told on its own, for it may have to end a question of the review. The
review's throughput are the pieces that were reviewed in its time. With other numbers than these
nothing is saved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.backend import Backend
from benchmarks.figures import save, summary, table
from benchmarks.review_cases.cases import cases
from benchmarks.servers import ours, settled
from benchmarks.sites import Site
from benchmarks.typist import AUTOMATIC, Typist, rest
from tests.support.lsp_client import LspClient
from tests.support.real_engine import Plan, RealEngine, real_engine

_SECONDS: Final = 170.0  # in a minute a small machine answers three questions
_KEYS: Final = 20  # of a burst
_PATIENCE: Final = 600.0  # seconds that an answer may take
_BETWEEN: Final = 120.0  # ms after an answer until the next key
_CODE: Final = '''\
def total(items):
    """The sum of the prices of all items."""
    result = 0
    for item in items:
        result += item.price
    return result


def average(items):
    """The mean price, 0 without items."""
    count =\u0020
'''
_TYPED: Final = "len(items) if items else total_of_all_the_items_that_are_there_now "
_SITE: Final = Site("review", "cart.py", _CODE, 10, len("    count = "), "", ())


@dataclass(slots=True)
class Typed:
    """Milliseconds from a key to the end of the answer."""

    first: list[float] = field(default_factory=list)  # of a burst
    other: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = {"keys": len(self.first) + len(self.other)}
        for name, times in (("first", self.first), ("other", self.other)):
            if times:
                each = summary(times, 1)
                found |= {f"{name}: median": each["median"], f"{name}: p95": each["p95"]}
        return found


async def measure(seconds: float, keys: int) -> dict[str, Any]:
    with (
        real_engine(Plan()) as engine,
        tempfile.TemporaryDirectory(prefix="inglenook-typing-") as home,
    ):
        variables = _variables(Path(home), engine)
        tree = _tree(Path(home) / "tree")
        async with _server(engine, variables) as client:
            typist = Typist(client, _SITE, limit=_PATIENCE)
            typist.open()
            await settled(client)
            await typist.ask(AUTOMATIC)  # the model is warm
            alone = await _typing(typist, seconds, keys)
            reviewed = await _review(tree, variables, seconds, "alone")
            began = asyncio.create_task(_review(tree, variables, seconds, "both"))
            beside = await _typing(typist, seconds, keys)
            both = await began
    rows = [
        {"what": "typing alone", **alone.figures()},
        {"what": "review alone", **reviewed},
        {"what": "both", **beside.figures(), **both},
    ]
    ratios = {"load": round(os.getloadavg()[0], 1)}
    if alone.other and beside.other:
        p95 = [summary(each.other)["p95"] for each in (beside, alone)]
        ratios["latency p95, times"] = round(p95[0] / p95[1], 2)
    if reviewed["reviewed"]:
        ratios["throughput kept"] = round(both["reviewed"] / reviewed["reviewed"], 2)
    print(table(rows))
    print(ratios)
    return {"seconds": seconds, "keys": keys, "rows": rows, **ratios}


async def _typing(typist: Typist, seconds: float, keys: int) -> Typed:
    found = Typed()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        typist.rewrite("")
        typist.mark_above()  # a place that the server has no answer for
        began = time.monotonic()
        for at in range(keys):
            key = await typist.key(_TYPED[at % len(_TYPED)], AUTOMATIC)
            (found.other if at else found.first).append(key.milliseconds)
            await rest(_BETWEEN)
        await asyncio.sleep(time.monotonic() - began)
    return found


async def _review(
    tree: Path, variables: dict[str, str], seconds: float, name: str
) -> dict[str, Any]:
    """How many questions a review of the tree was answered in this time."""
    state = {
        "INGLENOOK_CACHE_DIR": f"{tree}-{name}-cache",  # nothing is known from the last time
        "INGLENOOK_STATE_DIR": f"{tree}-{name}-state",
    }
    words = ("review", ".", "--reviewers", "correctness", "--format", "json", "--index-seconds=0")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inglenook", *words, f"--max-time={seconds}"),
        cwd=tree,
        env={**os.environ, **variables, **state},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    coverage = json.loads(out)["coverage"]
    return {key: coverage[key] for key in ("asked", "reviewed", "prompt_tokens", "tokens")}


def _tree(tree: Path) -> Path:
    tree.mkdir()
    for case in cases():
        (tree / f"{case.name.replace('-', '_')}.py").write_text(case.after)
    return tree


def _variables(home: Path, engine: RealEngine) -> dict[str, str]:
    config = home / "config.yaml"
    config.write_text(
        "models:\n"
        f"  - {{name: real, provider: llama.cpp, model: qwen2.5-coder, apiBase: '{engine.url}',\n"
        f"     apiKey: '{engine.key}', roles: [autocomplete, chat]}}\n"
    )
    return {
        "INGLENOOK_CONFIG": str(config),
        "INGLENOOK_RUNTIME_DIR": str(home / "run"),
        "INGLENOOK_MODELS_DIR": str(home / "models"),
        "INGLENOOK_PROBE": "off",
    }


@asynccontextmanager
async def _server(engine: RealEngine, variables: dict[str, str]) -> AsyncIterator[LspClient]:
    port = int(engine.url.rpartition(":")[2])
    async with ours(Backend(port), **variables) as client:
        yield client


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.review_typing", description=__doc__
    )
    options.add_argument("--seconds", type=float, default=_SECONDS, help="of each of the three")
    options.add_argument("--keys", type=int, default=_KEYS, help="between two pauses")
    given = options.parse_args()
    found = asyncio.run(measure(given.seconds, given.keys))
    if (given.seconds, given.keys) == (_SECONDS, _KEYS):
        save("review_typing", found)


if __name__ == "__main__":
    main()
