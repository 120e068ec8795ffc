"""Two workspaces in one server, each with a model of its own behind one fake Ollama."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.fake_backend import FakeBackend
from tests.support.forked import inglenook
from tests.support.house import AUTOMATIC, config_for
from tests.support.lsp_client import LspClient, start

SMALL, LARGE = "qwen2.5-coder:0.5b", "qwen2.5-coder:7b"
MODELS = (SMALL, LARGE)

_numbers = count(1)  # of files, so that no answer is known already

CONFIG = """\
models:
  - {{name: Small, provider: ollama, model: '{small}', apiBase: '{url}', roles: [autocomplete]}}
  - {{name: Large, provider: ollama, model: '{large}', apiBase: '{url}', roles: [autocomplete]}}
{more}
"""


@dataclass
class Houses:
    """``left`` and ``right`` are folders that exist."""

    client: LspClient
    backend: FakeBackend
    left: Path
    right: Path

    async def completed(self, folder: Path, language: str = "python") -> str:
        """Complete a new file of a folder; the name of the model that was asked."""
        number = next(_numbers)
        uri = (folder / f"case{number}.py").as_uri()
        self.client.open(uri, f"value_{number} = \n", language)
        before = len(self.backend.generations)
        answer = await self.client.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": uri},
                "position": {"line": 0, "character": len(f"value_{number} = ")},
                "context": {"triggerKind": AUTOMATIC},
            },
        )
        assert answer.result["items"], "nothing came back"
        # What may come next in another file can be looked for at the same time.
        mine = f"value_{number} = "
        asked = [seen for seen in self.backend.generations[before:] if mine in _prompt(seen.json)]
        return str(asked[0].json["model"])

    async def select(self, name: str, **more: Any) -> dict[str, Any]:
        answer = await self.client.request("inglenook/selectModel", {"name": name, **more})
        result: dict[str, Any] = answer.result
        return result


def _prompt(body: Mapping[str, Any]) -> str:
    return str(body.get("prompt") or "")


@asynccontextmanager
async def houses(
    directory: Path, backend: FakeBackend, more: str = "", options: Any = None
) -> AsyncIterator[Houses]:
    """One server for both folders; the state in ``directory`` outlives it."""
    left, right = directory / "left", directory / "right"
    for folder in (left, right):
        folder.mkdir(exist_ok=True)
    env = {**os.environ, **config_for(directory, "ollama", backend.url), "OLLAMA_HOST": backend.url}
    text = CONFIG.format(small=SMALL, large=LARGE, url=backend.url, more=more)
    (directory / "config.yaml").write_text(text)
    async with await start([inglenook(), "serve"], env) as client:
        await client.initialize(options=options, folders=(left.as_uri(), right.as_uri()))
        yield Houses(client, backend, left, right)
        if client.process.returncode is None:
            assert await client.shutdown() == 0
        assert b"Traceback" not in client.stderr
