"""Where blocks are made by indentation: a candidate ends with the block of the cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.engine.trim.lexis import Lexed, lex, width
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_DEFINES: Final = re.compile(r"\s*(?:async\s+)?(?:def|class)\b")


def dedent(text: str, site: Site, final: bool) -> Trimmed:
    if not site.is_indented or "\n" not in text:
        return Trimmed(text)
    lexed = lex(text, site.language, site.lexed.state)
    block = _block(text, site)
    for start, line in logical_lines(text, lexed, site.openers):
        if not line.strip():
            if not final and text.find("\n", start) < 0:
                return Trimmed(text[:start])  # how deep it is indented shows in a moment
        elif width(line) < block:
            return Trimmed(text[:start], True)
    return Trimmed(text)


def logical_lines(text: str, lexed: Lexed, openers: str) -> Iterator[tuple[int, str]]:
    """(offset, line) of the lines after the first that begin outside of brackets and strings."""
    depth, seen = len(openers), 0
    start = text.find("\n") + 1
    while start:
        while seen < len(lexed.brackets) and lexed.brackets[seen][0] < start:
            depth += 1 if lexed.brackets[seen][1] in "([{" else -1
            seen += 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else None]
        closing = line.lstrip()[:1] in (")", "]", "}")
        if depth <= 0 and not closing and not lexed.in_text(start):
            yield start, line
        start = end + 1


def _block(text: str, site: Site) -> int:
    """The least indentation, in columns, that the following lines of the candidate may have."""
    first = site.line_before + text[: text.find("\n")]
    if not first.strip():
        return width(site.line_before)
    own = width(first)
    # The block of a definition that was begun is its body: the header's column is outside.
    return own + 1 if _DEFINES.match(site.line_before) else own
