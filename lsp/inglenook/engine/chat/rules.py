"""Which of the rules hold for a question: those of the user, then those of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from inglenook.engine.choices import leaves_out
from inglenook.engine.settings import Rule

MOST: Final = 8_000  # characters of all rules


def holding(rules: Sequence[Rule], paths: Sequence[str]) -> tuple[Rule, ...]:
    """The rules for a question about files with these paths, as long as there is room for them.

    As Continue has it: one with globs holds where one of them means a file; ``alwaysApply: true``
    makes it hold anyway, and ``false`` without globs never, since nobody asked for it.
    """
    found: list[Rule] = []
    left = MOST
    for rule in rules:
        if _holds(rule, paths) and len(rule.text) <= left:
            left -= len(rule.text)
            found.append(rule)
    return tuple(found)


def _holds(rule: Rule, paths: Sequence[str]) -> bool:
    if rule.always is True or (not rule.globs and rule.always is None):
        return True
    return bool(rule.globs) and any(leaves_out(rule.globs, path) for path in paths)
