"""What the user set for a model of Ollama reaches it with every request, and where it runs."""

from __future__ import annotations

import json
import socket
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from inglenook.models import ollama
from inglenook.models.access import Access
from inglenook.models.bodies import sampling_of
from inglenook.models.choose import connect, pick
from inglenook.models.discover import Survey, survey
from inglenook.models.egress import EgressPolicy, Trust
from inglenook.models.errors import BackendTimeout, EgressRefused, PromptTooLong
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Fill, Locality, Model, Way
from inglenook.models.ollama_events import error_of, timings_of
from inglenook.models.spec import ModelSpec, Provider, Sampling
from inglenook_context.prompt import Prompt
from tests.support.certificates import Authority
from tests.support.chaos_server import Act, chaos_server, whole
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.ollama_forms import wrong_request
from tests.support.replay_server import replay

QWEN = "qwen2.5-coder:0.5b"
SECRET = "zorblat_7c1"
PROMPT = Prompt("a.py", "python", (), f"{SECRET} = 1\n", "y = fo", "\nz\n")
WAYS = [Way(Fill.TEMPLATE, "qwen-coder"), Way(Fill.BACKEND), Way(Fill.CHAT)]
ELSEWHERE = "https://ollama.test:443"


async def answer(model: Model, **changes: Any) -> str:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as chunks:
        return "".join([chunk.text async for chunk in chunks])


async def direct(client: HttpClient, backend: FakeBackend, name: str = "") -> ollama.OllamaModel:
    return await ollama.connect(client, client.check(backend.url), name or backend.script.models[0])


async def look(directory: Path, client: HttpClient, *specs: ModelSpec) -> Survey:
    places = {"ollama_address": "", "llama_cpp_address": ""}
    return await survey(specs, client.policy, models_dir=directory, client=client, **places)


async def chosen(directory: Path, client: HttpClient, spec: ModelSpec) -> Model:
    seen = await look(directory, client, spec)
    choice = pick(seen)
    assert choice is not None
    return await connect(client, choice, seen.specs)


# Keys, headers, further fields, sampling, patience.


async def test_the_key_and_the_headers_go_with_every_request(
    client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "of-the-environment")
    async with fake_backend(loaded=False) as backend:
        spec = ModelSpec(
            "Ours", Provider.OLLAMA, QWEN, backend.url, api_key="k", headers=(("X-Team", "a"),)
        )
        model = await chosen(tmp_path, client, spec)
        await model.load()
        await model.window()
        await model.confirm()
        for way in WAYS:
            await answer(model, way=way)
        paths = {seen.path for seen in backend.seen}
        assert paths == {
            *("/api/tags", "/api/ps", "/api/version", "/api/show"),
            *("/api/generate", "/api/chat"),
        }
        assert len(backend.heads) == len(backend.seen)
        for head in backend.heads:
            lines = [line.lower() for line in head.split("\r\n")]
            assert [line for line in lines if line.startswith("authorization")] == [
                "authorization: bearer k"
            ]
            assert "x-team: a" in lines


async def test_further_fields_change_nothing_that_loads_or_asks(
    client: HttpClient, tmp_path: Path
) -> None:
    extra = (
        *(("user", "me"), ("Prompt", "evil"), ("shift", True), ("think", True)),
        *(("options", {"num_ctx": 7}), ("keep_alive", 0)),
    )
    async with fake_backend(loaded=False) as backend:
        spec = ModelSpec("Ours", Provider.OLLAMA, QWEN, backend.url, extra_body=extra)
        model = await chosen(tmp_path, client, spec)
        await model.load()
        for way in WAYS:
            await answer(model, way=way)
        asked = [s.json for s in backend.seen if s.path in ("/api/generate", "/api/chat")]
        assert len(asked) == 4
        for body in asked:
            assert body["user"] == "me"
            assert "Prompt" not in body
            assert (body["shift"], body["keep_alive"]) == (False, "30m")
            assert body["options"]["num_ctx"] == 8192
            assert "think" not in body


async def test_how_tokens_are_drawn(client: HttpClient) -> None:
    drawn = Sampling(0.2, 0.9, 40, 0.05, 0.1, 0.3, ("END",), 77)
    async with fake_backend() as backend:
        model = await direct(client, backend)
        for way in WAYS:
            await answer(model, way=way, sampling=drawn)
            body = backend.generations[-1].json
            options = body["options"]
            expected = sampling_of(CompletionRequest(PROMPT, 32, sampling=drawn))
            assert {key: options[key] for key in expected} == expected
            assert options["num_predict"] == 32  # max_tokens is for chats
            assert ("END" in options["stop"]) is (way.fill is not Fill.CHAT)
            assert wrong_request(backend.generations[-1].path, body) == []
        await answer(model)
        assert "top_p" not in backend.generations[-1].json["options"]


