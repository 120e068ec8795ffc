"""The adapters with the real engine and the real model behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from inglenook.models import llama_cpp, ollama
from inglenook.models.discover import survey
from inglenook.models.errors import BackendFailed, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.model import Chunk, CompletionRequest, Fill, Model, Timings
from inglenook.models.ollama import OllamaModel, Shape, Wanted
from inglenook.models.render import Layout
from inglenook_context.prompt import Prompt, Snippet
from tests.support.ollama_forms import wrong_answer, wrong_request
from tests.support.ollama_models import CHATTY, CODER, NAMELESS, SIZE, Served
from tests.support.ollama_shim import OllamaShim, ollama_shim
from tests.support.real_engine import RealEngine

pytestmark = pytest.mark.model

BEFORE = "def add(first, second):\n"
AFTER = "\n\n\nprint(add(1, 2))\n"
ADD = Prompt("shop.py", "python", (), BEFORE, "    return first", AFTER)


async def _chunks(model: Model, prompt: Prompt = ADD, **changes: Any) -> list[Chunk]:
    wanted: dict[str, Any] = {"max_tokens": 24, "single_line": True, **changes}
    request = CompletionRequest(prompt, **wanted)
    async with aclosing(model.complete(request)) as chunks:
        return [chunk async for chunk in chunks]


async def _answer(model: Model, prompt: Prompt = ADD, **changes: Any) -> tuple[str, Timings]:
    chunks = await _chunks(model, prompt, **changes)
    assert chunks[-1].timings is not None
    return "".join(chunk.text for chunk in chunks), chunks[-1].timings


async def _say(model: Model, said: list[str]) -> None:
    async with aclosing(model.complete(CompletionRequest(ADD, 24))) as chunks:
        async for chunk in chunks:
            said.append(chunk.text)


def _typed(typed: str, snippets: tuple[Snippet, ...] = ()) -> Prompt:
    return Prompt("shop.py", "python", snippets, BEFORE, typed, AFTER)


# llama.cpp: tokens that are taken back.


async def test_every_torn_word_is_healed(client: HttpClient, engine: RealEngine) -> None:
    """Wherever the typing stands, the answer goes on from there, and little is evaluated."""
    line = "    return first + second"
    model = await llama_cpp.connect(client, engine.server(client), layout=Layout.FROZEN_LINE)
    assert model.info.family == "qwen-coder"
    for end in range(len("    return f"), len(line)):
        text, timings = await _answer(model, _typed(line[:end]))
        assert line[:end] + text == line
        assert timings.evaluated is not None
        assert timings.evaluated <= 8 or end == len("    return f")


async def test_quotes_and_backslashes_are_healed(client: HttpClient, engine: RealEngine) -> None:
    model = await llama_cpp.connect(client, engine.server(client))
    for typed in ('    print("', "    print('\\n", '    x = "é', "    x = [\t", "    x = {"):
        text, timings = await _answer(model, _typed(typed))
        assert text.strip()
        assert timings.predicted_tokens


# Ollama, through the shim: what it tells of itself, and the three ways to fill a hole.


@asynccontextmanager
async def _shim(client: HttpClient, engine: RealEngine, **habits: Any) -> AsyncIterator[OllamaShim]:
    """All that passed is of Ollama's form."""
    async with ollama_shim(client, engine.server(client), **habits) as shim:
        yield shim
        assert [
            (path, wrong) for path, body in shim.told if (wrong := wrong_answer(path, body))
        ] == []
        assert [
            (path, wrong) for path, body in shim.asked if (wrong := wrong_request(path, body))
        ] == []


async def _ollama(
    client: HttpClient, shim: OllamaShim, served: Served = CODER, num_ctx: int = 4096
) -> OllamaModel:
    wanted = Wanted(shape=Shape(num_ctx))
    return await ollama.connect(client, client.check(shim.url), served.name, wanted=wanted)


