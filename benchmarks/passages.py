"""What passages of other open files cost, and whether they hold what is written next.

    python -m benchmarks.passages [--places N] [--seed N]

At places in Django 5.2 the eight lines below the cursor are taken away, and six files of the same
directory are open (its own among them). *time* is that of all passages for a new line, in
milliseconds. *next* is the share of places whose next line of code stands in a passage, but for
small differences; *names* the share of the names of the next three lines, that the window does not
show, which stand in a passage. Both are compared with as much text from anywhere in the same
files. No model is asked: whether it can make use of a passage is not seen here.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from benchmarks.django import home
from benchmarks.figures import save, summary, table
from inglenook.engine.elsewhere import Other, passages
from inglenook.engine.recent import Recent
from inglenook_context.document import Cursor, Document
from inglenook_context.excerpt import excerpt
from inglenook_context.nearby import names_in
from inglenook_context.similar import Shape, shaping
from inglenook_context.text import Text
from inglenook_context.window import LARGE, window

FILES: Final = 6
HIDDEN: Final = 8  # lines below the cursor
_LEAST: Final = 200  # lines of a file
_MOST: Final = 1_000
_ALIKE: Final = 0.8  # of a line's characters


@dataclass(frozen=True)
class Place:
    """A cursor with what is open beside it, and the lines that were taken away."""

    cursor: Cursor
    open: dict[str, Other]
    next: tuple[str, ...]


def places(count: int, seed: int) -> Iterator[Place]:
    rng = random.Random(seed)
    directories = list(_directories(home() / "django"))
    while count:
        files = rng.sample(rng.choice(directories), FILES)
        place = _place(files, rng)
        if place is not None:
            count -= 1
            yield place


def _directories(root: Path) -> Iterator[list[Path]]:
    for directory in sorted({path.parent for path in root.rglob("*.py")}):
        files = [
            path
            for path in sorted(directory.glob("*.py"))
            if _LEAST < path.read_text("utf-8").count("\n") < _MOST
        ]
        if len(files) >= FILES:
            yield files


def _place(files: list[Path], rng: random.Random) -> Place | None:
    texts = {path.name: path.read_text("utf-8") for path in files}
    own = files[0].name
    lines = texts[own].split("\n")
    at = rng.randrange(40, len(lines) - 40)
    hidden = tuple(line for line in lines[at : at + HIDDEN] if line.strip())
    if len(hidden) < 3 or len(names_in(hidden[0])) < 2:
        return None
    above = "\n".join(lines[:at]) + "\n"
    texts[own] = above + "\n" + "\n".join(lines[at + HIDDEN :])
    opened = {f"file:///{name}": _other(name, text) for name, text in texts.items()}
    document = Document(f"file:///{own}", "python", 1, opened[f"file:///{own}"].text)
    return Place(Cursor(document, len(above)), opened, hidden)


def _other(name: str, written: str) -> Other:
    text = Text.of(written)
    shape: Shape | None = None
    for made in shaping(name, text):
        shape = made
    return Other(name, text, shape)


def anywhere(place: Place, size: int, rng: random.Random) -> str:
    """As much text from anywhere in the open files."""
    while True:
        text = rng.choice(list(place.open.values())).text
        line = rng.randrange(text.line_count)
        found = excerpt(text, line, line + 30, size)
        if found is not None:
            return found.text


def holds_next(place: Place, shown: str) -> bool:
    wanted = place.next[0].strip()
    lines = {line.strip() for line in shown.split("\n")}
    return any(SequenceMatcher(None, wanted, line).ratio() >= _ALIKE for line in lines if line)


def names_held(place: Place, shown: str) -> float | None:
    """The share of the names of the next lines, but for those in the window; None without any."""
    own = window(place.cursor, LARGE)
    new = set(names_in("\n".join(place.next[:3])))
    new -= set(names_in(own.prefix + own.typed + own.suffix))
    return len(new & set(names_in(shown))) / len(new) if new else None


def measured(place: Place) -> tuple[float, str, float]:
    """The median time of three, what is shown, and the best score in it."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        chosen = passages(place.cursor, place.open, Recent(), LARGE)
        times.append((time.perf_counter() - started) * 1000)
    best = max((each.score for each in chosen), default=0.0)
    return sorted(times)[1], "".join(each.text for each in chosen), best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--places", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng, times, rows = random.Random(options.seed), [], []
    for place in places(options.places, options.seed):
        milliseconds, shown, best = measured(place)
        times.append(milliseconds)
        if shown:
            other = anywhere(place, len(shown), rng)
            rows.append(
                (
                    best,
                    (holds_next(place, shown), holds_next(place, other)),
                    (names_held(place, shown), names_held(place, other)),
                )
            )
    figures: list[dict[str, Any]] = []
    for low, high in ((0.0, 0.35), (0.35, 0.4), (0.4, 0.5), (0.5, 0.7), (0.7, 9.0), (0.0, 9.0)):
        held = [row for row in rows if low <= row[0] < high]
        if held:
            figures.append(
                {
                    "score": f"{low:g} to {high:g}" if low or high < 9 else "all",
                    "places": len(held),
                    **_shares("next", [row[1] for row in held]),
                    **_shares("names", [row[2] for row in held]),
                }
            )
    print(table(figures))
    print(f"\npassages at {len(rows)} of {len(times)} places; time {summary(times, 3)}")
    save("passages", {"time": summary(times, 3), "shown": len(rows), "by_score": figures})


def _shares(name: str, pairs: list[tuple[Any, Any]]) -> dict[str, float]:
    ours = [float(one) for one, _ in pairs if one is not None]
    others = [float(other) for _, other in pairs if other is not None]
    return {
        f"{name} %": round(100 * fmean(ours or [0.0]), 1),
        f"{name} %, anywhere": round(100 * fmean(others or [0.0]), 1),
    }


if __name__ == "__main__":
    main()
