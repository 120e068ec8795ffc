"""Streams of OpenAI's API as its many servers send them, event by event."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from inglenook.models.errors import BackendFailed, BackendGarbled
from inglenook.models.http import HttpClient, Limits
from inglenook.models.model import Chunk, CompletionRequest, Fill, Way
from inglenook.models.openai_compatible import connect
from inglenook.models.openai_models import OpenAIServer
from inglenook_context.prompt import Prompt
from tests.support.chaos_server import END, HEAD, Act, chaos_server, chunk

PROMPT = Prompt("a.py", "python", (), "x = 1\n", "y = fo", "\nz\n")
LIMITS = Limits(first_token=5.0, between_tokens=1.5)
DONE = "[DONE]"
PING = {"type": "ping"}
USAGE = {"usage": {"prompt_tokens": 13, "completion_tokens": 2}}


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    running = HttpClient(limits=LIMITS)
    yield running
    await running.close()


def _event(text: object, finish: object = None, index: int = 0) -> dict[str, object]:
    return {"choices": [{"index": index, "text": text, "finish_reason": finish}]}


def _delta(text: str, finish: str | None = None, index: int = 0) -> dict[str, object]:
    delta = {"content": text}
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


async def _chunks(
    client: HttpClient, *events: object, hold: bool = False, way: Way | None = None
) -> list[Chunk]:
    """What becomes of an answer of ``events``; with ``hold`` the stream is then left open."""
    said = [event if event is DONE else json.dumps(event) for event in events]
    pieces = [HEAD, *(chunk(f"data: {each}\n\n".encode()) for each in said)]
    async with chaos_server() as server:
        model = await connect(client, OpenAIServer(client.check(server.url)), "qwen2.5-coder:0.5b")
        server.act = Act(lambda: pieces if hold else [*pieces, END], hold=hold)
        request = CompletionRequest(PROMPT, max_tokens=32, way=way)
        async with aclosing(model.complete(request)) as stream:
            return [chunk async for chunk in stream]


async def _text(client: HttpClient, *events: object, hold: bool = False) -> str:
    return "".join([chunk.text for chunk in await _chunks(client, *events, hold=hold)])


STOP = _event("", "stop")


@pytest.mark.parametrize(
    "events",
    [
        (_event("o()"), STOP, DONE),
        (_event("o()"), STOP),
        (_event("o()", "stop"),),
        (_event("o()"), DONE),
        (_event("o()"), STOP, USAGE | {"choices": []}, DONE),
    ],
    ids=["both", "a reason", "beside text", "[DONE]", "with figures"],
)
async def test_an_answer_that_has_ended_does_not_wait_for_its_connection(
    client: HttpClient, events: tuple[object, ...]
) -> None:
    assert await _text(client, *events, hold=True) == "o()"
    assert await _text(client, *events) == "o()"


@pytest.mark.parametrize("behind", [{"error": "oops"}, _event("more")])
async def test_nothing_behind_the_end_spoils_the_answer(client: HttpClient, behind: object) -> None:
    assert await _text(client, _event("o()"), STOP, behind) == "o()"


@pytest.mark.parametrize("ends", [(STOP,), (DONE,), (STOP, DONE)])
async def test_chat_ends_once(client: HttpClient, ends: tuple[object, ...]) -> None:
    """Without a code block all that was said counts, and that at the end."""
    way = Way(Fill.CHAT)
    chunks = await _chunks(client, _delta("o()"), *ends, hold=True, way=way)
    assert "".join(chunk.text for chunk in chunks) == "o()"


async def test_figures_behind_the_end_are_kept(client: HttpClient) -> None:
    for usage in (USAGE, USAGE | {"choices": []}):
        chunks = await _chunks(client, _event("o()"), STOP, usage, DONE)
        assert chunks[-1].timings is not None
        assert chunks[-1].timings.prompt_tokens == 13


@pytest.mark.parametrize("reason", ["", None, False])
async def test_an_empty_reason_is_none(client: HttpClient, reason: object) -> None:
    assert await _text(client, _event("o", reason), _event("()", reason), STOP) == "o()"


@pytest.mark.parametrize(
    "odd",
    [
        PING,
        USAGE,
        {"id": "1", "choices": None},
        {"choices": {"text": "x"}},
        {"choices": ["x"]},
        {"choices": [{"index": 0}]},
        _event(None),
        _event("") | {"error": None},
        _event("") | {"error": ""},
    ],
    ids=str,
)
async def test_an_event_that_says_nothing_is_passed_over(client: HttpClient, odd: object) -> None:
    assert await _text(client, odd, _event("o"), odd, _event("()"), odd, STOP, odd, DONE) == "o()"


@pytest.mark.parametrize("end", [(), (DONE,)])
async def test_an_answer_of_nothing_else_is_none(
    client: HttpClient, end: tuple[object, ...]
) -> None:
    with pytest.raises(BackendGarbled):
        await _text(client, PING, PING, *end)


async def test_a_real_error_is_still_one(client: HttpClient) -> None:
    with pytest.raises(BackendFailed):
        await _text(client, _event("o"), STOP | {"error": {"message": "oops"}})


async def test_the_other_choices_are_left_out(client: HttpClient) -> None:
    both = {"choices": [{"index": 1, "text": "B"}, {"index": 0, "text": "()"}]}
    other = _event("b", "stop", index=1)
    assert await _text(client, _event("o"), other, both, STOP, DONE) == "o()"
