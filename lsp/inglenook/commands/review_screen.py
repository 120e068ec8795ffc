"""A review for people: each finding with its code, then what was looked at and what was not."""

from __future__ import annotations

import io
import sys
from typing import Final

from rich.console import Console
from rich.text import Text

from inglenook.commands.terminal import safe
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report, Severity

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_QUOTED: Final = 6  # lines of code
_LISTED: Final = 10  # files that were skipped


def show(report: Report) -> None:
    """On standard output; with colours if that is a terminal."""
    _print(report, Console(file=sys.stdout, soft_wrap=True, highlight=False, emoji=False))


def as_text(report: Report) -> str:
    """The same without colours, for a file."""
    out = io.StringIO()
    _print(report, Console(file=out, soft_wrap=True, highlight=False, emoji=False, width=100))
    return out.getvalue()


def _print(report: Report, console: Console) -> None:
    for each in report.findings:
        console.print(_head(each))
        for line in _code(each):
            console.print(line)
        console.print()
    console.print(Text(f"{safe(headline(report))}.", style="bold"))
    skipped = report.coverage.skipped
    lines = [*coverage_lines(report)]
    lines += [f"not reviewed: {each.path}: {each.reason}" for each in skipped[:_LISTED]]
    if len(skipped) > _LISTED:
        lines.append(f"{len(skipped) - _LISTED} more files were not reviewed")
    for said in (*lines, *report.remarks):
        console.print(Text(f"  {safe(said)}", style="dim"))


def _head(each: Finding) -> Text:
    head = Text()
    head.append(f"{safe(each.path)}:{each.line}", style="bold")
    head.append(" ")
    head.append(each.severity.word, style=_COLOURS[each.severity])
    sure = "" if each.certain else f" ({each.confidence:.0%})"
    head.append(f" {each.rule}{sure}: {safe(each.message)}")
    return head


def _code(each: Finding) -> list[Text]:
    rows = safe(each.quote).split("\n")
    margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    shown = [
        Text(f"  {number:>5} | {row[margin:]}", style="dim")
        for number, row in enumerate(rows[:_QUOTED], each.line)
    ]
    if len(rows) > _QUOTED:
        shown.append(Text("        | …", style="dim"))
    return shown
