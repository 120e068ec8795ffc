"""Markers that git leaves in a file when it could not merge it (git-merge, "How conflicts are
presented")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.looked import Looked
from inglenook.review.values import Finding, Rule, Severity

RULE: Final = Rule("code/conflict-marker", "A merge conflict was left in the file.", Severity.ERROR)
_BEGIN: Final = re.compile(r"<{7}(?: |$)")
_BETWEEN: Final = re.compile(r"={7}\r?$")
_END: Final = re.compile(r">{7}(?: |$)")
_LEFT: Final = re.compile(r"(?:<{7}|>{7}) \S")  # with the name that git gives it
_FAR: Final = 2_000  # lines between the first marker of a conflict and the last, with none between
_PROSE: Final = frozenset({"markdown", "plaintext", ""})  # which quotes with such signs


def find(looked: Looked) -> Iterator[Finding]:
    """One finding for each conflict, and for each marker that was left of one. A row of equal signs
    alone can be a heading."""
    opened = parted = 0
    for line in range(1, looked.lines.count + 1):
        text = looked.lines.text(line)
        if _BEGIN.match(text):
            if opened:
                yield from _left(looked, opened)
            opened, parted = line, 0
        elif _BETWEEN.match(text):
            parted = line
        elif _END.match(text):
            if opened and (parted or line - opened <= _FAR):
                if not looked.wanted.isdisjoint(range(opened, line + 1)):
                    yield looked.finding(
                        RULE, opened, f"A merge conflict is left here, up to line {line}."
                    )
            else:
                yield from _left(looked, line)
            opened = parted = 0
    if opened:
        yield from _left(looked, opened)


def _left(looked: Looked, line: int) -> Iterator[Finding]:
    if (
        line in looked.wanted
        and looked.language not in _PROSE
        and _LEFT.match(looked.lines.text(line))
    ):
        yield looked.finding(RULE, line, "A marker of a merge conflict was left here.")
