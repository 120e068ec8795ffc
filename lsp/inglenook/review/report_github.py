"""A report as workflow commands of GitHub Actions, which become annotations of the changed lines.

GitHub shows ten of a level for one step, so what came out of it as a whole is first, and the list
of findings is ranked. Values are escaped as the runner
undoes it (actions/toolkit, "core/src/command.ts").
"""

from __future__ import annotations

from typing import Final

from inglenook.engine.markdown.signs import plain
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report, Severity

_LISTED: Final = 10  # files that could not be reviewed
_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def as_github(report: Report) -> str:
    said = ". ".join([headline(report), *coverage_lines(report)])
    command = "notice" if report.coverage.complete else "warning"
    lines = [f"::{command} title=Inglenook::{_data(f'{said}.')}"]
    lines += [_command(each) for each in report.findings]
    missed = [each for each in report.coverage.skipped if each.missed]
    lines += [
        f"::warning file={_property(each.path)},title=Not reviewed::{_data(each.reason)}"
        for each in missed[:_LISTED]
    ]
    return "\n".join(lines) + "\n"


def _command(each: Finding) -> str:
    place = f"file={_property(each.path)},line={each.line},endLine={each.end_line}"
    title = _property(f"{each.rule} ({each.confidence:.0%})")
    return f"::{_COMMANDS[each.severity]} {place},title={title}::{_data(each.message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
