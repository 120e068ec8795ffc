"""Every request to one model of Ollama has the same load options, whoever asks for what."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from inglenook.models.chatting import ChatRequest, Message
from inglenook.models.choose import connect, pick
from inglenook.models.discover import survey
from inglenook.models.errors import PromptTooLong
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Fill, Model, Way
from inglenook.models.ollama import OllamaModel
from inglenook.models.probe import Notes, probe
from inglenook.models.spec import Loading, ModelSpec, Provider, Sampling, Think
from inglenook_context.prompt import Prompt, Snippet
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import AUTOMATIC, config_for
from tests.support.lsp_client import LspClient, start

QWEN = "qwen2.5-coder:0.5b"
# api/types.go of ollama/ollama, Runner: another value of any of them loads the model again.
LOADS = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")
WAYS = (Way(Fill.TEMPLATE, "qwen-coder"), Way(Fill.BACKEND), Way(Fill.CHAT))


def shapes(backend: FakeBackend) -> dict[str, int]:
    """In how many requests each form of what decides over the loading was sent."""
    told: dict[str, int] = {}
    for seen in backend.seen:
        if seen.path in ("/api/generate", "/api/chat"):
            body = seen.json
            options = {key: body["options"][key] for key in LOADS if key in body["options"]}
            form = json.dumps([options, body["keep_alive"], body["truncate"], body["shift"]])
            told[form] = told.get(form, 0) + 1
    return told


async def entries(client: HttpClient, url: str, directory: Path) -> list[Model]:
    """Two entries of one model, connected, as a user has them for completions and for chats."""
    quick = ModelSpec(
        "Quick",
        Provider.OLLAMA,
        QWEN,
        url,
        roles=("autocomplete",),
        sampling=Sampling(0.1),
        loading=Loading(options=(("num_thread", 2),)),
    )
    talk = ModelSpec(
        "Talk",
        Provider.OLLAMA,
        QWEN.upper(),
        url.replace("127.0.0.1", "localhost"),
        roles=("chat", "edit"),
        context_tokens=16_384,
        extra_body=(("user", "me"),),
        sampling=Sampling(0.8, top_k=20),
        loading=Loading(16_384, -1.0, (("num_gpu", 9),)),
    )
    places = {"ollama_address": url, "llama_cpp_address": ""}
    seen = await survey((quick, talk), client.policy, models_dir=directory, client=client, **places)
    models = []
    for role, name in (("autocomplete", ""), ("", "Talk"), ("chat", "")):
        choice = pick(seen, role, name)
        assert choice is not None
        models.append(await connect(client, choice, seen.specs))
    return models


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    running = HttpClient()
    yield running
    await running.close()


async def chatted(model: Model, number: int) -> None:
    assert isinstance(model, OllamaModel)
    said = (Message("system", "Be brief."), Message("user", f"What is {number}?"))
    think = (None, Think.OFF, Think.HIGH)[number % 3]
    request = ChatRequest(said, 8 + number, Sampling(0.7, top_k=number), think)
    async with aclosing(model.chat(request)) as chunks:
        async for _ in chunks:
            pass


async def asked(model: Model, number: int) -> None:
    other = (Snippet("b.py", "def f(): ..."),) if number % 2 else ()
    prompt = Prompt("a.py", "python", other, f"x = {number}\n", "y = f", "\nz\n")
    request = CompletionRequest(
        prompt,
        max_tokens=8 + number,
        temperature=0.1 * (number % 4),
        seed=number,
        single_line=number % 2 == 0,
        way=WAYS[number % 3],
        sampling=Sampling(top_p=0.5) if number % 5 == 0 else None,
    )
    async with aclosing(model.complete(request)) as chunks:
        async for _ in chunks:
            pass


async def test_a_hundred_requests_of_all_kinds(client: HttpClient, tmp_path: Path) -> None:
    async with fake_backend(context_tokens=32_768, loaded=False) as backend:
        models = await entries(client, backend.url, tmp_path)
        for number in range(100):
            model = models[number % len(models)]
            if number % 10 == 0:
                backend.script.loaded = False
                await model.load()
            if number == 50:
                await probe(models[0], Notes(), thorough=True)
                # What it found is adopted, and changes nothing of this.
                models[0].adopt(Way(Fill.BACKEND), 8192)
            if number == 70:
                backend.script.modified_at = "2026-11-24T12:00:00Z"  # the name was given anew
            await (chatted if number % 8 == 7 else asked)(model, number)
        loads = [each for each in backend.seen if each.path == "/api/generate" and not each.number]
        kinds = {(each.path, "suffix" in each.json) for each in backend.generations}
        assert len(loads) == 10
        assert len(backend.generations) >= 120
        assert kinds == {("/api/generate", False), ("/api/generate", True), ("/api/chat", False)}
        told = shapes(backend)
    expected = [{"num_ctx": 16_384, "num_gpu": 9, "num_thread": 2}, "-1s", False, False]
    assert told == {json.dumps(expected): len(loads) + len(backend.generations)}


async def test_what_is_too_long_is_an_error_and_no_other_shape(
    client: HttpClient, tmp_path: Path
) -> None:
    async with fake_backend() as backend:
        models = await entries(client, backend.url, tmp_path)
        backend.script.change(
            {"status": 400, "error": "the input length exceeds the context length"}
        )
        for number, model in enumerate(models):
            with pytest.raises(PromptTooLong):
                await asked(model, number)
        backend.script.status = 200
        backend.script.error = ""
        for number, model in enumerate(models):
            await asked(model, number)
        assert len(shapes(backend)) == 1


# The same through the server.

NAMELESS = "coder"  # its template is not known, so it is probed
CONFIG = """\
models:
  - name: Quick
    provider: ollama
    model: {model}
    apiBase: {url}
    roles: [autocomplete]
    defaultCompletionOptions: {{temperature: 0.1, numThreads: 2, contextLength: 4096}}
  - name: Talk
    provider: ollama
    model: {model}:latest
    apiBase: {url}
    roles: [chat, edit, autocomplete]
    defaultCompletionOptions: {{temperature: 0.7, contextLength: 16384, keepAlive: 600}}
