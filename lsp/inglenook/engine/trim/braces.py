"""Where blocks are made by braces: a candidate ends with the block of the cursor."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.lexis import Lexed, lex
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_GOES_ON: Final = re.compile(r"\s*[)\]}]+\s*(?:else|catch|finally|while|and|or)?\b.*[\[({]\s*\Z")


def braces(text: str, site: Site, final: bool) -> Trimmed:
    """Cut before a line whose leading bracket closes what the suffix closes already, and after
    a line that closes the block when nothing else does."""
    if site.is_prose or "\n" not in text:
        return Trimmed(text)
    head = len(text) if final else text.rfind("\n") + 1
    lexed = lex(text[:head], site.language, site.lexed.state)
    for nth, offset in enumerate(lexed.closers):
        start = text.rfind("\n", 0, offset) + 1
        if not start or text[start:offset].strip(" \t)]}"):
            continue  # a bracket inside a line: the last look at the whole candidate decides
        if nth >= site.missing:
            return Trimmed(text[:start], True)
        if text[offset] == "}" and not site.is_indented:
            end = text.find("\n", offset)
            line = text[start : end if end >= 0 else None]
            if end >= 0 and not _GOES_ON.match(line) and not line.endswith(","):
                return Trimmed(text[:end], True)
    if not final and text[head:].lstrip()[:1] in ("", ")", "]", "}"):
        return Trimmed(text[:head], _begins_closed(text, head, lexed, site))
    return Trimmed(text)


def _begins_closed(text: str, head: int, lexed: Lexed, site: Site) -> bool:
    """Whether the unfinished last line begins by closing one bracket too many."""
    last = text[head:].lstrip()
    if not last or lexed.state or lexed.openers:
        return False
    return len(lexed.closers) >= site.missing
