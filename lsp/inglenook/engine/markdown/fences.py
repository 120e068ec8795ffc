"""Code in Markdown."""

from __future__ import annotations

import re
from typing import Final

_TICKS: Final = re.compile(r"`{3,}")


def fenced(text: str, language: str = "") -> str:
    """A block of code that nothing in it can end."""
    ticks = max((len(run) for run in _TICKS.findall(text)), default=2) + 1
    fence = "`" * max(ticks, 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
