"""What the verifier catches of broken edits, and what it lets pass of good ones.

    python -m benchmarks.verifier [--seed N] [--each N] [--show] [--quick]

The edits are made of functions of the running Python's standard library and of TypeScript in this
repository (`tests/context/verify/broken.py`, `good.py`); the class in which an edit is broken is
the oracle. ``--show`` prints each that was judged wrongly. With ``--seed`` other edits are made.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from typing import Any, Final

from benchmarks.figures import save, summary, table
from inglenook_context.verify.check import verify
from inglenook_context.verify.imports import imports_of
from inglenook_context.verify.task import Answers, Verdict
from tests.context.verify.broken import broken
from tests.context.verify.good import Example, good
from tests.context.verify.world import answers, world_of

_EACH: Final = 90


def verdict(example: Example) -> Verdict:
    wanted = imports_of(example.before, example.after, example.task)
    world = world_of(example.path, example.task.language)
    return verify(example.before, example.after, example.task, Answers(answers(world, wanted)))


def caught(seed: int, each: int, show: bool) -> list[dict[str, Any]]:
    total, found, checks = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    for kind, example in broken(seed, each):
        failures = verdict(example).failures
        total[kind] += 1
        found[kind] += bool(failures)
        checks.setdefault(kind, Counter())[failures[0].check if failures else "-"] += 1
        if show and not failures:
            print(f"-- {kind}: {example.name}\n{_changed(example)}")
    return [
        {
            "class": kind,
            "edits": count,
            "caught": found[kind],
            "share": round(100 * found[kind] / count, 1),
            "by": " ".join(f"{check}:{n}" for check, n in checks[kind].most_common(5)),
        }
        for kind, count in total.items()
    ]


def passed(seed: int, show: bool) -> tuple[list[dict[str, Any]], list[float]]:
    total, fine, times = Counter[str](), Counter[str](), []
    for example in good(seed):
        kind = example.name.split()[0]
        kind = kind if kind in ("case", "computed") else "small"
        started = time.perf_counter()
        failures = verdict(example).failures
        times.append((time.perf_counter() - started) * 1000)
        total[kind] += 1
        fine[kind] += not failures
        if show and failures:
            print(f"-- good: {example.name} {failures}\n{_changed(example)}")
    total["all"], fine["all"] = total.total(), fine.total()
    rows = [
        {"good": kind, "edits": n, "passed": fine[kind], "share": round(100 * fine[kind] / n, 1)}
        for kind, n in total.items()
    ]
    return rows, times


def _changed(example: Example) -> str:
    start, stop = example.task.target
    new = example.after[start : len(example.after) - (len(example.before) - stop)]
    return f"{example.before[start:stop]}->\n{new}"


def measure(seed: int, each: int, show: bool) -> dict[str, Any]:
    rows = caught(seed, each, show)
    print(table(rows))
    kinds, times = passed(seed, show)
    print(table(kinds))
    cost = [{"what": "ms a good edit", **summary(times, 1)}]
    print(table(cost))
    return {"seed": seed, "broken": rows, "good": kinds, "cost": cost}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.verifier", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--each", type=int, default=_EACH, help="edits of each class")
    options.add_argument("--show", action="store_true", help="print what was judged wrongly")
    options.add_argument("--quick", action="store_true", help="nothing is saved")
    given = options.parse_args()
    figures = measure(given.seed, given.each, given.show)
    if not given.quick:
        save("verifier", figures)


if __name__ == "__main__":
    main()
