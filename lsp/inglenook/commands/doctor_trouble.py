"""One thing that is wrong, and how important it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from inglenook.models.discover import Place
from inglenook.models.spec import Provider

PULL: Final = "ollama pull qwen2.5-coder:1.5b"
GET: Final = "inglenook models get qwen2.5-coder:0.5b"
_TITLES: Final = {
    Provider.OLLAMA: "Ollama",
    Provider.LM_STUDIO: "LM Studio",
    Provider.VLLM: "vLLM",
    Provider.OPENAI: "The model server",
    Provider.EMBEDDED: "the embedded engine",
}


class Rank(IntEnum):
    """What is said first. Below WARNING nothing is completed; from NOTE on nothing is wrong."""

    UNREADABLE = 0  # the configuration is there and unknown
    BROKEN_CONFIG = 1  # there is no model, and the configuration may be why
    OFF = 2
    NO_MODEL = 3
    BACKEND = 4

    WARNING = 10
    LANGUAGE = 11  # nothing is completed in one of them
    EXPOSED = 12
    CONFIG = 13
    NO_SPACE = 14
    TEMPLATE = 15
    PROVIDERS = 16
    ADVISORY = 17

    NOTE = 20
    ASKED = 21  # completions come only when they are asked for
    SPARED = 22  # languages in which somebody wants none
    PROXY = 23
    MISNAMED = 24
    OLD_TABLE = 25


@dataclass(frozen=True, slots=True)
class Trouble:
    """``cause`` and ``cure`` are sentences for the user, without text of the user's files."""

    rank: Rank
    cause: str
    cure: str

    @property
    def harmless(self) -> bool:
        """Worth knowing, and nothing is wrong."""
        return self.rank >= Rank.NOTE


def title(place: Place) -> str:
    """What a place is called in a sentence."""
    return _TITLES.get(place.provider, str(place.provider))