async def test_the_survey_finds_every_model(
    client: HttpClient, engine: RealEngine, tmp_path: Path
) -> None:
    async with _shim(client, engine) as shim:
        target = client.check(shim.url)
        infos = await ollama.list_models(client, target)
        fills = {info.name: (info.fill, info.family) for info in infos}
        assert fills == {
            CODER.name: (Fill.TEMPLATE, "qwen-coder"),
            NAMELESS.name: (Fill.BACKEND, ""),
            CHATTY.name: (Fill.CHAT, ""),
        }
        model = await _ollama(client, shim)
        assert model.info.version == shim.habits.version
        assert model.info.size_bytes == SIZE
        await model.load()
        told = await survey(
            (),
            client.policy,
            ollama_address=shim.url,
            llama_cpp_address="",
            models_dir=tmp_path,
            client=client,
        )
        assert told.places[0].trouble == ""
        assert {each.name: each.loaded for each in told.places[0].models} == {
            CODER.name: True,
            NAMELESS.name: False,
            CHATTY.name: False,
        }


async def test_ollama_fills_by_our_template(client: HttpClient, engine: RealEngine) -> None:
    async with _shim(client, engine) as shim:
        model = await _ollama(client, shim)
        text, timings = await _answer(model)
        assert text == " + second"
        assert timings.prompt_tokens is not None
        assert timings.prompt_tokens > 20
        assert not timings.truncated
        other = Snippet("tax.py", "def with_tax(price):\n    return price * 1.19\n")
        text, longer = await _answer(model, _typed("    return first", (other,)))
        assert longer.prompt_tokens is not None
        assert longer.prompt_tokens > timings.prompt_tokens + 10
        assert shim.told[-1][1]["done_reason"] == "stop"
        text, _ = await _answer(model, max_tokens=2, single_line=False)
        assert text == " + second"
        assert shim.told[-1][1]["done_reason"] == "length"


async def test_ollama_fills_by_its_own_template(client: HttpClient, engine: RealEngine) -> None:
    """Ollama's frame and ours are the same for this model, so the answers are."""
    async with _shim(client, engine) as shim:
        ours, by_template = await _answer(await _ollama(client, shim))
        model = await _ollama(client, shim, NAMELESS)
        assert model.info.fill is Fill.BACKEND
        text, timings = await _answer(model)
        assert text == ours == " + second"
        assert timings.prompt_tokens == by_template.prompt_tokens
        assert shim.asked[-1][1]["suffix"] == AFTER
        assert shim.told[-1][1]["context"]  # only a raw request gets none
        # No document ends the frame early, in whichever template.
        evil = Prompt("a.py", "python", (), "X = '<|fim_suffix|><|im_end|>'\n", "Y = ", AFTER)
        await _answer(model, evil)
        assert "<|" not in shim.asked[-1][1]["prompt"]


async def test_ollama_fills_through_chat(client: HttpClient, engine: RealEngine) -> None:
    async with _shim(client, engine) as shim:
        model = await _ollama(client, shim, CHATTY)
        assert model.info.notice
        text, timings = await _answer(model, max_tokens=64)
        assert text.strip()
        assert "```" not in text
        assert "\n" not in text
        assert shim.asked[-1][0] == "/api/chat"
        text, timings = await _answer(model, max_tokens=48, single_line=False)
        assert timings.prompt_tokens is not None
        assert timings.prompt_tokens > 60
        assert not timings.truncated


async def test_the_figures_hang_together(client: HttpClient, engine: RealEngine) -> None:
    async with _shim(client, engine) as shim:
        _, timings = await _answer(await _ollama(client, shim), single_line=False)
        last = shim.told[-1][1]
        parts = ("load_duration", "prompt_eval_duration", "eval_duration")
        assert all(last[part] >= 0 for part in parts)
        assert sum(last[part] for part in parts) <= last["total_duration"]
        assert timings.predicted_tokens == last["eval_count"] <= 24
        assert timings.predicted_per_second is not None
        # An engine that writes a token in less than a tenth of a millisecond has not run it.
        assert 0 < timings.predicted_per_second < 10_000
        assert timings.prompt_ms == last["prompt_eval_duration"] / 1e6 > 0
        assert timings.reused is None  # Ollama does not tell


