"""A model that says the same again and again: it is heard until it does, and no longer."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine.redaction import keyed
from inglenook.engine.status import State, Status
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.chatting import ChatChunk, ChatRequest, Message
from inglenook.models.errors import PromptTooLong
from inglenook.models.fake import FakeModel
from inglenook.models.model import Timings
from inglenook.review.answers import MOST
from inglenook.review.asker import Asker
from inglenook.review.asking import Answer
from inglenook.review.kept import Kept

ENDED = "✂"  # what stands behind it is not waited for


class Engine(FakeModel):
    """Says one finding after another, each named by a letter, and counts what was heard of it."""

    def __init__(self, letters: str, told: Timings | None, **info: str) -> None:
        super().__init__()
        self._info = replace(self._info, **info)
        self.letters, self.told, self.heard = letters, told, ""

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        yield ChatChunk('{"findings": [')
        for number, letter in enumerate(self.letters):
            self.heard += letter
            yield ChatChunk(f'{", " if number else ""}{{"quote": "{letter}", "message": ')
            yield ChatChunk('"a } in it"', timings=self.told)
            yield ChatChunk("}")
        yield ChatChunk("]}", timings=Timings(prompt_tokens=40, predicted_tokens=60))


async def answered(directory: Path, engine: Engine) -> Answer:
    async def find() -> Discovery:
        return Discovery(engine, Status(State.OFFLINE))

    supply = Supply(find, lambda _status: None)
    lane = await supply.open()
    asker = Asker(supply, lane, Kept(None), Kept(directory / "journal"), keyed(b"k" * 16))
    try:
        return await asker(ChatRequest((Message("user", "what is wrong?" * 40),), 700))
    finally:
        asker.close()
        await supply.close()


def quotes(answer: Answer) -> str:
    return "".join(each["quote"] for each in json.loads(answer.text)["findings"])


@pytest.mark.parametrize(
    ("drawn", "taken"),
    [
        ("aaa✂aa", "aa"),
        ("abbb✂b", "abb"),
        ("ababa✂", "abab"),
        ("aabbc", "aabbc"),  # once more is no habit
        ("abcdefhhh", "abcdefhhh"),  # too many: the rest is counted, and not looked through
        ("a", "a"),
        ("", ""),
    ],
)
async def test_an_answer_that_repeats_itself_is_ended(
    tmp_path: Path, drawn: str, taken: str
) -> None:
    engine = Engine(drawn.replace(ENDED, ""), Timings(prompt_tokens=40), backend="llama.cpp")
    answer = await answered(tmp_path, engine)
    assert engine.heard == drawn.partition(ENDED)[0]
    assert quotes(answer) == taken
    assert len(taken) <= MOST or ENDED not in drawn


@pytest.mark.parametrize(
    ("backend", "version", "heard"),
    [
        ("ollama", "0.13.0", "aaa"),
        ("ollama", "0.12.0", "aaaa"),  # which can have cut the prompt, and tells that at the end
        ("lmstudio", "", "aaaa"),
    ],
)
async def test_it_is_heard_to_its_end_where_only_that_tells_what_the_model_saw(
    tmp_path: Path, backend: str, version: str, heard: str
) -> None:
    engine = Engine("aaaa", None, backend=backend, version=version)
    answer = await answered(tmp_path, engine)
    assert (engine.heard, set(quotes(answer))) == (heard, {"a"})
    assert answer.prompt_tokens > 0
    assert answer.tokens > 0


async def test_a_prompt_that_was_cut_is_told_all_the_same(tmp_path: Path) -> None:
    engine = Engine("aaaa", Timings(prompt_tokens=9, truncated=True), backend="llama.cpp")
    with pytest.raises(PromptTooLong):
        await answered(tmp_path, engine)
