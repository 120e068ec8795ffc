"""A chat by Ollama's `/api/chat` (docs/api.md and docs/capabilities/thinking.mdx)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from inglenook.models.bodies import mapping, text
from inglenook.models.chat_thoughts import Thoughts
from inglenook.models.chatting import Answer, ChatChunk, ChatRequest
from inglenook.models.errors import BackendRefused
from inglenook.models.lines import Body
from inglenook.models.model import ModelInfo, Timings
from inglenook.models.shape import Shape
from inglenook.models.spec import Think


def body_of(request: ChatRequest, info: ModelInfo, shape: Shape, least: bool | str | None) -> Body:
    """What `/api/chat` is asked, with the same load options as every other request.

    ``least`` keeps the model's thoughts short, or is None if it does not think: one that cannot
    answers 400 to any ``think``. BackendRefused for a grammar, which Ollama does not take.
    """
    if request.grammar:
        raise BackendRefused("Ollama cannot hold an answer to a grammar; ask by a JSON schema.")
    options = request.drawn | {"num_predict": request.max_tokens}
    if request.stops:
        options["stop"] = request.stops
    body = {"model": info.name, "stream": True, "messages": request.said, **shape.body(options)}
    if request.json_schema is not None:
        body["format"] = dict(request.json_schema)
    if request.think is not None and least is not None:
        body["think"] = _think(request.think, least)
    return body


def _think(think: Think, least: bool | str) -> bool | str:
    if think is Think.OFF:
        return least
    return True if think is Think.ON else str(think)


async def answer(
    events: AsyncGenerator[Body, None],
    request: ChatRequest,
    info: ModelInfo,
    timings: Callable[[Body, int], Timings],
) -> AsyncGenerator[ChatChunk, None]:
    """What ``events`` say; ``timings`` reads the last of them, given the characters sent.

    Versions before 0.9 leave thoughts in the text, between tags.
    """
    thoughts, taken = Thoughts(), Answer(request, info.address)
    async with aclosing(events):
        async for event in events:
            message = mapping(event, "message")
            content, reasoning = taken.take(text(message, "content"), text(message, "thinking"))
            if reasoning:
                thoughts.parted()
            if event.get("done") is True:
                taken.ended = True
                taken.limited = taken.limited or event.get("done_reason") == "length"
            said, thought = thoughts.feed(content, taken.ended, taken.limited)
            figures = timings(event, request.size) if taken.ended else None
            if said or thought or reasoning or taken.ended:
                yield ChatChunk(said, reasoning + thought, figures, taken.limited)
            if taken.ended:
                return
    taken.check()
