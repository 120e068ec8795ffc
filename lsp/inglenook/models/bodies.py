"""Careful reading of JSON objects that a backend sent, and what every adapter asks for."""

from __future__ import annotations

from typing import Final

from inglenook.models.lines import Body
from inglenook.models.model import CompletionRequest

_CHARACTERS_PER_TOKEN: Final = 6  # code has 2.5 to 4
_MOST: Final = 1 << 53  # what a float holds exactly; JSON knows longer numbers, and no backend does


def mapping(body: Body, key: str) -> Body:
    """The object under ``key``, empty if there is none."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def text(body: Body, key: str) -> str:
    """The string under ``key``, empty if there is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def objects(body: Body, key: str) -> list[Body]:
    """The objects in the list under ``key``."""
    value = body.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def number(body: Body, key: str) -> float | None:
    """The number under ``key``; None if there is none, or none that a backend can mean."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) <= _MOST else None


def count(body: Body, key: str) -> int | None:
    """The whole number under ``key``; None as for `number`, and for one below zero."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST else None


def fewest_tokens(characters: int) -> int:
    """A prompt of so many characters has no fewer tokens; of one that has, some were cut off."""
    return characters // _CHARACTERS_PER_TOKEN


def stops_of(request: CompletionRequest) -> tuple[str, ...]:
    """Where the answer is to end, the line end included if one line is enough."""
    return (*request.stop, "\n") if request.single_line else request.stop
