"""A review for people: each finding with its code, then what was looked at and what was not.

Only for a terminal rich is imported, which takes longer than all else that a short review does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from inglenook.commands.terminal import safe
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report, Severity

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_QUOTED: Final = 6  # lines of code
_LISTED: Final = 10  # files that were skipped

_Line = tuple[tuple[str, str], ...]  # pieces of text, each with its style


def show(report: Report) -> None:
    """On standard output; with colours if that is a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.write(as_text(report))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, soft_wrap=True, highlight=False, emoji=False)
    for line in _lines(report):
        console.print(Text.assemble(*line))


def as_text(report: Report) -> str:
    """The same without colours."""
    return "".join(f"{''.join(text for text, _ in line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[_Line]:
    for each in report.findings:
        yield _head(each)
        yield from _code(each)
        yield ()
    yield ((f"{_one_line(headline(report))}.", "bold"),)
    skipped = report.coverage.skipped
    said = [*coverage_lines(report)]
    said += [f"not reviewed: {each.path}: {each.reason}" for each in skipped[:_LISTED]]
    if len(skipped) > _LISTED:
        said.append(f"{len(skipped) - _LISTED} more files were not reviewed")
    for sentence in (*said, *report.remarks):
        yield ((f"  {_one_line(sentence)}", "dim"),)


def _head(each: Finding) -> _Line:
    sure = "" if each.certain else f" ({each.confidence:.0%})"
    return (
        (f"{_one_line(each.path)}:{each.line}", "bold"),
        (" ", ""),
        (each.severity.word, _COLOURS[each.severity]),
        (f" {_one_line(each.rule)}{sure}: {_one_line(each.message)}", ""),
    )


def _code(each: Finding) -> Iterator[_Line]:
    rows = safe(each.quote).split("\n")
    margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    for number, row in enumerate(rows[:_QUOTED], each.line):
        yield ((f"  {number:>5} | {row[margin:]}", "dim"),)
    if len(rows) > _QUOTED:
        yield (("        | …", "dim"),)


def _one_line(text: str) -> str:
    """Text that can neither steer a terminal nor look like another line of the report."""
    return safe(text).replace("\n", " ")
