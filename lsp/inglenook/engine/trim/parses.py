"""Candidates that break the parse: cut back to what does not, or dropped."""

from __future__ import annotations

from inglenook.engine.trim.site import Site


def parses(text: str, site: Site) -> str:
    """Two retreats are tried: without the last line, which the token limit may have torn, and
    the first line alone."""
    if site.breaks_parse is None or not text:
        return text
    head = text.rpartition("\n")[0].rstrip()
    first = text.partition("\n")[0].rstrip()
    for candidate in dict.fromkeys((text, head, first)):
        if candidate and not site.breaks_parse(candidate):
            return candidate
    return ""
