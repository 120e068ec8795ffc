"""The adapter of OpenAI's API against what LiteLLM's proxy answers, as it was recorded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from aiohttp import web

from inglenook.models.errors import BackendBusy, BackendFailed, BackendRefused, ModelError
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Fill, Way
from inglenook.models.openai_compatible import OpenAIModel, connect
from inglenook.models.openai_models import OpenAIServer, list_models
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt

PROMPT: Final = Prompt("a.py", "python", (), "x = 1\n", "y = fo", "\nz\n")
MODEL: Final = "qwen2.5-coder"
_GONE: Final = {"error": {"message": "Connection error.", "type": None, "code": "500"}}
_COMPLETIONS: Final = "/v1/completions"


@dataclass
class _Gateway:
    """``gone`` of its next generating requests meet a machine that is not there any more."""

    url: str = ""
    gone: int = 0
    status: int = 500  # then
    chats: bool = False
    base: str = ""  # before its paths; the version is part of it if there is another than /v1
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def path(self, path: str) -> str:
        return self.base + path.removeprefix("/v1") if self.base else path

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == self.path("/v1/models"):
            if "Authorization" not in request.headers:
                return web.json_response(
                    {"error": {"message": "Internal server error"}}, status=500
                )
            if request.headers["Authorization"] != "Bearer right":
                return web.json_response({"error": {"type": "no_db_connection"}}, status=400)
            return web.json_response({"object": "list", "data": [{"id": MODEL}]})
        body = await request.json()
        self.asked.append((request.path, body))
        if self.gone and not (self.chats and request.path != self.path(_COMPLETIONS)):
            self.gone -= 1
            return web.json_response(_GONE, status=self.status)
        if not body.get("stream"):
            return web.json_response({"choices": [{"index": 0, "text": "zq7"}]})
        return web.Response(body=b"".join(_events()), content_type="text/event-stream")


def _events() -> list[bytes]:
    """The last text, the end without any, and then the usage beside a choice that is empty."""
    choices: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "text": "foo()"}]},
        {"choices": [{"finish_reason": "length", "index": 0}]},
        {"choices": [{"index": 0}], "usage": {"completion_tokens": 3, "prompt_tokens": 13}},
    ]
    return [f"data: {json.dumps(each)}\n\n".encode() for each in choices] + [b"data: [DONE]\n\n"]


@asynccontextmanager
async def _gateway(**habits: Any) -> AsyncIterator[tuple[_Gateway, HttpClient]]:
    gateway, client, app = _Gateway(**habits), HttpClient(), web.Application()
    app.router.add_route("*", "/{path:.*}", gateway.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    gateway.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield gateway, client
    finally:
        await client.close()
        await runner.cleanup()


async def _model(gateway: _Gateway, client: HttpClient, base: str = "") -> OpenAIModel:
    server = OpenAIServer(client.check(gateway.url + base), api_key="right")
    return await connect(client, server, MODEL)


async def _text(model: OpenAIModel, **changes: Any) -> str:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as chunks:
        said = [chunk async for chunk in chunks]
    assert said[-1].timings is not None
    assert said[-1].timings.prompt_tokens == 13
    return "".join(chunk.text for chunk in said)


async def test_usage_beside_an_empty_choice() -> None:
    async with _gateway() as (gateway, client):
        assert await _text(await _model(gateway, client)) == "foo()"


async def test_the_line_end_is_among_the_four_stops_that_it_passes_on() -> None:
    async with _gateway() as (gateway, client):
        await _text(await _model(gateway, client), single_line=True)
        assert "\n" in gateway.asked[-1][1]["stop"][:4]


async def test_a_machine_that_has_gone_costs_another_try() -> None:
    async with _gateway(gone=2) as (gateway, client):
        assert await _text(await _model(gateway, client)) == "foo()"
        assert len(gateway.asked) == 3


async def test_when_all_have_gone_it_is_said() -> None:
    async with _gateway(gone=99) as (gateway, client):
        model = await _model(gateway, client)
        with pytest.raises(BackendFailed):
            await _text(model)
        assert len(gateway.asked) == 3


async def test_a_busy_gateway_is_not_taken_for_a_strict_one() -> None:
    """LiteLLM says so while it leaves all its machines out for a moment."""
    async with _gateway(gone=2, status=429) as (gateway, client):
        model = await _model(gateway, client)
        with pytest.raises(BackendBusy):
            await model.load()
        with pytest.raises(BackendBusy):
            await _text(model)
        assert await _text(model) == "foo()"
        assert "stream_options" in gateway.asked[-1][1]


@pytest.mark.parametrize("status", [401, 403, 413])
async def test_a_refusal_that_is_not_over_a_field_is_not_asked_again(status: int) -> None:
    async with _gateway(gone=1, status=status) as (gateway, client):
        model = await _model(gateway, client)
        with pytest.raises(BackendRefused):
            await _text(model)
        assert await _text(model) == "foo()"
        assert len(gateway.asked) == 2
        assert "stream_options" in gateway.asked[-1][1]


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refusal_that_may_be_over_a_field_is(status: int) -> None:
    async with _gateway(gone=1, status=status) as (gateway, client):
        assert await _text(await _model(gateway, client)) == "foo()"
        first, second = gateway.asked
        assert "stream_options" in first[1]
        assert "stream_options" not in second[1]


@pytest.mark.parametrize(
    ("base", "served"),
    [
        ("", ""),
        ("/v1", "/v1"),
        ("/v3", "/v3"),
        ("/team", "/team/v1"),
        ("/team/v2beta", "/team/v2beta"),
    ],
)
async def test_an_address_may_end_in_a_version(base: str, served: str) -> None:
    """OpenVINO Model Server has /v3 in the place of /v1."""
    async with _gateway(base=served) as (gateway, client):
        model = await _model(gateway, client, base)
        assert await _text(model) == "foo()"
        await model.load()
        assert {path for path, _ in gateway.asked} == {gateway.path(_COMPLETIONS)}
        assert await _text(model, way=Way(Fill.CHAT)) == "foo()"
        assert gateway.asked[-1][0] == gateway.path("/v1/chat/completions")


async def test_what_a_model_can_do_is_not_learned_from_machines_that_have_gone() -> None:
    async with _gateway(gone=99) as (gateway, client):
        model = await _model(gateway, client)
        with pytest.raises(BackendFailed):
            await model.load()
        gateway.gone = 2
        await model.load()
        assert (model.info.fill, model.info.layout) == (Fill.TEMPLATE, Layout.FROZEN_LINE)


async def test_a_server_that_fails_to_complete_but_chats_is_chatted_with() -> None:
    async with _gateway(gone=99, chats=True) as (gateway, client):
        model = await _model(gateway, client)
        await model.load()
        assert model.info.fill is Fill.CHAT


@pytest.mark.parametrize(
    ("key", "kind", "advice"),
    [("wrong", BackendRefused, "another API key"), ("", BackendFailed, "an API key")],
)
async def test_a_wrong_key_and_none(key: str, kind: type[ModelError], advice: str) -> None:
    """Without a database LiteLLM answers 400 and 500, and not 401."""
    async with _gateway() as (gateway, client):
        with pytest.raises(kind, match=advice) as told:
            await list_models(client, OpenAIServer(client.check(gateway.url), api_key=key))
        assert "wrong" not in str(told.value)
