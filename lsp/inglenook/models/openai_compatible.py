"""OpenAI's API as local servers and gateways speak it: LM Studio, vLLM, LiteLLM and others.

A hole is filled by our own template in the ``prompt`` of `/v1/completions`, else by the ``suffix``
that some servers honour, else through chat. Which of these a server can do is found out
(`inglenook.models.openai_learn`), not read.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final, Protocol

from inglenook.models import chat
from inglenook.models.adopt import adopted
from inglenook.models.bodies import fewest_tokens, stops_of
from inglenook.models.comments import snippets_as_comments
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendOffline,
    BackendRefused,
    ModelMissing,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import Chunk, CompletionRequest, Fill, ModelInfo, Timings, Way
from inglenook.models.openai_events import Said, said
from inglenook.models.openai_learn import CHAT, COMPLETIONS, TRIES, Asker, Learned
from inglenook.models.openai_models import OpenAIServer, Served, list_models
from inglenook.models.render import HEAL_TOKENS, Healer, Layout, Rendered, grammar_for, render
from inglenook.models.spec import Provider
from inglenook.models.templates import TEMPLATES, neutralise_any

_MOST_STOPS: Final = 4  # that OpenAI itself allows, and strict servers too
# What most servers know and strict ones refuse.
_USAGE: Final[Body] = {"stream_options": {"include_usage": True}}
_NO_THOUGHTS: Final[Body] = {"chat_template_kwargs": {"enable_thinking": False}}


class _Reader(Protocol):
    """Makes of what a model says the text that belongs at the cursor."""

    @property
    def stopped(self) -> bool: ...

    def feed(self, text: str, done: bool = False) -> str: ...


async def connect(
    client: HttpClient, server: OpenAIServer, name: str, info: ModelInfo | None = None
) -> OpenAIModel:
    """The model called ``name``; ModelMissing if the server does not list it.

    ``info`` is what `list_models` told a moment ago, and saves asking again.
    """
    if info is None:
        info = (await _served(client, server, name)).info
    return OpenAIModel(client, server, info)


async def _served(client: HttpClient, server: OpenAIServer, name: str) -> Served:
    for served in await list_models(client, server):
        if served.info.name == name:
            return served
    raise ModelMissing(f"{server.target.origin} does not have the model {name!a}.")


class OpenAIModel:
    """`Model` over one model of a server. The client is the caller's to close."""

    def __init__(self, client: HttpClient, server: OpenAIServer, info: ModelInfo) -> None:
        self._client = client
        self._server = server
        self._info = info
        self._learned: Learned | None = None
        self._probed = False
        self._strict = False  # the server refuses fields that it does not know

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
        if way.fill is Fill.CHAT:
            messages = chat.messages(request.prompt)
            size = sum(len(message["content"]) for message in messages)
            # No stop strings: a code block's fence has a line end of its own.
            body = self._common(request, ()) | {"messages": messages}
            reader, path, more = chat.CodeReader(stops_of(request)), CHAT, _USAGE | _NO_THOUGHTS
        else:
            filled, heal, stop = self._hole(request, way)
            size = sum(len(text) for text in filled.values())
            body = self._common(request, stop) | filled
            if heal:
                body |= {"grammar": grammar_for(heal)}
                body["max_tokens"] += HEAL_TOKENS
            reader, path, more = _Text(heal, stop), COMPLETIONS, _USAGE
        async with aclosing(self._answer(path, body, more, reader, size)) as chunks:
            async for chunk in chunks:
                yield chunk

    def _hole(
        self, request: CompletionRequest, way: Way
    ) -> tuple[dict[str, str], str, tuple[str, ...]]:
        """The fields that show the hole, what the answer must begin with, and its ends."""
        prompt, stop = request.prompt, stops_of(request)
        if way.fill is Fill.TEMPLATE:
            rendered: Rendered = render(prompt, TEMPLATES[way.family], way.layout)
            return {"prompt": rendered.text}, rendered.heal, (*stop, *rendered.stop)
        before = neutralise_any(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
        return {"prompt": before or "\n", "suffix": neutralise_any(prompt.suffix) or "\n"}, "", stop

    def _common(self, request: CompletionRequest, stop: tuple[str, ...]) -> Body:
        body: Body = {
            "model": self._info.name,
            "stream": True,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        }
        return body | {"stop": list(stop)} if stop else body

    async def _answer(
        self, path: str, body: Body, more: Body, reader: _Reader, size: int
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks of one answer to a prompt of ``size`` characters."""
        ended, clock, timings = False, _Clock(), None
        async with aclosing(self._events(path, body, more)) as events:
            async for event in events:
                timings = event.timings or timings
                if ended:
                    continue
                ended = event.ended
                clock.tick(event.text)
                if piece := reader.feed(event.text, ended):
                    yield Chunk(piece)
                if reader.stopped and not ended:
                    return
        if not ended:
            raise BackendOffline(f"{self._info.address} broke off in the middle of an answer.")
        yield Chunk("", clock.beside(timings, size))

    async def _events(self, path: str, body: Body, more: Body) -> AsyncGenerator[Said, None]:
        """A strict server is asked again, with nothing but what OpenAI's own API knows."""
        began = False
        if not self._strict:
            try:
                async with aclosing(self._tried(path, body | more)) as events:
                    async for event in events:
                        began = True
                        yield event
                return
            except BackendRefused as error:
                if began or isinstance(error, (BackendBusy, ModelMissing)):
                    raise
        if "stop" in body:
            body = body | {"stop": body["stop"][:_MOST_STOPS]}
        async with aclosing(self._tried(path, body)) as events:
            async for event in events:
                self._strict = True
                yield event

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
        server, limits = self._server, self._client.limits
        first = limits.first_token + (0.0 if self._learned else limits.load)
        stream = self._client.stream(
            server.target, path, body, Framing.EVENTS, server.headers, first=first
        )
        async with aclosing(stream) as events:
            async for event in events:
                yield said(event, self._info.address)

    async def is_loaded(self) -> bool:
        if self._learned is None:
            return False
        if self._server.provider is not Provider.LM_STUDIO:
            return True
        return (await _served(self._client, self._server, self._info.name)).loaded

    async def load(self) -> None:
        """LM Studio loads a model when it is asked something; the others have it loaded."""
        info = self._info
        asker = Asker(self._client, self._server.target, self._server.headers, info.name)
        learned = await asker.learn(about_suffix=not info.family)
        self._learned = learned
        if self._probed:
            return
        fill = Fill.CHAT
        if learned.completes:
            fill = Fill.TEMPLATE if info.family else Fill.BACKEND if learned.suffix else fill
        notice = chat.NOTICE if fill is Fill.CHAT else ""
        self._info = replace(info, fill=fill, layout=self.layouts[0], notice=notice)

    async def window(self) -> int:
        served = await _served(self._client, self._server, self._info.name)
        return served.info.context_tokens

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._probed = True
        self._info = adopted(self._info, way, context_tokens)

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""


class _Text:
    """Reads an answer that is code and nothing else, up to its end."""

    def __init__(self, heal: str, stops: tuple[str, ...]) -> None:
        self._healer = Healer(heal)
        self._stops = stops
        self._held = ""  # could be the beginning of a stop string
        self._ended = False

    @property
    def stopped(self) -> bool:
        return self._ended or self._healer.failed

    def feed(self, text: str, done: bool = False) -> str:
        text = self._held + self._healer.feed(text)
        piece, self._ended = chat.cut(text, self._stops, done)
        self._held = text[len(piece) :]
        return piece


@dataclass(slots=True)
class _Clock:
    """Our own watch, for the speed of writing where the backend does not tell it."""

    first: float = 0.0
    last: float = 0.0

    def tick(self, text: str) -> None:
        if text:
            self.last = time.perf_counter()
            self.first = self.first or self.last

    def beside(self, told: Timings | None, size: int) -> Timings:
        """``told`` and what can be added to it."""
        timings = told or Timings()
        prompt, predicted = timings.prompt_tokens, timings.predicted_tokens
        speed, seconds = timings.predicted_per_second, self.last - self.first
        if speed is None and predicted is not None and predicted > 1 and seconds > 0:
            speed = (predicted - 1) / seconds
        cut_off = prompt is not None and prompt < fewest_tokens(size)
        return replace(timings, predicted_per_second=speed, truncated=cut_off)
