"""A report as Markdown, for a comment on a merge request. Nothing in it is active."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from inglenook.engine.markdown.fences import fenced
from inglenook.engine.markdown.signs import plain
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report

_LARGEST: Final = 60_000  # characters: GitHub takes 65,536
_LINES: Final = 15_000  # characters of them for what is said of the review as a whole
_WIDE: Final = 300  # characters of one line, before they are escaped
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|~@:<>&]|\bwww\.)", re.IGNORECASE)
_QUOTED: Final = 20  # lines of code
_LISTED: Final = 20  # files that were skipped


def as_markdown(report: Report) -> str:
    head, tail = f"**{escaped(headline(report)[:_WIDE])}**", _lines(report)
    findings = _fitting(map(_finding, report.findings), _LARGEST - len(head) - len(tail))
    if left := len(report.findings) - len(findings):
        findings.append(f"{left} more finding{'s do' if left > 1 else ' does'} not fit here.")
    return "\n\n".join([head, *findings, tail]) + "\n"


def _lines(report: Report) -> str:
    skipped = report.coverage.skipped
    lines = [
        *coverage_lines(report),
        *(f"{each.path}: {each.reason}" for each in skipped[:_LISTED]),
    ]
    if len(skipped) > _LISTED:
        lines.append(f"{len(skipped) - _LISTED} more files were not reviewed")
    lines += report.remarks[:_LISTED]
    return "\n".join(_fitting((f"- {escaped(each[:_WIDE])}" for each in lines), _LINES))


def _fitting(parts: Iterable[str], room: int) -> list[str]:
    """The first of them that take no more than ``room`` characters, line ends with them."""
    fitting: list[str] = []
    for part in parts:
        room -= len(part) + 2
        if room < 0:
            break
        fitting.append(part)
    return fitting


def _finding(each: Finding) -> str:
    rows = [row[:_WIDE] for row in plain(each.quote).split("\n")[:_QUOTED]]
    sure = "" if each.certain else f", confidence {each.confidence:.0%}"
    head = (
        f"**{each.severity.word}** {escaped(each.path)} line {each.line}&#58; "
        f"{escaped(each.message)} ({escaped(each.rule)}{sure})"
    )
    return f"{head}\n\n{fenced(chr(10).join(rows))}"


def escaped(text: str) -> str:
    """Text that no renderer takes for markup, a link, a mention or HTML, in one line."""
    line = " ".join(plain(text).split())
    return _SPECIAL.sub(lambda match: _entity(match[1]), line)


def _entity(sign: str) -> str:
    """An empty comment parts what GitHub would take for an address, of whatever kind, behind it."""
    if len(sign) > 1:
        return f"{sign[:-1]}<!-- -->."
    coded = html.escape(sign) if sign in "<>&" else f"&#{ord(sign)};"
    return f"{coded}<!-- -->" if sign == "@" else coded
