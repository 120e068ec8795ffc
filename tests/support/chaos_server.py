"""A raw socket server that is a good llama.cpp and Ollama until it is told to misbehave.

``server.act`` says what happens to the next generating requests, byte for byte; None is a good
answer. Everything else (inventory, health) is always answered well.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.support.fake_backend import GENERATES, Script
from tests.support.fake_bodies import Body, is_ollamas, ollama_reply
from tests.support.fake_openai import openai_reply

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
TEXT = "return 42"


@dataclass(frozen=True)
class Act:
    """Pieces of raw bytes, ``pause`` seconds between them; then the connection is closed.

    ``pieces`` may be endless. With ``hold`` the connection stays open and silent at the end.
    """

    pieces: Callable[[], Iterable[bytes]]
    pause: float = 0.0
    hold: bool = False


def chunk(data: bytes) -> bytes:
    """``data`` in the chunked encoding of HTTP/1.1."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def whole(status: int, body: bytes, head: str = "") -> bytes:
    line = f"HTTP/1.1 {status} Chaos\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return line.encode() + body


def good_chunks(path: str, request: Body | None = None) -> list[bytes]:
    """The pieces of a good streamed answer of ``path``: head, one chunk an event, end."""
    request = request or {"prompt": "x", "stream": True, "messages": [{"content": "x"}]}
    script = Script()
    request = {"model": script.models[0]} | request
    reply = ollama_reply if is_ollamas(path) else openai_reply
    _, kind, events = reply(script, path, request, iter([TEXT[:3], TEXT[3:]]))
    frame = b"data: %b\n\n" if kind == "sse" else b"%b\n"
    return [HEAD, *(chunk(frame % json.dumps(event).encode()) for event in events), END]


class ChaosServer:
    """``restart`` breaks all connections and listens on the same port again."""

    def __init__(self) -> None:
        self.act: Act | None = None
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._serve(reader, writer):
                    pass
        except asyncio.CancelledError:
            pass  # `stop` ends us; nobody is to hear of it
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection can be used again."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path = head.split(b"\r\n")[0].decode().split(" ")[:2]
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        request: Body = json.loads(body) if method == "POST" else {}
        if path not in GENERATES:
            writer.write(_inventory(path, request))
            return True
        if self.act is None:
            writer.write(b"".join(good_chunks(path, request)))
            return True
        for index, piece in enumerate(self.act.pieces()):
            if index and self.act.pause:
                await asyncio.sleep(self.act.pause)
            writer.write(piece)
            await writer.drain()
        if self.act.hold:
            await reader.read()
        return False


def _inventory(path: str, request: Body) -> bytes:
    reply = ollama_reply if is_ollamas(path) else openai_reply
    status, _, bodies = reply(Script(), path, request, iter(()))
    return whole(status, json.dumps(next(bodies)).encode())


def forever(piece: bytes) -> Callable[[], Iterator[bytes]]:
    """``piece`` again and again, behind a good head."""

    def pieces() -> Iterator[bytes]:
        yield HEAD
        while True:
            yield piece

    return pieces


@contextlib.asynccontextmanager
async def chaos_server() -> AsyncIterator[ChaosServer]:
    server = ChaosServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
