"""Text that tells an automatic reviewer what to say. It changes nothing, but is worth knowing.

Lines that go are not looked at, though a model is shown them: what they say goes with them, and a
finding could stand at no line of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.injection_patterns import TURN, speaks, told_in
from inglenook.review.checks.invisible import seen
from inglenook.review.checks.looked import Looked
from inglenook.review.checks.prose import passages
from inglenook.review.values import Finding, Rule, Severity

RULE: Final = Rule(
    "review/injection", "Text that tells an automatic reviewer what to say.", Severity.WARNING
)
_COMMENT: Final = re.compile(r"\s*(?:#|//|/\*|\*\s|--|;|%|<!--|\"\"\"|''')")
_COMMENT_BEHIND: Final = re.compile(r"\s(?:#|//|/\*|--|;)")
_QUOTE: Final = re.compile("[\"'`]")
_BEFORE: Final = 400  # characters before such a sign in which its comment begins


def find(looked: Looked) -> Iterator[Finding]:
    """Where such text begins, if any line of it is wanted."""
    for line in sorted(_told(looked)):
        yield looked.finding(
            RULE,
            line,
            "This tells an automatic reviewer what to say. The review does not heed it; read "
            "yourself what it is to hide.",
        )


def _told(looked: Looked) -> set[int]:
    """The lines at which such text begins; what goes on in the last line of one is the same."""
    told: set[int] = set()
    for start, text in passages(looked):
        at, counted, line, last = 0, 0, start, 0
        speaking = speaks(text)
        while found := told_in(text, speaking, at):
            line += text.count("\n", counted, found.start())
            counted = found.start()
            stop = line + found[0].count("\n")
            if looked.wanted.isdisjoint(range(line, stop + 1)):
                at = found.start() + 1
                continue
            if line > last:
                told.add(line)
            at, last = found.end(), stop
    if TURN.search(seen(looked.changed.text)):
        told.update(line for line, text in looked.texts() if _turns(seen(text)))
    return told


def _turns(text: str) -> bool:
    """Whether a comment parts turns. (In code, templates do so for ends of their own.)"""
    opened = _COMMENT.match(text) is not None
    for found in TURN.finditer(text):
        before = text[max(found.start() - _BEFORE, 0) : found.start()]
        if opened or _COMMENT_BEHIND.search(_QUOTE.split(before)[-1]):
            return True
    return False
