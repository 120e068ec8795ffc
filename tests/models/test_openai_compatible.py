"""The adapter of OpenAI's API against the fake backend, which can be any of the servers."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from inglenook.models import choose
from inglenook.models.access import Access
from inglenook.models.discover import _Server, survey
from inglenook.models.egress import EgressPolicy
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendRefused,
    ModelError,
    ModelMissing,
)
from inglenook.models.http import HttpClient
from inglenook.models.model import Chunk, CompletionRequest, Fill, Locality, Model, Way
from inglenook.models.openai_compatible import OpenAIModel, connect
from inglenook.models.openai_events import error_of
from inglenook.models.openai_learn import Asker
from inglenook.models.openai_models import OpenAIServer, estimated_bytes, list_models
from inglenook.models.render import Layout
from inglenook.models.spec import ModelSpec, Provider
from inglenook_context.prompt import Prompt, Snippet
from tests.support.fake_backend import FakeBackend, fake_backend

PROMPT = Prompt("a.py", "python", (Snippet("b.py", "def f(): ..."),), "x = 1\n", "y = fo", "\nz\n")
QWEN = "qwen2.5-coder:0.5b"
NAMELESS = ("coder",)  # of which no template is known


async def _model(
    client: HttpClient, backend: FakeBackend, provider: Provider = Provider.OPENAI, key: str = ""
) -> OpenAIModel:
    server = OpenAIServer(client.check(backend.url), provider, key)
    return await connect(client, server, backend.script.models[0])


async def _chunks(model: Model, **changes: Any) -> list[Chunk]:
    request = CompletionRequest(PROMPT, max_tokens=32, **changes)
    async with aclosing(model.complete(request)) as stream:
        return [chunk async for chunk in stream]


def _text(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


async def test_what_is_known_of_the_model(client: HttpClient) -> None:
    async with fake_backend() as backend:
        info = (await _model(client, backend)).info
        assert (info.name, info.backend) == (QWEN, "openai")
        assert info.address == backend.url
        assert info.locality is Locality.DECLARED
        assert (info.fill, info.family) == (Fill.TEMPLATE, "qwen-coder")
        assert info.digest == info.name  # nothing tells what the weights are
        with pytest.raises(ModelMissing):
            await connect(client, OpenAIServer(client.check(backend.url)), "another")


async def test_a_template_in_the_prompt(client: HttpClient) -> None:
    async with fake_backend(text="o()", chunk=2) as backend:
        chunks = await _chunks(await _model(client, backend), seed=7, stop=("\n\n",))
        assert _text(chunks) == "o()"
        seen = backend.generations[0]
        assert seen.path == "/v1/completions"
        assert seen.json["prompt"].endswith(
            "x = 1\ny = fo<|fim_suffix|>\nz\n<|fim_middle|>"  # no grammar was seen to be obeyed
        )
        assert seen.json["model"] == QWEN
        assert (seen.json["max_tokens"], seen.json["seed"]) == (32, 7)
        assert "\n\n" in seen.json["stop"]
        assert "suffix" not in seen.json
        timings = chunks[-1].timings
        assert timings is not None
        assert timings.prompt_tokens == timings.reused + 1 if timings.reused else False
        assert (timings.evaluated, timings.predicted_tokens) == (1, 2)
        assert not timings.truncated


@pytest.mark.parametrize(
    ("script", "way", "layouts"),
    [
        ({}, Way(Fill.TEMPLATE, "qwen-coder", Layout.FROZEN_LINE), 2),
        ({"grammar": False}, Way(Fill.TEMPLATE, "qwen-coder"), 1),
        ({"strict": True}, Way(Fill.TEMPLATE, "qwen-coder"), 1),
        ({"models": NAMELESS}, Way(Fill.BACKEND, "", Layout.FROZEN_LINE), 2),
        ({"models": NAMELESS, "suffix": "refused"}, Way(Fill.CHAT, "", Layout.FROZEN_LINE), 2),
        ({"models": NAMELESS, "suffix": "refused", "strict": True}, Way(Fill.CHAT), 1),
        ({"models": NAMELESS, "suffix": "ignored", "grammar": False}, Way(Fill.CHAT), 1),
        ({"status": 404}, Way(Fill.CHAT, "qwen-coder"), 1),
    ],
    ids=["grammar", "none", "strict", "suffix", "refused", "strict and refused", "deaf", "chat"],
)
async def test_what_the_server_can_do_is_found_out(
    client: HttpClient, script: dict[str, Any], way: Way, layouts: int
) -> None:
    """A suffix that is taken and not shown to the model ("deaf") is as good as none."""
    async with fake_backend(**script) as backend:
        model = await _model(client, backend)
        assert not await model.is_loaded()
        await model.load()
        assert await model.is_loaded()
        assert model.info.way == way
        assert len(model.layouts) == layouts
        assert bool(model.info.notice) is (way.fill is Fill.CHAT)


async def test_a_suffix_that_is_honoured(client: HttpClient) -> None:
    async with fake_backend(text="o()", models=NAMELESS) as backend:
        model = await _model(client, backend)
        await model.load()
        assert _text(await _chunks(model)) == "o()"
        body = backend.generations[-1].json
        assert body["prompt"].endswith("x = 1\ny = fo")
        assert "def f(): ..." in body["prompt"]
        assert body["suffix"] == "\nz\n"


async def test_the_frozen_line_is_healed_where_grammars_are_obeyed(client: HttpClient) -> None:
    async with fake_backend(text="o()", chunk=3) as backend:
        model = await _model(client, backend)
        await model.load()
        assert _text(await _chunks(model)) == "o()"
        body = backend.generations[-1].json
        assert body["prompt"].endswith("\nz\n<|fim_middle|>y =")
        assert body["grammar"].startswith('root ::= " fo"')


async def test_chat_where_nothing_else_is_left(client: HttpClient) -> None:
    answer = "```python\no()\n```\n"
    async with fake_backend(text=answer, models=NAMELESS, suffix="refused") as backend:
        model = await _model(client, backend)
        await model.load()
        assert _text(await _chunks(model)) == "o()"
        assert backend.generations[-1].path == "/v1/chat/completions"


@pytest.mark.parametrize("fill", [Fill.TEMPLATE, Fill.CHAT])
async def test_a_strict_server_gets_what_it_knows(client: HttpClient, fill: Fill) -> None:
    """Once it refused, nothing that it does not know is tried again."""
    async with fake_backend(text="o()", strict=True) as backend:
        model = await _model(client, backend)
        stops = tuple("abcdefg")
        for _ in range(2):
            chunks = await _chunks(model, way=Way(fill, "qwen-coder"), stop=stops)
            assert _text(chunks) == "o()"
            assert chunks[-1].timings is not None
        assert len(backend.generations) == 3
        assert "stream_options" not in backend.generations[-1].json
        assert len(backend.generations[-1].json.get("stop", ())) <= 4


async def test_stops_are_kept_without_the_server(client: HttpClient) -> None:
    """Some servers ignore them, or send the stop string with the answer."""
    async with fake_backend(text="o()|and more", chunk=3, strict=True) as backend:
        model = await _model(client, backend)
        template_stops = 4  # take all the room that a strict server has
        chunks = await _chunks(model, stop=("|",))
        assert len(backend.generations[-1].json["stop"]) == template_stops
        assert _text(chunks) == "o()"


async def test_the_key_goes_with_every_request(client: HttpClient) -> None:
    server = OpenAIServer(client.check("http://127.0.0.1:9"), api_key="secret")
    assert server.headers == {"Authorization": "Bearer secret"}
    assert "secret" not in repr(server)
    assert "secret" not in repr(Asker(client, server, QWEN))
    assert "secret" not in repr(_Server(Provider.OPENAI, "http://127.0.0.1:9", Access("secret")))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("Unexpected endpoint or method. (POST /v1/completions)", ModelMissing),
        ({"message": "The model `x` does not exist.", "code": 404}, ModelMissing),
        ({"message": "no", "code": "401", "type": "auth_error"}, BackendRefused),
        ({"message": "no", "code": 400}, BackendRefused),
        ({"message": "slow down", "code": 429}, BackendBusy),
        ("Model is loading", BackendBusy),
        ({"message": "oops", "code": 500}, BackendFailed),
        ({"message": "oops", "code": "internal"}, BackendFailed),
        (None, BackendFailed),
        ([1], BackendFailed),
    ],
)
def test_errors_of_every_maker(error: object, kind: type[ModelError]) -> None:
    told = error_of(error, "http://127.0.0.1:9")
    assert type(told) is kind
    assert "oops" not in str(told)


# LM Studio.


async def test_lm_studio_tells_more(client: HttpClient) -> None:
    names = ("qwen2.5-coder-7b-instruct", "text-embedding-nomic", "llama-3.2-1b-instruct")
    async with fake_backend(lm_studio=True, models=names, loaded=False) as backend:
        server = OpenAIServer(client.check(backend.url), Provider.LM_STUDIO)
        coder, nomic, llama = await list_models(client, server)
        assert (coder.info.family, coder.loaded, coder.embeds) == ("qwen-coder", False, False)
        assert coder.info.context_tokens == 4096  # its own default, when it loads by itself
        assert nomic.embeds
        assert llama.info.fill is Fill.CHAT
        model = await connect(client, server, names[0])
        await model.load()
        assert not await model.is_loaded()  # the fake says so, whatever it was asked
        backend.script.loaded = True
        assert await model.is_loaded()


@pytest.mark.parametrize("provider", [Provider.LM_STUDIO, Provider.OPENAI])
async def test_a_body_of_another_shape_is_no_list(client: HttpClient, provider: Provider) -> None:
    """Status 200 says nothing: LM Studio's answers for what it does not know have it too."""
    other = provider is Provider.OPENAI
    async with fake_backend(lm_studio=other) as backend:
        server = OpenAIServer(client.check(backend.url), provider)
        with pytest.raises(BackendGarbled if other else ModelMissing):
            await list_models(client, server)


