"""Ollama's API in front of a real llama.cpp engine, for the tests of the Ollama adapter.

Inventory is that of `fake_bodies`; `/api/generate` with ``raw`` is passed on to `/completion`,
so tokens, counts and timings are real.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing

from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.llama_cpp import LlamaCppServer
from tests.support.chaos_server import END, HEAD, chunk, whole
from tests.support.fake_backend import Script
from tests.support.fake_bodies import ollama_reply

_PASSED_ON = {"num_predict": "n_predict", "temperature": "temperature", "seed": "seed"}


def _completion(request: Body) -> Body:
    assert request["raw"] is True
    options = request["options"]
    body = {ours: options[theirs] for theirs, ours in _PASSED_ON.items()}
    return body | {"prompt": request["prompt"], "stop": options["stop"], "stream": True}


def _event(name: str, event: Body) -> Body:
    body = {"model": name, "created_at": "2026-11-23T12:00:00Z", "response": event["content"]}
    if not event["stop"]:
        return body | {"done": False}
    timings = event["timings"]
    return body | {
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": event["tokens_evaluated"],
        "prompt_eval_duration": int(timings["prompt_ms"] * 1e6),
        "eval_count": timings["predicted_n"],
        "eval_duration": int(timings["predicted_ms"] * 1e6),
    }


@contextlib.asynccontextmanager
async def ollama_shim(client: HttpClient, engine: LlamaCppServer) -> AsyncIterator[str]:
    """The URL of an Ollama that runs its one model, `Script.models[0]`, on ``engine``."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await serve(reader, writer)
        writer.close()
        tasks.discard(asyncio.current_task())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode()
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        request: Body = json.loads(await reader.readexactly(int(length[1]))) if length else {}
        if path != "/api/generate":
            status, _, bodies = ollama_reply(Script(), path, request, iter(()))
            writer.write(whole(status, json.dumps(next(bodies)).encode()))
            return
        writer.write(HEAD)
        body = _completion(request)
        stream = client.stream(engine.target, "/completion", body, Framing.EVENTS, engine.headers)
        async with aclosing(stream) as events:
            async for event in events:
                line = json.dumps(_event(request["model"], event)).encode() + b"\n"
                writer.write(chunk(line))
                await writer.drain()
        writer.write(END)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(tasks):
            if task is not None:
                task.cancel()
        await asyncio.sleep(0)
