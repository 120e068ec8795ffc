"""Careful reading of JSON objects that a backend sent, and what every adapter asks for."""

from __future__ import annotations

from typing import Final

from inglenook.models.lines import Body
from inglenook.models.model import CompletionRequest

_CHARACTERS_PER_TOKEN: Final = 6  # code has 2.5 to 4
_BLANKS_PER_TOKEN: Final = 12
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


def within(window: int, most: int) -> int:
    """The tokens of a ``window`` of which the user wants ``most`` to be used; 0: not known."""
    return min(window, most) if window and most else window or most


def fewest_tokens(characters: int) -> int:
    """A prompt of so many characters hardly has fewer tokens."""
    return characters // _CHARACTERS_PER_TOKEN


def is_cut(tokens: int, characters: int) -> bool:
    """Whether so few tokens were counted that some of the prompt was cut off for sure.

    A token of wide tables can be a dozen blanks.
    """
    return tokens < characters // _BLANKS_PER_TOKEN


def stops_of(request: CompletionRequest) -> tuple[str, ...]:
    """Where the answer is to end, the line end included if one line is enough."""
    own = request.sampling.stop if request.sampling else ()
    stops = (*request.stop, *(stop for stop in own if stop))
    return (*stops, "\n") if request.single_line else stops


def sampling_of(request: CompletionRequest) -> Body:
    """How tokens are to be drawn, in the words that all the APIs share.

    Greedy unless the user set it otherwise; alternatives are never drawn colder than they ask.
    """
    sampling = request.sampling
    if sampling is None:
        return {"temperature": request.temperature}
    told = {
        "temperature": max(request.temperature, sampling.temperature or 0.0),
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
    }
    return {key: value for key, value in told.items() if value is not None}
