"""llama.cpp in a process of our own, for machines without a model server.

The process serves llama.cpp's HTTP API on a free loopback port behind a secret, so the adapter of
`inglenook.models.llama_cpp` does the talking. It is one for all programs of a user that have a
`Home` in common, else a child of this one. A crash of the engine is `BackendOffline`, and the next
use starts it again; an engine that went by itself is started again without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Protocol, TypeVar

from inglenook.models import chatting, embedded_private, embedded_shared
from inglenook.models.adopt import adopted
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.embedded_home import Home
from inglenook.models.embedded_plan import STARTS, STARTS_SECONDS, TOO_OFTEN, Plan
from inglenook.models.embedded_private import INSTALL_HINT
from inglenook.models.errors import BackendFailed, BackendOffline, ModelMissing
from inglenook.models.gguf import GgufHead, read_head
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel, LlamaCppServer, connect
from inglenook.models.model import Chunk, CompletionRequest, Fill, Locality, Model, ModelInfo, Way
from inglenook.models.render import Layout
from inglenook.models.templates import family_of
from inglenook.private import Unusable

__all__ = ["INSTALL_HINT", "EmbeddedModel", "Home", "describe", "is_installed"]

log = logging.getLogger(__name__)

_Piece = TypeVar("_Piece", Chunk, ChatChunk)

CONTEXT_TOKENS: Final = 4096
# The engine looks for abandoned requests between two batches of a prompt. 128 tokens are as fast
# on a processor as its own 2048, and free it in a tenth of the time. Its /infill, which serves
# models of unknown families, cuts prefix and suffix by the batch, so there it stays as it is.
_BATCH_TOKENS: Final = 128
_INFILL_BATCH_TOKENS: Final = 2048
_END_SECONDS: Final = 1.0  # a broken connection may be seen before the end of who broke it


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
        identified=True,
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


class Engine(Protocol):
    """A process that serves: a `PrivateEngine` or a place at a `SharedEngine`."""

    @property
    def address(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def pid(self) -> int: ...
    @property
    def alive(self) -> bool: ...
    @property
    def left(self) -> bool:
        """Whether it went by itself, and did not crash."""
        ...

    @property
    def epitaph(self) -> str: ...
    def use(self) -> None:
        """It is about to be asked."""
        ...

    async def ended(self, seconds: float) -> bool: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Running:
    """An engine and the adapter that talks to it."""

    engine: Engine
    model: Model

    async def stop(self) -> None:
        await self.model.close()
        await self.engine.close()


class EmbeddedModel:
    """A `Model` whose engine starts with its first use. The client is the caller's to close."""

    def __init__(
        self,
        client: HttpClient,
        file: Path,
        info: ModelInfo,
        home: Home | None = None,
    ) -> None:
        self._client = client
        # Of what the file tells, so that all who see the same file have the same plan.
        self._plan = Plan(
            str(file.absolute()),  # the engine works in another directory
            info.digest,
            info.context_tokens,
            _BATCH_TOKENS if info.family else _INFILL_BATCH_TOKENS,
            info.version,
        )
        self._info = info
        self._home = home
        self._joined = False  # whether anything of ours may be in the home
        self._hopeless = False  # the engine is not there, or does not take the file
        self._running: _Running | None = None
        self._starting: asyncio.Task[_Running] | None = None
        self._starts: deque[float] = deque(maxlen=STARTS)

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return LlamaCppModel.layouts

    @property
    def pid(self) -> int | None:
        """Of the engine, while it serves us."""
        running = self._running
        return running.engine.pid if running and running.engine.alive else None

    def share(self, home: Home) -> None:
        """Use the engine that all who meet there share. Before the first use."""
        self._home = home

    async def is_loaded(self) -> bool:
        return self.pid is not None

    async def load(self) -> None:
        running = await self._run()
        await running.model.load()

    def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        ours = replace(request, way=request.way or self._info.way)
        return self._answer(lambda model: model.complete(ours))

    def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        return self._answer(lambda model: chatting.chat(model, request))

    async def _answer(
        self, ask: Callable[[Model], AsyncGenerator[_Piece, None]]
    ) -> AsyncGenerator[_Piece, None]:
        for again in (True, False):
            running = await self._run()
            begun = False
            try:
                async with contextlib.aclosing(ask(running.model)) as chunks:
                    async for chunk in chunks:
                        begun = True
                        yield chunk
                return
            except BackendOffline:
                if not await running.engine.ended(_END_SECONDS):
                    raise
                # It may have gone by itself in the moment in which it was asked.
                if begun or not (running.engine.left and again):
                    raise BackendOffline(running.engine.epitaph) from None

    async def window(self) -> int:
        running = await self._run()
        return await running.model.window()

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._info = adopted(self._info, way, context_tokens)

    async def confirm(self) -> None:
        """The engine keeps the file that it has loaded."""

    async def close(self) -> None:
        starting, self._starting = self._starting, None
        running, self._running = self._running, None
        if starting is not None and not starting.done():
            starting.cancel()
            await asyncio.wait([starting])
        if running is not None:
            await running.stop()
        if self._home is not None and self._joined:
            embedded_shared.tidy(self._plan, self._home, forget=self._hopeless)

    async def _run(self) -> _Running:
        """The engine, started if need be. Cancelling one caller does not stop a start."""
        if self._running is not None and not self._running.engine.alive:
            dead, self._running = self._running, None
            await dead.stop()
        if self._running is None:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start())
                self._starting.add_done_callback(self._started)
            return await asyncio.shield(self._starting)
        self._running.engine.use()
        return self._running

    def _started(self, task: asyncio.Task[_Running]) -> None:
        if self._starting is task:
            self._starting = None
        if not task.cancelled() and task.exception() is None:
            self._running = task.result()

    async def _start(self) -> _Running:
        if not is_installed():
            raise ModelMissing(INSTALL_HINT)
        engine = await self._engine()
        try:
            target = self._client.check(engine.address)
            return _Running(
                engine, await self._adapter(LlamaCppServer(target, engine.key, embedded=True))
            )
        except BaseException:
            await asyncio.shield(engine.close())
            raise

    async def _engine(self) -> Engine:
        if self._home is not None:
            self._joined = True
            try:
                engine = await embedded_shared.join(self._plan, self._home)
                self._hopeless = False
                return engine
            except Unusable as why:
                log.warning("%s So the embedded engine is not shared with other programs.", why)
            except (ModelMissing, BackendFailed):
                self._hopeless = True
                raise
        now = asyncio.get_running_loop().time()
        if len(self._starts) == STARTS and now - self._starts[0] < STARTS_SECONDS:
            raise BackendOffline(TOO_OFTEN)
        self._starts.append(now)
        return await embedded_private.start(self._plan)

    async def _adapter(self, server: LlamaCppServer) -> Model:
        if self._info.family:
            return LlamaCppModel(self._client, server, self._info)
        # What the file does not tell, the engine may: whether it can fill holes by itself.
        model = await connect(self._client, server, self._info.name, self._info.layout)
        told = model.info
        self._info = replace(self._info, family=told.family, fill=told.fill, notice=told.notice)
        return model
