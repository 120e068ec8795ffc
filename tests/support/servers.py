"""The two servers that end-to-end tests compare, and what one asks them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.lsp_client import LspClient, position, start

_HERE: Final = Path(__file__).parent
PLAIN: Final = (sys.executable, str(_HERE / "plain_pygls_server.py"))
OURS: Final = (sys.executable, str(_HERE / "plumbing_server.py"))


@asynccontextmanager
async def serving(
    server: Sequence[str], *arguments: str, encodings: Sequence[str] = ("utf-16",), **options: Any
) -> AsyncIterator[LspClient]:
    """A server after the handshake; it is killed afterwards if it still runs."""
    async with await start([*server, *arguments]) as client:
        await client.initialize(encodings=encodings, **options)
        yield client


def completion_at(uri: str, line: int = 0, character: int = 0) -> dict[str, Any]:
    """The params of an inline completion that the user asked for."""
    return {
        "textDocument": {"uri": uri},
        "position": position(line, character),
        "context": {"triggerKind": 1},
    }


async def held_text(client: LspClient, uri: str) -> str | None:
    """The text that the server holds; None if it holds none that it trusts."""
    answer = await client.request("textDocument/inlineCompletion", completion_at(uri))
    items = answer.result["items"]
    return str(items[0]["insertText"]) if items else None
