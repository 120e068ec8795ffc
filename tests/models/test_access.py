"""What the user sets for one server reaches that server, and nothing and nobody else."""

from __future__ import annotations

import dataclasses
import logging
import os
import socket
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from inglenook.models import llama_cpp
from inglenook.models.access import PROTECTED, Access, access_of
from inglenook.models.bodies import sampling_of, stops_of
from inglenook.models.choose import candidates, connect, pick
from inglenook.models.discover import Found, Survey, survey
from inglenook.models.egress import EgressPolicy
from inglenook.models.errors import BackendTimeout, EgressRefused, ModelError
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Locality, Model
from inglenook.models.spec import AUTODETECT, ModelSpec, Provider, Sampling
from inglenook_context.prompt import Prompt
from tests.support.fake_backend import FakeBackend, fake_backend

PROMPT = Prompt("a.py", "python", (), "x = 1\n", "y = fo", "\nz\n")
QWEN = "qwen2.5-coder:0.5b"
CAT = "llama3:8b"  # which only chats
SERVERS = [Provider.LLAMA_CPP, Provider.OPENAI, Provider.VLLM]


async def look(directory: Path, client: HttpClient, *specs: ModelSpec) -> Survey:
    return await survey(
        specs,
        client.policy,
        ollama_address="",
        llama_cpp_address="",
        models_dir=directory,
        client=client,
    )


async def answer(model: Model, **changes: Any) -> None:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as chunks:
        assert [chunk async for chunk in chunks]


def heads(backend: FakeBackend) -> list[dict[str, str]]:
    """The headers of all requests, names in small letters."""
    told = [dict(line.split(": ", 1) for line in head.split("\r\n")[1:]) for head in backend.heads]
    return [{name.lower(): value for name, value in head.items()} for head in told]


