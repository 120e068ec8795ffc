"""llama.cpp's own HTTP API (tools/server/README.md): ours to render, its to continue.

`/completion` with our template wherever the family is known: `/infill` cuts prefix and suffix
silently and moves the start of the prefix with every key, which costs the engine its cache.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from inglenook.models import chat, llama_cpp_chat
from inglenook.models.adopt import adopted
from inglenook.models.bodies import (
    count,
    mapping,
    sampling_of,
    stops_of,
    text,
    within,
)
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.errors import (
    BackendBusy,
    BackendGarbled,
    BackendOffline,
    BackendTimeout,
    ModelError,
    ModelMissing,
)
from inglenook.models.heard import Form, Room
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.llama_cpp_events import (
    completion_body,
    error_of,
    infill_body,
    infill_size,
    timings_of,
)
from inglenook.models.llama_cpp_models import LlamaCppServer, inspect, list_models
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    ModelInfo,
    Way,
)
from inglenook.models.openai_events import said
from inglenook.models.render import HEAL_TOKENS, Healer, Layout, framed, grammar_for

__all__ = ["CHECK_SECONDS", "LlamaCppModel", "LlamaCppServer", "connect", "list_models"]

CHECK_SECONDS: Final = 10.0  # between two looks at which model it is
_POLL: Final = 0.1  # seconds between two looks at a server that is loading


async def connect(
    client: HttpClient,
    server: LlamaCppServer,
    name: str = "",
    layout: Layout = Layout.FROZEN_LINE,
    info: ModelInfo | None = None,
    most: int = 0,
) -> LlamaCppModel:
    """The model that ``server`` serves, shown to the user as ``name`` if that is not empty.

    ``info`` is what `list_models` told a moment ago, and saves asking again. ``most``: tokens of
    the window that are used, all if 0.
    """
    info = info or await inspect(client, server, name)
    if not info.family and await _can_infill(client, server):
        info = replace(info, fill=Fill.BACKEND, notice="")
    info = replace(info, context_tokens=within(info.context_tokens, most))
    return LlamaCppModel(client, server, replace(info, layout=layout), most)


async def _can_infill(client: HttpClient, server: LlamaCppServer) -> bool:
    body = {"input_prefix": "", "input_suffix": "", "n_predict": 1, "stream": False}
    try:
        await client.post(server.target, "/infill", server.access.body(body), server.headers)
    except (BackendOffline, BackendBusy):
        raise
    except ModelError:  # 501, "Infill is not supported by this model"
        return False
    return True


class LlamaCppModel:
    """`Model` over one llama.cpp server. The client is the caller's to close."""

    layouts: tuple[Layout, ...] = (Layout.FROZEN_LINE, Layout.PSM)  # it takes grammars

    def __init__(
        self, client: HttpClient, server: LlamaCppServer, info: ModelInfo, most: int = 0
    ) -> None:
        self._client = client
        self._server = server
        self._info = info
        self._most = most
        self._where = info.address or "The embedded engine"
        self._checked = time.monotonic()

    @property
    def info(self) -> ModelInfo:
        return self._info

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        await self._check()
        way = request.way or self._info.way
        if way.fill is Fill.CHAT:
            chunks = self._chat(request)
        elif way.fill is Fill.BACKEND:
            chunks = self._events("/infill", infill_body(request), [Healer("")], request)
        else:
            rendered = framed(request.prompt, way.family, way.layout)
            body = completion_body(request, rendered.stop) | {"prompt": rendered.text}
            if rendered.heal:
                body["grammar"] = grammar_for(rendered.heal)
                body["n_predict"] += HEAL_TOKENS
            if request.alternatives > 1:
                body["n_cmpl"] = request.alternatives
            healers = [Healer(rendered.heal) for _ in range(request.alternatives)]
            chunks = self._events("/completion", body, healers, request)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        await self._check()
        chunks = llama_cpp_chat.chat(self._client, self._server, self._info, request)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def _check(self) -> None:
        """ModelMissing if the server was started again with another model.

        Its template would be a wrong one. Nothing in an answer that was cut short tells, so the
        server is asked now and then.
        """
        if time.monotonic() - self._checked >= CHECK_SECONDS:
            await self.confirm()

    async def confirm(self) -> None:
        if self._server.embedded:
            return
        served = await inspect(self._client, self._server, self._info.name)
        if served.digest != self._info.digest:
            raise ModelMissing(f"{self._where} serves another model now.")
        self._checked = time.monotonic()

    async def _events(
        self, path: str, body: Body, healers: list[Healer], request: CompletionRequest
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks of as many alternatives as there are healers."""
        open_choices, form = set(range(len(healers))), Form(self._where)
        rooms = [Room(request.max_tokens) for _ in healers]
        uncounted = infill_size(body)
        async with aclosing(self._stream(path, body)) as events:
            async for event in events:
                ended = event.get("stop") is True
                if not (ended or isinstance(event.get("content"), str)):
                    form.strange()
                    continue
                form.known()
                choice = count(event, "index") if "index" in event else 0
                if choice is None or choice >= len(healers):
                    raise BackendGarbled(f"{self._where} sent an event of no alternative.")
                if choice not in open_choices:
                    continue
                healer, room = healers[choice], rooms[choice]
                piece = healer.feed(room.take(text(event, "content")))
                if piece or ended or room.full:
                    yield Chunk(piece, timings_of(event, uncounted), choice)
                if ended or healer.failed or room.full:
                    open_choices.discard(choice)
                if not (open_choices or ended):
                    return
        form.check()
        self._expect(not open_choices)

    async def _chat(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        """Chat needs no stop strings from us: a code block's fence has a line end of its own."""
        body = {
            "messages": chat.messages(request.prompt),
            "stream": True,
            "max_tokens": request.max_tokens,
            **sampling_of(request),
            "seed": request.seed,
            "cache_prompt": True,
            # Templates of reasoning models know this; others ignore it.
            "chat_template_kwargs": {"enable_thinking": False},
        }
        reader, ended = chat.CodeReader(stops_of(request)), False
        room, form = Room(request.max_tokens), Form(self._where)
        async with aclosing(self._stream("/v1/chat/completions", body)) as events:
            async for event in events:
                one = said(event, self._where)
                if one is None:
                    form.strange()
                if one is None or ended:
                    continue
                if not one.done:
                    form.known()
                piece, ended = room.take(one.text), one.ended or room.full
                piece = reader.feed(piece, ended)
                if piece or ended:
                    yield Chunk(piece, timings_of(event) if ended else None)
                if room.full or (reader.stopped and not ended):
                    return
        form.check()
        self._expect(ended)

    async def _stream(self, path: str, body: Body) -> AsyncGenerator[Body, None]:
        server, silent = self._server, self._server.access.timeout
        stream = self._client.stream(
            server.target,
            path,
            server.access.body(body),
            Framing.EVENTS,
            server.headers,
            first=silent,
            between=silent,
        )
        async with aclosing(stream) as events:
            async for event in events:
                if error := event.get("error"):
                    raise error_of(error, self._where)
                yield event

    def _expect(self, ended: bool) -> None:
        if not ended:
            raise BackendOffline(f"{self._where} broke off in the middle of an answer.")

    async def is_loaded(self) -> bool:
        try:
            await self._client.get(self._server.target, "/health", self._server.headers)
        except BackendBusy:
            return False
        return True

    async def load(self) -> None:
        try:
            async with asyncio.timeout(self._client.limits.load):
                while not await self.is_loaded():  # noqa: ASYNC110 (another process loads)
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            raise BackendTimeout(f"{self._where} is still loading its model.") from None

    async def window(self) -> int:
        props = await self._client.get(self._server.target, "/props", self._server.headers)
        window = count(mapping(props, "default_generation_settings"), "n_ctx") or 0
        return within(window, self._most)

    def adopt(self, way: Way, context_tokens: int) -> None:
        info = adopted(self._info, way, context_tokens)
        self._info = replace(info, context_tokens=within(info.context_tokens, self._most))

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""
