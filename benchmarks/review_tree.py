"""A review of a whole tree, killed half way and resumed: memory, speed, and nothing asked twice.

    python -m benchmarks.review_tree [--files 2000]

The files are drawn from the labelled set's functions, five to a file. The fake model has no latency
and finds nothing. The first process is killed with SIGKILL when half of the questions are answered,
the second one goes on with ``--resume`` and is the one that is measured whole; a third process
reviews the tree at once, for comparison. Memory is resident, at its peak, of the process alone.
With another number of files nothing is saved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from benchmarks.backend import Backend, backend
from benchmarks.figures import save, table
from benchmarks.review_cases.cases import cases
from benchmarks.review_speed import NOTHING
from benchmarks.servers import environment

_FILES: Final = 2000
_FUNCTIONS: Final = 5  # of a file
_LOOK: Final = 0.5  # seconds between two looks at how far it is
_JOBS: Final = 4  # questions at once
_REVIEW: Final = ("-m", "inglenook", "review", ".", "--format", "json", "--jobs", str(_JOBS))


@dataclass(frozen=True, slots=True)
class Done:
    """One process: its report, its wall time in seconds, its peak memory in MB."""

    coverage: Mapping[str, Any]
    seconds: float
    megabytes: float


async def measure(files: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="inglenook-tree-") as made:
        tree = _tree(Path(made) / "tree", files)
        async with backend(text=NOTHING) as fake:
            async with environment(fake) as env:
                whole = await _whole(tree, env)
            units = whole.coverage["units"]
            wanted = whole.coverage["asked"]
            await fake.reset()
            async with environment(fake) as env:
                await _killed(fake, tree, env, wanted // 2)
                resumed = await _whole(tree, env, "--resume")
            questions = Counter(each.body for each in await fake.requests(bodies=True))
    again = sum(questions.values()) - len(questions)
    if len(questions) != wanted:
        raise AssertionError(f"{wanted - len(questions)} questions of {wanted} were lost")
    if again > _JOBS:  # those that were on their way
        raise AssertionError(f"{again} questions were asked twice")
    rows = [_row("at once", whole), _row("resumed after a kill", resumed)]
    print(table(rows))
    return {"files": files, "units": units, "questions": wanted, "twice": again, "rows": rows}


def _tree(tree: Path, files: int) -> Path:
    """Every function of every file has a name of its own, so that no two questions are the same."""
    drawn = cycle(case for case in cases() if not case.after.startswith("from "))
    for number in range(files):
        folder = tree / f"part_{number // 50}"
        folder.mkdir(parents=True, exist_ok=True)
        texts = (f"{each.after.rstrip()}\n" for each in islice(drawn, _FUNCTIONS))
        (folder / f"m{number}.py").write_text(f"NUMBER = {number}\n\n\n" + "\n\n".join(texts))
    return tree


async def _whole(tree: Path, env: Mapping[str, str], *options: str) -> Done:
    return await asyncio.to_thread(_waited, tree, env, options)


def _waited(tree: Path, env: Mapping[str, str], options: tuple[str, ...]) -> Done:
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, *_REVIEW, *options],
            env={**os.environ, **env},
            cwd=tree,
            stdin=subprocess.DEVNULL,
            stdout=out,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        report = json.loads(out.read())
    if process.returncode or not report["coverage"]["complete"]:
        raise AssertionError(f"the review ended with {process.returncode}: {report['coverage']}")
    return Done(report["coverage"], seconds, used.ru_maxrss / 1024)


async def _killed(fake: Backend, tree: Path, env: Mapping[str, str], after: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *_REVIEW),
        env={**os.environ, **env},
        cwd=tree,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    while len(await fake.requests()) < after:
        if process.returncode is not None:
            raise AssertionError("the review ended before it was killed")
        await asyncio.sleep(_LOOK)
    process.send_signal(signal.SIGKILL)
    await process.wait()


def _row(name: str, done: Done) -> dict[str, Any]:
    coverage = done.coverage
    return {
        "review": name,
        "units": coverage["units"],
        "asked": coverage["asked"],
        "kept": coverage["cached"],
        "seconds": round(done.seconds, 1),
        "units/s": round(coverage["units"] / done.seconds, 1),
        "peak MB": round(done.megabytes),
    }


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.review_tree", description=__doc__)
    options.add_argument("--files", type=int, default=_FILES)
    files = options.parse_args().files
    found = asyncio.run(measure(files))
    if files == _FILES:
        save("review_tree", found)


if __name__ == "__main__":
    main()
