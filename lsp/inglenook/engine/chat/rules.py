"""Which of the rules hold for a question: those of the user, then those of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inglenook.engine.choices import leaves_out
from inglenook.engine.settings import Rule

MOST: Final = 8_000  # characters of all rules


def holding(
    rules: Sequence[Rule], paths: Sequence[str]
) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules for a question about files with these paths, as long as there is room for them;
    and a sentence for each of which not all was taken.

    As Continue has it: one with globs holds where one of them means a file; ``alwaysApply: true``
    makes it hold anyway, and ``false`` without globs never, since nobody asked for it. Of one that
    is too long the beginning is taken, up to the end of a line.
    """
    found: list[Rule] = []
    said: list[str] = []
    left = MOST
    for rule in rules:
        if not _holds(rule, paths):
            continue
        text = _beginning(rule.text, left)
        left -= len(text)
        if text:
            found.append(replace(rule, text=text))
        if len(text) < len(rule.text):
            much = "Only the beginning" if text else "Nothing"
            name = rule.name or rule.source or "a rule"
            said.append(
                f"{much} of {name} was read: the rules that hold are longer than {MOST:,} "
                "characters. Shorten them, or give them globs."
            )
    return tuple(found), tuple(said)


def _beginning(text: str, room: int) -> str:
    """As many whole lines as there is room for."""
    return text if len(text) <= room else text[: text.rfind("\n", 0, room + 1) + 1].rstrip()


def _holds(rule: Rule, paths: Sequence[str]) -> bool:
    if rule.always is True or (not rule.globs and rule.always is None):
        return True
    return bool(rule.globs) and any(leaves_out(rule.globs, path) for path in paths)
