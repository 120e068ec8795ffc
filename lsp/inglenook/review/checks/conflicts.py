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
_END: Final = re.compile(r">{7}(?: |$)")
_FAR: Final = 2_000  # lines between the first marker of a conflict and the last


def find(looked: Looked) -> Iterator[Finding]:
    """One finding for each conflict. A row of equal signs alone can be a heading."""
    opened = 0
    for line in range(1, looked.lines.count + 1):
        text = looked.lines.text(line)
        if _BEGIN.match(text):
            opened = line
        elif opened and _END.match(text):
            if line - opened <= _FAR and not looked.wanted.isdisjoint(range(opened, line + 1)):
                yield looked.finding(
                    RULE, opened, f"A merge conflict is left here, up to line {line}."
                )
            opened = 0
