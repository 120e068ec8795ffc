"""Findings of several reviewers as one list: the same thing once, what matters most first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from inglenook.review.values import Finding

# How sure a finding is that a model made, as long as nobody has measured that model. One voice is
# a coin's toss; each further one, and the judge's, halves the doubt.
_ALONE: Final = 0.5


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of one rule that quote the same lines are one, whoever said so."""
    found: dict[tuple[object, ...], Finding] = {}
    for each in findings:
        key = (each.path, each.line, each.end_line, each.rule)
        before = found.get(key)
        found[key] = each if before is None else _both(before, each)
    return ranked(found.values())


def _both(one: Finding, two: Finding) -> Finding:
    first, second = sorted((one, two), key=lambda each: -each.severity)
    by = tuple(dict.fromkeys((*first.by, *second.by)))
    judged = first.judged if first.judged is not None else second.judged
    return replace(first, by=by, judged=judged)


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """With their confidence: the worst first, of these the surest, of these by their place."""
    sure = [replace(each, confidence=confidence(each)) for each in findings]
    return tuple(
        sorted(sure, key=lambda each: (-each.severity, -each.confidence, each.path, each.line))
    )


def confidence(finding: Finding) -> float:
    """From 0 to 1; a rule of thumb that says how many agreed, not how often they are right."""
    if finding.certain:
        return 1.0
    voices = len(finding.by) - 1 + (finding.judged is True)
    return round(1 - _ALONE * 0.5**voices, 3)
