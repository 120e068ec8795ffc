"""A server on our own plumbing with the features of `plain_pygls_server`. Run as a script."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

from lsprotocol import types

from inglenook.server.base import InglenookServer
from inglenook.server.logs import configure_logs
from inglenook.server.stdio import run_stdio

server = InglenookServer("plumbing", "1")


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)
async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    """Answers with the whole document, so that the client sees what the server holds."""
    document = server.documents.usable(params.text_document.uri)
    if document is None:
        return types.InlineCompletionList(items=[])
    item = types.InlineCompletionItem(insert_text=str(document.text))
    return types.InlineCompletionList(items=[item])


@server.feature("test/hang")
async def hang(_: Any) -> None:
    """Never ends, and does not let itself be cancelled."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            continue


@server.feature("test/wait")
async def wait(_: Any) -> None:
    """Ends only by being cancelled."""
    await asyncio.sleep(3600)


@server.feature("test/block")
async def block(_: Any) -> None:
    """Blocks the whole event loop."""
    time.sleep(3600)  # noqa: ASYNC251


@server.feature("test/raise")
async def fail(params: Any) -> None:
    """Fails with an exception that quotes the user's text."""
    raise RuntimeError(f"canary {params}")


@server.feature("test/unserializable")
async def unserializable(_: Any) -> object:
    return {"a": object()}


@server.feature("test/flood")
async def flood(params: dict[str, int]) -> int:
    """Sends notifications of that size, that many; returns how many tasks run."""
    for number in range(params["count"]):
        server.protocol.notify("test/drop", {"number": number, "text": "x" * params["size"]})
    return params["count"]


@server.feature("test/counts")
async def counts(_: Any) -> dict[str, int]:
    """What must not grow."""
    protocol = server.protocol
    return {"futures": len(protocol._request_futures), "running": len(protocol.answers)}


@server.feature("test/child")
async def child(_: Any) -> int | None:
    """Starts a child that reads and prints; returns its exit code."""
    program = "import sys; assert sys.stdin.read() == ''; print('printed by a child')"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    return await process.wait()


if __name__ == "__main__":
    configure_logs(Path(sys.argv[1]) if len(sys.argv) > 1 else None, "debug")
    code = run_stdio(server)
    os._exit(code)
