"""A listener that nobody may connect to, though everybody could."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

_OURS: Final = b"ours"


@dataclass
class Canary:
    """A listener on loopback, which can be reached, so that silence means something."""

    port: int
    connections: int = 0
    heard: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    async def others(self) -> list[bytes]:
        """What everybody else began to say. A connection of our own comes behind all of theirs,
        and shows that one would have been heard."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(_OURS)
        async with asyncio.timeout(10):
            while _OURS not in self.heard:
                await asyncio.sleep(0.005)
        writer.close()
        self.heard.remove(_OURS)
        self.connections -= 1
        return [*self.heard, *[b"nothing"] * (self.connections - len(self.heard))]


@asynccontextmanager
async def canary() -> AsyncIterator[Canary]:
    """Counts connections, and answers as a server that has models would."""
    found = Canary(0)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        found.heard.append(await reader.read(65536))
        body = json.dumps({"models": [{"name": "canary"}], "data": [{"id": "canary"}]}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        writer.write(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found
