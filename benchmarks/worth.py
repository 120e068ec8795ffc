"""What context from other files buys: the same sites, the real model, with and without it.

    python -m benchmarks.worth [--only none,ours,oracle] [--sites odd|even] [--limit N]
                               [--budget small|large] [--threads N] [--report] [--misses]

At each of the 300 sites of `sites_data` the product is asked by hand, through its own `Completer`
and the adapter of llama.cpp: *none* without anything of other files, *ours* with what the product
chooses, *oracle* with the definitions that are needed and no others, in the product's form. The
site's file is open as the editor shows it, the package's others are on the disk. What would be
inserted is judged by `sites_data/completion.py`. ``--only`` also takes the last two in other forms:
*oracle-stub*, *ours-near* and so on (`worth_conditions.FORMS`).

Answers are appended to a file in the development cache under the digest of their prompt: a run
goes on where it was stopped, and after a change of the ranking only prompts that changed are
asked. ``--report`` only reads them. ``--budget`` is that of an engine which was measured to be
slow (the default, as two cores are) or of another. All three conditions take about an hour on two
cores.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, Final

from benchmarks.figures import save
from benchmarks.site_files import TREES, prepare
from benchmarks.sites_data.build import Site, build, load_sites
from benchmarks.sites_data.completion import closeness
from benchmarks.worth_conditions import FORMS, SPEEDS, Condition, inserted
from benchmarks.worth_model import CONTEXT_TOKENS, Ledger, Recorded
from benchmarks.worth_report import Outcome, figures, show, show_misses
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel, connect
from tests.support.real_engine import Plan, real_engine
from tests.support.test_model import model_path

ANSWERS: Final = model_path().parent / "worth.jsonl"
CONDITIONS: Final = ("none", "ours", "oracle")
MORE: Final = tuple(f"{name}-{form}" for name in ("ours", "oracle") for form in FORMS)


async def collect(
    sites: Sequence[Site], conditions: Sequence[str], budget: str, model: LlamaCppModel | None
) -> list[Outcome]:
    """What was inserted at each site in each condition; without a model, what is known of it."""
    ledger, outcomes = Ledger(ANSWERS), []
    for number, site in enumerate(sites, 1):
        prepared = prepare(site)
        for condition in conditions:
            asked = Condition(condition, prepared)
            recorded = Recorded(model, ledger, asked.altered)
            text = await inserted(prepared, recorded, SPEEDS[budget])
            if text is None or recorded.prompt is None:
                continue
            close = closeness(site, prepared.shown, text)
            shown = asked.shown(recorded.prompt)
            tokens = recorded.heard.tokens if recorded.heard else None
            outcomes.append(Outcome(site, condition, text, close, shown, tokens))
            if recorded.asked:
                print(f"{number} of {len(sites)}: {condition}", file=sys.stderr, flush=True)
    return outcomes


async def measure(
    sites: Sequence[Site], conditions: Sequence[str], budget: str, threads: int
) -> list[Outcome]:
    """With an engine that keeps no prompt but the last, so that little depends on the order."""
    client = HttpClient()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.close)
        plan = Plan(context_tokens=CONTEXT_TOKENS, cache_mib=0, threads=threads)
        engine = stack.enter_context(real_engine(plan))
        model = await connect(client, engine.server(client))
        return await collect(sites, conditions, budget, model)


def chosen(which: str | None, limit: int) -> list[Site]:
    """Every language's sites of odd or even number, or all, in turn, so that a few are of both."""
    found = []
    for language in ("python", "typescript"):
        own = [site for site in load_sites() if site.lang == language]
        own = own[1::2] if which == "odd" else own[::2] if which == "even" else own
        found += [((number + 0.5) / len(own), site) for number, site in enumerate(own)]
    ordered = [site for _, site in sorted(found, key=lambda each: each[0])]
    if not 0 < limit < len(ordered):
        return ordered
    return [ordered[number * len(ordered) // limit] for number in range(limit)]


def read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.worth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--only", default=",".join(CONDITIONS), help="conditions, by commas")
    options.add_argument("--sites", choices=("odd", "even"), help="those of each language")
    options.add_argument("--limit", type=int, default=0, help="so many sites, evenly spread")
    options.add_argument("--budget", choices=tuple(SPEEDS), default="small")
    options.add_argument("--threads", type=int, default=2, help="of the engine")
    options.add_argument("--report", action="store_true", help="ask nothing")
    options.add_argument("--misses", action="store_true", help="list what ours lost")
    given = options.parse_args()
    given.conditions = given.only.split(",")
    for condition in given.conditions:
        if condition not in CONDITIONS + MORE:
            options.error(f"{condition!r} is none of: {', '.join(CONDITIONS + MORE)}")
    return given


def main() -> None:
    given = read_options()
    sites = chosen(given.sites, given.limit)
    build((site.archive for site in sites), TREES)
    if given.report:
        logging.getLogger("inglenook").setLevel(logging.ERROR)  # of what was not asked yet
        outcomes = asyncio.run(collect(sites, given.conditions, given.budget, None))
    else:
        outcomes = asyncio.run(measure(sites, given.conditions, given.budget, given.threads))
    told: dict[str, Any] = {"budget": given.budget} | figures(outcomes, given.conditions)
    show(told)
    if given.misses:
        show_misses(outcomes)
    whole = not (given.sites or given.limit) and set(CONDITIONS) <= set(given.conditions)
    if whole and told["n"] == len(sites):
        save("worth", told)


if __name__ == "__main__":
    main()
