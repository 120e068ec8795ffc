"""A server on plain pygls, to show which of its traps ours has closed. Run as a script."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("plain", "1")


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)
async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    """Answers with the whole document, so that the client sees what the server holds."""
    document = server.workspace.get_text_document(params.text_document.uri)
    item = types.InlineCompletionItem(insert_text=document.source)
    return types.InlineCompletionList(items=[item])


@server.feature("test/hang")
async def hang(_: Any) -> None:
    """Never ends, and does not let itself be cancelled."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            continue


@server.feature("test/counts")
async def counts(_: Any) -> dict[str, int]:
    """What must not grow."""
    return {"futures": len(server.protocol._request_futures) - 1}  # this request's own


@server.feature("test/flood")
async def flood(params: Any) -> int:
    """Sends notifications of that size, that many."""
    for number in range(params.count):
        server.protocol.notify("test/drop", {"number": number, "text": "x" * params.size})
    return int(params.count)


if __name__ == "__main__":
    if "--log" in sys.argv:
        logging.basicConfig(level=logging.INFO)
    server.start_io()
