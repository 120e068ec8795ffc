"""A case as it is drawn: a small module, a place in it, what is wanted, and what would be right.

A file has lines ``key: value``, then sections that begin with ``== NAME``:

- ``module``: the text; ``«`` and ``»`` stand round what is selected, or what the diagnostic is
  about, or ``█`` where the cursor is;
- ``right``: a right answer, as a diff of the module: lines that begin with a blank, ``-`` or
  ``+``; ``@@`` stands between places;
- ``wrong: WHY``: the same for a wrong one; there is one at least;
- ``oracle``: code that fails if an edited module is wrong (`oracle.py` says what it may use).

Keys are ``purpose``, ``path``, ``target`` (the function that is to be edited, by its qualified
name), and as they are needed ``instruction``, ``trouble`` (the diagnostic, as the tool says it),
``severity`` and ``touches`` (other definitions that may change).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook_context.verify.task import Purpose

DRAWN: Final = Path(__file__).with_name("drawn")
LANGUAGES: Final = {".py": "python", ".ts": "typescript", ".js": "javascript", ".go": "go"}
_KEYS: Final = frozenset(
    ("purpose", "path", "target", "instruction", "trouble", "severity", "touches")
)
_SECTION: Final = re.compile(r"^== (.+)\n", re.MULTILINE)


class BadDrawing(Exception):
    """What is wrong with a file of a case, in one sentence."""


@dataclass(frozen=True, slots=True)
class Case:
    """``start`` and ``stop`` are code points of ``text``; the same where the cursor is.

    ``right`` and ``wrong`` are whole modules; each wrong one with why it is wrong.
    """

    name: str
    purpose: Purpose
    path: str
    text: str
    start: int
    stop: int
    target: str
    instruction: str
    trouble: str
    severity: str
    touches: frozenset[str]
    right: str
    wrong: tuple[tuple[str, str], ...]
    oracle: str

    @property
    def language(self) -> str:
        return LANGUAGES[Path(self.path).suffix]

    @property
    def line(self) -> int:
        """Of the place, counted from 0."""
        return self.text.count("\n", 0, self.start)


def cases() -> tuple[Case, ...]:
    """All of them, by purpose and name."""
    every = [read(file) for file in DRAWN.glob("*.txt")]
    order = list(Purpose)
    return tuple(sorted(every, key=lambda case: (order.index(case.purpose), case.name)))


def read(file: Path) -> Case:
    """Raises `BadDrawing`."""
    try:
        return _case(file.stem, file.read_text(encoding="utf-8"))
    except (BadDrawing, KeyError, ValueError) as error:
        raise BadDrawing(f"{file.name}: {error}") from error


def _case(name: str, drawing: str) -> Case:
    head, *rest = _SECTION.split(drawing)
    sections = list(zip(rest[::2], rest[1::2], strict=True))
    about = dict(_pairs(head))
    parts = dict(sections)
    text, start, stop = _marked(parts["module"])
    wrong = tuple(
        (title.removeprefix("wrong:").strip(), patched(text, diff))
        for title, diff in sections
        if title.startswith("wrong:")
    )
    if not wrong:
        raise BadDrawing("it has no wrong answer")
    return Case(
        name,
        Purpose(about["purpose"]),
        about["path"],
        text,
        start,
        stop,
        about["target"],
        about.get("instruction", ""),
        about.get("trouble", ""),
        about.get("severity", "error"),
        frozenset(about.get("touches", "").replace(",", " ").split()),
        patched(text, parts["right"]),
        wrong,
        parts["oracle"],
    )


def _pairs(head: str) -> Iterator[tuple[str, str]]:
    for line in filter(None, head.splitlines()):
        key, colon, value = line.partition(": ")
        if not colon or key not in _KEYS:
            raise BadDrawing(f"{line!r} is none of {', '.join(sorted(_KEYS))}")
        yield key, value.strip()


def _marked(drawing: str) -> tuple[str, int, int]:
    """The text without its marks, and where they stood. The last blank line is of the drawing."""
    drawing = drawing.rstrip("\n") + "\n"
    if "█" in drawing:
        before, after = drawing.split("█")
        return before + after, len(before), len(before)
    before, rest = drawing.split("«")
    inside, after = rest.split("»")
    return before + inside + after, len(before), len(before) + len(inside)


def patched(text: str, diff: str) -> str:
    """``text`` after a diff without line numbers; what each place was must stand there once."""
    for place in re.split(r"^@@\n", diff.strip("\n") + "\n", flags=re.MULTILINE):
        lines = [line or " " for line in place.splitlines()]
        old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        found = list(re.finditer(rf"^(?={re.escape(old)})", text, re.MULTILINE))
        if len(found) != 1:
            raise BadDrawing(f"the module has these lines {len(found)} times:\n{old}")
        at = found[0].start()
        text = text[:at] + new + text[at + len(old) :]
    return text
