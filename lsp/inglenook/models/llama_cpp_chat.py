"""A chat with a server of llama.cpp (tools/server/README.md, `/v1/chat/completions`).

The server parts reasoning from the answer by the model's own template. What of a request is
llama.cpp's own (``cache_prompt``, ``chat_template_kwargs``, ``grammar``) it always knows.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from inglenook.models.chat_thoughts import Thoughts, always_thinks
from inglenook.models.chatting import Answer, ChatChunk, ChatRequest
from inglenook.models.heard import Form
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.llama_cpp_events import timings_of
from inglenook.models.llama_cpp_models import LlamaCppServer
from inglenook.models.model import ModelInfo
from inglenook.models.openai_chat import limited_by, reasoning_of, response_format, template_of
from inglenook.models.openai_events import said


async def chat(
    client: HttpClient, server: LlamaCppServer, info: ModelInfo, request: ChatRequest
) -> AsyncGenerator[ChatChunk, None]:
    """Stream an answer; raises `ModelError`. Closing the generator closes the connection."""
    where = info.address or "The embedded engine"
    form, taken = Form(where), Answer(request, where)
    thoughts = Thoughts(opened=always_thinks(info.name))
    async with aclosing(_events(client, server, body_of(request))) as events:
        async for event in events:
            one = said(event, where)
            if one is None:
                form.strange()
                continue
            if not one.done:
                form.known()
            content, reasoning = taken.take(one.text, reasoning_of(event))
            if reasoning:
                thoughts.parted()
            taken.ended = taken.ended or one.ended
            taken.limited = taken.limited or limited_by(event)
            text, thought = thoughts.feed(content, taken.ended, taken.limited)
            told = taken.ended or "timings" in event
            figures = timings_of(event, request.size) if told else None
            if text or thought or reasoning or taken.ended:
                yield ChatChunk(text, reasoning + thought, figures, taken.limited)
            if taken.ended:
                return
    form.check()
    taken.check()


def body_of(request: ChatRequest) -> Body:
    """What `/v1/chat/completions` is asked."""
    body: Body = {
        "messages": request.said,
        "stream": True,
        "timings_per_token": True,
        "max_tokens": request.max_tokens,
        "cache_prompt": True,
        **request.drawn,
        **template_of(request.think),
    }
    if request.stops:
        body["stop"] = request.stops
    if request.grammar:
        body["grammar"] = request.grammar
    if request.json_schema is not None:
        body["response_format"] = response_format(request.json_schema)
    return body


def _events(client: HttpClient, server: LlamaCppServer, body: Body) -> AsyncGenerator[Body, None]:
    silent = server.access.timeout
    return client.stream(
        server.target,
        "/v1/chat/completions",
        server.access.body(body),
        Framing.EVENTS,
        server.headers,
        first=silent,
        between=silent,
    )
