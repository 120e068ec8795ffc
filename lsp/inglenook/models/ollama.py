"""Ollama's native API (docs/api.md in ollama/ollama), over our own client.

A name can be given at any time to a model that Ollama forwards to another machine: it looks the
name up with every request, whatever runs already. So `/api/show` is asked about the name before
every prompt.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from inglenook.models import chat, ollama_chat, ollama_load
from inglenook.models.access import Access
from inglenook.models.adopt import adopted
from inglenook.models.bodies import count, mapping, objects, sampling_of, stops_of, text, within
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.comments import snippets_as_comments
from inglenook.models.egress import Target
from inglenook.models.errors import BackendOffline, PromptTooLong
from inglenook.models.heard import Form, Room
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.ollama_events import error_of, timings_of, too_long
from inglenook.models.ollama_models import (
    OllamaServer,
    Shown,
    Wanted,
    ask,
    cloud_disabled,
    list_models,
    refuse_forwarded,
    show,
    tag_of,
    version_of,
)
from inglenook.models.render import Healer, Layout, framed
from inglenook.models.shape import NOTHING_CUT, Shape
from inglenook.models.templates import neutralise_any

__all__ = ["OllamaModel", "Shape", "Wanted", "cloud_disabled", "connect", "list_models"]

_VERSION_SECONDS: Final = 600.0  # between two looks at which Ollama it is


async def connect(
    client: HttpClient,
    target: Target,
    name: str,
    layout: Layout = Layout.PSM,
    access: Access | None = None,
    wanted: Wanted | None = None,
) -> OllamaModel:
    """The model called ``name``; ModelMissing, or EgressRefused if Ollama forwards it."""
    server, wanted = OllamaServer(target, access or Access()), wanted or Wanted()
    tag = await tag_of(client, server, name)
    shown = await show(client, server, tag, wanted, await version_of(client, server))
    return OllamaModel(client, server, wanted, shown, layout)


class OllamaModel:
    """`Model` over one model of an Ollama server. The client is the caller's to close."""

    layouts: tuple[Layout, ...] = (Layout.PSM,)  # it takes no grammar

    def __init__(
        self, client: HttpClient, server: OllamaServer, wanted: Wanted, shown: Shown, layout: Layout
    ) -> None:
        self._client = client
        self._server = server
        self._wanted = wanted
        self._told = shown.info  # before any probe
        self._shown = replace(shown, info=replace(shown.info, layout=layout))
        self._versioned = time.monotonic()
        self._loaded = False  # as far as we know

    @property
    def info(self) -> ModelInfo:
        return self._shown.info

    @property
    def shape(self) -> Shape:
        """With what every request has the model loaded."""
        return self._shown.shape

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        await self._ensure_local()
        way = request.way or self.info.way
        chat_only = way.fill is Fill.CHAT
        chunks = self._chat(request) if chat_only else self._generate(request, way)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        await self._ensure_local()
        body = ollama_chat.body_of(request, self.info, self.shape, self._shown.think)
        events = self._stream("/api/chat", body)
        chunks = ollama_chat.answer(events, request, self.info, self._timings)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def _generate(self, request: CompletionRequest, way: Way) -> AsyncGenerator[Chunk, None]:
        prompt, stop, heal = request.prompt, stops_of(request), ""
        if way.fill is Fill.TEMPLATE:
            rendered = framed(prompt, way.family, way.layout)
            body: Body = {"raw": True, "prompt": rendered.text}
            stop, heal = (*rendered.stop, *stop), rendered.heal
        else:
            # Ollama's template puts these between tokens that only it knows.
            before = neutralise_any(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
            # An empty suffix means "no suffix" to Ollama, and then it would chat.
            body = {"prompt": before or "\n", "suffix": neutralise_any(prompt.suffix) or "\n"}
        size = len(body["prompt"]) + len(body.get("suffix", ""))
        body |= self._common(request, stop)
        healer, room, ended = Healer(heal), Room(request.max_tokens), False
        async with aclosing(self._stream("/api/generate", body)) as events:
            async for event in events:
                piece = healer.feed(room.take(text(event, "response")))
                ended = event.get("done") is True or room.full
                if piece or ended:
                    yield Chunk(piece, self._timings(event, size) if ended else None)
                if healer.failed or room.full:
                    return
        self._expect(ended)

    async def _chat(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        messages = chat.messages(request.prompt)
        size = sum(len(message["content"]) for message in messages)
        # No stop strings: a code block's fence has a line end of its own.
        body = self._common(request, ()) | {"messages": messages}
        reader, room, ended = chat.CodeReader(stops_of(request)), Room(request.max_tokens), False
        async with aclosing(self._stream("/api/chat", body)) as events:
            async for event in events:
                piece = room.take(text(mapping(event, "message"), "content"))
                ended = event.get("done") is True or room.full
                piece = reader.feed(piece, ended)
                if piece or ended:
                    yield Chunk(piece, self._timings(event, size) if ended else None)
                if room.full or (reader.stopped and not ended):
                    return
        self._expect(ended)

    async def _stream(self, path: str, body: Body) -> AsyncGenerator[Body, None]:
        limits, form, access = self._client.limits, Form(self.info.address), self._server.access
        first = limits.first_token if access.timeout is None else access.timeout
        stream = self._client.stream(
            self._server.target,
            path,
            access.body(body),
            Framing.LINES,
            self._server.headers,
            first=first + (0.0 if self._loaded else limits.load),
            between=access.timeout,
        )
        try:
            async with aclosing(stream) as events:
                async for event in events:
                    refuse_forwarded(event, self.info.name)
                    if event.get("error"):
                        raise error_of(text(event, "error"), self.info, self.shape.num_ctx)
                    if "done" not in event:
                        form.strange()
                        continue
                    form.known()
                    self._loaded = True
                    yield event
        except PromptTooLong:
            raise too_long(self.info, self.shape.num_ctx) from None
        form.check()

    def _common(self, request: CompletionRequest, stop: tuple[str, ...]) -> Body:
        options = {
            "num_predict": request.max_tokens,
            **sampling_of(request),
            "seed": request.seed,
            "stop": list(stop),
        }
        body = {"model": self.info.name, "stream": True, **self.shape.body(options)}
        think = self._shown.think  # models that cannot think may answer 400 to any
        return body if think is None else body | {"think": think}

    def _timings(self, event: Body, size: int) -> Timings:
        return timings_of(event, size, self.shape.num_ctx, self.info.version)

    def _expect(self, ended: bool) -> None:
        if not ended:
            raise BackendOffline(f"{self.info.address} broke off in the middle of an answer.")

    async def _ensure_local(self) -> None:
        """EgressRefused if the name means a model that runs elsewhere by now.

        Now and then it is also asked whether the server was started again as another version.
        """
        version = self.info.version
        asked = await ask(self._client, self._server, self.info.name)
        if time.monotonic() - self._versioned >= _VERSION_SECONDS:
            version = await version_of(self._client, self._server)
            self._versioned = time.monotonic()
        if (text(asked, "modified_at"), version) != (self._shown.modified, self.info.version):
            await self._look_again(version)

    async def _look_again(self, version: str) -> None:
        tag = await tag_of(self._client, self._server, self.info.name)
        shown = await show(self._client, self._server, tag, self._wanted, version)
        told, self._told = self._told, shown.info
        if shown.info == replace(told, version=version):
            # The same model: what a probe found of it holds.
            shown = replace(shown, info=replace(self.info, version=version))
        self._shown = shown
        self._loaded = False

    async def is_loaded(self) -> bool:
        self._loaded = any(
            text(model, "digest") == self.info.digest for model in await self._running()
        )
        return self._loaded

    async def load(self) -> None:
        await self._ensure_local()
        if await self.is_loaded():
            return
        self._client.check(self._server.target.at(""))
        more = self._server.access.body(NOTHING_CUT)
        await ollama_load.load(self._client, self._server, self.info.name, self.shape, more)
        self._loaded = True

    async def window(self) -> int:
        for model in await self._running():
            return count(model, "context_length") or 0
        return 0

    async def _running(self) -> list[Body]:
        """What `/api/ps` tells of this model: one, or none while it is not loaded."""
        told = await self._client.get(self._server.target, "/api/ps", self._server.headers)
        return [each for each in objects(told, "models") if text(each, "model") == self.info.name]

    def adopt(self, way: Way, context_tokens: int) -> None:
        info = adopted(self.info, way, context_tokens)
        info = replace(info, context_tokens=within(info.context_tokens, self._wanted.most))
        self._shown = self._shown.noted(info)

    async def confirm(self) -> None:
        await self._ensure_local()

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""
