"""The real server over stdio with a fake backend over HTTP: an editor's view of both."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inglenook.server.positions import Encoding, position_at
from tests.support.drawn import MARK, cursor_of
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.forked import inglenook
from tests.support.lsp_client import LspClient, start

INVOKED, AUTOMATIC = 1, 2


def config_for(directory: Path, provider: str, address: str) -> dict[str, str]:
    """A user's configuration with one model, as environment variables of a server."""
    file = directory / "config.yaml"
    file.write_text(
        "models:\n"
        f"  - {{name: fake, provider: {provider}, model: 'qwen2.5-coder:0.5b',"
        f" apiBase: '{address}', roles: [autocomplete]}}\n"
    )
    return {
        "INGLENOOK_CONFIG": str(file),
        "INGLENOOK_MODELS_DIR": str(directory),
        "INGLENOOK_STATE_DIR": str(directory / "state"),
        "INGLENOOK_CACHE_DIR": str(directory / "cache"),
        "INGLENOOK_RUNTIME_DIR": str(directory / "run"),
        "INGLENOOK_ENGINE_IDLE": "1",
        "INGLENOOK_PROBE": "off",
        "OLLAMA_HOST": "127.0.0.1:9",
    }


@dataclass
class House:
    """One editor with one server; documents are drawn with their cursor (█)."""

    client: LspClient
    backend: FakeBackend
    encoding: Encoding = Encoding.UTF16
    version: int = 1
    uri: str = "file:///house/case.py"
    line: int = 0
    character: int = 0

    def open(
        self, drawing: str, uri: str = "file:///house/case.py", language: str = "python"
    ) -> None:
        cursor = cursor_of(drawing, language)
        self.uri, self.version = uri, 1
        self.line, self.character = position_at(cursor.document.text, cursor.offset, self.encoding)
        self.client.open(uri, drawing.replace(MARK, ""), language)

    def type(self, keys: str) -> None:
        """Type characters that need one unit of the position encoding each."""
        for key in keys:
            here = {"line": self.line, "character": self.character}
            self.version += 1
            change = {"range": {"start": here, "end": here}, "text": key}
            self.client.change(self.uri, self.version, change)
            self.character += 1

    def ask(self, kind: int = INVOKED, **context: Any) -> Any:
        """Begin an inline completion at the cursor; returns its id."""
        return self.client.begin(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": self.uri},
                "position": {"line": self.line, "character": self.character},
                "context": {"triggerKind": kind, **context},
            },
        )

    async def items(self, kind: int = INVOKED, **context: Any) -> list[dict[str, Any]]:
        answer = await self.client.answer(self.ask(kind, **context))
        items: list[dict[str, Any]] = answer.result["items"]
        return items

    async def text(self, kind: int = AUTOMATIC, **context: Any) -> str:
        """What the first item inserts; empty if there is none."""
        items = await self.items(kind, **context)
        return items[0]["insertText"] if items else ""

    async def generation(self, number: int = 0) -> Any:
        """The request number ``number`` (from 0) that reached the backend."""
        async with asyncio.timeout(10):
            while len(self.backend.generations) <= number:
                await asyncio.sleep(0.002)
        return self.backend.generations[number]

    async def ended(self, number: int = 0) -> bool:
        """Whether the client's end of that request is seen soon, before the answer's end."""
        seen = await self.generation(number)
        async with asyncio.timeout(10):
            while seen.end_ns is None:
                await asyncio.sleep(0.002)
        return seen.client_end_ns is not None

    async def status(self, state: str) -> dict[str, Any]:
        """Wait until the last status is ``state``."""

        def last() -> Any:
            seen = self.client.seen("inglenook/status")
            return seen[-1] if seen else {"state": "?"}

        await self.client.until(lambda: last()["state"] == state)
        result: dict[str, Any] = last()
        return result


@asynccontextmanager
async def server_for(
    directory: Path,
    provider: str,
    address: str,
    *,
    options: Any = None,
    encoding: Encoding = Encoding.UTF16,
    capabilities: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = (),
) -> AsyncIterator[LspClient]:
    """An initialized server whose one model is at ``address``; it ends without a traceback.

    ``program`` is what is started, if the fork server will not do.
    """
    env = {**os.environ, **config_for(directory, provider, address), **(environment or {})}
    async with await start([*(program or (inglenook(),)), "serve"], env) as client:
        await client.initialize(
            encodings=(str(encoding),),
            options=options,
            capabilities=capabilities,
            folders=("file:///house",),
        )
        yield client
        if client.process.returncode is None:
            assert await client.shutdown() == 0
        assert b"Traceback" not in client.stderr


@asynccontextmanager
async def house(
    directory: Path,
    *,
    provider: str = "llama.cpp",
    options: Any = None,
    encoding: Encoding = Encoding.UTF16,
    capabilities: Mapping[str, Any] | None = None,
    **script: Any,
) -> AsyncIterator[House]:
    """A server that has found its model, with a backend scripted by ``script``."""
    async with (
        fake_backend(**script) as backend,
        server_for(
            directory,
            provider,
            backend.url,
            options=options,
            encoding=encoding,
            capabilities=capabilities,
        ) as client,
    ):
        home = House(client, backend, encoding)
        await home.status("idle")
        yield home