async def test_the_patience_of_an_entry(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(token_ms=60_000, chunk=1) as backend:
        spec = ModelSpec("Ours", Provider.OLLAMA, QWEN, backend.url, timeout=0.05)
        with pytest.raises(BackendTimeout) as caught:
            await answer(await chosen(tmp_path, client, spec))
        assert "within 0.05 s" in str(caught.value)


async def test_a_smaller_window_of_one_entry_bounds_its_prompts_alone(
    client: HttpClient, tmp_path: Path
) -> None:
    async with fake_backend(context_tokens=32768) as backend:
        small = ModelSpec("S", Provider.OLLAMA, QWEN, backend.url, context_tokens=2048)
        large = ModelSpec("L", Provider.OLLAMA, QWEN, backend.url, context_tokens=32768)
        seen = await look(tmp_path, client, small, large)
        models = []
        for name in "SL":
            choice = pick(seen, name=name)
            assert choice is not None
            models.append(await connect(client, choice, seen.specs))
        assert [model.info.context_tokens for model in models] == [2048, 32768]
        for model in models:
            assert "'S' and 'L'" in model.info.notice
            assert "contextLength (2048 or 32768)" in model.info.notice
            await answer(model)
            model.adopt(Way(Fill.CHAT), 32768)
            assert "'S' and 'L'" in model.info.notice
        assert [model.info.context_tokens for model in models] == [2048, 32768]
        assert {each.json["options"]["num_ctx"] for each in backend.generations} == {32768}


# A prompt that is too long.


@pytest.mark.parametrize(
    "said",
    [
        # Ollama 0.13 to 0.24, and what the llama.cpp server of 0.32 says, passed on.
        "the input length exceeds the context length",
        '{"error":{"code":400,"message":"request (9 tokens) exceeds the available context size '
        '(8 tokens), try increasing it","type":"exceed_context_size_error"}}',
    ],
)
@pytest.mark.parametrize("way", WAYS)
async def test_a_prompt_that_is_refused_for_its_length(
    client: HttpClient, said: str, way: Way
) -> None:
    async with fake_backend() as backend, chaos_server() as server:
        model = await direct(client, backend)
        await answer(model, way=way)
        body = backend.generations[-1].json
        assert (body["truncate"], body["shift"]) == (False, False)
        model = await ollama.connect(client, client.check(server.url), QWEN)
        server.act = Act(lambda: [whole(400, json.dumps({"error": said}).encode())])
        with pytest.raises(PromptTooLong) as caught:
            await answer(model, way=way)
        assert "(8192 tokens)" in str(caught.value)
        assert "contextLength" in str(caught.value)
        assert "OLLAMA_CONTEXT_LENGTH" in str(caught.value)


async def test_in_the_middle_it_is_the_same(client: HttpClient) -> None:
    async with fake_backend() as backend:
        info = (await direct(client, backend)).info
    for said in (
        "the prompt is longer than the context length currently available",
        "EXCEEDS the context",
    ):
        error = error_of(f"{said} {SECRET}", info, 4096)
        assert isinstance(error, PromptTooLong)
        assert "(4096 tokens)" in str(error)
        assert SECRET not in str(error)
    assert not isinstance(error_of("context", info, 4096), PromptTooLong)


@pytest.mark.parametrize(
    ("version", "tokens", "cut"),
    [
        ("0.3.14", 100, False),  # what was evaluated, when the rest was in the cache
        ("v0.1.48", 8192, False),
        ("0.4.0", 1000, True),
        ("0.12.9", 1600, True),  # 7.5 characters for a token are more than code has
        ("0.12.9", 2100, False),
        ("0.13.0", 1600, False),  # but wide tables have them, and it would have refused
        ("0.33.0-rc2", 900, True),  # nothing has 13
        ("0.33.0-rc2", 8191, False),
        ("0.33.0-rc2", 8192, True),  # there was no room left for an answer
        ("0.0.0", 900, True),  # built from source
        ("main", 900, True),
        ("", 900, True),
        ("", 0, False),
    ],
)
def test_when_a_count_proves_that_something_was_cut(version: str, tokens: int, cut: bool) -> None:
    told = timings_of({"prompt_eval_count": tokens}, 12_000, 8192, version)
    assert (told.truncated, told.prompt_tokens, told.sent_tokens) == (cut, tokens, 2000)
    assert not timings_of({}, 12_000, 8192, version).truncated


# Models that think.


@pytest.mark.parametrize(
    ("name", "architecture", "capabilities", "think"),
    [
        ("qwen3:8b", "qwen3", ("completion", "thinking"), False),
        ("deepseek-r1:8b", "qwen2", ("completion", "thinking"), False),
        ("gpt-oss:20b", "gptoss", ("completion", "thinking"), "low"),
        ("mine:20b", "gptoss", ("completion", "thinking"), "low"),
        (QWEN, "qwen2", ("completion", "insert"), None),
    ],
)
async def test_no_completion_is_thought_over(
    client: HttpClient, name: str, architecture: str, capabilities: Any, think: Any
) -> None:
    fields = {"models": (name,), "architecture": architecture, "capabilities": capabilities}
    async with fake_backend(**fields, text="o()", thinking="hm" if think else "") as backend:
        model = await direct(client, backend)
        for way in (Way(Fill.TEMPLATE, "qwen-coder"), Way(Fill.CHAT)):
            await answer(model, way=way)
            body = backend.generations[-1].json
            assert body.get("think") == think
            assert ("think" in body) is (think is not None)
        assert model.info.thinks is (think is not None)
        sentence = (
            f"{name} reasons before it answers, which makes it slow for ghost text; choose a base "
            "or coder model for autocomplete."
        )
        assert (sentence in model.info.notice) is (think is not None)
        model.adopt(Way(Fill.TEMPLATE, "qwen-coder"), 0)
        assert model.info.notice == (sentence if model.info.thinks else "")


# Where it runs.


async def test_what_the_server_says_of_its_cloud(client: HttpClient) -> None:
    async with fake_backend() as backend:
        target = client.check(backend.url)
        for cloud, disabled in ((True, False), (False, True), (None, None)):
            backend.script.cloud = cloud
            assert await ollama.cloud_disabled(client, target) is disabled
        # A model without a remote host is local all the same where the question is not known.
        assert (await direct(client, backend)).info.locality is Locality.VERIFIED
    async with replay({"/api/status": {"cloud": {"disabled": "yes"}}}) as url:
        assert await ollama.cloud_disabled(client, client.check(url)) is None


async def test_a_server_of_another_version_is_noticed(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake_backend() as backend:
        model = await direct(client, backend)
        model.adopt(Way(Fill.CHAT), 0)
        backend.script.version = "0.14.0"
        await model.confirm()
        assert model.info.version == "0.13.0"  # not every time
        monkeypatch.setattr(ollama, "_VERSION_SECONDS", 0.0)
        backend.reset()
        await model.confirm()
        assert model.info.version == "0.14.0"
        assert model.info.fill is Fill.CHAT  # of the same model, what was found of it holds
        assert [seen.path for seen in backend.seen] == [
            *("/api/show", "/api/version", "/api/tags", "/api/show"),
        ]
        backend.script.change({"version": "0.15.0", "remote_host": ELSEWHERE})
        with pytest.raises(EgressRefused):
            await answer(model)
        assert SECRET.encode() not in b"".join(seen.body for seen in backend.seen)


@pytest.mark.parametrize("secure", [False, True])
async def test_an_allowed_host_is_asked_and_called_remote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, secure: bool
) -> None:
    def resolved(_host: object, port: int, *_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    authority = Authority(tmp_path)
    tls = authority.server("gpu.example") if secure else None
    async with fake_backend(tls=tls, loaded=False) as backend:
        where = backend.url.replace("127.0.0.1", "gpu.example")
        where = where.replace("http:", "https:") if secure else where
        trust = (Trust(where, (authority.file,)),) if secure else ()
        client = HttpClient(EgressPolicy(frozenset({where}), trust))
        spec = ModelSpec("Ours", Provider.OLLAMA, QWEN, where, api_key="k")
        model = await chosen(tmp_path, client, spec)
        assert model.info.locality is Locality.ALLOWED
        await model.load()
        assert await answer(model)
        assert model.info.locality is Locality.ALLOWED
        assert all("authorization: bearer k" in head.lower() for head in backend.heads)
        backend.script.remote_host = ELSEWHERE  # what is allowed to it is not allowed to others
        asked = len(backend.generations)
        with pytest.raises(EgressRefused):
            await answer(model)
        assert len(backend.generations) == asked
        await client.close()
        with pytest.raises(EgressRefused):
            HttpClient().check(where)


async def test_access_is_shown_nowhere(client: HttpClient) -> None:
    access = Access("sk-secret", (("X-Secret", "sk-secret"),), (("user", "sk-secret"),))
    async with fake_backend() as backend:
        target = client.check(backend.url)
        (info,) = await ollama.list_models(client, target, access)
        model = await ollama.connect(client, target, QWEN, access=access)
        backend.script.status = 401
        with pytest.raises(Exception, match="wants an API key") as caught:
            await answer(model)
        assert "sk-secret" not in repr((info, model.info, model.shape)) + str(caught.value)
