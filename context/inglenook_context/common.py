"""What two texts share at their beginning and at their end, at the speed of comparing pieces."""

from __future__ import annotations

from typing import Final

_PIECE: Final = 4096  # characters compared at once


def common_prefix(old: str, new: str) -> int:
    """How many characters both begin with; whole pieces are compared, then single characters."""
    size, limit = 0, min(len(old), len(new))
    while size < limit and new.startswith(old[size : size + _PIECE], size):
        size = min(size + _PIECE, limit)
    end = min(size + _PIECE, limit)
    while size < end and old[size] == new[size]:
        size += 1
    return size


def common_suffix(old: str, new: str, limit: int) -> int:
    """How many characters, at most ``limit``, both end with."""
    size, at_old, at_new = 0, len(old), len(new)
    while size + _PIECE <= limit and new.endswith(
        old[at_old - size - _PIECE : at_old - size], 0, at_new - size
    ):
        size += _PIECE
    end = min(size + _PIECE, limit)
    while size < end and old[at_old - size - 1] == new[at_new - size - 1]:
        size += 1
    return size
