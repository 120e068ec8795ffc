"""Both adapters with the real engine and the real model behind them."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from inglenook.models import embedded, llama_cpp, ollama
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppServer
from inglenook.models.model import CompletionRequest, Model, Timings
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt, Snippet
from tests.support.ollama_shim import ollama_shim
from tests.support.test_model import obtain

pytestmark = pytest.mark.model

BEFORE = "def add(first, second):\n"
AFTER = "\n\n\nprint(add(1, 2))\n"


@contextlib.asynccontextmanager
async def _engine(client: HttpClient) -> AsyncIterator[LlamaCppServer]:
    file = await asyncio.to_thread(obtain)
    key = secrets.token_urlsafe(16)
    info = embedded.describe(file)
    assert info is not None
    process = await embedded._spawn(file)
    try:
        address = await embedded._serve(process, file, key, info)
        yield LlamaCppServer(client.check(address), key)
    finally:
        await embedded._end(process)


async def _answer(
    model: Model, typed: str, snippets: tuple[Snippet, ...] = ()
) -> tuple[str, Timings]:
    prompt = Prompt("shop.py", "python", snippets, BEFORE, typed, AFTER)
    text, timings = "", None
    request = CompletionRequest(prompt, 24, single_line=True)
    async with aclosing(model.complete(request)) as chunks:
        async for chunk in chunks:
            text += chunk.text
            timings = chunk.timings or timings
    assert timings is not None
    return text, timings


async def test_every_torn_word_is_healed() -> None:
    """Wherever the typing stands, the answer goes on from there, and little is evaluated."""
    client = HttpClient()
    line = "    return first + second"
    async with _engine(client) as server:
        model = await llama_cpp.connect(client, server, layout=Layout.FROZEN_LINE)
        assert model.info.family == "qwen-coder"
        for end in range(len("    return f"), len(line)):
            text, timings = await _answer(model, line[:end])
            assert line[:end] + text == line
            assert timings.evaluated is not None
            assert timings.evaluated <= 8 or end == len("    return f")
    await client.close()


async def test_quotes_and_backslashes_are_healed() -> None:
    client = HttpClient()
    async with _engine(client) as server:
        model = await llama_cpp.connect(client, server)
        for typed in ('    print("', "    print('\\n", '    x = "é', "    x = [\t", "    x = {"):
            text, timings = await _answer(model, typed)
            assert text.strip()
            assert timings.predicted_tokens
    await client.close()


async def test_the_ollama_adapter_on_a_real_engine() -> None:
    client = HttpClient()
    async with _engine(client) as server, ollama_shim(client, server) as url:
        model = await ollama.connect(client, client.check(url), "qwen2.5-coder:0.5b")
        text, timings = await _answer(model, "    return first")
        assert text == " + second"
        assert timings.prompt_tokens is not None
        assert timings.prompt_tokens > 20
        assert not timings.truncated
        other = Snippet("tax.py", "def with_tax(price):\n    return price * 1.19\n")
        text, longer = await _answer(model, "    return first", (other,))
        assert longer.prompt_tokens is not None
        assert longer.prompt_tokens > timings.prompt_tokens + 10
    await client.close()
