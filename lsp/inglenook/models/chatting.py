"""What a model is asked in a chat, and what comes back, whichever backend it is of.

The adapters that can chat have a method `chat`; reasoning comes beside the text, never in it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

from inglenook.models.chat_thoughts import always_thinks
from inglenook.models.errors import BackendOffline, BackendRefused
from inglenook.models.heard import Room
from inglenook.models.lines import Body
from inglenook.models.model import Model, Timings
from inglenook.models.ollama_events import refuses
from inglenook.models.render import Layout
from inglenook.models.spec import Sampling, Think
from inglenook.models.templates import neutralise_any

_CONTINUING: Final = frozenset({"llama.cpp", "embedded", "ollama"})


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. Reasoning is no part of it: models do worse when they read what they thought."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """``max_tokens`` bounds the answer, its reasoning included.

    ``think``: None leaves it to the model. ``json_schema`` and ``grammar`` (GBNF) hold the answer
    to a form; a backend that cannot be held refuses rather than answers freely.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    sampling: Sampling = Sampling()
    think: Think | None = None
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, object] | None = None
    grammar: str = ""
    seed: int | None = None

    @property
    def size(self) -> int:
        """Characters of all that is said."""
        return sum(len(message.content) for message in self.messages)

    @property
    def said(self) -> list[dict[str, str]]:
        """The messages as every API takes them. No text in them ends its turn in the chat."""
        return [
            {"role": each.role, "content": neutralise_any(each.content)} for each in self.messages
        ]

    @property
    def drawn(self) -> Body:
        """How tokens are to be drawn, in the words that all the APIs share."""
        sampling = self.sampling
        told = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            "min_p": sampling.min_p,
            "presence_penalty": sampling.presence_penalty,
            "frequency_penalty": sampling.frequency_penalty,
            "seed": self.seed,
        }
        return {key: value for key, value in told.items() if value is not None}

    @property
    def stops(self) -> list[str]:
        return [stop for stop in (*self.stop, *self.sampling.stop) if stop]


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of an answer, in order; the last one carries the timings, and where a backend tells
    them each one those so far.

    ``limited`` says at the end that the answer was cut by ``max_tokens`` or by the window.
    """

    text: str = ""
    reasoning: str = ""
    timings: Timings | None = None
    limited: bool = False


@runtime_checkable
class Chats(Protocol):
    """A model that can be talked to. Raises only `ModelError` (and CancelledError)."""

    def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Stream an answer. Closing the generator closes the connection at once.

        Use it under ``contextlib.aclosing``, as `Model.complete`.
        """
        ...


def holds(model: Model) -> bool:
    """Whether the backend holds an answer to a grammar: one layout needs that."""
    return Layout.FROZEN_LINE in model.layouts


def continues(model: Model) -> bool:
    """Whether the backend goes on with a last message that is the assistant's, as with one that it
    has begun itself (llama.cpp, tools/server/README.md; Ollama, by the templates of its models).

    Not those that must think first: a thought cannot be given back.
    """
    return model.info.backend in _CONTINUING and not always_thinks(model.info.name)


def never_cuts(model: Model) -> bool:
    """Whether the backend is known to refuse a prompt that is too long for its window."""
    return model.info.backend == "ollama" and refuses(model.info.version)


async def chat(model: Model, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
    """The answer of ``model``; BackendRefused if it is one that only fills holes."""
    if not isinstance(model, Chats):
        raise BackendRefused(
            f"{model.info.name} cannot chat. Choose another model for the role chat."
        )
    async with aclosing(model.chat(request)) as chunks:
        async for chunk in chunks:
            yield chunk


class Answer:
    """Takes an answer to its end, and not past what was asked for."""

    def __init__(self, request: ChatRequest, where: str) -> None:
        self._room = Room(request.max_tokens)
        self._where = where
        self.ended = False
        self.limited = False

    def take(self, text: str, reasoning: str) -> tuple[str, str]:
        """Both, as far as there is room for them."""
        reasoning = self._room.take(reasoning) if reasoning else ""
        text = self._room.take(text) if text or not reasoning else ""
        if self._room.full:
            self.ended = self.limited = True
        return text, reasoning

    def check(self) -> None:
        """After the last event: BackendOffline if it broke off."""
        if not self.ended:
            raise BackendOffline(f"{self._where} broke off in the middle of an answer.")
