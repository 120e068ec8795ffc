"""A chat by OpenAI's API, as local servers and gateways speak it.

https://platform.openai.com/docs/api-reference/chat/create; reasoning comes as
``reasoning_content`` (DeepSeek's name for it: llama.cpp, LM Studio, older vLLM), as ``reasoning``
(OpenRouter, newer vLLM, Ollama), or in the text between tags. Strict servers are asked again
without the fields that OpenAI's own API does not have.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final

from inglenook.models.bodies import mapping, objects, text
from inglenook.models.chat_thoughts import Thoughts, always_thinks
from inglenook.models.chatting import Answer, ChatChunk, ChatRequest
from inglenook.models.errors import BackendRefused, ModelError
from inglenook.models.heard import Form
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import ModelInfo, Timings
from inglenook.models.openai_events import said
from inglenook.models.openai_learn import CHAT
from inglenook.models.openai_models import OpenAIServer
from inglenook.models.openai_strict import Strictness
from inglenook.models.openai_text import Clock
from inglenook.models.spec import Think

_NOT_OPENAI: Final = ("top_k", "min_p")
_EFFORTS: Final = (Think.LOW, Think.MEDIUM, Think.HIGH)
_BEHIND: Final = 0.5  # seconds for the figures that come behind the end of an answer
_CLOSING: Final = 0.05  # and then for the end of the stream; without it the connection is lost


@dataclass(frozen=True, slots=True)
class Talk:
    """With whom. ``loading``: seconds more that the first piece may take."""

    client: HttpClient
    server: OpenAIServer
    info: ModelInfo
    strictness: Strictness
    loading: float = 0.0
    grammar: bool = False  # the server obeys one


async def chat(talk: Talk, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
    """Stream an answer; raises `ModelError`. Closing the generator closes the connection."""
    if request.grammar and not talk.grammar:
        raise BackendRefused(f"{talk.info.address} cannot hold an answer to a grammar.")
    plain, more = body_of(request, talk.info.name), more_of(request)
    if request.grammar:  # an answer of another form is worth less than a refusal
        plain["grammar"] = request.grammar
    told = talk.strictness.ask(plain, more, lambda body: _answer(talk, request, body))
    async with aclosing(told) as chunks:
        async for chunk in chunks:
            yield chunk


def body_of(request: ChatRequest, name: str) -> Body:
    """What OpenAI's own API knows of a request."""
    body: Body = {
        "model": name,
        "messages": request.said,
        "stream": True,
        "max_tokens": request.max_tokens,
        **{key: value for key, value in request.drawn.items() if key not in _NOT_OPENAI},
    }
    if request.stops:
        body["stop"] = request.stops
    if request.json_schema is not None:
        body["response_format"] = response_format(request.json_schema)
    return body


def more_of(request: ChatRequest) -> Body:
    """What most servers know besides, and strict ones refuse."""
    drawn = {key: value for key, value in request.drawn.items() if key in _NOT_OPENAI}
    body: Body = {"stream_options": {"include_usage": True}, **drawn, **template_of(request.think)}
    if request.think in _EFFORTS:
        body["reasoning_effort"] = str(request.think)
    return body


def template_of(think: Think | None) -> Body:
    """What the templates of many reasoning models know; others ignore it."""
    if think is None:
        return {}
    return {"chat_template_kwargs": {"enable_thinking": think is not Think.OFF}}


def response_format(schema: Mapping[str, object]) -> Body:
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


def reasoning_of(event: Body) -> str:
    """The thought that one event adds; empty if it adds none."""
    for choice in objects(event, "choices"):
        if choice.get("index") not in (0, None):
            continue
        for told in (mapping(choice, "delta"), mapping(choice, "message")):
            if thought := text(told, "reasoning_content") or text(told, "reasoning"):
                return thought
    return ""


def limited_by(event: Body) -> bool:
    """Whether the answer ends with this event because there is no more room for it."""
    return any(choice.get("finish_reason") == "length" for choice in objects(event, "choices"))


async def _answer(talk: Talk, request: ChatRequest, body: Body) -> AsyncGenerator[ChatChunk, None]:
    where, clock, timings = talk.info.address, Clock(), None
    form, taken = Form(where), Answer(request, where)
    thoughts = Thoughts(opened=always_thinks(talk.info.name))
    async with aclosing(_events(talk, body)) as events:
        async for event in events:
            one = said(event, where)
            if one is None:
                form.strange()
                continue
            if one.done:
                form.check()
            form.known()
            timings = one.timings or timings
            content, reasoning = taken.take(one.text, reasoning_of(event))
            clock.tick(content + reasoning)
            if reasoning:
                thoughts.parted()
            taken.ended = taken.ended or one.ended
            taken.limited = taken.limited or limited_by(event)
            piece, thought = thoughts.feed(content, taken.ended, taken.limited)
            if piece or thought or reasoning:
                yield ChatChunk(piece, reasoning + thought)
            if one.ended:
                timings = await _behind(events, where, one.done) or timings
            if taken.ended:
                break
    form.check()
    taken.check()
    yield ChatChunk(timings=clock.beside(timings, request.size), limited=taken.limited)


async def _behind(events: AsyncGenerator[Body, None], where: str, done: bool) -> Timings | None:
    """The figures behind the end of an answer. It is whole without them, and without an end."""
    timings, loop = None, asyncio.get_running_loop()
    with suppress(ModelError, TimeoutError):
        async with asyncio.timeout(_CLOSING if done else _BEHIND) as limit:
            async for event in events:
                one = said(event, where)
                timings = (one.timings if one else None) or timings
                if one is not None and one.done:
                    limit.reschedule(loop.time() + _CLOSING)
    return timings


async def _events(talk: Talk, body: Body) -> AsyncGenerator[Body, None]:
    server, limits = talk.server, talk.client.limits
    silent = server.access.timeout
    stream = talk.client.stream(
        server.target,
        server.path(CHAT),
        server.access.body(body),
        Framing.EVENTS,
        server.headers,
        first=(silent or limits.first_token) + talk.loading,
        between=silent,
    )
    async with aclosing(stream) as events:
        async for event in events:
            yield event
