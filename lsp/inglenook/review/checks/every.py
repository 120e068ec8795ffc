"""All checks of one changed file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.review.checks import (
    conflicts,
    injection,
    invisible,
    parse_errors,
    secret_files,
    secrets,
)
from inglenook.review.checks.looked import Looked
from inglenook.review.lines import Lines
from inglenook.review.numbering import words_of
from inglenook.review.values import Changed, Finding, Rule
from inglenook_context.syntax import Syntax

RULES: Final[tuple[Rule, ...]] = (
    conflicts.RULE,
    parse_errors.RULE,
    secrets.RULE,
    secret_files.RULE,
    invisible.BIDIRECTIONAL,
    invisible.INVISIBLE,
    injection.RULE,
)
_MOST: Final = 50  # findings of one file that one check may have


def checked(
    changed: Changed, language: str, syntax: Syntax | None, redactor: Redactor
) -> tuple[tuple[Finding, ...], int]:
    """What is sure of a file, and how many findings of its kind are too many to be told.

    ``syntax`` is the tree of its new text, None without a grammar. In a conflict nothing parses, so
    that is not said again.
    """
    if changed.deleted:
        return (), 0
    looked = Looked.at(changed, language)
    looked = replace(looked, secrets=secrets.located(looked, redactor))
    conflict, cut = _first(conflicts.find(looked))
    found = list(_numbered(conflict, looked.lines))
    others = (
        (() if conflict else parse_errors.find(looked, syntax)),
        invisible.find(looked),
        injection.find(looked),
    )
    for each in others:
        some, more = _first(each)
        found += _numbered(some, looked.lines)
        cut += more
    some, more = _first(secrets.find(looked))
    return (*found, *some), cut + more


def _first(findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """As many as anybody reads, and how many there are beside these."""
    every = iter(findings)
    return list(islice(every, _MOST)), sum(1 for _ in every)


def _numbered(findings: Sequence[Finding], lines: Lines) -> Iterator[Finding]:
    """Each with the number of its line among those of the file that have the same words."""
    if not findings:
        return
    wanted = {words_of(lines.text(each.line)) for each in findings}
    told: Counter[str] = Counter()
    numbers: dict[int, int] = {}
    for line in range(1, lines.count + 1):
        words = words_of(lines.text(line))
        if words in wanted:
            told[words] += 1
            numbers[line] = told[words]
    for each in findings:
        yield replace(each, nth=numbers.get(each.line, 1))
