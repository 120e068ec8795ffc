"""A report as Markdown, for a comment on a merge request. Nothing in it is active."""

from __future__ import annotations

import html
import re
from typing import Final

from inglenook.engine.chat.messages import fenced
from inglenook.engine.markdown import plain
from inglenook.review.report_text import coverage_lines, headline
from inglenook.review.values import Finding, Report

_LARGEST: Final = 60_000  # characters: GitHub takes 65,536
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|~@:<>&])")
_QUOTED: Final = 20  # lines of code
_LISTED: Final = 20  # files that were skipped


def as_markdown(report: Report) -> str:
    parts = [f"**{escaped(headline(report))}**"]
    size = 0
    for number, each in enumerate(report.findings):
        part = _finding(each)
        if size + len(part) > _LARGEST:
            parts.append(f"{len(report.findings) - number} more findings do not fit here.")
            break
        size += len(part)
        parts.append(part)
    skipped = report.coverage.skipped
    lines = [
        *coverage_lines(report),
        *(f"{each.path}: {each.reason}" for each in skipped[:_LISTED]),
    ]
    if len(skipped) > _LISTED:
        lines.append(f"{len(skipped) - _LISTED} more files were not reviewed")
    lines += report.remarks[:_LISTED]
    parts.append("\n".join(f"- {escaped(each)}" for each in lines))
    return "\n\n".join(parts) + "\n"


def _finding(each: Finding) -> str:
    rows = plain(each.quote).split("\n")[:_QUOTED]
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
    return html.escape(sign) if sign in "<>&" else f"&#{ord(sign)};"
