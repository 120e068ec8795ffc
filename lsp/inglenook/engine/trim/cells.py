"""A line that begins another cell of a notebook, or of a file in percent format: cut there."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_MARK: Final = r"[ \t]*(?:#|//|--|%|<!--|/\*)[ \t]*"
_SEPARATOR: Final = re.compile(rf"^{_MARK}%%", re.MULTILINE)
_BEGUN: Final = re.compile(rf"(?:{_MARK}%?|[ \t]*[/<-][!-]{{0,2}})\Z")


def cells(text: str, site: Site, final: bool) -> Trimmed:
    """Only where the text around the cursor has such lines: elsewhere they are mere comments."""
    if not (_SEPARATOR.search(site.before) or _SEPARATOR.search(site.after)):
        return Trimmed(text)
    head = site.line_before
    found = _SEPARATOR.search(head + text)
    if found is not None:
        return Trimmed(text[: max(found.start() - len(head), 0)], True)
    start = text.rfind("\n") + 1
    line = text[start:] if start else head + text
    return Trimmed(text[:start] if not final and _BEGUN.match(line) else text)
