"""Chats with the real engine and the real model."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from inglenook.models import chatting, llama_cpp_chat, ollama, openai_chat
from inglenook.models.chatting import ChatChunk, ChatRequest, Message
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Fill, Locality, ModelInfo
from inglenook.models.openai_chat import Talk
from inglenook.models.openai_models import OpenAIServer
from inglenook.models.openai_strict import Strictness
from inglenook.models.spec import Sampling, Think
from inglenook_context.prompt import Prompt
from tests.support.ollama_forms import wrong_answer, wrong_request
from tests.support.ollama_models import CODER
from tests.support.ollama_shim import ollama_shim
from tests.support.real_engine import RealEngine

pytestmark = pytest.mark.model

ASK = ChatRequest(
    (
        Message("system", "Answer with one word."),
        Message("user", "Is Python a programming language, yes or no?"),
    ),
    max_tokens=16,
    sampling=Sampling(temperature=0.0),
    think=Think.OFF,
)
INFO = ModelInfo("coder", "embedded", "d", "", Locality.EMBEDDED, Fill.CHAT, "", 4096)
HOLE = Prompt("a.py", "python", (), "def add(first, second):\n", "    return first", "\n")


async def _all(chunks: AsyncGenerator[ChatChunk, None]) -> list[ChatChunk]:
    async with aclosing(chunks):
        return [each async for each in chunks]


def _is_yes(chunks: list[ChatChunk]) -> bool:
    text = "".join(each.text for each in chunks)
    assert "think>" not in text
    assert "".join(each.reasoning for each in chunks) == ""
    timings = chunks[-1].timings
    assert timings is not None
    assert not timings.truncated
    assert (timings.prompt_tokens or 0) > 20
    return text.lower().startswith("yes")


async def test_a_short_answer_streams(client: HttpClient, engine: RealEngine) -> None:
    chunks = await _all(llama_cpp_chat.chat(client, engine.server(client), INFO, ASK))
    assert _is_yes(chunks)
    story = replace(ASK, messages=(Message("user", "Count from one to ten."),))
    chunks = await _all(llama_cpp_chat.chat(client, engine.server(client), INFO, story))
    assert len([each for each in chunks if each.text]) > 5
    assert chunks[-1].limited


async def test_by_openai_s_api(client: HttpClient, engine: RealEngine) -> None:
    told = engine.server(client)
    server = OpenAIServer(told.target, api_key=told.api_key)
    talk = Talk(client, server, replace(INFO, address=engine.url), Strictness())
    assert _is_yes(await _all(openai_chat.chat(talk, ASK)))


async def test_an_answer_is_held_to_a_form(client: HttpClient, engine: RealEngine) -> None:
    server, held = engine.server(client), replace(ASK, grammar='root ::= "maybe"')
    chunks = await _all(llama_cpp_chat.chat(client, server, INFO, held))
    assert "".join(each.text for each in chunks) == "maybe"
    schema = {
        "type": "object",
        "properties": {"answer": {"type": "boolean"}},
        "required": ["answer"],
    }
    held = replace(ASK, json_schema=schema, max_tokens=32)
    chunks = await _all(llama_cpp_chat.chat(client, server, INFO, held))
    assert "".join(each.text for each in chunks).replace(" ", "") in (
        '{"answer":true}',
        '{"answer":false}',
    )


async def test_chats_and_completions_share_what_ollama_has_loaded(
    client: HttpClient, engine: RealEngine
) -> None:
    async with ollama_shim(client, engine.server(client)) as shim:
        model = await ollama.connect(client, client.check(shim.url), CODER.name)
        await model.load()
        for _ in range(2):
            assert _is_yes(await _all(chatting.chat(model, ASK)))
            async with aclosing(model.complete(CompletionRequest(HOLE, 8))) as chunks:
                assert [each async for each in chunks]
        assert shim.loads == 1
        for path, body in shim.asked:
            assert wrong_request(path, body) == []
        for path, body in shim.told:
            assert wrong_answer(path, body) == []
