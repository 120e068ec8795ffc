"""What passes between a client and an HTTP server on this machine, byte for byte.

``async with recording_proxy() as proxy:`` listens on a loopback port; ``proxy.upstream`` is the
server to which it passes on, unchanged, ``proxy.asked`` what was asked of it, and ``proxy.left``
which clients went before the server did.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from inglenook.models.egress import Target
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body

_END = b"0\r\n\r\n"  # of a stream (RFC 9112, "Chunked Transfer Coding")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    body: Body  # empty if there was none


@dataclass(frozen=True)
class Left:
    """A client closed its connection."""

    at_ns: int  # of `time.monotonic_ns`, when that was seen
    path: str  # of the last request
    ended: bool  # its answer, which was a stream, had come to its end


@dataclass
class _Connection:
    """What was asked on it and is not answered, the last path, and what was passed on last."""

    waiting: list[Asked] = field(default_factory=list)
    path: str = ""
    last: bytes = b""


@dataclass
class RecordingProxy:
    upstream: str = ""
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, and one of its own to the server."""
        address = urlsplit(self.upstream)
        back, forth = await asyncio.open_connection(address.hostname, address.port)
        this = _Connection()
        pumps = (
            asyncio.create_task(_requests(reader, forth, this)),
            asyncio.create_task(self._answers(back, writer, this)),
        )
        try:
            # Whoever ends, ends both: a client that goes must not leave the server at work.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            if not pumps[1].done():
                self.left.append(Left(time.monotonic_ns(), this.path, this.last.endswith(_END)))
        finally:
            for each in pumps:
                each.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            forth.transport.abort()
            writer.transport.abort()

    async def _answers(
        self, back: asyncio.StreamReader, writer: asyncio.StreamWriter, this: _Connection
    ) -> None:
        while data := await back.read(1 << 16):
            # What is not answered was not asked: the server had closed the idle connection just
            # when it was used again, and the client asks on another one.
            self.asked += this.waiting
            this.waiting.clear()
            this.last = data
            writer.write(data)
            await writer.drain()


async def _requests(
    reader: asyncio.StreamReader, forth: asyncio.StreamWriter, this: _Connection
) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        this.path = head.split(b" ", 2)[1].decode()
        this.waiting.append(Asked(this.path, json.loads(body) if body else {}))
        forth.write(head + body)
        await forth.drain()


class ProxiedClient(HttpClient):
    """A client whose every server stands behind ``proxy``, wherever it is found to be."""

    def __init__(self, proxy: RecordingProxy) -> None:
        super().__init__()
        self._proxy = proxy

    def check(self, url: str) -> Target:
        if url != self._proxy.url:
            self._proxy.upstream = url
        return super().check(self._proxy.url)


@contextlib.asynccontextmanager
async def recording_proxy(upstream: str = "") -> AsyncIterator[RecordingProxy]:
    proxy = RecordingProxy(upstream)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await proxy.serve(reader, writer)
        tasks.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
