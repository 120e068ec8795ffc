"""Ollama's API (docs/api.md in ollama/ollama) in front of a real llama.cpp engine.

Tokens, counts, timings and cancelled requests are real: a request is passed on to the engine as
Ollama passes it to the llama.cpp server that it runs (llm/llama_server.go), one at a time. Models
and their weights are a story, since all names mean the one model that the engine has loaded; but
it is told as Ollama would: a request with another window "loads" it again.

Where versions of Ollama differ, `Habits` says which one this is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.llama_cpp import LlamaCppServer
from tests.support import ollama_models
from tests.support.chaos_server import END, chunk, whole
from tests.support.ollama_engine import Habits, Refused, chat, generate, options_of
from tests.support.ollama_models import MODELS, Served, found, now, rfc3339, seconds

_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
_STREAM += b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class OllamaShim:
    """What it was asked and answered. ``loads`` counts how often weights would have been read."""

    client: HttpClient
    engine: LlamaCppServer
    habits: Habits
    url: str = ""
    asked: list[tuple[str, Body]] = field(default_factory=list)
    told: list[tuple[str, Body]] = field(default_factory=list)
    loads: int = 0
    left: int = 0  # clients that went before the end of their answer
    wasted: int = 0  # pieces that the engine wrote for nobody
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _running: Served | None = None
    _num_ctx: int = 0
    _until: float = 0.0  # of time.time

    def answer(self, path: str, request: Body) -> Body:
        """What the small requests get; `Refused` if they get an error."""
        if path == "/api/version":
            return {"version": self.habits.version}
        if path == "/api/tags":
            return {"models": [ollama_models.tag(each) for each in MODELS]}
        if path == "/api/ps":
            return {"models": self._loaded()}
        if path == "/api/show":
            return ollama_models.show(_known(request))
        raise Refused(404, "404 page not found")

    def _loaded(self) -> list[Body]:
        if self._running is None or self._until < time.time():
            self._running = None
            return []
        kept = min(self._until - time.time(), 9e9)
        until = rfc3339(datetime.now(UTC) + timedelta(seconds=kept))
        return [ollama_models.running(self._running, until, self._num_ctx)]

    async def events(self, path: str, request: Body) -> AsyncGenerator[Body, None]:
        """What `/api/generate` and `/api/chat` stream; `Refused` if they get an error."""
        started = time.monotonic()
        served = _known(request)
        says_chat = path == "/api/chat"
        said = request.get("messages" if says_chat else "prompt")
        if not said and seconds(request.get("keep_alive")) == 0:
            self._running = None
            yield _event(request, says_chat, "") | {"done": True, "done_reason": "unload"}
            return
        if request.get("suffix") and not served.inserts:
            raise Refused(400, f"registry.ollama.ai/library/{served.name} does not support insert")
        if request.get("think") and not served.thinks:
            raise Refused(400, f'"{served.name}" does not support thinking')
        options = options_of(request, self.habits)
        await self._load(served, options["num_ctx"])
        self._until = time.time() + seconds(request.get("keep_alive"))
        loaded = time.monotonic()
        if not said:
            yield _event(request, says_chat, "") | {"done": True, "done_reason": "load"}
            return
        answers = chat if says_chat else generate
        async with self.busy:
            parts = answers(self.client, self.engine, request, options, self.habits)
            async with aclosing(parts):
                async for part in parts:
                    event = _event(request, says_chat, part.text, part.thinking)
                    if part.end:
                        event |= {"done": True} | part.end
                        event["total_duration"] = int((time.monotonic() - started) * 1e9)
                        event["load_duration"] = int((loaded - started) * 1e9)
                    yield event

    async def _load(self, served: Served, num_ctx: int) -> None:
        if self._loaded() and (self._running, self._num_ctx) == (served, num_ctx):
            return
        await asyncio.sleep(self.habits.load_seconds)
        self._running, self._num_ctx = served, num_ctx
        self.loads += 1


def _known(request: Body) -> Served:
    name = request.get("model", "")
    served = found(name)
    if served is None:
        raise Refused(404, f"model '{name}' not found")
    return served


def _event(request: Body, says_chat: bool, text: str, thinking: str = "") -> Body:
    thought = {"thinking": thinking} if thinking else {}
    content: Body = {"response": text} | thought
    if says_chat:
        content = {"message": {"role": "assistant", "content": text} | thought}
    return {"model": request["model"], "created_at": now(), "done": False} | content


class _Connection:
    """One client, which may go at any moment."""

    def __init__(
        self, shim: OllamaShim, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._shim = shim
        self._reader = reader
        self._writer = writer
        self._gone = False

    async def serve(self) -> None:
        """Answer one request."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode()
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        body = await self._reader.readexactly(int(length[1])) if length else b"{}"
        request: Body = json.loads(body)
        self._shim.asked.append((path, request))
        if path not in ("/api/generate", "/api/chat"):
            try:
                self._whole(200, path, self._shim.answer(path, request))
            except Refused as refused:
                self._whole(refused.status, path, {"error": refused.sentence})
            return
        answering = asyncio.create_task(self._answer(path, request))
        watching = asyncio.create_task(self._watch(answering))
        try:
            await answering
        finally:
            watching.cancel()
            answering.cancel()
            # Only then may anybody else read.
            await asyncio.gather(watching, answering, return_exceptions=True)

    async def _watch(self, answering: asyncio.Task[None]) -> None:
        """A client that goes takes its answer with it, at once or with the first token."""
        assert not await self._reader.read(1), "a client asked again before it was answered"
        self._gone = True
        self._shim.left += 1
        if not self._shim.habits.notices_late:
            answering.cancel()

    async def _answer(self, path: str, request: Body) -> None:
        streams = request.get("stream", True)
        begun = False
        parts: list[Body] = []
        events = self._shim.events(path, request)
        try:
            async with aclosing(events):
                async for event in events:
                    if self._gone:
                        self._shim.wasted += 1
                        return
                    if not streams or event.get("done_reason") in ("load", "unload"):
                        parts.append(event)
                        continue
                    if not begun:
                        self._writer.write(_STREAM)
                    begun = True
                    self._line(path, event)
                    await self._writer.drain()
        except Refused as refused:
            if not begun:
                self._whole(refused.status, path, {"error": refused.sentence})
                return
            self._line(path, {"error": refused.sentence})
        if begun:
            self._writer.write(END)
        else:
            self._whole(200, path, _joined(parts))

    def _line(self, path: str, body: Body) -> None:
        self._shim.told.append((path, body))
        self._writer.write(chunk(json.dumps(body).encode() + b"\n"))

    def _whole(self, status: int, path: str, body: Body) -> None:
        self._shim.told.append((path, body))
        self._writer.write(whole(status, json.dumps(body).encode()))


def _joined(parts: list[Body]) -> Body:
    """One body for an answer that is not streamed."""
    *_, last = parts
    if "message" in last:
        text = "".join(part["message"]["content"] for part in parts)
        return last | {"message": last["message"] | {"content": text}}
    return last | {"response": "".join(part["response"] for part in parts)}


@contextlib.asynccontextmanager
async def ollama_shim(
    client: HttpClient, engine: LlamaCppServer, **habits: Any
) -> AsyncIterator[OllamaShim]:
    """An Ollama that runs its models on ``engine``; ``habits`` are fields of `Habits`."""
    shim = OllamaShim(client, engine, Habits(**habits))
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        connection = _Connection(shim, reader, writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    await connection.serve()
        except asyncio.CancelledError:
            pass  # the client went, or the shim ends; nobody is to hear of it
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    shim.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield shim
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
