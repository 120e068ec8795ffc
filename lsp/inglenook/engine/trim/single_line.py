"""One line where only one fits."""

from __future__ import annotations

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed


def single_line(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    if not site.single_line:
        return Trimmed(text)
    line, end, _ = text.partition("\n")
    return Trimmed(line, bool(end))
