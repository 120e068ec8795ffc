"""All benchmarks: ``python -m benchmarks [NAME ...] [--quick]``; results/*.json and tables.

Without a name the first eleven run; the others need the real model, an hour, or an installation.

latency          from a key to its ghost text, beside bare pygls
latency_workspace  the same with the 2,818 files of Django as workspace, indexed
chat             what a chat costs beside the model, and what it costs a completion
cancellation     from the end of a wish to the end of the backend's socket, and storms
typing_through   what typing a right answer out costs
warm_restart     the first answer after a restart, from the cache on the disk
startup          starting, resting and growing, beside bare pygls
context_speed    what building a prompt costs at every key, step by step
index            the index of workspaces: Django, and 100,000 made files beside 200
hostile_settings what settings of a hostile workspace cost to read
redaction        false alarms of the redaction, and what it costs
review_speed     what a review of two changed files costs beside the model
review_tree      2,000 files reviewed, killed half way and resumed (the fake model, two minutes)
recall           whether the prompt shows what is needed, at 300 places (the real tokenizer)
worth            what that buys with the real model (an hour)
replay           prompt tokens evaluated again, key by key, with the real model
passages         whether passages of other open files hold what is written next
definitions      beside Universal Ctags, which must be there
refactors        public packages' own tests after each computed refactor (15 to 40 minutes)
refactors_typescript  packages of npm after a computed refactor: compiler, values, their tests
verifier         what the verifier catches of broken edits, and passes of good ones
edits            forty edits by the real model, each judged by an oracle (10 to 40 minutes)
review_quality   60 seeded bugs and 60 clean changes reviewed by the real model (an hour)
review_typing    what a review costs typing, and typing a review, on one real engine
gateway          a team's gateway before two real engines (installs LiteLLM once, 640 MB)
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

from benchmarks import (
    cancellation,
    chat,
    context_speed,
    gateway,
    index,
    latency,
    redaction,
    review_speed,
    startup,
    typing_through,
    warm_restart,
)
from benchmarks.figures import save

_ALL: Final[dict[str, Callable[[bool], Awaitable[Any]]]] = {
    "latency": lambda quick: latency.measure(30 if quick else 200),
    "latency_workspace": lambda quick: latency.measure(
        30 if quick else 200, ("sites", "broken", "turns"), workspace=True
    ),
    "cancellation": lambda quick: cancellation.measure(*((10, 100) if quick else (200, 500))),
    "chat": lambda quick: chat.measure(20 if quick else 200),
    "typing_through": lambda quick: typing_through.measure(3 if quick else 20),
    "warm_restart": lambda quick: warm_restart.measure(5 if quick else 30),
    "startup": lambda quick: startup.measure(*((5, 200) if quick else (15, 2000))),
    "context_speed": lambda quick: context_speed.measure(12 if quick else 48),
    "index": lambda quick: index.measure(*((1, 20_000) if quick else (5, 100_000))),
    "redaction": lambda quick: redaction.measure(quick),
    "review_speed": lambda quick: review_speed.measure(3 if quick else 10),
    "gateway": lambda quick: gateway.measure(*((5, 2, 1) if quick else (40,))),
}
_BY_NAME: Final = ("gateway",)  # runs only if it is named, as do
_SCRIPTS: Final = (
    "recall",
    "worth",
    "replay",
    "passages",
    "definitions",
    "hostile_settings",
    "refactors",
    "refactors_typescript",
    "verifier",
    "edits",
    "review_quality",
    "review_tree",
    "review_typing",
)  # that save themselves


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("names", nargs="*", help="which of them; all, if none is named")
    options.add_argument("--quick", action="store_true", help="few repeats, nothing is saved")
    given = options.parse_args()
    for name in given.names:
        if name not in (*_ALL, *_SCRIPTS):
            options.error(f"{name!r} is none of: {', '.join((*_ALL, *_SCRIPTS))}")
    for name in given.names or [name for name in _ALL if name not in _BY_NAME]:
        print(f"\n== {name}", flush=True)
        if name in _SCRIPTS:
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
            continue
        figures = asyncio.run(_measure(name, given.quick))
        if not given.quick:
            save(name, figures)


async def _measure(name: str, quick: bool) -> Any:
    return await _ALL[name](quick)


if __name__ == "__main__":
    main()
