"""A bare pygls server that answers from its handler, to compare with. Run as a script.

With BENCHMARK_HTTP=1 it also imports aiohttp and makes the HTTP calls that ours makes to the
fake llama.cpp at port BENCHMARK_BACKEND: three to find its model, and one a completion.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

if os.environ.get("BENCHMARK_HTTP"):
    import aiohttp

server = LanguageServer("plain", "1")
_ORIGIN = f"http://127.0.0.1:{os.environ.get('BENCHMARK_BACKEND')}"


class _Model:
    """The calls of a completion, over one client session."""

    def __init__(self) -> None:
        self.session = aiohttp.ClientSession()
        self.found = asyncio.create_task(self._find())

    async def _find(self) -> None:
        for path in os.environ["BENCHMARK_CALLS"].split():
            async with self.session.get(_ORIGIN + path) as response:
                await response.json()

    async def complete(self, text: str) -> str:
        await self.found
        body: dict[str, Any] = {"prompt": text[-4000:], "stream": True, "n_predict": 64}
        made = ""
        async with self.session.post(_ORIGIN + "/completion", json=body) as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    made += json.loads(line[6:])["content"]
        return made


_models: list[_Model] = []


@server.feature(types.INITIALIZED)
async def initialized(_params: types.InitializedParams) -> None:
    if os.environ.get("BENCHMARK_HTTP"):
        _models.append(_Model())


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)
async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    text = server.workspace.get_text_document(params.text_document.uri).source
    answer = await _models[0].complete(text) if _models else f"value_{len(text)}"
    return types.InlineCompletionList(items=[types.InlineCompletionItem(insert_text=answer)])


if __name__ == "__main__":
    server.start_io()
