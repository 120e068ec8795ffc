"""How much of a model's window is for what is sent, and how much for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook.models.model import ModelInfo

_FRAME: Final = 400  # characters of words between the parts, and of a template's frame
_WINDOW: Final = 4_096  # tokens, of a model that does not tell
_ANSWER: Final = 2_048  # tokens of an answer, reasoning included, unless the user says otherwise
_SHARE: Final = 0.4  # of the window, that an answer may take at most
_CHARACTERS: Final = 2.5  # a token, at the least that code has on the average


@dataclass(frozen=True, slots=True)
class Room:
    """``prompt`` characters may be sent and ``answer`` tokens may come."""

    prompt: int
    answer: int


def room_of(info: ModelInfo, max_tokens: int | None) -> Room:
    """How a model's window is shared; ``max_tokens`` is what the user set for answers."""
    window = info.context_tokens or _WINDOW
    answer = max(min(max_tokens or _ANSWER, int(window * _SHARE)), 1)
    return Room(int((window - answer) * _CHARACTERS) - _FRAME, answer)
