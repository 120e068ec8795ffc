"""What of a request passes the gateway, and how soon an engine learns that nobody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import psutil

from benchmarks.figures import summary, table
from inglenook.models import openai_compatible
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.openai_models import OpenAIServer, list_models
from tests.support.litellm_proxy import MODEL, Deployment, litellm_proxy
from tests.support.positions import Position, positions
from tests.support.real_engine import Plan, RealEngine, real_engine
from tests.support.recording_proxy import RecordingProxy, recording_proxy
from tests.support.same_everywhere import Adapter, Answer, answers, same

PLAN: Final = Plan(threads=1, cache_mib=0)
_TOKENS: Final = 16
_PROMPTS: Final = {
    "in the answer": "import os\n\n\ndef main():\n",
    "in the prompt": "x = 1\n" * 125,  # 500 tokens take a thread some seconds
}
_LIMIT: Final = 60.0  # seconds


async def passes(count: int) -> dict[str, Any]:
    """The same places, asked of one engine directly and of another one through the gateway."""
    places = positions()[:count]
    with real_engine(PLAN) as engine:
        async with _client() as client, recording_proxy(engine.url) as proxy:
            direct = await _asked(client, _server(client, engine, proxy.url), proxy, places)
    with real_engine(PLAN) as engine:
        async with (
            _client() as client,
            recording_proxy(engine.url) as proxy,
            litellm_proxy([Deployment(proxy.url, engine.key)], {}) as gateway,
        ):
            behind = await _asked(client, gateway.server(client), proxy, places)
    pairs = list(zip(direct, behind, strict=True))
    row = {
        "places": count,
        "prompts the same": sum(one.prompt == other.prompt for one, other in pairs),
        "texts the same": same(direct, behind),
        "fields changed": sorted({name for pair in pairs for name in _changed(*pair)}),
    }
    print(table([row]), flush=True)
    return row


async def _asked(
    client: HttpClient,
    server: OpenAIServer,
    proxy: RecordingProxy,
    places: Sequence[Position],
) -> tuple[Answer, ...]:
    """By the layout that the adapter chooses when it knows what the server can do."""
    (served,) = await list_models(client, server)
    model = await openai_compatible.connect(client, server, served.info.name, served.info)
    await model.load()
    return await answers(Adapter(model, proxy), places, _TOKENS, None)


def _changed(direct: Answer, behind: Answer) -> set[str]:
    """The fields that came otherwise, or not, or are new; the model's name is the gateway's."""
    ((one,), (other,)) = direct.sent, behind.sent
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} - {
        "model"
    }


async def ends(count: int) -> list[dict[str, Any]]:
    """A stream is closed: when is its connection to the engine gone, and when does that rest?"""
    rows = []
    with real_engine(PLAN) as engine:
        async with (
            _client() as client,
            litellm_proxy([Deployment(engine.url, engine.key)], {}) as gateway,
        ):
            ways = {
                "direct": _Way(client, _server(client, engine), None),
                "gateway": _Way(client, gateway.server(client), gateway.pid),
            }
            for moment in _PROMPTS:
                for name, way in ways.items():
                    ended = [await _end(way, engine, moment) for _ in range(count)]
                    rows.append({"closed": moment, "by way of": name} | _times(ended))
    print(table(rows), flush=True)
    return rows


def _times(ended: Sequence[tuple[float | None, float]]) -> dict[str, Any]:
    gone = [socket for socket, _ in ended if socket is not None]
    return {
        "ms to the engine's socket": summary(gone, 0) if gone else None,
        "ms to its rest": summary([rest for _, rest in ended], 0),
    }


@dataclass(frozen=True)
class _Way:
    """Whom we ask, and who holds the connection to the engine if we do not."""

    client: HttpClient
    server: OpenAIServer
    pid: int | None


async def _end(way: _Way, engine: RealEngine, moment: str) -> tuple[float | None, float]:
    """Milliseconds until the connection is gone, where it is another's, and until the rest."""
    body: Body = {"model": MODEL, "prompt": _PROMPTS[moment], "stream": True, "ignore_eos": True}
    stream = way.client.stream(
        way.server.target,
        openai_compatible.COMPLETIONS,
        body | {"max_tokens": 1000, "temperature": 1.0, "cache_prompt": False},
        Framing.EVENTS,
        way.server.headers,
    )
    reading = asyncio.ensure_future(anext(stream))
    if moment == "in the answer":
        await reading
        await anext(stream)
    else:
        while not await _works(engine):
            await asyncio.sleep(0.05)
    port = urlsplit(engine.url).port
    held = _connections(way.pid, port)
    closed = time.monotonic()
    reading.cancel()
    await asyncio.wait([reading])
    await stream.aclose()

    async def gone() -> bool:
        return _connections(way.pid, port) != held

    async def rests() -> bool:
        return not await _works(engine)

    socket, rest = await asyncio.gather(
        _since(closed, gone if way.pid else rests), _since(closed, rests)
    )
    return socket if way.pid else None, rest


async def _since(start: float, holds: Callable[[], Awaitable[bool]]) -> float:
    """Milliseconds from ``start`` until it ``holds``."""
    async with asyncio.timeout(_LIMIT):
        while not await holds():
            await asyncio.sleep(0.005)
    return (time.monotonic() - start) * 1e3


def _connections(pid: int | None, port: int | None) -> frozenset[int]:
    """Our ends of what that process has open to the port."""
    if pid is None:
        return frozenset()
    with suppress(psutil.Error):
        return frozenset(
            each.laddr.port
            for each in psutil.Process(pid).net_connections("tcp")
            if each.raddr and each.raddr.port == port and each.status == psutil.CONN_ESTABLISHED
        )
    return frozenset()


async def _works(engine: RealEngine) -> bool:
    """Whether the engine is at work on an answer; it says so between two batches."""
    headers = {"Authorization": f"Bearer {engine.key}"}
    async with aiohttp.request("GET", f"{engine.url}/slots", headers=headers) as response:
        return any(slot["is_processing"] for slot in await response.json())


def _server(client: HttpClient, engine: RealEngine, url: str = "") -> OpenAIServer:
    told = engine.server(client, url)
    return OpenAIServer(told.target, api_key=told.api_key)


@asynccontextmanager
async def _client() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    try:
        yield client
    finally:
        await client.close()
