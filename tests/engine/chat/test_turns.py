"""A long selection and an answer that comes at once leave the event loop to others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from inglenook.engine.chat import material as gathering
from inglenook.engine.chat.material import Material, material
from inglenook.engine.chat.question import Piece, Question
from inglenook.engine.redaction import Redactor
from inglenook.engine.redaction_patterns import Secret
from inglenook.engine.session import Session
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.fake import FakeModel
from tests.support.parlour import Parlour


class AtOnce(FakeModel):
    """Its whole answer is there when it is asked for: nothing is waited for between chunks."""

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        for number in range(20_000):
            yield ChatChunk(f"*word* {number}\n")


async def test_an_answer_that_comes_at_once_is_taken_in_slices() -> None:
    parlour = Parlour()
    parlour.model = AtOnce(parlour.model.script)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with parlour:
        question = replace(await parlour.open("⟦x = 1⟧\n"), text="Well?")
        counting = asyncio.create_task(count())
        seen = []
        async with aclosing(parlour.talker.ask(question, parlour.supply, parlour.manner)) as told:
            async for each in told:
                if isinstance(each, Piece):
                    seen.append(turns)
        counting.cancel()
    assert len(seen) > 10_000
    assert len(set(seen)) > 3


@pytest.mark.parametrize(("lines", "beside"), [(20, False), (4_000, True)])
async def test_what_is_long_is_redacted_beside_the_event_loop(
    lines: int, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()
    find = Redactor.find_again

    def noted(self: Redactor, text: str) -> list[Secret]:
        threads.add(threading.current_thread() is threading.main_thread())
        return find(self, text)

    monkeypatch.setattr(Redactor, "find_again", noted)
    async with Parlour(window=200_000) as parlour:
        await parlour.ask(await parlour.open("⟦" + "x = 1\n" * lines + "⟧"), "Well?")
    assert threads == {not beside}


async def test_what_was_gathered_is_gathered_anew_when_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gathered = []

    def noted(session: Session, question: Question) -> Iterator[Material]:
        gathered.append(question.selection)
        return material(session, question)

    monkeypatch.setattr(gathering, "material", noted)
    code = "from prices import price_of\n\n\ndef total():\n    ⟦price_of(1)⟧\n    return 2\n"
    async with Parlour() as parlour:
        question = await parlour.open(code)
        await parlour.ask(question, "Well?", conversation="one")
        await parlour.ask(question, "And why?", conversation="one")
        await parlour.ask(question, "Well?", conversation="two")
        assert gathered == ["price_of(1)"]
        assert "Defined in" not in parlour.sent
        await parlour.open("def price_of(item: int) -> float: ...\n", "prices.py")
        await parlour.ask(question, "Well?", conversation="three")
        assert "def price_of(item: int) -> float" in parlour.sent
        await parlour.ask(replace(question, stop=question.stop - 3), "Well?", conversation="four")
        assert gathered == ["price_of(1)", "price_of(1)", "price_of"]
        question = await parlour.open(code.replace("2", "3"))
        await parlour.ask(question, "Well?", conversation="five")
        assert "return 3" in parlour.sent
