"""Every body that we send to Ollama or say that it sends is one of its own form.

The examples are those of docs/api.md in ollama/ollama, shortened and in our own arrangement.
"""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from inglenook.models import ollama
from inglenook.models.discover import survey
from inglenook.models.errors import BackendFailed, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.llama_cpp import LlamaCppServer
from inglenook.models.model import Chunk, CompletionRequest, Fill, Way
from inglenook_context.prompt import Prompt, Snippet
from tests.support.fake_backend import Script, fake_backend
from tests.support.fake_bodies import ollama_reply
from tests.support.ollama_engine import Habits, Refused
from tests.support.ollama_forms import wrong_answer, wrong_request
from tests.support.ollama_models import CODER
from tests.support.ollama_shim import OllamaShim
from tests.support.replay_server import replay

PROMPT = Prompt("a.py", "python", (Snippet("b.py", "def f(): ..."),), "x = 1\n", "y = f", "\nz\n")


# The judge himself: a body that is wrong in one place is found out.

RIGHT: Body = {"model": "m", "created_at": "2026-11-23T12:00:00Z", "response": "x", "done": False}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, ""),
        ({"responce": "x"}, "responce is unknown"),
        ({"done": "false"}, "done"),
        ({"eval_count": 1.5}, "eval_count"),
        ({"total_duration": "3ms"}, "total_duration"),
    ],
)
def test_a_wrong_body_is_found_out(change: Body, fault: str) -> None:
    found = wrong_answer("/api/generate", RIGHT | change)
    assert fault in " ".join(found)
    assert bool(found) == bool(fault)


def test_a_missing_field_is_found_out() -> None:
    for key in RIGHT:
        body = {other: value for other, value in RIGHT.items() if other != key}
        assert wrong_answer("/api/generate", body) == [f"{key} is missing"]
    assert wrong_answer("/api/tags", {"models": [{"name": "m"}]})
    assert wrong_request("/api/generate", {"model": "m", "options": {"num_tcx": 1}})
    assert wrong_request("/api/generate", {"model": "m", "prefix": "x"})
    assert wrong_request("/api/generate", {"prompt": "x"})


# The fake and the shim.

SAID: Body = {"prompt": "x", "messages": [{"role": "user", "content": "x"}]}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"thinking": "hm", "loaded": False},
        {"remote_host": "https://elsewhere", "stream_remote_host": "https://elsewhere"},
        {"capabilities": ("completion",)},
    ],
    ids=["plain", "thinking", "remote", "chat only"],
)
@pytest.mark.parametrize("name", "version status tags ps show generate chat none".split())
@pytest.mark.parametrize(
    "said",
    [SAID, SAID | {"stream": False}, SAID | {"suffix": "y"}, {}, {"model": "other"}],
    ids=["stream", "whole", "suffix", "load", "missing"],
)
def test_what_the_fake_says(fields: dict[str, Any], name: str, said: Body) -> None:
    script, path = Script(**fields), f"/api/{name}"
    request = {"model": script.models[0]} | said
    _, _, bodies = ollama_reply(script, path, request, iter(["a", "b"]))
    for body in bodies:
        assert wrong_answer(path, body) == []


async def test_what_the_shim_says_without_its_engine(client: HttpClient) -> None:
    """`test_real_engine.py` judges what it says with one."""
    async with fake_backend(text="a b", chunk=1) as engine:
        server = LlamaCppServer(client.check(engine.url))
        shim = OllamaShim(client, server, Habits())
        raw = {"model": CODER.name, "raw": True, "prompt": "x"}
        for request in (raw, {"model": CODER.name}, {"model": CODER.name, "keep_alive": 0}):
            events = [event async for event in shim.events("/api/generate", request)]
            assert events[-1]["done"] is True
            for event in events:
                assert wrong_answer("/api/generate", event) == []
        async for event in shim.events("/api/generate", raw | {"keep_alive": -1}):
            assert wrong_answer("/api/generate", event) == []
        for path in ("/api/version", "/api/tags", "/api/ps", "/api/show"):
            body = shim.answer(path, {"model": CODER.name})
            assert wrong_answer(path, body) == []
        assert len(shim.answer("/api/ps", {})["models"]) == 1
        with pytest.raises(Refused):
            shim.answer("/api/show", {"model": "other"})


# What we send.


