"""What passes between a client and an HTTP server on this machine, byte for byte.

``async with recording_proxy() as proxy:`` listens on a loopback port; ``proxy.upstream`` is the
server to which it passes on, unchanged, and ``proxy.asked`` what was asked of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from inglenook.models.egress import Target
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    body: Body  # empty if there was none


@dataclass
class RecordingProxy:
    upstream: str = ""
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, and one of its own to the server."""
        address = urlsplit(self.upstream)
        back, forth = await asyncio.open_connection(address.hostname, address.port)
        open_requests: list[Asked] = []
        pumps = (
            asyncio.create_task(_requests(reader, forth, open_requests)),
            asyncio.create_task(self._answers(back, writer, open_requests)),
        )
        try:
            # Whoever ends, ends both: a client that goes must not leave the server at work.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in pumps:
                each.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            forth.transport.abort()
            writer.transport.abort()

    async def _answers(
        self, back: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: list[Asked]
    ) -> None:
        while data := await back.read(1 << 16):
            # What is not answered was not asked: the server had closed the idle connection just
            # when it was used again, and the client asks on another one.
            self.asked += waiting
            waiting.clear()
            writer.write(data)
            await writer.drain()


async def _requests(
    reader: asyncio.StreamReader, forth: asyncio.StreamWriter, waiting: list[Asked]
) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        path = head.split(b" ", 2)[1].decode()
        waiting.append(Asked(path, json.loads(body) if body else {}))
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
