"""Every adapter can be talked to by `chatting.chat`."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from inglenook.models import chatting, embedded, llama_cpp, openai_compatible
from inglenook.models.chatting import ChatRequest, Message
from inglenook.models.fake import FakeModel, FakeScript
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppServer
from inglenook.models.model import Model
from inglenook.models.openai_models import OpenAIServer
from inglenook.models.spec import Sampling, Think
from tests.support.fake_backend import fake_backend
from tests.support.test_model import obtain

ASK = ChatRequest(
    (Message("user", "Is Python a programming language, yes or no? Answer with one word."),),
    max_tokens=16,
    sampling=Sampling(temperature=0.0),
    think=Think.OFF,
)


async def _say(model: Model, request: ChatRequest = ASK) -> str:
    async with aclosing(chatting.chat(model, request)) as chunks:
        return "".join([each.text async for each in chunks])


async def test_servers_and_the_fake() -> None:
    client = HttpClient()
    async with fake_backend(text="Yes.", chunk=1) as backend:
        target = client.check(backend.url)
        one = await llama_cpp.connect(client, LlamaCppServer(target))
        assert await _say(one) == "Yes."
        other = await openai_compatible.connect(client, OpenAIServer(target), "qwen2.5-coder:0.5b")
        assert await _say(other) == "Yes."
        assert [seen.path for seen in backend.generations] == ["/v1/chat/completions"] * 2
    await client.close()
    fake = FakeModel(FakeScript(text="answer {n}", chunk=3))
    assert await _say(fake) == "answer 1"
    assert fake.chats == [ASK]


async def test_the_fake_thinks_beside_its_text() -> None:
    fake = FakeModel(FakeScript(text="x", chat="Yes {n}.", thinking="Is it?", chunk=2))
    for think, thought in ((None, "Is it?"), (Think.OFF, "")):
        async with aclosing(fake.chat(replace(ASK, think=think))) as chunks:
            told = [each async for each in chunks]
        assert "".join(each.text for each in told) == f"Yes {len(fake.chats)}."
        assert "".join(each.reasoning for each in told) == thought
        assert not any(each.text and each.reasoning for each in told)


@pytest.mark.model
async def test_the_embedded_engine() -> None:
    client, file = HttpClient(), await asyncio.to_thread(obtain)
    info = embedded.describe(file)
    assert info is not None
    model = embedded.EmbeddedModel(client, file, info)
    try:
        assert (await _say(model)).lower().startswith("yes")
    finally:
        await model.close()
        await client.close()
