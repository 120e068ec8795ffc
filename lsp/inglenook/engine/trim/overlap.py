"""Text right of the cursor that the candidate's end says again: cut from the candidate."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import letters, lex
from inglenook.engine.trim.site import Site

_LONGEST: Final = 200  # characters
_LIGHT: Final = ";,\"'`"  # one of these alone is recognised
_TELLING: Final = 3  # letters


def overlap(text: str, site: Site) -> str:
    right = site.line_after.rstrip()
    said = text.rstrip()
    if not right.strip() or not said:
        return text
    for size in range(min(len(right), len(said), _LONGEST), 0, -1):
        if said.endswith(right[:size]) and _is_doubled(said, size, right, site):
            return said[:-size]
    return text


def _is_doubled(said: str, size: int, right: str, site: Site) -> bool:
    same = right[:size]
    if not same.strip("()[]{} "):
        return False  # brackets alone: `closers` counts them
    torn = right[size : size + 1].isalnum() and same[-1].isalnum()
    if size < len(right) and (torn or not (same[0] in _LIGHT or letters(same) >= _TELLING)):
        return False
    kept = lex(said[:-size], site.language, site.lexed.state)
    whole = lex(said, site.language, site.lexed.state)
    if kept.state != site.lexed.state or len(kept.openers) > len(whole.openers):
        return False  # the candidate itself opened what its end closes
    surplus = max(len(whole.closers) - site.missing, 0)
    return len(whole.closers) - len(kept.closers) <= surplus
