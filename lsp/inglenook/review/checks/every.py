"""All checks of one changed file."""

from __future__ import annotations

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


def checked(
    changed: Changed, language: str, syntax: Syntax | None, redactor: Redactor
) -> tuple[Finding, ...]:
    """What is sure of a file; ``syntax`` is the tree of its new text, None without a grammar.

    In a conflict nothing parses, so that is not said again.
    """
    if changed.deleted:
        return ()
    looked = Looked.at(changed, language)
    conflict = list(conflicts.find(looked))
    errors = [] if conflict else list(parse_errors.find(looked, syntax))
    return (
        *conflict,
        *errors,
        *secrets.find(looked, redactor),
        *invisible.find(looked),
        *injection.find(looked),
    )
