"""What ``inglenook review`` costs beside the model: a diff of two files, a fake without latency.

    python -m benchmarks.review_speed [-n 10]

Each run is a process of its own, from its start to its exit, in turn with a Python that does
nothing, and with bytecode that is written already, as an installation has it. Beside the wall's
time stands the processor's, its own and that of the processes that it ran: on a machine that is
shared only that is a figure of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.backend import Backend, backend
from benchmarks.figures import save, summary, table
from benchmarks.servers import environment

NOTHING: Final = '{"findings": []}'
_WEIGHTS: Final = 492_000_000  # bytes: the fake's tensors, and what stands before them
_SHOP: Final = '''\
def total(items):
    """The sum of the prices."""
    result = 0
    for item in items:
        result += item.price
    return result


def last(items):
    """The last item, or None if there is none."""
    if not items:
        return None
    return items[-1]
'''


class Took(NamedTuple):
    """Milliseconds of one process."""

    wall: float
    cpu: float


def shop_in(directory: Path) -> Path:
    """A repository in whose work tree two of three files differ from the last commit."""
    folder = directory / "shop"
    folder.mkdir()
    for name in ("cart.py", "basket.py"):
        (folder / name).write_text(_SHOP)
    (folder / "test_cart.py").write_text("import cart\n\n\ndef test():\n    assert cart.last([])\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    for name in ("cart.py", "basket.py"):
        (folder / name).write_text(_SHOP.replace("items[-1]", "items[len(items)]"))
    return folder


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *names, *words], check=True, capture_output=True)


async def once(arguments: Sequence[str], env: Mapping[str, str], folder: Path) -> Took:
    """One process that must end well."""
    return await asyncio.to_thread(_once, arguments, env, folder)


def _once(arguments: Sequence[str], env: Mapping[str, str], folder: Path) -> Took:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **env},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)  # with all that it has waited for
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError(f"{' '.join(arguments)} ended with {process.returncode}")
    cpu = used.ru_utime + used.ru_stime
    return Took(wall * 1000, cpu * 1000)


async def measure(runs: int) -> dict[str, Any]:
    """First runs, each with nothing kept, second runs, and bare Pythons, in turn."""
    took: dict[str, list[Took]] = {"python": [], "first run": [], "second run": [], "checks": []}
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as made:
        folder, weights = shop_in(Path(made)), Path(made) / "qwen2.5-coder.gguf"
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(made) / "code")}
        weights.touch()
        os.truncate(weights, _WEIGHTS)
        async with backend(text=NOTHING, weights=str(weights)) as fake:
            for number in range(runs + 1):
                one = await _in_turn(fake, folder, compiled)
                if number:  # the first writes the bytecode and fills the system's caches
                    for name, each in one.items():
                        took[name].append(each)
    rows = [_row(name, each) for name, each in took.items()]
    print(table(rows), flush=True)
    return {"runs": runs, "milliseconds": rows}


async def _in_turn(fake: Backend, folder: Path, variables: Mapping[str, str]) -> dict[str, Took]:
    review = ("-m", "inglenook", "review")
    async with environment(fake) as known:
        env = {**known, **variables}
        took = {"python": await once(("-c", "pass"), env, folder)}
        await fake.reset()
        took["first run"] = await once(review, env, folder)
        asked = len(await fake.requests())
        took["second run"] = await once(review, env, folder)
        if not asked or len(await fake.requests()) != asked:
            raise AssertionError("the second run asked the model")
        took["checks"] = await once((*review, "--no-model"), env, folder)
    return took


def _row(name: str, took: Sequence[Took]) -> dict[str, Any]:
    wall, cpu = summary([each.wall for each in took], 0), summary([each.cpu for each in took], 0)
    return {
        "process": name,
        "wall": wall["median"],
        "wall p95": wall["p95"],
        "processor": cpu["median"],
        "processor p95": cpu["p95"],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=10, help="runs of each")
    save("review_speed", asyncio.run(measure(options.parse_args().n)))


if __name__ == "__main__":
    main()
