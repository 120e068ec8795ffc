"""What a filter makes of a candidate."""

from __future__ import annotations

from typing import NamedTuple


class Trimmed(NamedTuple):
    """``enough``: nothing that comes later can change ``text``, so the stream may be closed."""

    text: str
    enough: bool = False
