"""From a key to its ghost text: acceptance of the time that a completion adds to the model's.

    python -m benchmarks.latency [-n 200] [--only sites,automatic,slow,broken,turns] [--workspace]

Every key is an edit and a request; a time runs from the first byte of the edit on the server's
stdin to the whole answer on its stdout. The backend is a fake without latency, over real HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from benchmarks import automatic, broken, turns
from benchmarks.backend import Backend, backend
from benchmarks.figures import save, summary, table
from benchmarks.index_trees import distribution
from benchmarks.prompts import Held, calls_near, held, names_near
from benchmarks.servers import ours, plain, settled
from benchmarks.sites import Site, long_site, sites
from benchmarks.typist import Key, Typist, rest

ANSWERS: Final = {
    "S1": "_manager_{n}.all()",
    "S2": "defaults_{n}, **kwargs)",
    "S3": "qs_{n} = self.get_ordering(request)",
    "long": "defaults_{n}, **kwargs)",
}
_WARM_UP: Final = 20
_LETTERS: Final = 10  # of a word, after its fresh beginning
_BETWEEN: Final = 40.0  # ms from an answer to the other server's next key


async def cell(
    fake: Backend, site: Site, files: int, count: int, folder: Path | None = None
) -> dict[str, Any]:
    """One place with so many open files: ours and bare pygls, key by key in turn."""
    await fake.script(text=ANSWERS[site.name])
    async with AsyncExitStack() as stack:
        mine = await stack.enter_async_context(ours(fake, folder=folder))
        bare = await stack.enter_async_context(plain())
        typists = Typist(mine, site, folder), Typist(bare, site, folder)
        for typist in typists:
            typist.open(site.open_files[:files])
            await settled(typist.client)
        await fake.reset()
        keys: tuple[list[Key], list[Key]] = ([], [])
        for number in range(count + _WARM_UP):
            for typist, done in zip(typists, keys, strict=True):
                if number % _LETTERS == 0:
                    typist.rewrite(typist.fresh_word())
                    await rest(_BETWEEN)
                done.append(await typist.key(typist.letter()))
                await rest(_BETWEEN)
        _check_answers(keys[0])
        prompts = await _prompts(fake, keys[0], site)
    times = [[key.milliseconds for key in done[_WARM_UP:]] for done in keys]
    return {
        "site": site.name,
        "lines": site.lines,
        "open_files": files,
        "ours": summary(times[0]),
        "pygls": summary(times[1]),
        "prompts": prompts,
    }


def _check_answers(keys: list[Key]) -> None:
    """Each key was answered with texts that no key was answered with before."""
    texts = [text for key in keys for text in key.texts]
    empty = sum(not key.texts for key in keys)
    if empty or len(set(texts)) < len(texts):
        raise AssertionError(f"{empty} empty answers, {len(texts) - len(set(texts))} repeated")


async def _prompts(fake: Backend, keys: list[Key], site: Site) -> dict[str, Any]:
    """What the requests of the keys held of other files; speculative ones are counted apart."""
    requests = await fake.requests(bodies=True)
    spans = [(key.sent, key.received) for key in keys]
    real = [each for each in requests if any(a <= each.read_ns <= b for a, b in spans)]
    names = calls_near(site), names_near(site)
    each = [held(request.prompt, *names) for request in real]
    least = min(each, key=lambda held: held.characters)
    return {
        "requests_per_key": round(len(real) / len(keys), 2),
        "speculative_per_key": round((len(requests) - len(real)) / len(keys), 2),
        "prompt_characters": max(len(request.prompt) for request in real),
        "other_files_characters": least.characters,
        "other_files": min(len(held.files) for held in each),
        "called_share": round(min(held.called for held in each), 2),
        "used_share": round(min(held.used for held in each), 2),
        "all_good": all(held.good for held in each),
        "example": _example(each[-1]),
    }


def _example(held: Held) -> dict[str, Any]:
    return {"files": held.files, "called_definitions": held.names, "text": held.text}


def row(figures: dict[str, Any]) -> dict[str, Any]:
    mine, bare, prompts = figures["ours"], figures["pygls"], figures["prompts"]
    return {
        "site": figures["site"],
        "lines": figures["lines"],
        "files": figures["open_files"],
        "median": mine["median"],
        "p95": mine["p95"],
        "pygls": bare["median"],
        "pygls p95": bare["p95"],
        "ratio": mine["median"] / bare["median"],
        "n": mine["n"],
        "requests/key": prompts["requests_per_key"],
        "chars of files": prompts["other_files_characters"],
        "from": prompts["other_files"],
        "called": prompts["called_share"],
        "used": prompts["used_share"],
    }


async def at_sites(count: int, folder: Path | None) -> list[dict[str, Any]]:
    figures = []
    async with backend() as fake:
        for site in (*sites(), long_site()):
            for files in (0, 6):
                figures.append(await cell(fake, site, files, count, folder))
                print(table([row(figures[-1])]), flush=True)
    examples = {
        each["prompts"]["example"]["text"]
        for each in figures
        if each["open_files"] and each["site"] != "long"
    }
    if len(examples) < 3:
        raise AssertionError("the prompts of different sites hold the same of other files")
    return figures


PARTS: Final = ("sites", "automatic", "slow", "broken", "turns")


async def measure(
    count: int, only: tuple[str, ...] = PARTS, *, workspace: bool = False
) -> dict[str, Any]:
    """With ``workspace`` the whole of Django is the workspace, and indexed."""
    folder = distribution() if workspace else None
    figures: dict[str, Any] = {}
    if "sites" in only:
        figures["sites"] = await at_sites(count, folder)
        print(table([row(each) for each in figures["sites"]]), flush=True)
    if "automatic" in only:
        figures["automatic"] = await automatic.added_wait(max(count // 2, 20))
        print(table(figures["automatic"]), flush=True)
    if "slow" in only:
        figures["slow"] = await automatic.slow_model()
        print(table([figures["slow"]]), flush=True)
    if "broken" in only:
        figures["broken"] = await broken.measure(count, folder)
        print(table(figures["broken"]), flush=True)
    if "turns" in only:
        figures["turns"] = await turns.measure(count, folder)
        print(table([turns.row(each) for each in figures["turns"]]), flush=True)
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=200, help="keys in each cell")
    options.add_argument("--only", default=",".join(PARTS))
    options.add_argument("--workspace", action="store_true", help="Django's 2,818 files, indexed")
    given = options.parse_args()
    only = tuple(given.only.split(","))
    figures = asyncio.run(measure(given.n, only, workspace=given.workspace))
    if only == PARTS:
        save("latency_workspace" if given.workspace else "latency", figures)


if __name__ == "__main__":
    main()