@pytest.mark.parametrize(
    ("name", "quantization", "gigabytes"),
    [
        ("qwen2.5-coder-7b-instruct", "Q4_K_M", 4.4),
        ("qwen2.5-coder-0.5b", "", 0.3),
        ("mistral-24b", "8bit", 27.0),
        ("gemma-3n-e4b", "Q4_0", 0.0),  # no such billions
        ("coder", "Q4_K_M", 0.0),
    ],
)
def test_sizes_from_names(name: str, quantization: str, gigabytes: float) -> None:
    assert estimated_bytes(name, quantization) / 1e9 == pytest.approx(gigabytes, abs=0.1)


# Finding and choosing.


async def test_lm_studio_is_found_without_any_configuration(
    client: HttpClient, tmp_path: Path
) -> None:
    names = ("llama-3.2-1b-instruct", "qwen2.5-coder-1.5b")
    async with fake_backend(text="o()", lm_studio=True, models=names) as backend:
        seen = await survey(
            (),
            EgressPolicy(),
            ollama_address="",
            llama_cpp_address="",
            lm_studio_address=backend.url,
            models_dir=tmp_path,
        )
        choice = choose.pick(seen)
        assert choice is not None
        assert (choice.found.provider, choice.found.name) == (Provider.LM_STUDIO, names[1])
        model = await choose.connect(client, choice)
        assert isinstance(model, OpenAIModel)
        assert _text(await _chunks(model)) == "o()"
        assert backend.generations[-1].json["model"] == names[1]


async def test_a_gateway_of_the_configuration(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(text="o()", models=("team-coder", QWEN)) as backend:
        keyed = ModelSpec("ours", Provider.OPENAI, QWEN, backend.url, api_key="k")
        other = ModelSpec("other", Provider.OPENAI, "missing", backend.url)
        seen = await survey(
            (keyed, other),
            EgressPolicy(),
            ollama_address="",
            llama_cpp_address="",
            models_dir=tmp_path,
        )
        found = seen.resolve(seen.specs[0])
        assert not isinstance(found, str)
        assert found.access.api_key == "k"
        assert "'k'" not in repr(found)
        assert seen.resolve(seen.specs[1]) == "openai has no model 'missing'."
