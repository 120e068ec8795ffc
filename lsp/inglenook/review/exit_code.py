"""What a review's exit code says: what was not reviewed is never clean."""

from __future__ import annotations

from inglenook.review.values import Report, Severity


def exit_code(report: Report, fail_on: Severity | None) -> int:
    """0: all was reviewed and nothing is as bad as ``fail_on``; 1: something is; 3: not all was
    reviewed, and nothing that was is as bad. None: nothing is too bad."""
    if fail_on is not None and any(each.severity >= fail_on for each in report.findings):
        return 1
    return 0 if report.coverage.complete else 3
