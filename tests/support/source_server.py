"""A publisher on loopback that cuts, stalls, lies about ranges and changes its files, as planned.

It speaks TLS and as much of HTTP/1.1 as a download needs, on bare streams: a library would
refuse to tell the lies. A request that has no `Reply` planned is answered honestly.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import trustme

_BLOCK: Final = 1 << 14


class Ranges(StrEnum):
    """How a request for a piece is answered."""

    HONEST = "honest"
    IGNORED = "with the whole"
    SHORTER = "with half of the piece, and says so"
    BLIND = "with a piece of the changed file"
    SHIFTED = "with other bytes than it says"
    ELSEWHERE = "with another piece, and says so"
    TOTAL = "as a piece of a longer file"
    LENGTH = "with a length that is not the piece's"
    BARE = "with a piece that does not say which"
    UNSATISFIED = "that there is no such piece"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    ranges: Ranges = Ranges.HONEST
    cut: int | None = None  # the connection ends after so many bytes of the body
    reset: bool = False  # the cut throws away what is on its way
    stall: int | None = None  # nothing more comes after so many bytes of the body
    status: int = 0
    location: str = ""
    chunked: bool = False  # no length is told
    extra: bytes = b""  # after the body
    pace: float = 0.0  # seconds after every block
    block: int = _BLOCK  # bytes
    endless: bool = False  # its head comes a character at a time and has no end


@dataclass(slots=True)
class Source:
    """One file of the publisher. It may change at any time; ``plan`` is used up from its start."""

    body: bytes
    tag: str | None = '"1"'
    changed: str | None = None  # Last-Modified
    plan: list[Reply] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)  # headers, their names in lower case

    def ranges(self) -> list[str | None]:
        """What was asked for: the ``Range`` of each request."""
        return [headers.get("range") for headers in self.asked]


@contextlib.asynccontextmanager
async def publishing(authority: trustme.CA, **sources: Source) -> AsyncIterator[str]:
    """The address of a server; each source is at the path of its name below it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving[task] = writer
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await _serve(sources, reader, writer)
        finally:
            writer.close()
            del serving[task]

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        server.close()
        for writer in serving.values():
            writer.transport.abort()
        await asyncio.gather(*serving)


async def _serve(
    sources: dict[str, Source], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    source = sources[head[0].split(" ")[1].lstrip("/")]
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
    }
    source.asked.append(headers)
    reply = source.plan.pop(0) if source.plan else Reply()
    status, told, body = _answer(source, reply, headers)
    if reply.chunked:
        told["Transfer-Encoding"] = "chunked"
        del told["Content-Length"]
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    writer.write("\r\n".join([*lines, "X-More: "]).encode("ascii"))
    while reply.endless:  # until the other side gives up
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)
    writer.write(b"\r\n\r\n")
    await _send(reply, body + reply.extra, reader, writer)


def _answer(
    source: Source, reply: Reply, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, before anything is cut off."""
    told = {"Date": "Wed, 25 Nov 2026 12:00:00 GMT"}
    if source.tag is not None:
        told["ETag"] = source.tag
    if source.changed is not None:
        told["Last-Modified"] = source.changed
    if reply.status:
        told |= {"Content-Length": "0"} | ({"Location": reply.location} if reply.location else {})
        return reply.status, told, b""
    start = _start(source, reply, headers)
    size = len(source.body)
    if start is None:
        return 200, told | {"Content-Length": str(size)}, source.body
    start += reply.ranges is Ranges.ELSEWHERE
    if start >= size or reply.ranges is Ranges.UNSATISFIED:
        return 416, told | {"Content-Range": f"bytes */{size}", "Content-Length": "0"}, b""
    body = source.body[start:]
    if reply.ranges is Ranges.SHORTER:
        body = body[: -(-len(body) // 2)]
    last = start + len(body) - 1
    if reply.ranges is Ranges.SHIFTED:
        body = source.body[: len(body)]
    told["Content-Length"] = str(len(body) - (reply.ranges is Ranges.LENGTH))
    if reply.ranges is not Ranges.BARE:
        total = size + (reply.ranges is Ranges.TOTAL)
        told["Content-Range"] = f"bytes {start}-{last}/{total}"
    return 206, told, body


def _start(source: Source, reply: Reply, headers: dict[str, str]) -> int | None:
    """From where an answer goes; None for a whole one."""
    asked = headers.get("range")
    if asked is None or reply.ranges is Ranges.IGNORED:
        return None
    condition = headers.get("if-range")
    current = source.tag if source.tag is not None else source.changed
    weak = current is not None and current.startswith("W/")
    if condition is not None and (condition != current or weak) and reply.ranges is Ranges.HONEST:
        return None
    return int(asked.removeprefix("bytes=").removesuffix("-"))


async def _send(
    reply: Reply, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    ends = [at for at in (reply.cut, reply.stall) if at is not None]
    sent = body[: min(ends, default=len(body))]
    for at in range(0, len(sent), reply.block):
        block = sent[at : at + reply.block]
        writer.write(b"%x\r\n%b\r\n" % (len(block), block) if reply.chunked else block)
        await writer.drain()
        await asyncio.sleep(reply.pace)
    if reply.stall is not None:
        await reader.read()  # until the other side gives up
    elif reply.cut is None:
        writer.write(b"0\r\n\r\n" if reply.chunked else b"")
        await writer.drain()
    elif reply.reset:
        writer.transport.abort()
