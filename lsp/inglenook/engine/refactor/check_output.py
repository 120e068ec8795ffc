"""What a program said of a text, as one reason that can be shown; and whether it is news."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from inglenook.engine.markdown.signs import plain
from inglenook.engine.refactor.check_program import Ran

LONGEST: Final = 500  # characters of a reason
_MOST_LINES: Final = 4  # of a reason
_COLOUR: Final = re.compile(r"\x1b\[[0-9;:]*[mK]")
_NUMBER: Final = re.compile(r"\d+")
_BLANK: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\w")
# What a run of tests says of a test that fails, in the manner of its language.
_FAILS: Final = re.compile(
    r"^E\s+\S|^(?:FAILED|ERROR|FAIL|--- FAIL|not ok)\b|\w(?:Error|Exception)\b|✕|✗|●|\bpanicked\b"
)


def lines_of(ran: Ran, places: Sequence[Path]) -> tuple[str, ...]:
    """The lines of both streams, without the ``places`` (directories of ours) before names."""
    found = []
    for data in (ran.out, ran.errors):
        text = _COLOUR.sub("", data.decode("utf-8", "replace"))
        for place in places:
            text = text.replace(f"{place}{os.sep}", "").replace(str(place), ".")
        found += [line.rstrip() for line in text.splitlines()]
    return tuple(line for line in found if _WORD.search(line))


def news(after: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that were not said of the text before. An edit moves lines and a clock goes on,
    so numbers do not count."""
    known = Counter(map(_folded, before))
    found = []
    for line in after:
        folded = _folded(line)
        if known[folded]:
            known[folded] -= 1
        else:
            found.append(line)
    return tuple(found)


def reason(name: str, lines: tuple[str, ...], *, tests: bool = False) -> str:
    """``lines`` of which ``tests`` have the first that tell what fails, else the first."""
    telling = [line for line in lines if _FAILS.search(line)] if tests else []
    chosen = telling or list(lines[-_MOST_LINES:] if tests else lines)
    said = "; ".join(_BLANK.sub(" ", line).strip() for line in chosen[:_MOST_LINES])
    text = f"{name}: {plain(said) or 'it failed and said nothing.'}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _folded(line: str) -> str:
    return _NUMBER.sub("0", _BLANK.sub(" ", line)).strip()
