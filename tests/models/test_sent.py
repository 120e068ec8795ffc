"""What is told of a request is what the backend gets, in every way of asking it."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from inglenook.models import llama_cpp, ollama, openai_compatible, openai_models
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppServer
from inglenook.models.model import CompletionRequest, Fill, Model, ModelInfo, Way
from inglenook.models.render import Layout
from inglenook.models.sent import Sent, sent
from inglenook_context.prompt import Prompt, Snippet
from tests.support.desk import INFO
from tests.support.fake_backend import fake_backend

PROMPT = Prompt(
    path="shop/cart.py",
    language="python",
    snippets=(Snippet("shop/tax.py", "def tax_of(price): ...\n"),),
    prefix="from shop.tax import tax_of\n# <|fim_middle|>\n",
    typed="total = ta",
    suffix="\nprint(total)\n",
)
WAYS = {
    "template": Way(Fill.TEMPLATE, "qwen-coder", Layout.FROZEN_LINE),
    "plain template": Way(Fill.TEMPLATE, "starcoder", Layout.PSM),
    "backend": Way(Fill.BACKEND),
    "chat": Way(Fill.CHAT),
}


async def connected(backend: str, client: HttpClient, url: str) -> Model:
    target = client.check(url)
    if backend == "ollama":
        return await ollama.connect(client, target, "qwen2.5-coder:0.5b")
    if backend == "llama.cpp":
        return await llama_cpp.connect(client, LlamaCppServer(target))
    server = openai_models.OpenAIServer(target)
    (served,) = await openai_models.list_models(client, server)
    return await openai_compatible.connect(client, server, served.info.name, served.info)


def fields(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts of a request that show the prompt, in their order."""
    if "messages" in body:
        return [(each["role"], each["content"]) for each in body["messages"]]
    extra = body.get("input_extra", ())
    files = [(f"input_extra {each['filename']}", each["text"]) for each in extra]
    names = ("input_prefix", "input_suffix", "prompt", "suffix")
    return files + [(name, body[name]) for name in names if name in body]


@pytest.mark.parametrize("backend", ["llama.cpp", "ollama", "openai"])
@pytest.mark.parametrize("way", list(WAYS))
async def test_what_is_told_is_what_is_sent(backend: str, way: str) -> None:
    client = HttpClient()
    try:
        async with fake_backend(text="x") as server:
            model = await connected(backend, client, server.url)
            how = WAYS[way]
            before = len(server.generations)
            async with aclosing(model.complete(CompletionRequest(PROMPT, 8, way=how))) as chunks:
                async for _ in chunks:
                    pass
            body = server.generations[before].json
            await model.close()
    finally:
        await client.close()
    told = sent(PROMPT, asked_by(model.info, how))
    assert told is not None
    assert [(part.name, part.text) for part in told.parts] == fields(body)
    if "grammar" in body:
        assert told.heal
        assert f'"{told.heal}"' in body["grammar"]


def asked_by(info: ModelInfo, way: Way) -> ModelInfo:
    return replace(info, fill=way.fill, family=way.family, layout=way.layout)


def test_of_a_frame_that_is_not_known_nothing_is_told() -> None:
    assert INFO.family == "qwen"
    assert sent(PROMPT, INFO) is None


def test_no_text_of_a_document_ends_its_part_of_the_frame() -> None:
    told = sent(PROMPT, asked_by(INFO, WAYS["template"]))
    assert isinstance(told, Sent)
    assert told.parts[0].text.count("<|fim_middle|>") == 1