@pytest.mark.parametrize(
    "script",
    [
        {},
        {"models": ("mystery",)},
        {"models": ("mystery",), "capabilities": ("completion",)},
        {"models": ("mystery",), "capabilities": ("completion", "thinking")},
    ],
    ids=["template", "backend", "chat", "thinking"],
)
async def test_what_we_send(client: HttpClient, tmp_path: Path, script: dict[str, Any]) -> None:
    async with fake_backend(loaded=False, **script) as backend:
        places = {"ollama_address": backend.url, "llama_cpp_address": ""}
        await survey((), client.policy, models_dir=tmp_path, client=client, **places)
        model = await ollama.connect(client, client.check(backend.url), backend.script.models[0])
        await model.load()
        await model.window()
        for changes in ({}, {"single_line": True, "stop": ("\n\n",), "temperature": 0.4}):
            await _chunks(model, **changes)
        paths = {seen.path for seen in backend.seen}
        assert paths >= {"/api/tags", "/api/ps", "/api/show", "/api/version", "/api/generate"}
        for seen in backend.seen:
            assert wrong_request(seen.path, seen.json) == [], seen.path


async def _chunks(model: ollama.OllamaModel, **changes: Any) -> list[Chunk]:
    request = CompletionRequest(PROMPT, 16, **changes)
    async with aclosing(model.complete(request)) as chunks:
        return [chunk async for chunk in chunks]


# The documentation's examples, as our readers read them.

TAGS: Body = {
    "models": [
        {
            "name": name,
            "model": name,
            "modified_at": "2025-05-04T17:37:44.706015396-07:00",
            "size": size,
            "digest": digest * 64,
            "details": {
                "parent_model": "",
                "format": "gguf",
                "family": family,
                "families": [family],
                "parameter_size": billions,
                "quantization_level": "Q4_K_M",
            },
        }
        for name, size, digest, family, billions in (
            ("deepseek-r1:latest", 4683075271, "0", "qwen2", "7.6B"),
            ("llama3.2:latest", 2019393189, "a", "llama", "3.2B"),
            ("codellama:code", 3825910662, "b", "llama", "7B"),
        )
    ]
}
PS: Body = {
    "models": [
        {
            "name": "llama3.2:latest",
            "model": "llama3.2:latest",
            "size": 5137025024,
            "digest": "a" * 64,
            "details": TAGS["models"][1]["details"],
            "expires_at": "2024-06-04T14:38:31.83753-07:00",
            "size_vram": 5137025024,
        }
    ]
}
SHOW: Body = {
    "modelfile": '# Modelfile generated by "ollama show"\nFROM llava:latest\n',
    "parameters": 'num_keep                       24\nstop                           "<|eot_id|>"',
    "template": "{{ if .Prompt }}<|start_header_id|>user\n\n{{ .Prompt }}{{ end }}",
    "details": TAGS["models"][1]["details"],
    "model_info": {
        "general.architecture": "llama",
        "general.parameter_count": 8030261248,
        "llama.attention.layer_norm_rms_epsilon": 0.00001,
        "llama.context_length": 8192,
        "tokenizer.ggml.merges": [],
    },
    "capabilities": ["completion", "vision"],
}
FIGURES: Body = {
    "total_duration": 10706818083,
    "load_duration": 6338219291,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 130079000,
    "eval_count": 259,
    "eval_duration": 4232710000,
}
FIRST: Body = {"model": "llama3.2", "created_at": "2023-08-04T08:52:19.385406455-07:00"}
LAST: Body = {"model": "llama3.2", "created_at": "2023-08-04T19:22:45.499127Z", "done": True}
GENERATED: list[Body] = [
    FIRST | {"response": "The", "done": False},
    LAST | {"response": "", "context": [1, 2, 3]} | FIGURES,
]
SAID_WHOLE: Body = {
    "model": "codellama:code",
    "created_at": "2024-07-22T20:47:51.147561Z",
    "response": "\n  if a == 0:\n    return b\n",
    "done": True,
    "done_reason": "stop",
    "context": [1, 2, 3],
    "prompt_eval_count": 17,
    "eval_count": 63,
}
CHATTED: list[Body] = [
    FIRST | {"message": {"role": "assistant", "content": "The", "images": None}, "done": False},
    LAST | {"message": {"role": "assistant", "content": ""}} | FIGURES,
]
LOADED: Body = {**LAST, "response": ""}  # there without a reason
VERSION: Body = {"version": "0.5.1"}
DOCUMENTED: dict[str, Body | list[Body]] = {
    "/api/tags": TAGS,
    "/api/ps": PS,
    "/api/show": SHOW,
    "/api/version": VERSION,
    "/api/generate": GENERATED,
    "/api/chat": CHATTED,
}


