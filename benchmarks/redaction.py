"""False alarms of the redaction in code without secrets, and what it costs.

    python -m benchmarks.redaction [--quick] [--show]

reads the sources of Django 5.2 and of the packages of the completion sites (Python and
TypeScript) as they are, counts what is taken for a secret, by kind, and times a first look and a
key. ``--show`` prints each line that was hit, so that a reader can judge it.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import django
from benchmarks.figures import save, summary, table
from inglenook.engine.redaction import Redactor, redacted
from inglenook.engine.redaction_patterns import known_patterns
from inglenook_context.prompt import Prompt
from tests.support.test_model import model_path

_TREES: Final = model_path().parent / "sites" / "trees"
_ENDINGS: Final = {".py", ".pyi", ".ts", ".tsx", ".js", ".jsx"}
_LARGEST: Final = 1_000_000  # characters of a file
_WINDOW: Final = 60  # lines
_FIRST: Final = 300


def sources(quick: bool) -> dict[str, list[str]]:
    """The texts of each package."""
    roots = {"django": django.home()}
    if _TREES.is_dir() and not quick:
        for tree in sorted(_TREES.iterdir()):
            roots[tree.name] = tree
    return {name: texts for name, root in roots.items() if (texts := list(_texts(root)))}


def _texts(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("*")):
        if file.suffix in _ENDINGS and file.is_file() and file.stat().st_size < _LARGEST:
            yield file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


async def alarms(quick: bool, show: bool = False) -> list[dict[str, Any]]:
    rows, total, kinds = [], 0, Counter[str]()
    for name, texts in sources(quick).items():
        redactor = Redactor()
        await redactor.load()
        count, hits = 0, Counter[str]()
        for text in texts:
            count += text.count("\n") + 1
            for start, stop, kind in redactor.find(text):
                hits[kind] += 1
                if show:
                    _show(text, start, stop, kind)
        rows.append({"package": name, "lines": count, "alarms": hits.total()})
        kinds += hits
        total += count
    rows.append({"package": "all", "lines": total, "alarms": kinds.total()})
    print(table(rows))
    for kind, number in kinds.most_common():
        print(f"  {kind}: {number}")
    return [*rows, {"kinds": dict(kinds)}]


def _show(text: str, start: int, stop: int, kind: str) -> None:
    line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0]
    print(f"{kind:12}{text[start:stop][:40]!r} in {line.strip()[:100]}")


async def cost(repeats: int) -> list[dict[str, Any]]:
    """Milliseconds of a first look at 300 lines, and of each key in 60 that were looked at."""
    lines = (django.home() / "django/db/models/query.py").read_text("utf-8").split("\n")
    first, keys, loads = [], [], []
    started = time.perf_counter()
    known_patterns()
    loads.append((time.perf_counter() - started) * 1000)
    for turn in range(repeats):
        redactor = Redactor()
        await redactor.load()
        at = turn * 37 % (len(lines) - _FIRST)
        first.append(_time(redactor, "\n".join(lines[at : at + _FIRST]), "", ""))
        above, below = lines[at : at + 45], lines[at + 46 : at + _WINDOW]
        for letter in range(1, 10):
            typed = f"        value{'x' * letter}"
            keys.append(_time(redactor, "\n".join(above) + "\n", typed, "\n" + "\n".join(below)))
        del keys[-9]  # the window is new
    rows = [
        {"what": "first look at 300 lines", **summary(first, 3)},
        {"what": "a key in 60 lines", **summary(keys, 3)},
        {"what": "import of detect-secrets", **summary(loads, 3)},
    ]
    print(table(rows))
    return rows


def _time(redactor: Redactor, prefix: str, typed: str, suffix: str) -> float:
    prompt = Prompt("a.py", "python", (), prefix, typed, suffix)
    started = time.perf_counter()
    redacted(prompt, redactor)
    return (time.perf_counter() - started) * 1000


async def measure(quick: bool = False, show: bool = False) -> dict[str, Any]:
    costs = await cost(20 if quick else 200)
    return {"cost": costs, "alarms": await alarms(quick, show)}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.redaction", description=__doc__)
    options.add_argument("--quick", action="store_true", help="Django only; nothing is saved")
    options.add_argument("--show", action="store_true", help="print the lines that were hit")
    given = options.parse_args()
    figures = asyncio.run(measure(given.quick, given.show))
    if not given.quick:
        save("redaction", figures)


if __name__ == "__main__":
    main()
