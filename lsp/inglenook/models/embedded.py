"""llama.cpp in a child process of our own, for machines without a model server.

The child serves llama.cpp's HTTP API on a free loopback port behind a secret, so the adapter of
`inglenook.models.llama_cpp` does the talking and this module only starts, watches and ends the
child. A crash of the engine is `BackendOffline`, and the next use starts it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from inglenook.models.adopt import adopted
from inglenook.models.errors import BackendFailed, BackendOffline, BackendTimeout, ModelMissing
from inglenook.models.gguf import GgufHead, read_head
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel, LlamaCppServer, connect
from inglenook.models.model import Chunk, CompletionRequest, Fill, Locality, Model, ModelInfo, Way
from inglenook.models.render import Layout
from inglenook.models.templates import family_of

CONTEXT_TOKENS: Final = 4096
INSTALL_HINT: Final = "The embedded engine is not installed: pip install xllamacpp"
# The engine looks for abandoned requests between two batches of a prompt. 128 tokens are as fast
# on a processor as its own 2048, and free it in a tenth of the time. Its /infill, which serves
# models of unknown families, cuts prefix and suffix by the batch, so there it stays as it is.
_BATCH_TOKENS: Final = 128
_INFILL_BATCH_TOKENS: Final = 2048
_LOAD_SECONDS: Final = 300.0
_STARTS: Final = 3  # so many starts within so many seconds, then it stays down for a while
_STARTS_SECONDS: Final = 600.0


def is_installed() -> bool:
    """Whether the optional extra is there (without importing it)."""
    return importlib.util.find_spec("xllamacpp") is not None


def describe(file: Path) -> ModelInfo | None:
    """What is known of a GGUF file before the engine loads it; None if it is none."""
    head = read_head(file)
    if head is None:
        return None
    try:
        status = file.stat()
    except OSError:
        return None
    family = _family(file, head)
    return ModelInfo(
        name=file.stem,
        backend="embedded",
        digest=f"{file.name}:{status.st_size}:{status.st_mtime_ns}",
        address="",
        locality=Locality.EMBEDDED,
        fill=Fill.TEMPLATE if family else Fill.CHAT,
        family=family,
        context_tokens=min(CONTEXT_TOKENS, head.context_tokens or CONTEXT_TOKENS),
        size_bytes=status.st_size,
        layout=Layout.FROZEN_LINE,
        version=_version(),
    )


@lru_cache
def _version() -> str:
    """Of the engine; empty where it is not installed."""
    try:
        return version("xllamacpp")
    except PackageNotFoundError:
        return ""


def _family(file: Path, head: GgufHead) -> str:
    return family_of(head.name, head.architecture) or family_of(file.stem, head.architecture)


@dataclass(frozen=True, slots=True)
class _Engine:
    """A running child and the adapter that talks to it."""

    process: asyncio.subprocess.Process
    model: Model

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def stop(self) -> None:
        await self.model.close()
        await _end(self.process)


class EmbeddedModel:
    """A `Model` whose engine starts with its first use. The client is the caller's to close."""

    def __init__(
        self,
        client: HttpClient,
        file: Path,
        info: ModelInfo,
    ) -> None:
        self._client = client
        self._file = file.absolute()  # the child works in another directory
        self._info = info
        self._engine: _Engine | None = None
        self._starting: asyncio.Task[_Engine] | None = None
        self._starts: deque[float] = deque(maxlen=_STARTS)

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return LlamaCppModel.layouts

    @property
    def pid(self) -> int | None:
        """Of the child, while it serves."""
        return self._engine.process.pid if self._engine and self._engine.alive else None

    async def is_loaded(self) -> bool:
        return self._engine is not None and self._engine.alive

    async def load(self) -> None:
        engine = await self._running()
        await engine.model.load()

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        engine = await self._running()
        request = replace(request, way=request.way or self._info.way)
        try:
            async with contextlib.aclosing(engine.model.complete(request)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except BackendOffline:
            if await _has_ended(engine.process):
                raise BackendOffline(_stopped(engine.process.returncode)) from None
            raise

    async def window(self) -> int:
        engine = await self._running()
        return await engine.model.window()

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._info = adopted(self._info, way, context_tokens)

    async def close(self) -> None:
        starting, self._starting = self._starting, None
        engine, self._engine = self._engine, None
        if starting is not None and not starting.done():
            starting.cancel()
            await asyncio.wait([starting])
        if engine is not None:
            await engine.stop()

    async def _running(self) -> _Engine:
        """The engine, started if need be. Cancelling one caller does not stop a start."""
        if self._engine is not None:
            if self._engine.alive:
                return self._engine
            dead, self._engine = self._engine, None
            await dead.model.close()
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._started)
        return await asyncio.shield(self._starting)

    def _started(self, task: asyncio.Task[_Engine]) -> None:
        if self._starting is task:
            self._starting = None
        if not task.cancelled() and task.exception() is None:
            self._engine = task.result()

    async def _start(self) -> _Engine:
        now = asyncio.get_running_loop().time()
        if len(self._starts) == _STARTS and now - self._starts[0] < _STARTS_SECONDS:
            raise BackendOffline(
                f"The embedded engine has stopped {_STARTS} times and is left alone for a while."
            )
        if not is_installed():
            raise ModelMissing(INSTALL_HINT)
        self._starts.append(now)
        key = secrets.token_urlsafe(32)
        process = await _spawn(self._file)
        try:
            address = await _serve(process, self._file, key, self._info)
            server = LlamaCppServer(self._client.check(address), key, embedded=True)
            model = await self._adapter(server)
        except BaseException:
            await asyncio.shield(_end(process))
            raise
        return _Engine(process, model)

    async def _adapter(self, server: LlamaCppServer) -> Model:
        if self._info.family:
            return LlamaCppModel(self._client, server, self._info)
        # What the file does not tell, the engine may: whether it can fill holes by itself.
        model = await connect(self._client, server, self._info.name, self._info.layout)
        told = model.info
        self._info = replace(self._info, family=told.family, fill=told.fill, notice=told.notice)
        return model


