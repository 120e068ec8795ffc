"""A model whose answers are kept in a file, and asked again only where a prompt has changed."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

from inglenook.models.errors import ModelMissing
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    Locality,
    Model,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.render import Layout, render
from inglenook.models.templates import TEMPLATES
from inglenook_context.prompt import Prompt
from inglenook_context.text import encode
from tests.support.test_model import CODER

CONTEXT_TOKENS: Final = 4096
# What the adapter of llama.cpp finds out of an engine that runs the tests' model.
INFO: Final = ModelInfo(
    name=CODER.name,
    backend="llama.cpp",
    digest=CODER.sha256,
    address="",
    locality=Locality.DECLARED,
    fill=Fill.TEMPLATE,
    family="qwen-coder",
    context_tokens=CONTEXT_TOKENS,
    layout=Layout.FROZEN_LINE,
)
_ENGINE: Final = f"xllamacpp {version('xllamacpp')}"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was streamed of one answer; ``ended``: it is all there is, else the product had enough.

    ``tokens`` are those of the prompt, of which ``evaluated`` were not in the engine's cache.
    """

    key: str
    pieces: tuple[str, ...]
    ended: bool
    tokens: int | None
    evaluated: int | None
    ms: int


class Ledger:
    """All answers so far, in a file of JSON lines that only grows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._heard: dict[str, Heard] = {}
        if file.exists():
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                self._heard[row["key"]] = Heard(**row | {"pieces": tuple(row["pieces"])})

    def get(self, key: str) -> Heard | None:
        return self._heard.get(key)

    def put(self, heard: Heard) -> None:
        self._heard[heard.key] = heard
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(heard)) + "\n")


@dataclass(eq=False)
class Recorded:
    """`Model` over ``model``, or over what is in the ledger alone if that is None.

    ``alter`` makes another prompt of what the product would ask; ``prompt`` is the last of those.
    """

    model: Model | None
    ledger: Ledger
    alter: Callable[[Prompt], Prompt]
    info: ModelInfo = INFO
    layouts: tuple[Layout, ...] = (Layout.FROZEN_LINE,)
    prompt: Prompt | None = None
    heard: Heard | None = None
    asked: int = 0  # requests that reached the engine

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        self.prompt = request.prompt
        request = replace(request, prompt=self.alter(request.prompt))
        key = key_of(request)
        self.heard = known = self.ledger.get(key)
        told = 0
        if known is not None:
            for piece in known.pieces:
                told += len(piece)
                yield Chunk(piece)
            if known.ended:
                return
        async with aclosing(self._ask(request, key)) as chunks:
            async for chunk in chunks:
                text, told = chunk.text[told:], max(told - len(chunk.text), 0)
                yield replace(chunk, text=text)

    async def _ask(self, request: CompletionRequest, key: str) -> AsyncGenerator[Chunk, None]:
        if self.model is None:
            raise ModelMissing("This was not asked yet.")
        self.asked += 1
        started = time.perf_counter()
        pieces: list[str] = []
        timings, ended = Timings(), False
        try:
            async with aclosing(self.model.complete(request)) as chunks:
                async for chunk in chunks:
                    pieces.append(chunk.text)
                    timings = chunk.timings or timings
                    yield chunk
            ended = True
        finally:
            if pieces or ended:
                spent = round((time.perf_counter() - started) * 1000)
                tokens, evaluated = timings.prompt_tokens, timings.evaluated
                self.heard = Heard(key, tuple(pieces), ended, tokens, evaluated, spent)
                self.ledger.put(self.heard)

    async def is_loaded(self) -> bool:
        return True

    async def load(self) -> None:
        pass

    async def window(self) -> int:
        return CONTEXT_TOKENS

    def adopt(self, way: Way, context_tokens: int) -> None:
        raise AssertionError("nothing is probed here")

    async def confirm(self) -> None:
        pass

    async def close(self) -> None:
        pass


def key_of(request: CompletionRequest) -> str:
    """The digest of all that decides an answer: the prompt as it is sent, sampling, model."""
    way = request.way or INFO.way
    rendered = render(request.prompt, TEMPLATES[way.family], way.layout)
    sampling = (request.max_tokens, request.temperature, request.seed, request.single_line)
    digest = blake2b(digest_size=16)
    for part in (_ENGINE, CODER.sha256, sampling, rendered.stop, rendered.heal, rendered.text):
        digest.update(encode(str(part)) + b"\0")
    return digest.hexdigest()
