"""White space at the start: blank lines and spaces that the file has already."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import width
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_OPENS: Final = (":", "{", "(", "[", "=>")
_GOES_ON: Final = (",", "\\", "=", ">", "&&", "||", "?", "+", ".")


def leading(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    """The text without leading blank lines or doubled spaces; "" while it has only these."""
    stripped = text.lstrip(" \t\n")
    if not stripped:
        return Trimmed("")
    space = text[: len(text) - len(stripped)]
    if not space:
        return Trimmed(text)
    if not site.on_blank_line:
        doubled = "\n" not in space and site.line_before[-1:].isspace()
        return Trimmed(stripped if doubled else text)
    blank, indent = space.count("\n"), space[space.rfind("\n") + 1 :]
    if not blank:
        return Trimmed(stripped if _is_doubled(indent, site) else text)
    if not site.line_before and not indent:
        return Trimmed("\n" * min(blank, _gap(site)) + stripped)
    # After a line end the model counts its indentation from the margin.
    if width(indent) < width(site.line_before):
        return Trimmed("\n" + indent + stripped)  # a dedent: a matter for the scope filter
    return Trimmed(indent[len(site.line_before) :] + stripped)


def _is_doubled(indent: str, site: Site) -> bool:
    """Whether the line is indented as deep as it may be, without ``indent``."""
    if site.in_text or not site.lines_above or not site.line_before:
        return bool(site.line_before) and width(indent) >= width(site.line_before)
    above, here = site.lines_above[-1], width(site.line_before)
    if above.endswith(_OPENS):
        return here > width(above)
    return here >= width(above) and not above.endswith(_GOES_ON)


def _gap(site: Site) -> int:
    """How many blank lines may be added in column 0: two in all between definitions."""
    if not site.before.strip():
        return 0
    there = len(site.before) - len(site.before.rstrip("\n")) - 1
    return max(2 - there, 0)
