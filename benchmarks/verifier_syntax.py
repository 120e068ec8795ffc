"""How many of TypeScript's syntax errors the verifier refuses.

    python -m benchmarks.verifier_syntax [--seed N] [--each N] [--show] [--quick]

One token of a real source is deleted, said twice, swapped with the next, or put in; TypeScript's
parser is the oracle. ``--each`` is how many edits are made of a file, ``--show`` prints what was
judged otherwise than by the parser. What only the checker refuses is not asked of it, so an edit
that is refused here and parses there is only counted.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any, Final

from benchmarks.figures import save, table
from benchmarks.refactors_typescript.packages import PACKAGES, Tree, tree_of
from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Task

_LONGEST: Final = 20_000  # characters of a file


def refuses(before: str, after: str) -> bool:
    task = Task("typescript", (0, len(before)), signature_may_change=True, may_remove=True)
    checks = {failure.check for failure in verify(before, after, task).failures}
    return bool(checks & {"parses", "truncated", "unchanged"})


def measure(seed: int, each: int, show: bool) -> dict[str, Any]:
    total, refused = Counter[str](), Counter[str]()
    for package in PACKAGES:
        with tree_of(package) as tree:
            for made in _made(tree, seed, each):
                kind = made["kind"] if made["wrong"] else "parses"
                found = refuses(tree.text(made["path"]), made["after"])
                total[kind] += 1
                refused[kind] += found
                if show and found is not bool(made["wrong"]):
                    print(f"-- {package.name} {made['path']}: {kind} {made['wrong']}")
    rows = [
        {"edit": kind, "edits": n, "refused": refused[kind], "share": 100 * refused[kind] / n}
        for kind, n in sorted(total.items())
    ]
    print(table(rows))
    return {"seed": seed, "edits": rows}


def _made(tree: Tree, seed: int, each: int) -> list[dict[str, str]]:
    made: list[dict[str, str]] = tree.asked("tokens.mjs", seed=seed, each=each, longest=_LONGEST)
    return made


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.verifier_syntax", description=__doc__
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--each", type=int, default=4)
    options.add_argument("--show", action="store_true", help="print what was judged otherwise")
    options.add_argument("--quick", action="store_true", help="nothing is saved")
    given = options.parse_args()
    figures = measure(given.seed, given.each, given.show)
    if not given.quick:
        save("verifier_syntax", figures)


if __name__ == "__main__":
    main()
