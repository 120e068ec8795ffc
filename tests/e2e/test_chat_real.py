"""A chat over stdio with the real engine and the real model, which has two slots."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.house import server_for
from tests.support.lsp_client import LspClient
from tests.support.real_engine import Plan, RealEngine, real_engine
from tests.support.recording_proxy import recording_proxy

pytestmark = pytest.mark.model

URI = "file:///house/cart.py"
CODE = "def total(items):\n    return sum(items)\n\n\ndef mean(items):\n    return \n"
BODY = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}
LONG = "Write all numbers from one to five hundred, one in a line."
PATIENCE = 120  # seconds, on a machine that has other things to do


@pytest.fixture(scope="module")
def engine() -> Iterator[RealEngine]:
    with real_engine(Plan(slots=2)) as running:
        yield running


class Room:
    """An editor with a selection, whose one model is the engine's."""

    def __init__(self, client: LspClient, engine: RealEngine) -> None:
        self.client, self._engine = client, engine

    def begin(self, question: str, conversation: str = "") -> Any:
        """Ask; the conversation's name is the token of the pieces too."""
        params = {
            "textDocument": {"uri": URI},
            "range": BODY,
            "question": question,
            "conversation": conversation,
            "partialResultToken": conversation,
        }
        return self.client.begin("inglenook/chat", params)

    async def ask(self, question: str, conversation: str = "") -> dict[str, Any]:
        answer = await self.client.answer(self.begin(question, conversation), PATIENCE)
        result: dict[str, Any] = answer.result
        return result

    def pieces(self, token: str = "") -> list[str]:
        seen = self.client.seen("$/progress")
        return [each["value"]["text"] for each in seen if each["token"] == token]

    async def first_piece(self) -> None:
        await self.client.until(lambda: bool(self.pieces()), PATIENCE)

    async def busy(self) -> int:
        """How many slots of the engine are at work."""
        headers = {"Authorization": f"Bearer {self._engine.key}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{self._engine.url}/slots") as response,
        ):
            return sum(slot["is_processing"] for slot in await response.json())


@asynccontextmanager
async def room(directory: Path, engine: RealEngine, address: str = "") -> AsyncIterator[Room]:
    """The engine, or what stands before it at ``address``, is all that the editor's server has."""
    address = address or engine.url
    config = directory / "real.yaml"
    config.write_text(
        "models:\n"
        f"  - {{name: real, provider: llama.cpp, model: qwen2.5-coder, apiBase: '{address}',\n"
        f"     apiKey: '{engine.key}', roles: [autocomplete, chat],\n"
        "     defaultCompletionOptions: {temperature: 0, maxTokens: 1000}}\n"
    )
    variables = {"INGLENOOK_CONFIG": str(config)}
    async with server_for(directory, "llama.cpp", address, environment=variables) as client:
        client.open(URI, CODE)
        yield Room(client, engine)


async def test_an_answer_streams_and_a_cancelled_one_ends_at_the_engine(
    tmp_path: Path, engine: RealEngine
) -> None:
    async with (
        recording_proxy(engine.url) as proxy,
        room(tmp_path, engine, proxy.url) as here,
    ):
        asked = here.begin(LONG)
        await here.first_piece()
        assert not here.client.answers.get(asked)
        assert await here.busy() == 1
        before = len(proxy.left)
        here.client.cancel(asked)
        answer = await here.client.answer(asked)
        assert answer.error_code == -32800
        said = len(here.pieces())
        # Our socket closes while the engine streams: it is not the engine that ended.
        async with asyncio.timeout(PATIENCE):
            while len(proxy.left) == before:
                await asyncio.sleep(0.005)
        gone = proxy.left[before]
        assert (gone.path, gone.ended) == ("/v1/chat/completions", False)
        async with asyncio.timeout(PATIENCE):
            while await here.busy():
                await asyncio.sleep(0.005)
        assert len(here.pieces()) == said
        assert "five hundred" not in "".join(here.pieces()).lower()  # it was in the middle
        # The conversation goes on, with what was answered until then.
        assert (await here.ask("Say yes."))["text"]
        assert len(here.client.answers[asked]) == 1


async def test_a_follow_up_depends_on_the_first_turn(tmp_path: Path, engine: RealEngine) -> None:
    async with room(tmp_path, engine) as here:
        told = await here.ask(
            "I will call the result of this function zebra_total. Answer only: OK.", "one"
        )
        assert told["used"][0] == {"path": "cart.py", "what": "selection"}
        question = "Which name did I say I will call the result? Answer with the name only."
        reply = await here.ask(question, "one")
        assert "zebra_total" in reply["text"]
        assert "".join(here.pieces("one")).endswith(reply["text"])
        # The engine had evaluated the first turn already.
        assert reply["usage"]["reusedTokens"] > told["usage"]["promptTokens"] // 2
        assert "zebra_total" not in (await here.ask(question, "another"))["text"]


async def test_a_completion_does_not_wait_for_a_chat(tmp_path: Path, engine: RealEngine) -> None:
    async with room(tmp_path, engine) as here:
        asked = here.begin(LONG)
        await here.first_piece()
        params = {
            "textDocument": {"uri": URI},
            "position": {"line": 5, "character": 11},
            "context": {"triggerKind": 2},  # one alternative, so one slot
        }
        answer = await here.client.request("textDocument/inlineCompletion", params, PATIENCE)
        assert "total(items)" in answer.result["items"][0]["insertText"]
        assert not here.client.answers.get(asked)
        before = len(here.pieces())
        await here.client.until(lambda: len(here.pieces()) > before, PATIENCE)
        here.client.cancel(asked)
        await here.client.answer(asked)
