"""Drawn changes: a file as it is now, with what is new and what went in its margin.

    '''
      def f():
    -     return 1
    +     return 2
    '''

Each line begins with a sign and a space: blank for what stayed, ``+`` for what is new and ``-``
for what went.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from inglenook.review.values import Changed, Hunk, Unit


def changed(drawing: str, path: str = "src/case.py", *, is_new: bool = False) -> Changed:
    """The change that is drawn."""
    new: list[str] = []
    old: list[str] = []
    hunks: list[Hunk] = []
    start, removed = 0, list[str]()
    rows = [*_rows(drawing), "  "]
    for row in rows:
        sign, text = row[:1] or " ", row[2:]
        if sign == " ":
            if start:
                hunks.append(Hunk(start, len(new) + 1 - start, tuple(removed)))
                start, removed = 0, []
            new.append(text)
            old.append(text)
            continue
        start = start or len(new) + 1
        if sign == "+":
            new.append(text)
        else:
            old.append(text)
            removed.append(text)
    after, before = "\n".join(new[:-1]) + "\n", "\n".join(old[:-1]) + "\n"
    if is_new:
        return Changed(path, after, tuple(hunks))
    return Changed(path, after, tuple(hunks), old_path=path, old_text=before)


def whole(text: str, path: str = "src/case.py") -> Changed:
    """A file that is reviewed as a whole."""
    text = dedent(text).lstrip("\n")
    return Changed(path, text, (Hunk(1, text.count("\n")),), whole=True)


def drawing(units: Sequence[Unit]) -> str:
    """What each unit shows: its place, and its lines with their signs."""
    shown = []
    for unit in units:
        shown.append(f"-- {unit.symbol or '(code)'} {unit.start}-{unit.stop} --")
        shown += [f"  {line}" for line in unit.scope.split("\n") if line]
        gone = list(unit.removed)
        lines = unit.code.split("\n")
        for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, unit.start):
            while gone and gone[0][0] <= number:
                shown.append(f"- {gone.pop(0)[1]}".rstrip())
            shown.append(f"{'+' if number in unit.changed else ' '} {line}".rstrip())
        shown += [f"- {text}".rstrip() for _, text in gone]
    return "\n".join(shown)


def _rows(drawing: str) -> list[str]:
    rows = dedent(drawing.strip("\n")).split("\n")
    least = min((len(row) - len(row.lstrip(" ")) for row in rows if row.strip()), default=0)
    assert least <= 2, "a drawing has a margin of two characters"
    return rows[:-1] if rows and not rows[-1].strip() else rows
