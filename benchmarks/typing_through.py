"""Typing a right answer out: what it costs the backend and how fast the rest of it is shown.

    python -m benchmarks.typing_through [-n 20]

After its first answer the backend only says something else, so every later right text can come
from nowhere but the server's own memory. A wrong character at the end drops it.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.backend import Backend, backend
from benchmarks.figures import save, summary, table
from benchmarks.servers import ours, settled
from benchmarks.sites import Site, long_site, sites
from benchmarks.typist import AUTOMATIC, Key, Typist, rest

_BETWEEN: Final = 60.0  # ms between keys
_ELSE: Final = "other_{n}"  # what the backend says after its first answer
_RIGHT: Final = {
    "S1": "_default_manager.filter(kind={k}).all()",
    "S2": "defaults, kind={k}, **kwargs)",
    "S3": "qs = self.model._default_manager.get_queryset({k})",
    "long": "defaults, kind={k}, **kwargs)",
}


@dataclass(slots=True)
class _Seen:
    """Of all rounds at one site: requests, times, and keys that were answered otherwise."""

    keys: int = 0
    requests: int = 0
    speculative: int = 0
    wrong: int = 0
    kept: int = 0  # answers that still held the old text after the wrong character
    outside: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)


async def at(site: Site, rounds: int) -> dict[str, Any]:
    seen = _Seen()
    async with backend() as fake, ours(fake, timings=True) as client:
        typist = Typist(client, site)
        typist.open(site.open_files)
        await settled(client)
        for number in range(rounds):
            # A comment above the cursor makes each round a place of its own.
            await _round(fake, typist, _RIGHT[site.name].replace("{k}", str(100 + number)), seen)
    return {
        "site": site.name,
        "lines": site.lines,
        "rounds": rounds,
        "keys": seen.keys,
        "requests a round": round(seen.requests / rounds, 2),
        "speculative": round(seen.speculative / rounds, 2),
        "other answers": seen.wrong,
        "inside: median": summary(seen.inside, 3)["median"],
        "inside: p95": summary(seen.inside, 3)["p95"],
        "outside: median": summary(seen.outside)["median"],
        "outside: p95": summary(seen.outside)["p95"],
        "kept after a wrong key": seen.kept,
    }


async def _round(fake: Backend, typist: Typist, right: str, seen: _Seen) -> None:
    await fake.script(text=right)
    typist.rewrite("")
    typist.mark_above()
    await rest(100)
    await fake.reset()
    first = await typist.ask(AUTOMATIC)
    if first.texts != [right]:
        raise AssertionError("the first answer is not what the backend said")
    await fake.script(text=_ELSE)
    keys = [first]
    for typed, letter in enumerate(right[:-1], start=1):
        await rest(_BETWEEN)
        key = await _timed(typist, letter, seen)
        seen.wrong += key.texts != [right[typed:]]
        keys.append(key)
    requests = await fake.requests()
    asked = sum(any(key.sent <= each.read_ns <= key.received for key in keys) for each in requests)
    seen.requests += asked
    seen.speculative += len(requests) - asked
    seen.keys += len(right) - 1
    wrong = await typist.key("~" if right[-1] != "~" else "#", AUTOMATIC)
    seen.kept += any(not text.startswith("other_") for text in wrong.texts)


async def _timed(typist: Typist, letter: str, seen: _Seen) -> Key:
    before = len(typist.client.seen("inglenook/completionReport"))
    key = await typist.key(letter, AUTOMATIC)
    told = typist.client.seen("inglenook/completionReport")[before:]
    if len(told) == 1 and told[0]["cached"]:
        seen.inside.append(told[0]["ms"]["total"])
        seen.outside.append(key.milliseconds)
    return key


async def measure(rounds: int) -> list[dict[str, Any]]:
    figures = [await at(site, rounds) for site in (*sites(), long_site())]
    print(table(figures))
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=20, help="rounds at each site")
    save("typing_through", asyncio.run(measure(options.parse_args().n)))


if __name__ == "__main__":
    main()
