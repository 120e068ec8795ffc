"""A line that repeats a few characters without end: cut before that line."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_WINDOW: Final = 128  # characters that must be nothing but repetition
_STEP: Final = 32
_LONGEST: Final = 32  # characters of what is repeated: a window holds at least four copies


def loops(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        # Places to look at are counted from the line's start: chunks make no difference.
        for stop in range(start + _WINDOW, end + 1, _STEP):
            if _is_periodic(text[stop - _WINDOW : stop]):
                return Trimmed(text[:start], True)
        start = end + 1
    return Trimmed(text if final else text[: text.rfind("\n") + 1])


def _is_periodic(window: str) -> bool:
    again = window.find(window[_LONGEST:], 0, -1)
    return again >= 0 and again < _LONGEST
