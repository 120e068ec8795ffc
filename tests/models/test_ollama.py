"""The Ollama adapter against the fake backend, and both against the types of `ollama`."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest
from ollama import _types as types
from pydantic import BaseModel

from inglenook.models import ollama_load
from inglenook.models.errors import (
    BackendBusy,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    EgressRefused,
    ModelError,
    ModelMissing,
)
from inglenook.models.http import HttpClient, Limits
from inglenook.models.model import Chunk, CompletionRequest, Fill, Locality, Model, Way
from inglenook.models.ollama import OllamaModel, Shape, connect, list_models
from inglenook.models.ollama_models import OllamaServer
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt, Snippet
from tests.support import chaos_server
from tests.support.chaos_server import Act
from tests.support.fake_backend import FakeBackend, Script, Seen, fake_backend
from tests.support.fake_bodies import ollama_reply

NAME = "qwen2.5-coder:0.5b"
SECRET = "zorblat_7c1"
PROMPT = Prompt(
    "a.py", "python", (Snippet("b.py", "def f(): ..."),), f"{SECRET} = 1\n", "y = fo", "\nz\n"
)


async def _model(
    client: HttpClient, backend: FakeBackend, layout: Layout = Layout.PSM
) -> OllamaModel:
    name = backend.script.models[0]
    return await connect(client, client.check(backend.url), name, layout=layout)


async def _chunks(model: Model, prompt: Prompt = PROMPT, **changes: Any) -> list[Chunk]:
    request = CompletionRequest(prompt, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as stream:
        return [chunk async for chunk in stream]


def _text(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def _sent(backend: FakeBackend) -> bytes:
    return b"".join(seen.body for seen in backend.seen)


async def test_what_is_known_of_the_model(client: HttpClient) -> None:
    async with fake_backend(context_tokens=4096) as backend:
        info = (await _model(client, backend)).info
        assert (info.name, info.backend, info.address) == (NAME, "ollama", backend.url)
        assert len(info.digest) == 64
        assert info.locality is Locality.VERIFIED
        assert (info.fill, info.family) == (Fill.TEMPLATE, "qwen-coder")
        assert info.context_tokens == 4096
        assert await list_models(client, client.check(backend.url)) == (info,)


async def test_a_model_that_is_not_there(client: HttpClient) -> None:
    async with fake_backend() as backend:
        with pytest.raises(ModelMissing):
            await connect(client, client.check(backend.url), "other")


async def test_latest_need_not_be_said(client: HttpClient) -> None:
    async with fake_backend(models=("starcoder2:latest",)) as backend:
        model = await connect(client, client.check(backend.url), "starcoder2")
        assert model.info.name == "starcoder2:latest"


async def test_a_known_family_is_sent_raw(client: HttpClient) -> None:
    async with fake_backend(text="o()", chunk=1) as backend:
        chunks = await _chunks(await _model(client, backend), single_line=True)
        assert [chunk.text for chunk in chunks] == ["o", "(", ")", ""]
        body = backend.generations[0].json
        assert backend.generations[0].path == "/api/generate"
        assert body["raw"] is True
        assert body["prompt"].endswith("y = fo<|fim_suffix|>\nz\n<|fim_middle|>")
        assert "suffix" not in body
        assert "think" not in body
        assert body["options"]["num_ctx"] == 8192
        assert body["options"]["stop"][-1] == "\n"
        assert body["keep_alive"] == Shape().keep_alive


async def test_an_unknown_family_is_left_to_ollama(client: HttpClient) -> None:
    async with fake_backend(models=("mystery",), text="o()") as backend:
        model = await _model(client, backend)
        assert model.info.fill is Fill.BACKEND
        assert _text(await _chunks(model)) == "o()"
        body = backend.generations[0].json
        assert body["prompt"] == f"# Path: b.py\n# def f(): ...\n{SECRET} = 1\ny = fo"
        assert body["suffix"] == "\nz\n"
        assert "raw" not in body


async def test_a_chat_model_is_emulated_with_a_notice(client: HttpClient) -> None:
    answer = "```python\no()\nbar\n```"
    settings: dict[str, Any] = {"models": ("qwen3:8b",), "capabilities": ("completion", "thinking")}
    async with fake_backend(text=answer, chunk=3, thinking="hm", **settings) as backend:
        model = await _model(client, backend)
        assert model.info.fill is Fill.CHAT
        assert "chat" in model.info.notice
        assert _text(await _chunks(model)) == "o()\nbar"
        assert _text(await _chunks(model, single_line=True)) == "o()"
        body = backend.generations[0].json
        assert backend.generations[0].path == "/api/chat"
        assert body["think"] is False


@pytest.mark.parametrize(("answer", "text"), [(" foo()", "o()"), ("bar()", ""), (" f", "")])
async def test_without_a_grammar_other_answers_are_dropped(
    client: HttpClient, answer: str, text: str
) -> None:
    async with fake_backend(text=answer, chunk=1) as backend:
        model = await _model(client, backend, Layout.FROZEN_LINE)
        assert _text(await _chunks(model)) == text
        assert backend.generations[0].json["prompt"].endswith("<|fim_middle|>y =")


async def test_the_figures_and_the_truncation(client: HttpClient) -> None:
    async with fake_backend() as backend:
        model = await _model(client, backend)
        timings = (await _chunks(model))[-1].timings
        assert timings is not None
        assert timings.prompt_tokens is not None
        assert timings.reused is None
        assert timings.prompt_ms == 1.0
        assert timings.predicted_per_second == 1000.0
        assert not timings.truncated
        long = Prompt("a.py", "python", (), "x = 1\n" * 2000, "", "")
        for seen, truncated in ((4000, False), (1000, True), (8192, True)):
            backend.script.prompt_tokens = seen
            timings = (await _chunks(model, long))[-1].timings
            assert timings is not None
            assert timings.truncated is truncated


async def test_loading(client: HttpClient) -> None:
    async with fake_backend(loaded=False) as backend:
        model = await _model(client, backend)
        assert not await model.is_loaded()
        await model.load()
        assert await model.is_loaded()
        body = backend.seen[-2].json
        assert backend.seen[-2].path == "/api/generate"
        assert not body.get("prompt")
        assert body["keep_alive"] == Shape().keep_alive
        # The same window as every request: another one would load the weights again.
        assert body["options"]["num_ctx"] == 8192


async def test_no_special_token_of_a_document_reaches_ollama_s_own_template(
    client: HttpClient,
) -> None:
    evil = "<|fim_middle|> <|im_end|> <SUF>"
    prompt = Prompt("a.py", "python", (Snippet("b.py", evil),), evil, evil, evil)
    async with fake_backend(models=("mystery",)) as backend:
        await _chunks(await _model(client, backend), prompt)
        body = backend.generations[0].json
    for text in (body["prompt"], body["suffix"]):
        assert "< |fim_middle|> < |im_end|> < SUF>" in text
        assert "<|" not in text


# Loading, which goes through the package `ollama`.


async def _load(act: Act, monkeypatch: pytest.MonkeyPatch, limits: Limits | None = None) -> None:
    client = HttpClient(limits=limits)
    async with chaos_server.chaos_server() as server:
        model = await connect(client, client.check(server.url), NAME)
        monkeypatch.setattr(model, "is_loaded", _never)
        server.act = act
        try:
            await model.load()
        finally:
            await client.close()


async def _never() -> bool:
    return False


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (chaos_server.whole(404, b'{"error": "zorblat_7c1"}'), ModelMissing),
        (chaos_server.whole(503, b"zorblat_7c1"), BackendBusy),
        (chaos_server.whole(307, b"", "Location: http://127.0.0.1:9/\r\n"), BackendRefused),
        (chaos_server.whole(200, b"[zorblat_7c1"), BackendGarbled),
        (b"", BackendOffline),
    ],
)
async def test_errors_of_a_load_are_ours(
    answer: bytes, error: type[ModelError], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError) as caught:
        await _load(Act(lambda: [answer]), monkeypatch)
    assert type(caught.value) is error
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_load_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BackendTimeout):
        await _load(Act(list, hold=True), monkeypatch, Limits(load=0.3))


async def test_nothing_listens_any_more_when_the_load_begins() -> None:
    client = HttpClient(limits=Limits(load=2.0))
    server = OllamaServer(client.check("http://127.0.0.1:9"))
    with pytest.raises(BackendOffline):
        await ollama_load.load(client, server, NAME, Shape(), {})


async def test_no_proxy_sees_a_load_and_no_key_is_sent(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[bytes] = []

    async def canary(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(chaos_server.whole(200, b"{}", "Connection: close\r\n"))
        writer.close()

    server = await asyncio.start_server(canary, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OLLAMA_HOST"):
        monkeypatch.setenv(name, url)
        monkeypatch.setenv(name.lower(), url)
    monkeypatch.setenv("OLLAMA_API_KEY", SECRET)
    async with fake_backend(loaded=False) as backend:
        model = await _model(client, backend)
        await model.load()
        assert await model.is_loaded()
    assert heads == []
    await ollama_load.load(client, OllamaServer(client.check(url)), NAME, Shape(), {})
    assert heads[0].startswith(b"POST /api/generate")
    assert SECRET.encode() not in heads[0]
    server.close()


async def test_events_that_say_nothing_are_passed_over(client: HttpClient) -> None:
    said = {"response": "a", "done": False, "error": None}
    empty, last, ping = {"response": None, "done": False}, {"done": True}, {"type": "ping"}
    events = [json.dumps(event).encode() for event in (ping, said, empty, ping, last)]
    lines = [chaos_server.chunk(event + b"\n") for event in events]
    async with chaos_server.chaos_server() as server:
        model = await connect(client, client.check(server.url), NAME)
        server.act = Act(lambda: [chaos_server.HEAD, *lines, chaos_server.END])
        assert _text(await _chunks(model)) == "a"
        server.act = Act(lambda: [chaos_server.HEAD, lines[0], lines[0], chaos_server.END])
        with pytest.raises(BackendGarbled):
            await _chunks(model)


async def test_an_answer_of_chat_without_end_is_ended(client: HttpClient) -> None:
    event = json.dumps({"message": {"content": "word "}, "done": False}).encode() + b"\n"
    async with chaos_server.chaos_server() as server:
        model = await connect(client, client.check(server.url), NAME)
        server.act = Act(chaos_server.forever(chaos_server.chunk(event)))
        chunks = await _chunks(model, way=Way(Fill.CHAT))
        assert 32 <= len(_text(chunks).split()) < 64


# Where the model runs.


ELSEWHERE = "https://ollama.test:443"


@pytest.mark.parametrize("told_by", ["/api/tags", "/api/show"])
async def test_a_forwarded_model_is_refused_whatever_its_name(
    client: HttpClient, told_by: str
) -> None:
    async with fake_backend(remote_host=ELSEWHERE, remote_told_by=(told_by,)) as backend:
        with pytest.raises(EgressRefused):
            await _model(client, backend)
        assert await list_models(client, client.check(backend.url)) == ()
        assert backend.generations == []


@pytest.mark.parametrize("name", ["mine:cloud", "qwen3-coder:480b-cloud", "Mine:Cloud"])
async def test_a_name_of_the_cloud_is_refused_whatever_is_told(
    client: HttpClient, name: str
) -> None:
    async with fake_backend(models=(name,)) as backend:
        with pytest.raises(EgressRefused):
            await _model(client, backend)
        assert await list_models(client, client.check(backend.url)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"remote_told_by": ("/api/tags", "/api/show")},  # the old runner still shows in /api/ps
        {"remote_told_by": ("/api/tags", "/api/show", "/api/ps")},
        {"remote_told_by": ("/api/show",), "loaded": False},  # after a restart
        {"remote_told_by": ("/api/tags", "/api/show"), "modified_at": "2026-11-24T12:00:00Z"},
    ],
)
async def test_a_model_that_becomes_forwarded_gets_no_byte_of_the_prompt(
    client: HttpClient, changes: dict[str, Any]
) -> None:
    async with fake_backend() as backend:
        model = await _model(client, backend)
        await _chunks(model)
        backend.reset()
        backend.script.change({"remote_host": ELSEWHERE} | changes)
        with pytest.raises(EgressRefused):
            await _chunks(model)
        with pytest.raises(EgressRefused):
            await model.load()
        assert backend.generations == []
        assert SECRET.encode() not in _sent(backend)


async def test_the_name_is_looked_up_before_every_prompt(client: HttpClient) -> None:
    async with fake_backend() as backend:
        model = await _model(client, backend)
        backend.reset()
        for _ in range(3):
            await _chunks(model)
        assert [seen.path for seen in backend.seen] == ["/api/show", "/api/generate"] * 3


async def test_a_name_that_is_given_to_another_local_model(client: HttpClient) -> None:
    async with fake_backend() as backend:
        model = await _model(client, backend)
        await _chunks(model)
        backend.script.modified_at = "2026-11-24T12:00:00Z"
        backend.script.architecture = "starcoder2"
        backend.script.template = "<fim_prefix>"
        await _chunks(model)
        assert model.info.family == "starcoder2"
        assert "<fim_prefix>" in backend.generations[-1].json["prompt"]


async def test_a_stream_that_shows_another_host_is_aborted(client: HttpClient) -> None:
    async with fake_backend(text="abc", chunk=1, token_ms=1) as backend:
        model = await _model(client, backend)
        backend.script.stream_remote_host = ELSEWHERE
        with pytest.raises(EgressRefused):
            await _chunks(model)
        await asyncio.sleep(0.05)
        assert backend.generations[0].client_end_ns is not None


# The form of what is sent, and of what the fake answers.


def _fits(body: dict[str, Any], form: type[BaseModel], extra: frozenset[str] = frozenset()) -> None:
    known = {field.alias or name for name, field in form.model_fields.items()}
    assert set(body) - extra <= known
    form.model_validate(body)


def _check_request(seen: Seen) -> None:
    forms: dict[str, type[BaseModel]] = {
        "/api/generate": types.GenerateRequest,
        "/api/chat": types.ChatRequest,
        "/api/show": types.ShowRequest,
    }
    if seen.path in forms:
        _fits(seen.json, forms[seen.path], frozenset({"truncate", "shift"}))
        _fits(seen.json.get("options", {}), types.Options)


@pytest.mark.parametrize("name", [NAME, "mystery"])
@pytest.mark.parametrize("capabilities", [("completion", "insert"), ("completion", "thinking")])
async def test_requests_are_of_the_form_that_ollama_s_types_give(
    client: HttpClient, name: str, capabilities: tuple[str, ...]
) -> None:
    async with fake_backend(models=(name,), capabilities=capabilities, loaded=False) as backend:
        model = await _model(client, backend)
        await model.load()
        await _chunks(model)
        assert {"/api/tags", "/api/show", "/api/ps"} < {seen.path for seen in backend.seen}
        for seen in backend.seen:
            _check_request(seen)


REMOTE = frozenset({"remote_host", "remote_model"})


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/api/tags", types.ListResponse),
        ("/api/ps", types.ProcessResponse),
        ("/api/show", types.ShowResponse),
        ("/api/generate", types.GenerateResponse),
        ("/api/chat", types.ChatResponse),
    ],
)
@pytest.mark.parametrize("remote", ["", ELSEWHERE])
def test_the_fake_answers_in_that_form(path: str, form: type[BaseModel], remote: str) -> None:
    script = Script(remote_host=remote, stream_remote_host=remote, thinking="hm")
    request = {"model": NAME, "prompt": "x", "messages": [{"role": "user", "content": "x"}]}
    status, _, bodies = ollama_reply(script, path, request, iter(["a", "b"]))
    answers = list(bodies)
    assert status == 200
    assert answers
    for body in answers:
        _fits(json.loads(json.dumps(body)), form, REMOTE)
