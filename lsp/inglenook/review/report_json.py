"""A report as JSON, for programs. ``format`` grows when a key changes its meaning."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from inglenook.review.values import Finding, Report

_FORMAT: Final = 1


def as_json(report: Report, code: int) -> str:
    """``code`` is the exit code of the run."""
    coverage = asdict(report.coverage)
    coverage["complete"] = report.coverage.complete
    body: dict[str, Any] = {
        "format": _FORMAT,
        "subject": report.subject,
        "exit_code": code,
        "model": asdict(report.model) if report.model is not None else None,
        "findings": [_finding(each) for each in report.findings],
        "suppressed": [
            {**_finding(each.finding), "reason": each.reason, "where": each.where}
            for each in report.suppressed
        ],
        "known": [_finding(each) for each in report.known],
        "fixed": [asdict(each) for each in report.fixed],
        "remarks": list(report.remarks),
        "coverage": coverage,
        "judge": report.judge,
        "seconds": round(report.seconds, 3),
    }
    return json.dumps(body, indent=2, ensure_ascii=True) + "\n"


def _finding(each: Finding) -> dict[str, Any]:
    told = {**asdict(each), "severity": each.severity.word}
    for name in ("anywhere", "hint", "nth"):  # the fingerprint has them
        del told[name]
    return told
