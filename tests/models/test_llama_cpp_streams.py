"""Streams of llama.cpp, event by event."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from inglenook.models.errors import BackendGarbled, BackendOffline
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel, LlamaCppServer, connect, list_models
from inglenook.models.model import Chunk, CompletionRequest, Fill, Model, Timings
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt, Snippet
from tests.support.chaos_server import END, HEAD, Act, chaos_server, chunk

PROMPT = Prompt("a.py", "python", (Snippet("b.py", "def f(): ..."),), "x = 1\n", "y = fo", "\nz\n")


async def _chunks(model: Model, **changes: Any) -> list[Chunk]:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as stream:
        return [chunk async for chunk in stream]


def _text(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def _events(*events: bytes) -> Act:
    return Act(lambda: [HEAD, *(chunk(b"data: %b\n\n" % event) for event in events), END])


BIG = b"1" + b"0" * 400


@pytest.mark.parametrize("key", ["prompt_ms", "predicted_per_second", "prompt_n", "predicted_n"])
@pytest.mark.parametrize("value", [BIG, b"-" + BIG, b"1e999", b"NaN", b"true", b"[]"])
async def test_figures_that_none_can_mean(client: HttpClient, key: str, value: bytes) -> None:
    timings = b'{"%b": %b}' % (key.encode(), value)
    event = b'{"content": "", "stop": true, "tokens_evaluated": %b, "timings": %b}'
    async with chaos_server() as server:
        model = await connect(client, LlamaCppServer(client.check(server.url)), layout=Layout.PSM)
        server.act = _events(event % (value, timings))
        assert [chunk.timings for chunk in await _chunks(model)] == [Timings()]


PING = b'{"type": "ping"}'


async def test_events_that_say_nothing_are_passed_over(client: HttpClient) -> None:
    first = b'{"content": "a", "stop": false, "error": null}'
    empty = b'{"content": null, "stop": false}'
    async with chaos_server() as server:
        model = await connect(client, LlamaCppServer(client.check(server.url)), layout=Layout.PSM)
        server.act = _events(PING, first, PING, empty, b'{"stop": true}', PING)
        assert _text(await _chunks(model)) == "a"
        for end in (PING, b"[DONE]"):
            server.act = _events(PING, end)
            with pytest.raises(BackendGarbled):
                await _chunks(model)


async def test_chat_passes_over_them_too(client: HttpClient) -> None:
    said = b'{"choices": [{"delta": {"content": "a"}}], "error": null}'
    last = b'{"choices": [{"delta": {}, "finish_reason": "stop"}]}'
    usage = b'{"choices": [], "usage": {"prompt_tokens": 3}}'
    async with chaos_server() as server:
        connected = LlamaCppServer(client.check(server.url))
        (info,) = await list_models(client, connected)
        model = LlamaCppModel(client, connected, replace(info, fill=Fill.CHAT))
        for ends in ((last,), (last, usage), (b"[DONE]",), (last, PING, b"[DONE]")):
            server.act = _events(PING, said, *ends)
            assert _text(await _chunks(model)) == "a"
        server.act = _events(PING, b"[DONE]")
        with pytest.raises(BackendGarbled):
            await _chunks(model)


async def test_an_alternative_without_end_leaves_the_others_theirs(client: HttpClient) -> None:
    """The server ignores ``n_predict``; the second alternative has an end of its own."""
    long = [b'{"index": 0, "content": "word ", "stop": false}'] * 100
    short = b'{"index": 1, "content": "b", "stop": true}'
    async with chaos_server() as server:
        model = await connect(client, LlamaCppServer(client.check(server.url)), layout=Layout.PSM)
        server.act = _events(*long, short, *long)
        chunks = await _chunks(model, alternatives=2)
        texts = ["".join(chunk.text for chunk in chunks if chunk.choice == n) for n in (0, 1)]
        assert texts[1] == "b"
        assert 32 <= len(texts[0].split()) < 100


@pytest.mark.parametrize("index", [BIG, b"0.0", b"[]", b"-1", b"1", b"true", b"null"])
async def test_an_index_that_is_none(client: HttpClient, index: bytes) -> None:
    async with chaos_server() as server:
        model = await connect(client, LlamaCppServer(client.check(server.url)), layout=Layout.PSM)
        server.act = _events(b'{"content": "a", "stop": true, "index": %b}' % index)
        with pytest.raises(BackendGarbled):
            await _chunks(model)


@pytest.mark.parametrize("content", [b"[1]", b'{"a": 1}', b"5", b"true", b"null", BIG])
async def test_chat_content_that_is_no_text(client: HttpClient, content: bytes) -> None:
    async with chaos_server() as server:
        connected = LlamaCppServer(client.check(server.url))
        (info,) = await list_models(client, connected)
        model = LlamaCppModel(client, connected, replace(info, fill=Fill.CHAT))
        odd = b'{"choices": [{"delta": {"content": %b}}]}' % content
        last = b'{"choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]}'
        server.act = _events(odd, last)
        assert _text(await _chunks(model)) == "a"


async def test_the_embedded_engine_has_a_name_in_messages(client: HttpClient) -> None:
    async with chaos_server() as server:
        connected = LlamaCppServer(client.check(server.url), embedded=True)
        (info,) = await list_models(client, connected)
        model = LlamaCppModel(client, connected, replace(info, address="", layout=Layout.PSM))
        server.act = _events()
        with pytest.raises(BackendOffline, match="The embedded engine broke off"):
            await _chunks(model)
