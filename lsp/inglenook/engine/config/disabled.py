"""Lists of Continue that do nothing here: what becomes of each entry, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inglenook.engine.config.options import text_of
from inglenook.engine.config.report import Report
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Fate

_LEAVE: Final = frozenset(
    """
    discord github gitlab-mr google greptile http issue jira mcp postgres database url web
    """.split()
)
_TOOLS: Final = "is refused. Inglenook starts no programs and connects to no servers for tools"
_DATA: Final = (
    "is refused. It would send what you write to a server; Inglenook keeps its counters on this "
    "machine"
)
_CONTEXT: Final = "is refused. It asks other machines, and Inglenook asks only your models"


def disable(blocks: Mapping[str, tuple[Value, ...]], report: Report) -> None:
    for entry in blocks.get("mcpServers", ()):
        _refuse(entry, _TOOLS, report)
    for entry in blocks.get("data", ()):
        there = text_of(entry.entries.get("destination")).lower()
        if there.startswith("file:"):
            _ignore(entry, "Inglenook keeps its own counters, and no log of what you do.", report)
        else:
            _refuse(entry, _DATA, report)
    for entry in blocks.get("context", ()):
        if text_of(entry.entries.get("provider")).lower() in _LEAVE:
            _refuse(entry, _CONTEXT, report)
        else:
            _ignore(entry, "Inglenook finds by itself what a question needs to show.", report)


def _refuse(entry: Value, text: str, report: Report) -> None:
    report.say(entry, report.path(entry), text)
    report.mark(entry, report.path(entry), Fate.REFUSED, text.removeprefix("is refused. ") + ".")


def _ignore(entry: Value, why: str, report: Report) -> None:
    report.ignored(entry, report.path(entry))
    report.mark(entry, report.path(entry), Fate.IGNORED, why)
