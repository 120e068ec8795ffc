"""A report as workflow commands of GitHub Actions, which become annotations of the changed lines.

GitHub shows ten of a level for one step, so the list is ranked. Values are escaped as the runner
undoes it (actions/toolkit, "core/src/command.ts").
"""

from __future__ import annotations

from typing import Final

from inglenook.engine.markdown import plain
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report, Severity

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def as_github(report: Report) -> str:
    lines = [_command(each) for each in report.findings]
    said = ". ".join([headline(report), *coverage_lines(report)])
    command = "notice" if report.coverage.complete else "warning"
    lines.append(f"::{command} title=Inglenook::{_data(f'{said}.')}")
    return "\n".join(lines) + "\n"


def _command(each: Finding) -> str:
    place = f"file={_property(each.path)},line={each.line},endLine={each.end_line}"
    title = _property(f"{each.rule} ({each.confidence:.0%})")
    return f"::{_COMMANDS[each.severity]} {place},title={title}::{_data(each.message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
