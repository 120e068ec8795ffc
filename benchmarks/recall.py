"""Whether the prompt shows the definitions that a completion needs, at 300 places in public code.

    python -m benchmarks.recall [--misses] [--odd]

For each site of `sites_data` the definitions of other files are chosen for a cursor in the masked
file, with the package's other files known, for budgets of 512 and 1,024 tokens (counted by the
Qwen tokenizer, paths included). The rule of what counts is that of `sites_data/recall.py`. The
ranking was tuned on the sites of even number; ``--odd`` reports the others alone. Misses are
told by cause: the definition was not found at all, or it was not chosen.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.figures import percentile, save, table
from benchmarks.site_files import TREES, Prepared, prepare
from benchmarks.sites_data.build import Gold, build, load_sites
from benchmarks.sites_data.recall import recalled
from inglenook.models.http import HttpClient
from inglenook_context.choice import choose, snippets
from inglenook_context.resolve import Resolver
from tests.support.real_engine import Plan, real_engine

BUDGETS: Final = (512, 1_024)  # tokens
_CHARACTERS: Final = 3.3  # of a token, by which a choice is made; the count is checked after
_UNLIMITED: Final = 1_000_000
_RESAMPLES: Final = 2_000
# Of the sites' README: recall of sites with all their items, in per cent.
_BASELINES: Final = (
    ("the first line of every imported name", "python", 21.0, 21.0),
    ("the first 40 lines of every imported file", "python", 7.0, 10.0),
    ("the first line of every imported name", "typescript", 8.0, 9.0),
    ("the first 40 lines of every imported file", "typescript", 3.0, 5.0),
)


@dataclass(frozen=True)
class Shown:
    """What was chosen for a site within a budget, and the milliseconds that it took."""

    prepared: Prepared
    text: str
    tokens: int
    milliseconds: float

    def hit(self, gold: Gold) -> bool:
        return recalled(gold, self.text)


def context_of(prepared: Prepared, characters: int) -> tuple[str, float]:
    """The text from other files for a budget, with everything but the cursor known before."""
    resolver = Resolver(prepared.files)
    choose(prepared.candidates(resolver), resolver, characters)
    started = time.perf_counter()
    places = choose(prepared.candidates(resolver), resolver, characters)
    chosen = snippets([each.place for each in places], resolver)
    milliseconds = (time.perf_counter() - started) * 1000
    return "".join(f"# {each.path}\n{each.text}" for each in chosen), milliseconds


async def contexts(sites: Sequence[Prepared], budget: int) -> list[Shown]:
    """For a budget in tokens; a text that has more loses its last lines."""
    client, shown = HttpClient(), []
    with real_engine(Plan(context_tokens=512)) as engine:
        server = engine.server(client)
        for prepared in sites:
            text, milliseconds = context_of(prepared, round(budget * _CHARACTERS))
            while True:
                told = await client.post(
                    server.target, "/tokenize", {"content": text}, server.headers
                )
                count = len(told["tokens"])
                if count <= budget:
                    break
                text = text[: text.rstrip("\n").rfind("\n") + 1]
            shown.append(Shown(prepared, text, count, milliseconds))
    await client.close()
    return shown


def interval(values: Sequence[float]) -> str:
    """The mean in per cent and its 95 % bootstrap interval."""
    chance = random.Random(1)
    means = sorted(
        statistics.fmean(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES)
    )
    low, high = means[round(0.025 * _RESAMPLES)], means[round(0.975 * _RESAMPLES) - 1]
    return f"{100 * statistics.fmean(values):.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def rows(language: str, shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """Recall of all items, of sites, and by kind of use."""
    hits = [(gold, each.hit(gold)) for each in shown for gold in each.prepared.site.gold]
    whole = [float(all(each.hit(gold) for gold in each.prepared.site.gold)) for each in shown]
    found = [
        {"what": f"{language}: items", "n": len(hits), "recall": interval([h for _, h in hits])},
        {"what": f"{language}: sites, all items", "n": len(whole), "recall": interval(whole)},
    ]
    for group in sorted({gold.group for gold, _ in hits}):
        own = [float(hit) for gold, hit in hits if gold.group == group]
        found.append({"what": f"  {group}", "n": len(own), "recall": interval(own)})
    return found


def misses(shown: Sequence[Shown]) -> Counter[str]:
    """Why items are missing."""
    causes: Counter[str] = Counter()
    for each in shown:
        for gold in each.prepared.site.gold:
            if not each.hit(gold):
                everything, _ = context_of(each.prepared, _UNLIMITED)
                found = recalled(gold, everything)
                causes["not chosen" if found else f"not found: {gold.resolution}"] += 1
    return causes


def show_misses(shown: Sequence[Shown]) -> None:
    for each in shown:
        site = each.prepared.site
        for gold in site.gold:
            if not each.hit(gold):
                print(f"{site.id} {site.package} {site.path}:{site.line + 1}:{site.col}")
                print(f"   {gold.name} ({gold.kind}, {gold.group}) of {gold.def_path}")
                line = each.prepared.shown.prefix.rpartition("\n")[2]
                print(f"   {line}«{each.prepared.shown.masked}»")


async def measure(*, odd: bool, list_misses: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    every = load_sites()
    for language in ("python", "typescript"):
        sites = [site for site in every if site.lang == language]
        prepared = [prepare(site) for site in (sites[1::2] if odd else sites)]
        for budget in BUDGETS:
            shown = await contexts(prepared, budget)
            found = rows(language, shown)
            spent = [each.milliseconds for each in shown]
            causes = misses(shown)
            print(f"\n{language}, {budget} tokens")
            print(table(found))
            print(
                f"tokens: {max(each.tokens for each in shown)} at most; ms: "
                f"{statistics.median(spent):.2f} median, {percentile(spent, 0.95):.2f} p95; "
                f"missing: {dict(causes) or 'nothing'}"
            )
            figures[f"{language} {budget}"] = {"rows": found, "missing": dict(causes)}
        if list_misses:
            show_misses(shown)
    print("\nbaselines (sites, all items)")
    print(
        table(
            [
                dict(zip(("what", "language", "512", "1024"), each, strict=True))
                for each in _BASELINES
            ]
        )
    )
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--misses", action="store_true", help="list them, at 1,024 tokens")
    options.add_argument("--odd", action="store_true", help="only what was never tuned on")
    given = options.parse_args()
    build(dict.fromkeys(site.archive for site in load_sites()), TREES)
    figures = asyncio.run(measure(odd=given.odd, list_misses=given.misses))
    if not given.odd:
        save("recall", figures)


if __name__ == "__main__":
    main()