async def _spawn(file: Path) -> asyncio.subprocess.Process:
    # Not from the working directory (-P), which is the user's workspace; and in a session of its
    # own, so that Ctrl-C in a terminal is the parent's business.
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.CREATE_NO_WINDOW}
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "inglenook.models.embedded_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=file.parent,
            **flags,
        )
    except OSError as error:
        raise BackendFailed(f"The embedded engine cannot be started: {error.strerror}.") from None


async def _serve(process: asyncio.subprocess.Process, file: Path, key: str, info: ModelInfo) -> str:
    """Hand the plan over (not as arguments, which every user of the machine can read)."""
    assert process.stdin is not None
    assert process.stdout is not None
    plan = {
        "model": str(file),
        "key": key,
        "context_tokens": info.context_tokens,
        "batch_tokens": _BATCH_TOKENS if info.family else _INFILL_BATCH_TOKENS,
        "parent": os.getpid(),
    }
    try:
        process.stdin.write(json.dumps(plan).encode() + b"\n")
        async with asyncio.timeout(_LOAD_SECONDS):
            await process.stdin.drain()
            line = await process.stdout.readline()
    except TimeoutError:
        text = f"The embedded engine did not load {file.name} within {_LOAD_SECONDS:g} s."
        raise BackendTimeout(text) from None
    except OSError:
        line = b""
    try:
        answer = dict(json.loads(line))
    except (ValueError, TypeError):
        await process.wait()
        raise BackendOffline(_stopped(process.returncode)) from None
    if answer.get("error") == "missing":
        raise ModelMissing(INSTALL_HINT)
    if "address" not in answer:
        raise BackendFailed(f"The embedded engine cannot load {file.name}: is it a GGUF model?")
    return str(answer["address"])


async def _end(process: asyncio.subprocess.Process) -> None:
    """The engine has nothing to save, so it is not asked twice."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()


async def _has_ended(process: asyncio.subprocess.Process) -> bool:
    """A broken connection may be seen a moment before the end of the process that broke it."""
    try:
        async with asyncio.timeout(1.0):
            await process.wait()
    except TimeoutError:
        return False
    return True


def _stopped(code: int | None) -> str:
    return f"The embedded engine stopped by itself ({code}). It starts again with the next use."
