"""What a review's exit code says: what was not reviewed is never clean."""

from __future__ import annotations

from inglenook.review.suppressions import GUARD
from inglenook.review.values import Report, Severity


def exit_code(report: Report, fail_on: Severity | None, *, is_known: bool = False) -> int:
    """0: all was reviewed and nothing is as bad as ``fail_on``; 1: something is; 3: not all was
    reviewed, and nothing that was is as bad. None: nothing is too bad.

    ``is_known``: what was found is known from now on, as far as it can be, if all was reviewed.
    """
    findings = report.findings
    if is_known and report.coverage.complete:
        findings = tuple(each for each in findings if each.rule.startswith(GUARD))
    if fail_on is not None and any(each.severity >= fail_on for each in findings):
        return 1
    return 0 if report.coverage.complete else 3