"""


@asynccontextmanager
async def served(directory: Path, backend: FakeBackend) -> AsyncIterator[LspClient]:
    env = {**os.environ, **config_for(directory, "ollama", backend.url)}
    env |= {"INGLENOOK_PROBE": "on", "OLLAMA_HOST": backend.url}
    (directory / "config.yaml").write_text(CONFIG.format(model=NAMELESS, url=backend.url))
    async with await start([sys.executable, "-m", "inglenook", "serve"], env) as client:
        await client.initialize(folders=(directory.as_uri(),))
        yield client
        assert await client.shutdown() == 0
        assert b"Traceback" not in client.stderr


async def completed(client: LspClient, uri: str, number: int) -> Any:
    text = f"value_{number} = "
    client.open(uri, text + "\n")
    place = {"line": 0, "character": len(text)}
    answer = await client.request(
        "textDocument/inlineCompletion",
        {
            "textDocument": {"uri": uri},
            "position": place,
            "context": {"triggerKind": AUTOMATIC},
        },
    )
    assert answer.result["items"]


async def test_a_session_of_the_server(tmp_path: Path) -> None:
    async with fake_backend(
        models=(f"{NAMELESS}:latest",), context_tokens=32_768, loaded=False
    ) as backend:
        async with served(tmp_path, backend) as client:
            for number in range(100):
                if number % 20 == 0:
                    name = ("Quick", "Talk")[number // 20 % 2]
                    wish = {"name": name, "folder": tmp_path.as_uri()}
                    assert (await client.request("inglenook/selectModel", wish)).result["kept"]
                await completed(client, (tmp_path / f"case{number}.py").as_uri(), number)
            async with asyncio.timeout(60):
                while not list(tmp_path.rglob("probes/*.json")):
                    await asyncio.sleep(0.05)
            status = client.seen("inglenook/status")[-1]
        loads = [each for each in backend.seen if each.path == "/api/generate" and not each.number]
        assert loads
        assert len(backend.generations) >= 100
        told = shapes(backend)
    expected = [{"num_ctx": 16_384, "num_thread": 2}, "600s", False, False]
    assert told == {json.dumps(expected): len(loads) + len(backend.generations)}
    assert "'Quick' and 'Talk'" in status["text"]
    assert "contextLength (4096 or 16384)" in status["text"]
