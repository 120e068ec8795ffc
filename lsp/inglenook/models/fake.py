"""A scripted model in the process: no backend, no network. For tests and demonstrations.

The script is a JSON object: ``{"text": "...", "chunk": 4, "first_token_ms": 20, "token_ms": 5,
"error": "offline", "chat": "...", "thinking": "..."}``; every key is optional, ``{n}`` in a text is
the number of the request, and an error is one of the names below, raised instead of the answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from inglenook.models.adopt import adopted
from inglenook.models.bodies import stops_of
from inglenook.models.chat import cut
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    ModelMissing,
)
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    Locality,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.render import Layout
from inglenook.models.spec import Think

_MOST_MS: Final = 3_600_000

_ERRORS: Final = {
    "offline": BackendOffline,
    "timeout": BackendTimeout,
    "refused": BackendRefused,
    "missing": ModelMissing,
    "busy": BackendBusy,
    "failed": BackendFailed,
    "garbled": BackendGarbled,
}


@dataclass(frozen=True, slots=True)
class FakeScript:
    """How every request is answered."""

    text: str = "pass"
    chunk: int = 0  # characters in one piece; 0: all in one
    first_token_ms: float = 0.0
    token_ms: float = 0.0
    error: str = ""
    chat: str = ""  # what is said in a chat; empty: ``text``
    thinking: str = ""  # before it, beside the text


def connect(script_path: str) -> FakeModel:
    """The model that answers by the script at ``script_path``; ModelMissing if it is unusable."""
    try:
        script = _read(Path(script_path))
    except (OSError, ValueError, TypeError):
        raise ModelMissing(f"{script_path!a} is not a script for the fake model.") from None
    if script.error and script.error not in _ERRORS:
        raise ModelMissing(f"{script.error!a} is not an error that the fake model knows.")
    return FakeModel(script, name=Path(script_path).stem)


def _read(file: Path) -> FakeScript:
    """OSError, ValueError or TypeError if there is no script, or a value of it is of no use."""
    if not file.is_file():
        raise TypeError  # to open a pipe would wait for its writer
    raw = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise TypeError
    known = {field.name: field.default for field in fields(FakeScript)}
    given = {key: value for key, value in raw.items() if key in known}
    for key, value in given.items():
        if isinstance(known[key], str) != isinstance(value, str):
            raise TypeError
        if not isinstance(value, str) and not 0 <= value <= _MOST_MS:
            raise ValueError
    return FakeScript(**given | {"chunk": int(given.get("chunk", 0))})


class FakeModel:
    """`Model` that says what it was told to say; ``requests`` keeps what it was asked."""

    def __init__(self, script: FakeScript | None = None, name: str = "fake") -> None:
        self.script = script or FakeScript()
        self.requests: list[CompletionRequest] = []
        self.chats: list[ChatRequest] = []
        self._info = ModelInfo(
            name=name,
            backend="fake",
            digest=f"fake:{name}",
            address="",
            locality=Locality.EMBEDDED,
            fill=Fill.TEMPLATE,
            family="",
            context_tokens=8192,
        )

    @property
    def info(self) -> ModelInfo:
        return self._info

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        self.requests.append(request)
        pieces = 0
        async for piece in self._pieces(self.script.text, stops_of(request)):
            pieces += 1
            yield Chunk(piece)
        yield Chunk("", Timings(predicted_tokens=pieces))

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        self.chats.append(request)
        pieces = 0
        script = self.script
        if script.thinking and request.think is not Think.OFF:
            async for piece in self._pieces(script.thinking, ()):
                pieces += 1
                yield ChatChunk(reasoning=piece)
        async for piece in self._pieces(script.chat or script.text, tuple(request.stops)):
            pieces += 1
            yield ChatChunk(piece)
        yield ChatChunk(timings=Timings(predicted_tokens=pieces))

    async def _pieces(self, text: str, stops: tuple[str, ...]) -> AsyncGenerator[str, None]:
        script = self.script
        await asyncio.sleep(script.first_token_ms / 1000)
        if script.error:
            raise _ERRORS[script.error](f"The fake model was told to be {script.error}.")
        text = text.replace("{n}", str(len(self.requests) + len(self.chats)))
        text, _ = cut(text, stops, done=True)
        size = script.chunk or len(text) or 1
        for start in range(0, len(text), size):
            if start:
                await asyncio.sleep(script.token_ms / 1000)
            yield text[start : start + size]

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return (Layout.PSM,)

    async def window(self) -> int:
        return self._info.context_tokens

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._info = adopted(self._info, way, context_tokens)

    async def is_loaded(self) -> bool:
        return True

    async def load(self) -> None:
        return

    async def confirm(self) -> None:
        return

    async def close(self) -> None:
        return
