"""Which of the rules hold for a question: those of the user, then those of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import bracex

from inglenook.engine.choices import leaves_out
from inglenook.engine.settings import Rule

MOST: Final = 8_000  # characters of all rules
_ALTERNATIVES: Final = 64  # that the braces of one rule's globs may stand for


def holding(rules: Sequence[Rule], paths: Sequence[str]) -> tuple[Rule, ...]:
    """The rules for a question about files with these paths.

    As Continue has it: one with globs holds where one of them means a file; ``alwaysApply: true``
    makes it hold anyway, and ``false`` without globs never, since nobody asked for it.
    """
    return tuple(rule for rule in rules if _holds(rule, paths))


def fitting(rules: Sequence[Rule], room: int) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """What of the rules can be read in ``room`` characters, and a sentence for each of which not
    all was taken. Of one that is too long the beginning is taken, up to the end of a line."""
    found: list[Rule] = []
    said: list[str] = []
    left = limit = min(room, MOST)
    for rule in rules:
        text = _beginning(rule.text, left)
        left -= len(text)
        if text:
            found.append(replace(rule, text=text))
        if len(text) < len(rule.text):
            much = "Only the beginning" if text else "Nothing"
            said.append(
                f"{much} of {rule.name or rule.source or 'a rule'} was read: there is room for "
                f"{limit:,} characters of rules. Shorten them, or give them globs."
            )
    return tuple(found), tuple(said)


def _beginning(text: str, room: int) -> str:
    """As many whole lines as there is room for."""
    return text if len(text) <= room else text[: text.rfind("\n", 0, room + 1) + 1].rstrip()


def _holds(rule: Rule, paths: Sequence[str]) -> bool:
    if rule.always is True or (not rule.globs and rule.always is None):
        return True
    return bool(rule.globs) and any(leaves_out(_patterns(rule.globs), path) for path in paths)


@lru_cache(maxsize=64)
def _patterns(globs: tuple[str, ...]) -> tuple[str, ...]:
    """Globs with braces, which patterns as in .gitignore do not know, written out."""
    found: list[str] = []
    for glob in globs:
        try:
            each = bracex.expand(glob, keep_escapes=True, limit=_ALTERNATIVES)
        except bracex.ExpansionLimitException:
            each = [glob]
        found += (pattern.removeprefix("./") for pattern in each)
    return tuple(found)
