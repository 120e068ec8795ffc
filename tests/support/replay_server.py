"""An HTTP server on this machine that gives the answers it was told, whatever it is asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Mapping

from inglenook.models.lines import Body
from tests.support.chaos_server import END, HEAD, chunk, whole


@contextlib.asynccontextmanager
async def replay(answers: Mapping[str, Body | list[Body]]) -> AsyncIterator[str]:
    """Its URL. Under each path stands one body, or the lines of a stream; 404 for the rest."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(_reply(answers.get(head.split(b" ", 2)[1].decode())))
        writer.transport.abort()
        tasks.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def _reply(answer: Body | list[Body] | None) -> bytes:
    if answer is None:
        return whole(404, b"404 page not found")
    if isinstance(answer, dict):
        return whole(200, json.dumps(answer).encode())
    lines = [chunk(json.dumps(line).encode() + b"\n") for line in answer]
    return b"".join([HEAD, *lines, END])
