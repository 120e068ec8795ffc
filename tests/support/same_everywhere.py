"""The same holes through every adapter, with all that reached the engine on record.

A `recording_proxy` stands right before the engine, whatever stands before the proxy: the adapter
of llama.cpp, the embedded engine's own, or a shim of Ollama. So what is compared is what the
engine was sent, not what an adapter says that it sends.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any, Final

from inglenook.models import embedded, llama_cpp, ollama, openai_compatible, openai_models
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.model import Model
from inglenook.models.render import Layout
from tests.support.ollama_models import CODER
from tests.support.ollama_shim import ollama_shim
from tests.support.positions import Position
from tests.support.real_engine import RealEngine
from tests.support.recording_proxy import ProxiedClient, RecordingProxy, recording_proxy
from tests.support.test_model import obtain

_PATHS: Final = ("/completion", "/v1/completions")


@dataclass(frozen=True)
class Adapter:
    """A model and the proxy that stands before its engine."""

    model: Model
    proxy: RecordingProxy


@dataclass(frozen=True)
class Answer:
    """What came for one hole, and the bodies of the requests that the engine was sent for it."""

    name: str  # of the position
    text: str
    sent: tuple[Body, ...]

    @property
    def prompt(self) -> str:
        (body,) = self.sent
        prompt: str = body["prompt"]
        return prompt


async def answers(
    adapter: Adapter, positions: Sequence[Position], max_tokens: int, layout: Layout | None
) -> tuple[Answer, ...]:
    """One after another, in the order that is given."""
    told = []
    for position in positions:
        asked, text = len(adapter.proxy.asked), ""
        request = position.request(max_tokens, layout)
        async with aclosing(adapter.model.complete(request)) as chunks:
            async for chunk in chunks:
                text += chunk.text
        sent = [each.body for each in adapter.proxy.asked[asked:] if each.path in _PATHS]
        told.append(Answer(position.name, text, tuple(sent)))
    return tuple(told)


@contextlib.asynccontextmanager
async def by_llama_cpp(engine: RealEngine) -> AsyncIterator[Adapter]:
    async with _proxied(engine) as (client, proxy):
        model = await llama_cpp.connect(client, engine.server(client, proxy.url))
        yield Adapter(model, proxy)


@contextlib.asynccontextmanager
async def by_ollama(engine: RealEngine, **habits: Any) -> AsyncIterator[Adapter]:
    """Between the adapter and the proxy stands `ollama_shim` with these ``habits``."""
    async with (
        _proxied(engine) as (client, proxy),
        ollama_shim(client, engine.server(client, proxy.url), **habits) as shim,
    ):
        yield Adapter(await ollama.connect(client, client.check(shim.url), CODER.name), proxy)


@contextlib.asynccontextmanager
async def by_openai(engine: RealEngine) -> AsyncIterator[Adapter]:
    """Against the engine's own `/v1`."""
    async with _proxied(engine) as (client, proxy):
        told = engine.server(client, proxy.url)
        server = openai_models.OpenAIServer(told.target, api_key=told.api_key)
        (served,) = await openai_models.list_models(client, server)
        model = await openai_compatible.connect(client, server, served.info.name, served.info)
        yield Adapter(model, proxy)


@contextlib.asynccontextmanager
async def by_embedded() -> AsyncIterator[Adapter]:
    """With an engine of its own, as the product starts it."""
    file = await asyncio.to_thread(obtain)
    info = embedded.describe(file)
    assert info is not None
    async with recording_proxy() as proxy:
        client = ProxiedClient(proxy)
        model = embedded.EmbeddedModel(client, file, info)
        try:
            yield Adapter(model, proxy)
        finally:
            await model.close()
            await client.close()


@contextlib.asynccontextmanager
async def _proxied(engine: RealEngine) -> AsyncIterator[tuple[HttpClient, RecordingProxy]]:
    client = HttpClient()
    try:
        async with recording_proxy(engine.url) as proxy:
            yield client, proxy
    finally:
        await client.close()


# Adapters that can share one engine, in the order in which they are asked.
SHARING: Final[dict[str, Callable[[RealEngine], AbstractAsyncContextManager[Adapter]]]] = {
    "llama.cpp": by_llama_cpp,
    "OpenAI-compatible": by_openai,
    "Ollama": by_ollama,
}


def same(these: Sequence[Answer], those: Sequence[Answer]) -> int:
    """In how many places the texts are the same."""
    return sum(one.text == other.text for one, other in zip(these, those, strict=True))
