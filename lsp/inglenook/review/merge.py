"""Findings of several reviewers as one list: the same thing once, what matters most first."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.review.values import Finding

# How sure a finding is that a model made, as long as nobody has measured that model. One voice is
# a coin's toss; each further one, and the judge's, halves the doubt.
_ALONE: Final = 0.5


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of one rule whose lines overlap are one, whoever said so, in whatever order.

    It is told at the narrowest place: that is the line to look at, and its fingerprint does not
    change with the code beside it. What spans several of these belongs to the first of them, so
    that no two places become one only because somebody quoted all that is between them.
    """
    found: dict[tuple[str, str], _Apart] = defaultdict(_Apart)
    for each in sorted(findings, key=_narrowest):
        found[each.path, each.rule].add(each)
    return ranked(each for apart in found.values() for each in apart.findings)


def _narrowest(finding: Finding) -> tuple[object, ...]:
    size = finding.end_line - finding.line
    return size, finding.line, -finding.severity, finding.by, finding.message, repr(finding)


@dataclass(slots=True)
class _Apart:
    """Findings whose lines do not overlap, in the order of these."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """One that is at least as wide as all before it."""
        at = bisect_left(self.findings, finding.line, key=lambda each: each.end_line)
        if at < len(self.findings) and self.findings[at].line <= finding.end_line:
            self.findings[at] = _both(self.findings[at], finding)
        else:
            self.findings.insert(at, finding)


def _both(one: Finding, two: Finding) -> Finding:
    """At the place of ``one``, and what is said of that; as grave as the graver."""
    by = tuple(dict.fromkeys((*one.by, *two.by)))
    return replace(
        one,
        severity=max(one.severity, two.severity),
        by=by,
        judged=one.judged or two.judged,
        certain=one.certain or two.certain,
    )


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """With their confidence: the worst first, of these the surest, of these by their place."""
    sure = [replace(each, confidence=confidence(each)) for each in findings]
    return tuple(sorted(sure, key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    return -finding.severity, -finding.confidence, finding.path, finding.line, finding.rule


def confidence(finding: Finding) -> float:
    """From 0 to 1; a rule of thumb that says how many agreed, not how often they are right."""
    if finding.certain:
        return 1.0
    voices = len(finding.by) - 1 + (finding.judged is True)
    return round(1 - _ALONE * 0.5**voices, 3)