def test_the_examples_are_of_the_package_s_form() -> None:
    """But for what the examples leave out, and newer versions always send."""
    leaves_out = {"/api/ps": ["context_length is missing"], "/api/show": ["modified_at is missing"]}
    for path, example in DOCUMENTED.items():
        for body in example if isinstance(example, list) else [example]:
            assert wrong_answer(path, body) == leaves_out.get(path, [])
    for body in (SAID_WHOLE, LOADED):
        assert wrong_answer("/api/generate", body) == []


async def test_the_inventory_of_the_examples(client: HttpClient, tmp_path: Path) -> None:
    async with replay(DOCUMENTED) as url:
        places = {"ollama_address": url, "llama_cpp_address": ""}
        told = await survey((), client.policy, models_dir=tmp_path, client=client, **places)
        assert told.places[0].trouble == ""
        assert [
            (each.name, each.family, each.size_bytes, each.loaded) for each in told.places[0].models
        ] == [
            ("deepseek-r1:latest", "", 4683075271, False),
            ("llama3.2:latest", "", 2019393189, True),
            ("codellama:code", "codellama", 3825910662, False),
        ]
        model = await ollama.connect(client, client.check(url), "llama3.2")
        info = model.info
        assert (info.name, info.version) == ("llama3.2:latest", "0.5.1")
        assert (info.digest, info.size_bytes) == ("a" * 64, 2019393189)
        assert (info.fill, info.context_tokens) == (Fill.CHAT, 8192)
        assert await model.is_loaded()
        assert await model.window() == 0  # that example does not tell
        other = await ollama.connect(client, client.check(url), "deepseek-r1")
        assert not await other.is_loaded()


@pytest.mark.parametrize(
    "way", [Way(Fill.TEMPLATE, "codellama"), Way(Fill.BACKEND), Way(Fill.CHAT)]
)
async def test_the_answers_of_the_examples(client: HttpClient, way: Way) -> None:
    async with replay(DOCUMENTED) as url:
        model = await ollama.connect(client, client.check(url), "codellama:code")
        chunks = await _chunks(model, way=way)
        assert "".join(chunk.text for chunk in chunks) == "The"
        timings = chunks[-1].timings
        assert timings is not None
        assert (timings.prompt_tokens, timings.prompt_ms) == (26, 130.079)
        assert timings.predicted_tokens == 259
        assert timings.predicted_per_second == pytest.approx(259 / 4.23271)
        # So few tokens cannot be all that is said in a chat.
        assert timings.truncated is (way.fill is Fill.CHAT)


async def test_the_example_with_a_suffix(client: HttpClient) -> None:
    """An answer in one piece has its text in its last event."""
    async with replay(DOCUMENTED | {"/api/generate": SAID_WHOLE}) as url:
        model = await ollama.connect(client, client.check(url), "codellama:code")
        (chunk,) = await _chunks(model, way=Way(Fill.BACKEND))
        assert chunk.text == "\n  if a == 0:\n    return b\n"
        assert chunk.timings is not None
        assert chunk.timings.prompt_tokens == 17


async def test_the_example_of_loading(client: HttpClient) -> None:
    async with replay(DOCUMENTED | {"/api/generate": LOADED, "/api/ps": {"models": []}}) as url:
        model = await ollama.connect(client, client.check(url), "codellama:code")
        assert not await model.is_loaded()
        await model.load()


async def test_thoughts_are_no_code(client: HttpClient) -> None:
    """docs/capabilities/thinking.mdx: they come first, in a field of their own."""
    thought = {"message": {"role": "assistant", "content": "", "thinking": "First,"}}
    events = [FIRST | thought | {"done": False}, *CHATTED]
    for event in events:
        assert wrong_answer("/api/chat", event) == []
    async with replay(DOCUMENTED | {"/api/chat": events}) as url:
        model = await ollama.connect(client, client.check(url), "llama3.2")
        assert "".join(chunk.text for chunk in await _chunks(model)) == "The"


async def test_an_error_in_the_middle(client: HttpClient) -> None:
    """docs/api/errors.mdx: the status was 200 already, so a line tells."""
    broken = [GENERATED[0], {"error": "an error was encountered while running the model"}]
    async with replay(DOCUMENTED | {"/api/generate": broken}) as url:
        model = await ollama.connect(client, client.check(url), "codellama:code")
        with pytest.raises(BackendFailed):
            await _chunks(model, way=Way(Fill.BACKEND))
    gone = {path: body for path, body in DOCUMENTED.items() if path != "/api/show"}
    async with replay(gone) as url:
        with pytest.raises(ModelMissing):
            await ollama.connect(client, client.check(url), "llama3.2")
