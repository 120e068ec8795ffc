"""A candidate that says the cursor's line again before it goes on."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import letters
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_ENOUGH_TO_TELL: Final = 6  # letters; shorter heads ("x = x") come back in honest code


def echo(text: str, site: Site, final: bool) -> Trimmed:
    head = site.line_before.strip()
    if letters(head) < _ENOUGH_TO_TELL:
        return Trimmed(text)
    said = text.lstrip()
    if said.startswith(head):
        rest = said[len(head) :]
        return Trimmed(rest.lstrip(" \t") if site.line_before[-1:].isspace() else rest)
    if not final and head.startswith(said):
        return Trimmed("")  # still saying it, or about to
    return Trimmed(text)
