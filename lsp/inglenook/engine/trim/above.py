"""A candidate that says again what stands right above it: dropped."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import bare, letters
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_TELLING: Final = 6  # letters; a shorter line ("}", "pass") says nothing
_TELLING_BLOCK: Final = 40  # letters of a block that is recognised anywhere above


def above(text: str, site: Site, final: bool) -> Trimmed:
    if not site.lines_above:
        return Trimmed(text)
    if not final:
        text = text[: text.rfind("\n") + 1]  # a line is compared when it is whole
    if not text:
        return Trimmed("")
    head = "" if text.startswith("\n") else site.line_before
    said = [bare(line) for line in (head + text).split("\n") if line.strip()]
    lines = site.lines_above
    if not said or said[0] not in lines:
        return Trimmed(text)
    undecided = False
    for at, line in enumerate(lines):
        if line != said[0]:
            continue
        same = _same(lines, at, said)
        told = sum(map(letters, said[:same])) >= _TELLING
        if told and at + same == len(lines):
            return Trimmed("", True)
        if same == len(said):
            if final and same >= 3 and sum(map(letters, said)) >= _TELLING_BLOCK:
                return Trimmed("", True)
            undecided = True
    return Trimmed("" if undecided and not final else text)


def _same(lines: tuple[str, ...], at: int, said: list[str]) -> int:
    """How many lines from ``lines[at]`` on equal those of ``said``."""
    same = 0
    while same < len(said) and at + same < len(lines) and lines[at + same] == said[same]:
        same += 1
    return same
