"""Text that stands already below the cursor: cut before it is said again."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import bare, letters
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_TELLING: Final = 6  # letters in the equal lines; "else:" alone may be said twice
_ANYWHERE: Final = 12  # letters of a line that is recognised further below, with its next one
_FAR: Final = 6  # non-blank lines


def below(text: str, site: Site, final: bool) -> Trimmed:
    """Lines are compared whole and with their indentation; blank lines do not count."""
    if not site.lines_below:
        return Trimmed(text)
    if not final:
        text = text[: text.rfind("\n") + 1]  # a line is compared when it is whole
    if not text:
        return Trimmed("")
    starts, lines = _lines(text, site)
    for at in range(len(lines)):
        for start in range(min(_FAR, len(site.lines_below))):
            if lines[at] != site.lines_below[start]:
                continue
            if start and letters(lines[at]) < _ANYWHERE:
                continue
            verdict = _is_said_again(lines[at:], site.lines_below[start:], start > 0, final)
            if verdict:
                return Trimmed(text[: starts[at]], True)
            if verdict is None:
                return Trimmed(text[: starts[at]])
    return Trimmed(text)


def _lines(text: str, site: Site) -> tuple[list[int], list[str]]:
    """The offsets of the non-blank lines of the candidate, and the lines, bare."""
    starts: list[int] = []
    lines: list[str] = []
    start, head = 0, "" if text.startswith("\n") else site.line_before
    for piece in text.split("\n"):
        if (head + piece).strip():
            starts.append(start)
            lines.append(bare(head + piece))
        start, head = start + len(piece) + 1, ""
    return starts, lines


def _is_said_again(said: list[str], there: tuple[str, ...], far: bool, final: bool) -> bool | None:
    """Whether ``said`` begins with ``there``; None: the lines so far do, but they say little."""
    told = 0
    for nth, line in enumerate(there):
        if nth == len(said):
            return told > 0 if final and not far else False if final else None
        if said[nth] != line:
            return False
        told += letters(line)
        if told >= _TELLING and nth >= far:
            return True
    return told > 0
