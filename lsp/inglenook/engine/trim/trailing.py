"""White space at the end, of the candidate and of its lines."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.site import Site

_LINE_ENDS: Final = re.compile(r"[ \t]+(?=\n)")


def trailing(text: str, site: Site) -> str:
    stripped = text.rstrip()
    right = site.line_after[:1]
    if stripped and right and not right.isspace() and right not in ")]};,.:":
        return stripped + text[len(stripped) :].partition("\n")[0]
    # Two spaces at the end of a line are a line break in Markdown.
    return stripped if site.is_prose else _LINE_ENDS.sub("", stripped)
