"""What the deterministic checks say of a drawn change."""

from __future__ import annotations

from inglenook.engine.redaction import Redactor
from inglenook.review.checks.every import checked
from inglenook.review.checks.parse_errors import parsed
from inglenook.review.values import Changed, Finding


def found(change: Changed, language: str = "python") -> list[Finding]:
    return list(checked(change, language, parsed(language, change.text), Redactor())[0])


def said(change: Changed, language: str = "python") -> list[tuple[str, int]]:
    """The rule and line of each finding."""
    return [(each.rule, each.line) for each in found(change, language)]
