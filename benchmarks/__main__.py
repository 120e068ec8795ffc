"""All benchmarks: ``python -m benchmarks [NAME ...] [--quick]``; results/*.json and tables.

Without a name all run but the last, which installs something of its own.

latency          from a key to its ghost text, beside bare pygls
cancellation     from the end of a wish to the end of the backend's socket, and storms
typing_through   what typing a right answer out costs
warm_restart     the first answer after a restart, from the cache on the disk
startup          starting, resting and growing, beside bare pygls
gateway          a team's gateway before two real engines (installs LiteLLM once, 640 MB)
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from benchmarks import cancellation, gateway, latency, startup, typing_through, warm_restart
from benchmarks.figures import save

_ALL: Final[dict[str, Callable[[bool], Awaitable[Any]]]] = {
    "latency": lambda quick: latency.measure(30 if quick else 200),
    "cancellation": lambda quick: cancellation.measure(*((10, 100) if quick else (200, 500))),
    "typing_through": lambda quick: typing_through.measure(3 if quick else 20),
    "warm_restart": lambda quick: warm_restart.measure(5 if quick else 30),
    "startup": lambda quick: startup.measure(*((5, 200) if quick else (15, 2000))),
    "gateway": lambda quick: gateway.measure(*((5, 2, 1) if quick else (40,))),
}
_BY_NAME: Final = ("gateway",)  # runs only if it is named


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("names", nargs="*", help="which of them; all, if none is named")
    options.add_argument("--quick", action="store_true", help="few repeats, nothing is saved")
    given = options.parse_args()
    for name in given.names or _ALL:
        if name not in _ALL:
            options.error(f"{name!r} is none of: {', '.join(_ALL)}")
    for name in given.names or [name for name in _ALL if name not in _BY_NAME]:
        print(f"\n== {name}", flush=True)
        figures = asyncio.run(_measure(name, given.quick))
        if not given.quick:
            save(name, figures)


async def _measure(name: str, quick: bool) -> Any:
    return await _ALL[name](quick)


if __name__ == "__main__":
    main()
