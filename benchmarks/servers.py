"""The servers that are measured: ours, and bare pygls beside it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psutil

from benchmarks.backend import ROOT, Backend
from tests.support.lsp_client import LspClient, start

OURS: Final = (sys.executable, "-m", "inglenook", "serve")
TRACED: Final = (sys.executable, str(ROOT / "benchmarks" / "traced_server.py"))
PLAIN: Final = (sys.executable, str(ROOT / "benchmarks" / "plain_server.py"))
OPTIONS: Final = {"inglenook": {"reportTimings": True}}
_READY: Final = 20.0  # seconds
_INDEXED: Final = 120.0


@asynccontextmanager
async def environment(
    backend: Backend, provider: str = "llama.cpp"
) -> AsyncIterator[dict[str, str]]:
    """Variables under which our server knows that backend and nothing else."""
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        config = Path(home) / "config.yaml"
        config.write_text(
            "models:\n"
            f"  - {{name: fake, provider: {provider}, model: 'qwen2.5-coder:0.5b',\n"
            f"     apiBase: 'http://127.0.0.1:{backend.port}', roles: [autocomplete]}}\n"
        )
        yield {
            "INGLENOOK_CONFIG": str(config),
            "INGLENOOK_MODELS_DIR": str(Path(home) / "models"),
            "INGLENOOK_STATE_DIR": str(Path(home) / "state"),
            "INGLENOOK_CACHE_DIR": str(Path(home) / "cache"),
            "INGLENOOK_RUNTIME_DIR": str(Path(home) / "run"),
            "INGLENOOK_ENGINE_IDLE": "1",
            "INGLENOOK_PROBE": "off",
            "BENCHMARK_BACKEND": str(backend.port),
        }


@asynccontextmanager
async def ours(
    backend: Backend,
    argv: Sequence[str] = OURS,
    *,
    timings: bool = False,
    provider: str = "llama.cpp",
    folder: Path | None = None,
    **variables: str,
) -> AsyncIterator[LspClient]:
    """Our server, its model found and loaded, and its workspace's ``folder`` indexed."""
    async with (
        environment(backend, provider) as env,
        await start(argv, {**env, **variables}) as client,
    ):
        folders = [folder.as_uri()] if folder is not None else []
        await client.initialize(folders=folders, options=OPTIONS if timings else None)
        await ready(client)
        if folder is not None:
            await client.until(lambda: indexing(client, "end"), _INDEXED)
        yield client
        await _leave(client)


@asynccontextmanager
async def plain() -> AsyncIterator[LspClient]:
    """Bare pygls."""
    async with await start(PLAIN) as client:
        await client.initialize()
        yield client
        await _leave(client)


async def ready(client: LspClient) -> None:
    """Wait until the server says that its model can answer."""

    def idle() -> bool:
        return any(status["state"] == "idle" for status in client.seen("inglenook/status"))

    await client.until(idle, _READY)


def indexing(client: LspClient, kind: str) -> bool:
    """Whether the server has shown that it begins, or ends, to index its workspace."""
    return any(each["value"]["kind"] == kind for each in client.seen("$/progress"))


async def settled(client: LspClient, quiet: float = 0.4) -> None:
    """Wait until the server has used no CPU for a while: documents are parsed and outlined."""
    process = psutil.Process(client.process.pid)
    async with asyncio.timeout(60):
        spent = -1.0
        while (now := sum(process.cpu_times()[:2])) - spent > 0.015:
            spent = now
            await asyncio.sleep(quiet)


def resident_mb(client: LspClient) -> float:
    return float(psutil.Process(client.process.pid).memory_info().rss) / 1e6


async def _leave(client: LspClient) -> None:
    """Say goodbye, so that the server can write what it recorded."""
    if client.process.returncode is None and not client.closed:
        await client.shutdown(limit=15)
