"""The llama.cpp adapter against the fake backend."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from inglenook.models import llama_cpp
from inglenook.models.errors import BackendGarbled, BackendTimeout, ModelMissing
from inglenook.models.http import HttpClient, Limits
from inglenook.models.llama_cpp import LlamaCppModel, LlamaCppServer, connect, list_models
from inglenook.models.model import Chunk, CompletionRequest, Fill, Locality, Model, Timings
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt, Snippet
from tests.support.fake_backend import FakeBackend, fake_backend

PROMPT = Prompt("a.py", "python", (Snippet("b.py", "def f(): ..."),), "x = 1\n", "y = fo", "\nz\n")


async def _model(
    client: HttpClient, backend: FakeBackend, layout: Layout = Layout.FROZEN_LINE
) -> LlamaCppModel:
    return await connect(client, LlamaCppServer(client.check(backend.url)), layout=layout)


async def _chunks(model: Model, **changes: Any) -> list[Chunk]:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as stream:
        return [chunk async for chunk in stream]


def _text(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


async def test_what_is_known_of_the_model(client: HttpClient) -> None:
    async with fake_backend() as backend:
        info = (await _model(client, backend)).info
        assert info.name == "qwen2.5-coder:0.5b"
        assert info.backend == "llama.cpp"
        assert info.address == backend.url
        assert info.locality is Locality.DECLARED
        assert info.fill is Fill.TEMPLATE
        assert info.family == "qwen-coder"
        assert info.context_tokens == 8192
        assert info.size_bytes == 491400064
        assert info.notice == ""
        assert await list_models(client, LlamaCppServer(client.check(backend.url))) == (info,)


async def test_the_embedded_engine_says_so_and_gets_its_key(client: HttpClient) -> None:
    async with fake_backend() as backend:
        server = LlamaCppServer(client.check(backend.url), api_key="k", embedded=True)
        assert server.headers == {"Authorization": "Bearer k"}
        info = (await connect(client, server, name="qwen")).info
        assert (info.name, info.backend) == ("qwen", "embedded")
        assert info.locality is Locality.EMBEDDED


async def test_the_frozen_line_is_healed(client: HttpClient) -> None:
    async with fake_backend(text="o()", chunk=2) as backend:
        chunks = await _chunks(await _model(client, backend), seed=7, stop=("\n\n",))
        assert _text(chunks) == "o()"
        body = backend.generations[0].json
        assert backend.generations[0].path == "/completion"
        assert body["prompt"].endswith("x = 1\n<|fim_suffix|>\nz\n<|fim_middle|>y =")
        assert body["prompt"].startswith("<|repo_name|>workspace\n<|file_sep|>b.py\n")
        assert body["grammar"] == 'root ::= " fo" [^\\x00]*'
        assert body["cache_prompt"] is True
        assert (body["temperature"], body["seed"]) == (0.0, 7)
        assert body["n_predict"] > 32
        assert body["stop"][-1] == "\n\n"
        assert "<|endoftext|>" in body["stop"]


async def test_every_chunk_carries_the_engine_s_figures(client: HttpClient) -> None:
    async with fake_backend(text="abc", chunk=1, prompt_tokens=90) as backend:
        chunks = await _chunks(await _model(client, backend, Layout.PSM))
        assert [chunk.text for chunk in chunks] == ["a", "b", "c", ""]
        assert [chunk.timings and chunk.timings.predicted_tokens for chunk in chunks] == [
            1,
            2,
            3,
            3,
        ]
        assert chunks[-1].timings == Timings(
            prompt_tokens=90,
            evaluated=1,
            reused=89,
            prompt_ms=1.0,
            predicted_tokens=3,
            predicted_per_second=1000.0,
            sent_tokens=90,
        )


async def test_a_single_line_ends_at_its_end(client: HttpClient) -> None:
    async with fake_backend(text="a\nb") as backend:
        model = await _model(client, backend, Layout.PSM)
        assert _text(await _chunks(model, single_line=True)) == "a"
        assert _text(await _chunks(model)) == "a\nb"


async def test_an_unknown_family_uses_infill(client: HttpClient) -> None:
    async with fake_backend(models=("mystery",), text="oo") as backend:
        model = await _model(client, backend)
        assert (model.info.fill, model.info.family) == (Fill.BACKEND, "")
        backend.reset()
        assert _text(await _chunks(model)) == "oo"
        body = backend.generations[0].json
        assert backend.generations[0].path == "/infill"
        assert body["input_prefix"] == "x = 1\ny = fo"
        assert body["input_suffix"] == "\nz\n"
        assert body["input_extra"] == [{"filename": "b.py", "text": "def f(): ..."}]


async def test_a_chat_model_is_emulated_with_a_notice(client: HttpClient) -> None:
    answer = "<think>hm</think>Sure:\n```python\no()\nbar\n```\nDone."
    async with fake_backend(models=("smol",), infill=False, text=answer, chunk=3) as backend:
        model = await _model(client, backend)
        assert model.info.fill is Fill.CHAT
        assert "chat" in model.info.notice
        chunks = await _chunks(model)
        assert _text(chunks) == "o()\nbar"
        assert chunks[-1].timings is not None
        assert backend.generations[-1].path == "/v1/chat/completions"
        assert _text(await _chunks(model, single_line=True)) == "o()"


async def test_loading(client: HttpClient) -> None:
    async with fake_backend() as backend:
        model = await _model(client, backend)
        assert await model.is_loaded()
        backend.script.loaded = False
        assert not await model.is_loaded()
        task = asyncio.create_task(model.load())
        await asyncio.sleep(0.15)
        assert not task.done()
        backend.script.loaded = True
        await task


async def test_loading_has_its_limit() -> None:
    client = HttpClient(limits=Limits(load=0.05))
    async with fake_backend() as backend:
        model = await _model(client, backend)
        backend.script.loaded = False
        with pytest.raises(BackendTimeout):
            await model.load()
        await client.close()


async def test_a_server_without_models(client: HttpClient) -> None:
    async with fake_backend(models=()) as backend:
        with pytest.raises(ModelMissing):
            await _model(client, backend)


async def test_a_newer_request_never_meets_an_older_one(client: HttpClient) -> None:
    async with fake_backend(first_token_ms=60_000) as backend:
        model = await _model(client, backend)
        for number in range(1, 41):
            task = asyncio.create_task(_chunks(model))
            while len(backend.generations) < number:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert backend.max_open() == 1
        assert backend.overlaps_ms() == []


async def test_alternatives_come_from_one_request_where_there_are_slots(client: HttpClient) -> None:
    async with fake_backend(text="f({n})", chunk=2, slots=4) as backend:
        model = await _model(client, backend)
        assert model.info.parallel == 4
        chunks = await _chunks(model, alternatives=3)
        texts = ["", "", ""]
        for chunk in chunks:
            texts[chunk.choice] += chunk.text
        assert texts == ["f(1)", "f(1_1)", "f(1_2)"]
        assert backend.generations[0].json["n_cmpl"] == 3


async def test_looking_sends_no_prompt_and_connecting_asks_with_an_empty_one(
    client: HttpClient,
) -> None:
    async with fake_backend(models=("mystery",)) as backend:
        server = LlamaCppServer(client.check(backend.url))
        (info,) = await list_models(client, server)
        assert backend.generations == []
        backend.reset()
        model = await connect(client, server, info=info)
        assert model.info.fill is Fill.BACKEND
        assert model.info.notice == ""
        assert [seen.path for seen in backend.seen] == ["/infill"]
        assert backend.seen[0].json["input_prefix"] == ""


async def test_a_backend_that_hangs_when_asked_for_infill() -> None:
    client = HttpClient(limits=Limits(reply=0.2))
    async with fake_backend(models=("mystery",), first_token_ms=60_000) as backend:
        with pytest.raises(BackendTimeout):
            await _model(client, backend)
    await client.close()


async def test_what_is_known_already_is_not_asked_again(client: HttpClient) -> None:
    async with fake_backend() as backend:
        server = LlamaCppServer(client.check(backend.url))
        (info,) = await list_models(client, server)
        backend.reset()
        assert (await connect(client, server, info=info)).info == info
        assert backend.seen == []


async def test_a_gateway_is_taken_only_if_it_was_named(client: HttpClient) -> None:
    async with fake_backend(gateway=True) as backend:
        server = LlamaCppServer(client.check(backend.url))
        assert await list_models(client, server)
        with pytest.raises(BackendGarbled, match="does not show"):
            await list_models(client, server, strict=True)
        backend.script.gateway = False
        assert await list_models(client, server, strict=True)


def test_the_key_stands_in_no_repr(client: HttpClient) -> None:
    assert "sk-1" not in repr(LlamaCppServer(client.check("http://127.0.0.1:9"), api_key="sk-1"))


async def test_a_server_with_another_model_is_noticed(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_cpp, "CHECK_SECONDS", 0.0)
    async with fake_backend() as backend:
        model = await _model(client, backend)
        assert _text(await _chunks(model))
        backend.script.models = ("codellama:7b",)
        with pytest.raises(ModelMissing, match="another model"):
            await _chunks(model)
        assert len(backend.generations) == 1