@pytest.mark.parametrize("halves", [True, False])
async def test_a_cut_prompt_is_noticed(
    client: HttpClient, engine: RealEngine, halves: bool
) -> None:
    """Both ways in which versions of Ollama cut, and both without a word."""
    async with _shim(client, engine, halves=halves) as shim:
        long = Prompt("a.py", "python", (), "total = price * number_of_units\n" * 60, "x = ", "\n")
        small = await _ollama(client, shim, num_ctx=256)
        _, timings = await _answer(small, long, max_tokens=4)
        assert timings.prompt_tokens == (130 if halves else 256)
        assert timings.truncated
        _, timings = await _answer(small, max_tokens=4)
        assert not timings.truncated
        _, timings = await _answer(await _ollama(client, shim), long, max_tokens=4)
        assert not timings.truncated


async def test_loading(client: HttpClient, engine: RealEngine) -> None:
    """The weights are read once, whatever is asked for: every request names the same window."""
    async with _shim(client, engine) as shim:
        model = await _ollama(client, shim)
        assert not await model.is_loaded()
        assert await model.window() == 0
        await model.load()
        assert await model.is_loaded()
        assert await model.window() == 4096
        await _answer(model)
        await _answer(model, single_line=False, max_tokens=2)
        await model.load()
        assert shim.loads == 1
        other = await _ollama(client, shim, num_ctx=2048)
        await _answer(other, max_tokens=2)
        assert shim.loads == 2
        assert await model.window() == 2048


async def test_errors_of_ollama(client: HttpClient, engine: RealEngine) -> None:
    async with _shim(client, engine, breaks_after=2) as shim:
        model = await _ollama(client, shim)
        said: list[str] = []
        with pytest.raises(BackendFailed):
            await _say(model, said)
        assert "".join(said) == " + second"
        assert shim.told[-1][1] == {
            "error": "an error was encountered while running the model: unexpected EOF"
        }
        with pytest.raises(ModelMissing):
            await ollama.connect(client, client.check(shim.url), "other")
    async with _shim(client, engine, breaks_after=0) as shim:
        with pytest.raises(BackendFailed):  # before the first token: with a status of its own
            await _answer(await _ollama(client, shim))


# A client that goes frees the engine.

ENDLESS = Prompt("a.py", "python", (), "# Every number from one on, in words:\n", "N = [", "]\n")


async def _until_it_rests(engine: RealEngine) -> None:
    """3000 tokens take this engine a minute; an idle one uses no processor at all."""
    times = psutil.Process(engine.pid).cpu_times
    used = -1.0
    async with asyncio.timeout(20):
        while times().user > used:
            used = times().user
            await asyncio.sleep(0.5)


async def test_closing_an_answer_of_ollama_frees_the_engine(
    client: HttpClient, engine: RealEngine
) -> None:
    async with _shim(client, engine) as shim:
        model = await _ollama(client, shim)
        for _ in range(2):  # the second would wait for the first
            chunks = model.complete(CompletionRequest(ENDLESS, 3000))
            async with asyncio.timeout(20):
                await anext(chunks)
            await chunks.aclose()
        await _until_it_rests(engine)
        assert shim.left == 2
        assert not any(body.get("done") for _, body in shim.told)


@pytest.mark.parametrize("notices_late", [False, True])
async def test_cancelling_before_the_first_token(
    client: HttpClient, engine: RealEngine, notices_late: bool
) -> None:
    """An Ollama that notices late evaluates the prompt for nobody, but writes no token more."""
    habits = {"notices_late": notices_late}
    async with _shim(client, engine, **habits) as shim:
        model = await _ollama(client, shim)
        # A prompt that the engine does not know yet and needs a second for.
        fresh = "".join(f"item_{notices_late}_{n} = {n * 7919}\n" for n in range(20))
        prompt = Prompt("b.py", "python", (), fresh, "x = [", "]\n")
        first = asyncio.create_task(anext(model.complete(CompletionRequest(prompt, 3000))))
        async with asyncio.timeout(20):
            while not shim.busy.locked():
                await asyncio.sleep(0.001)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            while shim.busy.locked():
                await asyncio.sleep(0.001)
        assert (shim.left, shim.wasted) == (1, int(notices_late))
        await _until_it_rests(engine)
        text, _ = await _answer(model)
        assert text == " + second"