def test_a_header_of_the_user_goes_before_the_key() -> None:
    access = Access("k", (("authorization", "Basic eDp5"), ("X-Team", "a")))
    assert access.head == {"authorization": "Basic eDp5", "X-Team": "a"}
    assert Access("k").head == {"Authorization": "Bearer k"}
    assert Access().head is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X\r\nHost", "a"),
        ("X Team", "a"),
        ("", "a"),
        ("Größe", "a"),
        ("X-Team", "secret\r\nHost: evil.test"),
        ("X-Team", "secret\0"),
        ("X-Team", "secret\u2028"),
        ("Host", "secret.evil.test"),
        ("CONTENT-LENGTH", "7"),
        ("transfer-encoding", "chunked"),
        ("Proxy-Authorization", "secret"),
        ("Accept-Encoding", "gzip"),
    ],
)
def test_a_header_that_cannot_be_sent(name: str, value: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        _ = Access(headers=((name, value),)).head
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_key_that_cannot_be_sent() -> None:
    with pytest.raises(EgressRefused) as caught:
        _ = Access("secret\n").head
    assert "apiKey" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_nothing_of_it_is_shown() -> None:
    spec = ModelSpec(
        "Ours",
        Provider.OPENAI,
        "m",
        "http://127.0.0.1:9",
        api_key="secret",
        headers=(("X-Secret", "secret"),),
        extra_body=(("user", "secret"),),
    )
    found = Found("m", Provider.OPENAI, "http://127.0.0.1:9", "", 0, True, access=access_of(spec))
    found = dataclasses.replace(found, spec=spec)
    for shown in (spec, access_of(spec), found):
        assert "secret" not in repr(shown).lower()


def test_extra_fields_change_nothing_that_is_protected() -> None:
    extra = tuple((key, "evil") for key in PROTECTED)
    extra += tuple((key.upper(), "evil") for key in PROTECTED)
    extra += (("me\u017f\u017fages", "evil"), ("to\u212aen", "kept"))  # Go folds these letters too
    body = Access(extra_body=extra).body({"prompt": "x", "seed": 1})
    assert body == {"prompt": "x", "seed": 1, "to\u212aen": "kept"}


def test_extra_fields_stand_beside_ours() -> None:
    own = {"chat_template_kwargs": {"enable_thinking": False}, "seed": 1, "prompt": "x"}
    extra = (("chat_template_kwargs", {"enable_thinking": True, "a": 1}), ("seed", 7), ("b", [2]))
    assert Access(extra_body=extra).body(own) == {
        "chat_template_kwargs": {"enable_thinking": False, "a": 1},
        "seed": 7,
        "prompt": "x",
        "b": [2],
    }


@pytest.mark.parametrize("provider", SERVERS)
async def test_what_is_set_goes_with_every_request(
    client: HttpClient, tmp_path: Path, provider: Provider
) -> None:
    async with fake_backend(models=(QWEN,)) as backend, fake_backend(models=(QWEN,)) as other:
        spec = ModelSpec(
            "Ours",
            provider,
            QWEN,
            backend.url,
            api_key="k",
            headers=(("X-Team", "a"),),
            extra_body=(("user", "me"), ("prompt", "evil"), ("Prompt", "evil")),
        )
        plain = ModelSpec("Theirs", provider, QWEN, other.url)
        seen = await look(tmp_path, client, spec, plain)
        for choice in candidates(seen):
            model = await connect(client, choice)
            await model.load()
            await answer(model)
            await model.window()
            await model.confirm()
        assert all(head["x-team"] == "a" for head in heads(backend))
        assert all(head["authorization"] == "Bearer k" for head in heads(backend))
        assert all("x-team" not in head and "authorization" not in head for head in heads(other))
        bodies = [seen.json for seen in backend.generations]
        assert all(body["user"] == "me" and "Prompt" not in body for body in bodies)
        assert all(body["prompt"] != "evil" for body in bodies)
        assert all("user" not in seen.json for seen in other.generations)
        assert other.generations


async def test_two_keys_at_one_address_are_two_servers(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(models=(QWEN,)) as backend:
        specs = [
            ModelSpec(key, Provider.OPENAI, QWEN, backend.url, api_key=key) for key in ("a", "b")
        ]
        seen = await look(tmp_path, client, *specs)
        assert [place.access.api_key for place in seen.places[:2]] == ["a", "b"]
        for spec in specs:
            backend.heads.clear()
            choice = pick(seen, name=spec.name)
            assert choice is not None
            await answer(await connect(client, choice))
            assert {head["authorization"] for head in heads(backend)} == {f"Bearer {spec.name}"}


async def test_entries_that_differ_in_their_options_are_one_server(
    client: HttpClient, tmp_path: Path
) -> None:
    async with fake_backend(models=(QWEN,), context_tokens=8192) as backend:
        small = ModelSpec("Small", Provider.LLAMA_CPP, QWEN, backend.url, context_tokens=2048)
        seen = await look(
            tmp_path, client, small, ModelSpec("Large", Provider.LLAMA_CPP, QWEN, backend.url)
        )
        assert len(seen.places) == 2  # and the models directory
        for name, tokens in (("Small", 2048), ("Large", 8192)):
            choice = pick(seen, name=name)
            assert choice is not None
            assert choice.found.spec is not None
            assert choice.found.spec.name == name
            model = await connect(client, choice)
            assert model.info.context_tokens == await model.window() == tokens
            model.adopt(model.info.way, 8192)
            assert model.info.context_tokens == tokens


@pytest.mark.parametrize("provider", [Provider.OPENAI, Provider.VLLM])
async def test_a_window_that_nobody_tells(
    client: HttpClient, tmp_path: Path, provider: Provider
) -> None:
    async with fake_backend(models=(QWEN,)) as backend:
        spec = ModelSpec("Ours", provider, QWEN, backend.url, context_tokens=4096)
        choice = pick(await look(tmp_path, client, spec))
        assert choice is not None
        assert (await connect(client, choice)).info.context_tokens == 4096


@pytest.mark.parametrize("provider", SERVERS)
async def test_the_patience_of_an_entry(
    client: HttpClient, tmp_path: Path, provider: Provider
) -> None:
    async with fake_backend(models=(QWEN,), token_ms=60_000, chunk=1) as backend:
        spec = ModelSpec("Ours", provider, QWEN, backend.url, timeout=0.05)
        choice = pick(await look(tmp_path, client, spec))
        assert choice is not None
        model = await connect(client, choice)
        with pytest.raises(BackendTimeout) as caught:
            await answer(model)
        assert "within 0.05 s" in str(caught.value)


async def test_nothing_of_it_is_logged_or_said(
    client: HttpClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"api_key": "sk-secret", "headers": (("X-Secret", "sk-secret"),)}
    async with fake_backend(models=(QWEN,), status=401) as backend:
        for provider in SERVERS:
            spec = ModelSpec("Ours", provider, QWEN, backend.url, **secrets)  # type: ignore[arg-type]
            seen = await look(tmp_path, client, spec)
            choice = pick(seen)
            assert choice is not None
            with pytest.raises(ModelError) as caught:
                await answer(await connect(client, choice))
            assert "sk-secret" not in repr((seen, choice)) + str(caught.value) + caplog.text


async def test_all_models_of_a_server(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(models=(CAT, QWEN, "nomic-embed-text")) as backend:
        spec = ModelSpec(
            "All", Provider.OPENAI, AUTODETECT, backend.url, roles=("autocomplete", "embed")
        )
        seen = await look(tmp_path, client, spec)
        assert [(each.name, each.roles) for each, _ in seen.listed()] == [
            (name, spec.roles) for name in (CAT, QWEN, "nomic-embed-text")
        ]
        choice = pick(seen)
        assert choice is not None
        assert choice.found.name == QWEN
        assert "has all models of its server, as 'All'" in choice.reason
        assert [each.found.name for each in candidates(seen)] == [QWEN, CAT]
        assert [each.found.name for each in candidates(seen, "embed")] == ["nomic-embed-text"]
        assert candidates(seen, "chat") == candidates(Survey(seen.places))
        named = pick(seen, name=CAT.upper())
        assert named is not None
        assert named.found.spec is not None
        assert named.found.spec.roles == spec.roles


async def test_all_models_of_a_server_that_is_not_there(client: HttpClient, tmp_path: Path) -> None:
    spec = ModelSpec("All", Provider.OPENAI, AUTODETECT, "http://127.0.0.1:1")
    seen = await look(tmp_path, client, spec)
    ((listed, trouble),) = seen.listed()
    assert listed == spec
    assert "Nothing answers" in str(trouble)
    assert pick(seen) is None


async def test_an_allowed_host_is_asked_and_called_remote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolved(_host: object, port: int, *_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    weights = tmp_path / "same-path.bin"
    weights.touch()
    os.truncate(weights, 491_500_000)  # as large as the backend says; it takes no room
    async with fake_backend(models=(QWEN,), weights=str(weights)) as backend:
        server = llama_cpp.LlamaCppServer(HttpClient().check(backend.url))
        here = HttpClient()
        assert (await llama_cpp.connect(here, server)).info.identified
        await here.close()
        where = backend.url.replace("127.0.0.1", "gpu.example")
        specs = [ModelSpec(str(each), each, QWEN, where) for each in (*SERVERS, Provider.OLLAMA)]
        client = HttpClient(EgressPolicy(frozenset({where})))
        seen = await look(tmp_path, client, *specs)
        told = [found.locality for place in seen.places for found in place.models]
        assert told == [Locality.ALLOWED] * 4
        for provider in SERVERS:
            choice = pick(seen, name=str(provider))
            assert choice is not None
            model = await connect(client, choice)
            assert model.info.locality is Locality.ALLOWED
            assert not model.info.identified  # no path of another machine is looked at here
            await model.load()
            assert model.info.locality is Locality.ALLOWED
        await client.close()
        asked = len(backend.seen)
        seen = await look(tmp_path, HttpClient(), *specs)
        assert [place.refused for place in seen.places] == [True] * 4 + [False]
        assert f"allow it in your own configuration file: inglenook: {{hosts: ['{where}']}}" in (
            seen.places[0].trouble
        )
        assert len(backend.seen) == asked


SET = Sampling(0.2, 0.9, 40, 0.05, 0.1, 0.3, ("END", ""), 77)


def _request(**changes: Any) -> CompletionRequest:
    return CompletionRequest(PROMPT, 32, **changes)


def test_how_tokens_are_drawn() -> None:
    assert sampling_of(_request()) == {"temperature": 0.0}
    assert sampling_of(_request(temperature=0.5)) == {"temperature": 0.5}
    assert sampling_of(_request(sampling=Sampling())) == {"temperature": 0.0}
    told = sampling_of(_request(sampling=SET))
    assert told == {
        "temperature": 0.2,
        "top_p": 0.9,
        "top_k": 40,
        "min_p": 0.05,
        "presence_penalty": 0.1,
        "frequency_penalty": 0.3,
    }
    # Alternatives that are all the same would be none.
    assert sampling_of(_request(sampling=SET, temperature=0.5))["temperature"] == 0.5
    assert stops_of(_request(sampling=SET, stop=("a",), single_line=True)) == ("a", "END", "\n")


@pytest.mark.parametrize("provider", SERVERS)
@pytest.mark.parametrize("name", [QWEN, CAT])
async def test_the_sampling_of_a_request(
    client: HttpClient, tmp_path: Path, provider: Provider, name: str
) -> None:
    async with fake_backend(models=(name,), infill=False) as backend:
        choice = pick(await look(tmp_path, client, ModelSpec("a", provider, name, backend.url)))
        assert choice is not None
        model = await connect(client, choice)
        await model.load()
        backend.reset()
        await answer(model, sampling=SET)
        await answer(model)
        first, second = (seen.json for seen in backend.generations)
        drawn = sampling_of(_request(sampling=SET))
        assert {key: first[key] for key in drawn} == drawn
        assert second.keys() & drawn.keys() == {"temperature"}
        assert second["temperature"] == 0.0
        if name == QWEN:
            assert "END" in first["stop"]
            assert set(second["stop"]) == set(first["stop"]) - {"END"}
            assert first.get("grammar") == second.get("grammar")


async def test_a_strict_server_gets_what_openai_knows(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(models=(QWEN,), strict=True) as backend:
        spec = ModelSpec("a", Provider.OPENAI, QWEN, backend.url)
        choice = pick(await look(tmp_path, client, spec))
        assert choice is not None
        model = await connect(client, choice)
        await answer(model, sampling=Sampling(0.2, top_k=40, min_p=0.05))
        body = backend.generations[-1].json
        assert body["temperature"] == 0.2
        assert not body.keys() & {"top_k", "min_p"}
