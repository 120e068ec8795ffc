"""Cancelling in the middle of an answer of the real model: when our socket closes.

The engine is a real one, in a process of its own; between it and our server stands a proxy on the
loopback interface, which sees the end of our connection while the engine still streams.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.asker import CHAT
from benchmarks.backend import Backend
from benchmarks.servers import ours, settled
from tests.support.lsp_client import LspClient, position
from tests.support.real_engine import Plan, RealEngine, real_engine
from tests.support.recording_proxy import RecordingProxy, recording_proxy

_PATIENCE: Final = 300.0  # seconds; a small machine reads the prompt for some of them
_URI: Final = "file:///workspace/cart.py"
_CODE: Final = "def total(items):\n    return sum(items)\n"
_LONG: Final = "Write all numbers from one to five hundred, one in a line."
_PIECES: Final = 6  # of an answer before it is cancelled


async def times(count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from ``$/cancelRequest`` to the close, and those of a request for nothing.

    Both are taken while the engine streams.
    """
    closed, beside = [], []
    with real_engine(Plan(slots=2)) as engine:
        async with recording_proxy(engine.url) as proxy, _ours(engine, proxy) as client:
            for number in range(count):
                asked = await _in_the_middle(client, f"chat {number}")
                beside.append(await _nothing(client))
                closed.append(await _cancelled(client, asked, proxy))
    return closed, beside


async def _in_the_middle(client: LspClient, token: str) -> Any:
    """Ask, and wait for the first pieces of the answer; the request's id."""
    asked = client.begin(
        CHAT,
        {
            "textDocument": {"uri": _URI},
            "range": {"start": position(0, 0), "end": position(2, 0)},
            "question": _LONG,
            "conversation": token,
            "partialResultToken": token,
        },
    )

    def pieces() -> int:
        return sum(each["token"] == token for each in client.seen("$/progress"))

    await client.until(lambda: pieces() >= _PIECES or asked in client.answers, _PATIENCE)
    return asked


async def _cancelled(client: LspClient, asked: Any, proxy: RecordingProxy) -> float:
    if client.answers.get(asked):
        raise AssertionError("the answer must not have ended yet")
    before = len(proxy.left)
    sent = client.notify("$/cancelRequest", {"id": asked})
    async with asyncio.timeout(_PATIENCE):
        while len(proxy.left) == before:
            await asyncio.sleep(0.001)
    gone = proxy.left[before]
    if gone.ended or gone.path != "/v1/chat/completions":
        raise AssertionError("the engine must have been streaming still")
    await client.answer(asked)
    return (gone.at_ns - sent) / 1e6


async def _nothing(client: LspClient) -> float:
    params = {"textDocument": {"uri": _URI}, "conversation": "none"}
    return (await client.request("inglenook/forgetChat", params)).milliseconds


@asynccontextmanager
async def _ours(engine: RealEngine, proxy: RecordingProxy) -> AsyncIterator[LspClient]:
    """Our server, whose one model is behind the proxy."""
    port = int(proxy.url.rpartition(":")[2])
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        config = Path(home) / "config.yaml"
        config.write_text(
            "models:\n"
            f"  - {{name: real, provider: llama.cpp, model: qwen2.5-coder, apiBase: '{proxy.url}',"
            f" apiKey: '{engine.key}', roles: [autocomplete, chat],\n"
            "     defaultCompletionOptions: {temperature: 0, maxTokens: 1000}}\n"
        )
        async with ours(Backend(port), INGLENOOK_CONFIG=str(config)) as client:
            client.open(_URI, _CODE)
            await settled(client)
            yield client
