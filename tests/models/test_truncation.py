"""Whether a backend saw all of a prompt, as llama.cpp and servers of OpenAI's API tell it."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

import pytest

from inglenook.models import llama_cpp, openai_compatible
from inglenook.models.errors import PromptTooLong
from inglenook.models.failures import refusal
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp_events import timings_of
from inglenook.models.model import CompletionRequest, Fill, Model, Timings, Way
from inglenook.models.openai_models import OpenAIServer
from inglenook_context.prompt import Prompt, Snippet
from tests.support.chaos_server import Act, chaos_server, whole
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.real_engine import Plan, real_engine

LONG = Prompt("a.py", "python", (Snippet("b.py", "b = 1\n" * 100),), "x = 1\n" * 200, "y", "\nz\n")
NAMELESS = "coder"  # of which no template is known


async def timings(model: Model, prompt: Prompt = LONG, **changes: Any) -> Timings:
    request = CompletionRequest(prompt, max_tokens=8, **changes)
    async with aclosing(model.complete(request)) as stream:
        told = [chunk.timings async for chunk in stream][-1]
    assert told is not None
    return told


async def by_llama_cpp(client: HttpClient, backend: FakeBackend) -> Model:
    server = llama_cpp.LlamaCppServer(client.check(backend.url))
    return await llama_cpp.connect(client, server)


async def by_openai(client: HttpClient, backend: FakeBackend) -> Model:
    server = OpenAIServer(client.check(backend.url))
    return await openai_compatible.connect(client, server, backend.script.models[0])


@pytest.mark.parametrize(
    ("event", "truncated", "sent"),
    [
        ({"tokens_evaluated": 900, "timings": {"cache_n": 400, "prompt_n": 500}}, False, 900),
        ({"tokens_evaluated": 900, "timings": {"cache_n": 400, "prompt_n": 499}}, True, 900),
        ({"tokens_evaluated": 900}, False, 900),
        ({"timings": {"cache_n": 400, "prompt_n": 500}}, False, None),
        ({"timings": {"prompt_n": 5}}, False, None),
        ({"tokens_evaluated": 900, "truncated": True}, True, 900),
        ({"truncated": "no"}, False, None),
        ({}, False, None),
    ],
)
def test_what_llama_cpp_tells(event: dict[str, Any], truncated: bool, sent: int | None) -> None:
    told = timings_of(event)
    assert (told.truncated, told.sent_tokens) == (truncated, sent)


async def test_infill_cuts_and_says_nothing(client: HttpClient) -> None:
    """1,806 characters are no 100 tokens."""
    async with fake_backend(models=(NAMELESS,), prompt_tokens=100) as backend:
        model = await by_llama_cpp(client, backend)
        assert model.info.fill is Fill.BACKEND
        told = await timings(model)
        assert (told.truncated, told.prompt_tokens, told.sent_tokens) == (True, 100, 300)
        backend.script.prompt_tokens = 700
        told = await timings(model)
        assert (told.truncated, told.prompt_tokens, told.sent_tokens) == (False, 700, 700)


async def test_a_short_count_of_a_template_s_prompt_is_believed(client: HttpClient) -> None:
    """There llama.cpp counts what was sent: runs of blanks are few tokens."""
    async with fake_backend(prompt_tokens=100) as backend:
        told = await timings(await by_llama_cpp(client, backend))
        assert (told.truncated, told.sent_tokens) == (False, 100)


@pytest.mark.parametrize(("counted", "truncated"), [(100, True), (700, False)])
async def test_openai_counts_what_it_saw(client: HttpClient, counted: int, truncated: bool) -> None:
    async with fake_backend(prompt_tokens=counted) as backend:
        told = await timings(await by_openai(client, backend))
        assert (told.truncated, told.prompt_tokens) == (truncated, counted)
        assert told.sent_tokens is not None
        assert 300 <= told.sent_tokens < 400


@pytest.mark.parametrize(
    "said",
    [
        {
            "error": {
                "code": 400,
                "message": "request (9 tokens) exceeds the available context size (8 tokens)",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 9,
                "n_ctx": 8,
            }
        },
        {"error": {"message": "This model's maximum context length is 8 tokens.", "code": 400}},
        {"error": {"message": "too long: secret", "code": "context_length_exceeded"}},
        {"error": "the input length exceeds the context length"},
    ],
)
@pytest.mark.parametrize("by", [by_llama_cpp, by_openai])
async def test_a_prompt_that_is_refused_for_its_length(
    client: HttpClient, by: Any, said: dict[str, Any]
) -> None:
    async with chaos_server() as server, fake_backend() as backend:
        backend.port = int(server.url.rpartition(":")[2])
        model = await by(client, backend)
        server.act = Act(lambda: [whole(400, json.dumps(said).encode())])
        with pytest.raises(PromptTooLong) as caught:
            await timings(model)
        assert "contextLength" in str(caught.value)
        assert "secret" not in str(caught.value)


def test_other_refusals_are_not_over_the_length() -> None:
    target = HttpClient().check("http://127.0.0.1:9")
    for said in ("", "context", "unknown field max_context", "grammar: exceeds"):
        assert not isinstance(refusal(400, target, said), PromptTooLong)
    assert not isinstance(refusal(500, target, "maximum context length"), PromptTooLong)


@pytest.mark.model
async def test_the_real_engine(client: HttpClient) -> None:
    small = Prompt("a.py", "python", (), "x = 1\n" * 20, "y = ", "\n")
    full = Prompt("a.py", "python", (), "x = 1\n" * 96, "y = ", "\n")
    huge = Prompt("a.py", "python", (), "x = 1\n" * 1000, "y = ", "\n")
    with real_engine(Plan(context_tokens=512)) as engine:
        model = await llama_cpp.connect(client, engine.server(client))
        for _ in range(2):  # the second time out of its cache
            told = await timings(model, small)
            assert (told.truncated, told.sent_tokens) == (False, told.prompt_tokens)
        told = await timings(model, full)
        assert (told.truncated, told.sent_tokens) == (False, told.prompt_tokens)
        with pytest.raises(PromptTooLong):
            await timings(model)
        told = await timings(model, huge, way=Way(Fill.BACKEND))
        assert told.truncated
        assert (told.prompt_tokens or 0) < 512 < (told.sent_tokens or 0)
