"""What a broken backend does to us: a typed error, then business as usual, and no leak."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial

import psutil
import pytest

from inglenook.models import llama_cpp, ollama, openai_compatible, openai_models
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    ModelError,
    ModelMissing,
)
from inglenook.models.http import HttpClient, Limits
from inglenook.models.model import CompletionRequest, Model
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt
from tests.support.chaos_server import (
    END,
    HEAD,
    TEXT,
    Act,
    ChaosServer,
    chaos_server,
    chunk,
    forever,
    good_chunks,
    whole,
)

SECRET = "zorblat_7c1"  # stands in every prompt and must stand in no message
REQUEST = CompletionRequest(Prompt("a.py", "python", (), f"{SECRET} = 1\n", "x = ", "\n"), 32)
LIMITS = Limits(
    connect=1.0,
    reply=2.0,
    load=0.5,
    first_token=0.5,
    between_tokens=0.5,
    line_bytes=1 << 20,
    stream_bytes=4 << 20,
)

Connect = Callable[[HttpClient, str], Awaitable[Model]]


async def _llama_cpp(client: HttpClient, url: str) -> Model:
    # PSM: the good answer of this server knows nothing of healing.
    server = llama_cpp.LlamaCppServer(client.check(url))
    return await llama_cpp.connect(client, server, layout=Layout.PSM)


async def _ollama(client: HttpClient, url: str) -> Model:
    return await ollama.connect(client, client.check(url), "qwen2.5-coder:0.5b")


async def _openai(client: HttpClient, url: str) -> Model:
    server = openai_models.OpenAIServer(client.check(url))
    return await openai_compatible.connect(client, server, "qwen2.5-coder:0.5b")


ADAPTERS = {
    "/completion": _llama_cpp,
    "/api/generate": _ollama,
    "/v1/completions": _openai,
}
EVENTS = ("/completion", "/v1/completions")  # whose streams are server-sent events
paths = pytest.mark.parametrize("path", ADAPTERS)


def _lines(path: str, body: bytes) -> bytes:
    """``body`` as an event of the stream of ``path``, in the chunked encoding."""
    return chunk(b"data: %b\n\n" % body if path in EVENTS else body + b"\n")


def _event(path: str, text: bytes) -> bytes:
    if path == "/completion":
        return _lines(path, b'{"content": "%b", "stop": false}' % text)
    if path == "/v1/completions":
        return _lines(path, b'{"choices": [{"text": "%b", "finish_reason": null}]}' % text)
    return _lines(path, b'{"response": "%b", "done": false}' % text)


def _error(path: str, message: str) -> bytes:
    error: object = {"code": 500, "message": message} if path in EVENTS else message
    return _lines(path, json.dumps({"error": error}).encode())


def _acts(path: str) -> dict[str, tuple[Act, type[ModelError]]]:
    def said(*pieces: bytes) -> Callable[[], tuple[bytes, ...]]:
        return lambda: pieces

    good = b"".join(good_chunks(path))
    html = b"<!doctype html>\n<html><body>Welcome</body></html>\n"
    return {
        "silent": (Act(said(), hold=True), BackendTimeout),
        "silent after the head": (Act(said(HEAD), hold=True), BackendTimeout),
        "silent after a token": (Act(said(HEAD, _event(path, b"a")), hold=True), BackendTimeout),
        "a byte at a time": (
            Act(lambda: (bytes([byte]) for byte in good), pause=0.02),
            BackendTimeout,
        ),
        "alive but mute": (Act(forever(chunk(b"\n")), pause=0.02), BackendTimeout),
        "ends too early": (Act(said(HEAD, _event(path, b"a"), END)), BackendOffline),
        "ends at once": (Act(said(HEAD, END)), BackendOffline),
        "closed at once": (Act(said()), BackendOffline),
        "garbage": (Act(said(bytes(range(256)) * 8)), BackendGarbled),
        "garbage in the body": (Act(said(HEAD, chunk(bytes(range(256)) + b"\n"))), BackendGarbled),
        "garbage for a chunk": (Act(said(HEAD, b"zz\r\nwhat\r\n")), BackendGarbled),
        "half a character": (Act(said(HEAD, _event(path, b"caf\xc3"))), BackendGarbled),
        "not an object": (Act(said(HEAD, _lines(path, b"[1, 2]"))), BackendGarbled),
        "another's event": (Act(said(HEAD, _lines(path, b'{"a": 1}'), END)), BackendGarbled),
        "nothing but pings": (Act(forever(_lines(path, b'{"type": "ping"}'))), BackendGarbled),
        "a line of 50 MB": (
            Act(lambda: (HEAD, *(chunk(b"x" * 1_000_000) for _ in range(50)))),
            BackendGarbled,
        ),
        "an error line": (Act(said(HEAD, _error(path, SECRET))), BackendFailed),
        "an error after a token": (
            Act(said(HEAD, _event(path, b"a"), _error(path, SECRET))),
            BackendFailed,
        ),
        "404": (Act(said(whole(404, b'{"error": "no"}'))), ModelMissing),
        "429": (Act(said(whole(429, b"slow down"))), BackendBusy),
        "503": (Act(said(whole(503, b"loading"))), BackendBusy),
        "400": (Act(said(whole(400, SECRET.encode()))), BackendRefused),
        "500": (Act(said(whole(500, b'{"error": "oops"}'))), BackendFailed),
        "a redirect": (Act(said(whole(307, b"", "Location: http://x.test/\r\n"))), BackendRefused),
        "HTML": (Act(said(whole(200, html, "Content-Type: text/html\r\n"))), BackendGarbled),
        "endless head": (
            Act(lambda: (b"HTTP/1.1 200 OK\r\n", *([b"A: " + b"x" * 60_000] * 20))),
            BackendGarbled,
        ),
    }


CASES = [(path, name) for path in ADAPTERS for name in _acts(path)]


async def _text(model: Model) -> str:
    async with aclosing(model.complete(REQUEST)) as stream:
        return "".join([chunk.text async for chunk in stream])


class _Leaks:
    """What must be the same before and after."""

    def __init__(self) -> None:
        self.before = self._now()

    def _now(self) -> tuple[int, int]:
        # Handles on Windows come and go by themselves; there only the tasks are counted.
        files = psutil.Process().num_fds() if psutil.POSIX else 0
        return len(asyncio.all_tasks()), files

    async def none(self) -> None:
        for _ in range(200):  # the server's ends of the sockets close in their own time
            if self._now() == self.before:
                break
            await asyncio.sleep(0.005)
        assert self._now() == self.before


@pytest.fixture
async def server() -> AsyncIterator[ChaosServer]:
    async with chaos_server() as running:
        yield running


@pytest.mark.parametrize(("path", "case"), CASES)
async def test_misbehaviour(path: str, case: str, server: ChaosServer) -> None:
    act, expected = _acts(path)[case]
    leaks = _Leaks()
    # How long so many pings take to be read is the machine's business.
    limits = replace(LIMITS, first_token=60.0) if case == "nothing but pings" else LIMITS
    client = HttpClient(limits=limits)
    model = await ADAPTERS[path](client, server.url)
    server.act = act
    with pytest.raises(ModelError) as caught:
        await _text(model)
    assert type(caught.value) is expected
    assert str(caught.value).endswith((".", "?"))
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None  # a foreign message could quote the answer
    server.act = None
    assert await _text(model) == TEXT
    await client.close()
    await leaks.none()


@paths
@pytest.mark.parametrize(
    "piece", [b"x" * 60_000, b"word ", b"x", b""], ids=["huge", "words", "characters", "empty"]
)
async def test_an_endless_answer_is_ended(path: str, piece: bytes, server: ChaosServer) -> None:
    """Some servers ignore ``max_tokens``. What there is by then is an answer."""
    leaks = _Leaks()
    client = HttpClient(limits=LIMITS)
    model = await ADAPTERS[path](client, server.url)
    server.act = Act(forever(_event(path, piece)))
    text = await _text(model)
    tokens = REQUEST.max_tokens
    assert len(text) >= tokens * min(len(piece), 4)  # a good server may have so much to say
    assert len(text) <= tokens * 14
    server.act = None
    assert await _text(model) == TEXT
    await client.close()
    await leaks.none()


@paths
async def test_cut_at_every_chunk(path: str, server: ChaosServer) -> None:
    leaks = _Leaks()
    client = HttpClient(limits=LIMITS)
    model = await ADAPTERS[path](client, server.url)
    pieces = good_chunks(path)
    for count in range(len(pieces)):
        server.act = Act(partial(list, pieces[:count]))
        if any(b'"finish_reason": "stop"' in piece for piece in pieces[:count]):
            assert await _text(model) == TEXT  # it lacks nothing but figures
        else:
            with pytest.raises(BackendOffline):
                await _text(model)
        server.act = None
        assert await _text(model) == TEXT
    await client.close()
    await leaks.none()


@paths
async def test_refused_and_back(path: str, server: ChaosServer) -> None:
    leaks = _Leaks()
    client = HttpClient(limits=LIMITS)
    model = await ADAPTERS[path](client, server.url)
    await server.stop()
    with pytest.raises(BackendOffline) as caught:
        await _text(model)
    assert type(caught.value) is BackendOffline
    assert f"127.0.0.1:{server.port}" in str(caught.value)
    await server.start()
    assert await _text(model) == TEXT
    await client.close()
    await leaks.none()


@paths
async def test_restart_in_the_middle(path: str, server: ChaosServer) -> None:
    leaks = _Leaks()
    client = HttpClient(limits=LIMITS)
    model = await ADAPTERS[path](client, server.url)
    server.act = Act(lambda: good_chunks(path)[:2], hold=True)
    async with aclosing(model.complete(REQUEST)) as stream:
        assert (await anext(stream)).text == TEXT[:3]
        await server.restart()
        with pytest.raises(BackendOffline):
            await anext(stream)
    server.act = None
    assert await _text(model) == TEXT
    await client.close()
    await leaks.none()


@paths
async def test_restart_between_requests(path: str, server: ChaosServer) -> None:
    """The connection in the pool is dead; the request goes out on a new one."""
    client = HttpClient(limits=LIMITS)
    model = await ADAPTERS[path](client, server.url)
    assert await _text(model) == TEXT
    await server.restart()
    assert await _text(model) == TEXT
    await client.close()
