"""OpenAI's API as local servers and gateways speak it: LM Studio, vLLM, LiteLLM and others.

A hole is filled by our own template in the ``prompt`` of `/v1/completions`, else by the ``suffix``
that some servers honour, else through chat. Which of these a server can do is found out
(`inglenook.models.openai_learn`), not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Final, Protocol

from inglenook.models import chat, openai_chat
from inglenook.models.adopt import adopted, notice_of
from inglenook.models.bodies import sampling_of, stops_of, within
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.comments import snippets_as_comments
from inglenook.models.errors import (
    BackendFailed,
    BackendOffline,
    ModelError,
    ModelMissing,
)
from inglenook.models.heard import Form, Room
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import Chunk, CompletionRequest, Fill, ModelInfo, Timings, Way
from inglenook.models.openai_events import Said, said
from inglenook.models.openai_learn import CHAT, COMPLETIONS, TRIES, Asker, Learned
from inglenook.models.openai_models import OpenAIServer, Served, list_models
from inglenook.models.openai_strict import Strictness
from inglenook.models.openai_text import Clock, Text
from inglenook.models.render import HEAL_TOKENS, Layout, Rendered, framed, grammar_for
from inglenook.models.spec import Provider
from inglenook.models.templates import neutralise_any

# What most servers know and strict ones refuse.
_USAGE: Final[Body] = {"stream_options": {"include_usage": True}}
_NOT_OPENAI: Final = ("top_k", "min_p")
_NO_THOUGHTS: Final[Body] = {"chat_template_kwargs": {"enable_thinking": False}}

_BEHIND: Final = 0.5  # seconds for the figures that come behind the end of an answer
_CLOSING: Final = 0.05  # and then for the end of the stream; without it the connection is lost


class _Reader(Protocol):
    """Makes of what a model says the text that belongs at the cursor."""

    @property
    def stopped(self) -> bool: ...

    def feed(self, text: str, done: bool = False) -> str: ...


async def connect(
    client: HttpClient,
    server: OpenAIServer,
    name: str,
    info: ModelInfo | None = None,
    most: int = 0,
) -> OpenAIModel:
    """The model called ``name``; ModelMissing if the server does not list it.

    ``info`` is what `list_models` told a moment ago, and saves asking again. ``most``: tokens of
    the window that are used, all if 0.
    """
    if info is None:
        info = (await _served(client, server, name)).info
    info = replace(info, context_tokens=within(info.context_tokens, most))
    return OpenAIModel(client, server, info, most)


async def _served(client: HttpClient, server: OpenAIServer, name: str) -> Served:
    for served in await list_models(client, server):
        if served.info.name == name:
            return served
    raise ModelMissing(f"{server.target.origin} does not have the model {name!a}.")


class OpenAIModel:
    """`Model` over one model of a server. The client is the caller's to close."""

    def __init__(
        self, client: HttpClient, server: OpenAIServer, info: ModelInfo, most: int = 0
    ) -> None:
        self._client = client
        self._server = server
        self._info = info
        self._most = most
        self._learned: Learned | None = None
        self._probed = False
        self._strictness = Strictness()

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def layouts(self) -> tuple[Layout, ...]:
        held = self._learned is not None and self._learned.grammar
        return (Layout.FROZEN_LINE, Layout.PSM) if held else (Layout.PSM,)

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        way = request.way or self._info.way
        reader: _Reader
        more: Body
        if way.fill is Fill.CHAT:
            messages = chat.messages(request.prompt)
            size = sum(len(message["content"]) for message in messages)
            # No stop strings: a code block's fence has a line end of its own.
            body = self._common(request, ()) | {"messages": messages}
            reader, path, more = chat.CodeReader(stops_of(request)), CHAT, _NO_THOUGHTS
        else:
            filled, heal, stop = self._hole(request, way)
            size = sum(len(text) for text in filled.values())
            body = self._common(request, stop) | filled
            if heal:
                body |= {"grammar": grammar_for(heal)}
                body["max_tokens"] += HEAL_TOKENS
            reader, path, more = Text(heal, stop), COMPLETIONS, {}
        drawn = sampling_of(request)
        more = more | _USAGE | {key: drawn[key] for key in _NOT_OPENAI if key in drawn}
        room = Room(request.max_tokens)
        async with aclosing(self._answer(path, body, more, reader, room, size)) as chunks:
            async for chunk in chunks:
                yield chunk

    def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        learned, loading = self._learned, self._client.limits.load
        talk = openai_chat.Talk(
            self._client,
            self._server,
            self._info,
            self._strictness,
            loading=0.0 if learned else loading,
            grammar=learned is not None and learned.grammar,
        )
        return openai_chat.chat(talk, request)

    def _hole(
        self, request: CompletionRequest, way: Way
    ) -> tuple[dict[str, str], str, tuple[str, ...]]:
        """The fields that show the hole, what the answer must begin with, and its ends."""
        prompt, stop = request.prompt, stops_of(request)
        if way.fill is Fill.TEMPLATE:
            rendered: Rendered = framed(prompt, way.family, way.layout)
            return {"prompt": rendered.text}, rendered.heal, (*stop, *rendered.stop)
        before = neutralise_any(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
        return {"prompt": before or "\n", "suffix": neutralise_any(prompt.suffix) or "\n"}, "", stop

    def _common(self, request: CompletionRequest, stop: tuple[str, ...]) -> Body:
        drawn = sampling_of(request)
        body: Body = {
            "model": self._info.name,
            "stream": True,
            "max_tokens": request.max_tokens,
            **{key: value for key, value in drawn.items() if key not in _NOT_OPENAI},
            "seed": request.seed,
        }
        return body | {"stop": list(stop)} if stop else body

    async def _answer(
        self, path: str, body: Body, more: Body, reader: _Reader, room: Room, size: int
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks of one answer to a prompt of ``size`` characters."""
        ended, clock, timings = False, Clock(), None
        said_of = self._strictness.ask(body, more, lambda whole: self._tried(path, whole))
        async with aclosing(said_of) as events:
            async for event in events:
                timings, text = event.timings or timings, room.take(event.text)
                ended = event.ended or room.full
                clock.tick(text)
                if piece := reader.feed(text, ended):
                    yield Chunk(piece)
                if reader.stopped and not ended:
                    return
                if event.ended:
                    timings = await _behind(events, event.done) or timings
                if ended:
                    break
        if not ended:
            raise BackendOffline(f"{self._info.address} broke off in the middle of an answer.")
        yield Chunk("", clock.beside(timings, size))

    async def _tried(self, path: str, body: Body) -> AsyncGenerator[Said, None]:
        """What fails before it began is tried again: a gateway may choose another machine."""
        for left in reversed(range(TRIES)):
            began = False
            try:
                async with aclosing(self._stream(path, body)) as events:
                    async for event in events:
                        began = True
                        yield event
                return
            except BackendFailed:
                if began or not left:
                    raise

    async def _stream(self, path: str, body: Body) -> AsyncGenerator[Said, None]:
        server, limits, form = self._server, self._client.limits, Form(self._info.address)
        silent = server.access.timeout
        first = (silent or limits.first_token) + (0.0 if self._learned else limits.load)
        stream = self._client.stream(
            server.target,
            server.path(path),
            server.access.body(body),
            Framing.EVENTS,
            server.headers,
            first=first,
            between=silent,
        )
        async with aclosing(stream) as events:
            async for event in events:
                one = said(event, self._info.address)
                if one is None:
                    form.strange()
                    continue
                if one.done:
                    form.check()
                form.known()
                yield one
        form.check()

    async def is_loaded(self) -> bool:
        if self._learned is None:
            return False
        if self._server.provider is not Provider.LM_STUDIO:
            return True
        return (await _served(self._client, self._server, self._info.name)).loaded

    async def load(self) -> None:
        """LM Studio loads a model when it is asked something; the others have it loaded."""
        info = self._info
        learned = await Asker(self._client, self._server, info.name).learn(
            about_suffix=not info.family
        )
        self._learned = learned
        if self._probed:
            return
        fill = Fill.CHAT
        if learned.completes:
            fill = Fill.TEMPLATE if info.family else Fill.BACKEND if learned.suffix else fill
        info = replace(info, fill=fill, layout=self.layouts[0])
        self._info = replace(info, notice=notice_of(info))

    async def window(self) -> int:
        served = await _served(self._client, self._server, self._info.name)
        return within(served.info.context_tokens, self._most)

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._probed = True
        info = adopted(self._info, way, context_tokens)
        self._info = replace(info, context_tokens=within(info.context_tokens, self._most))

    async def confirm(self) -> None:
        """Nobody can be asked."""

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""


async def _behind(events: AsyncGenerator[Said, None], done: bool) -> Timings | None:
    """The figures behind the end of an answer. It is whole without them, and without an end."""
    timings, loop = None, asyncio.get_running_loop()
    with suppress(ModelError, TimeoutError):
        async with asyncio.timeout(_CLOSING if done else _BEHIND) as limit:
            async for event in events:
                timings = event.timings or timings
                if event.done:
                    limit.reschedule(loop.time() + _CLOSING)
    return timings
