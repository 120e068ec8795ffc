"""A review beside somebody who types: what a model was asked, and what came of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine.redaction import keyed
from inglenook.engine.status import State, Status
from inglenook.engine.supply import Discovery, Supply
from inglenook.engine.typing_signal import TypingSignal
from inglenook.models.chatting import ChatChunk, ChatRequest, Message
from inglenook.models.errors import BackendRefused, PromptTooLong
from inglenook.models.fake import FakeModel
from inglenook.models.model import Timings
from inglenook.models.render import Layout
from inglenook.review.answers import MOST, review_schema
from inglenook.review.asker import Asker
from inglenook.review.asking import Answer
from inglenook.review.kept import Kept
from inglenook.review.rest import grammar_of_rest
from inglenook.review.values import Reviewer, Rule, Severity

TYPED = "⌨"  # here somebody begins to type, and stops once the request is ended
REFUSED = "✗"
FINDING = '{"quote": "x", "message": "m", "rule": "r", "severity": "note"}'
RULE = Rule("c/r", "d", Severity.NOTE)
FORM = review_schema(Reviewer("c", "t", "p", (RULE,)))


class Engine(FakeModel):
    """Gives its answers in turn, word by word; ``typing`` is told where they are drawn so."""

    def __init__(
        self,
        answers: tuple[str, ...],
        typing: TypingSignal,
        holds: bool,
        told: Timings | None,
        **info: str,
    ) -> None:
        super().__init__()
        self.answers, self.typing, self.closed, self.holds = list(answers), typing, 0, holds
        self._info, self.told = replace(self._info, **info), told

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return (Layout.FROZEN_LINE,) if self.holds else (Layout.PSM,)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        self.chats.append(request)
        said, mark, _ = self.answers.pop(0).partition(TYPED)
        if said == REFUSED:
            raise BackendRefused("It cannot do that.")
        try:
            for word in re.findall(r"\S+\s*", said):
                thought = word.removeprefix("💭")
                yield ChatChunk(*(("", thought) if thought != word else (word,)))
            if not mark and self.told:
                yield ChatChunk(timings=self.told)
            if mark:
                with self.typing.waiting():
                    await asyncio.Event().wait()
        finally:
            self.closed += 1


async def reviewed(
    directory: Path,
    *answers: str,
    backend: str = "ollama",
    version: str = "",
    holds: bool = False,
    cut: Timings | None = None,
) -> tuple[Engine, Answer]:
    typing = TypingSignal(directory / "run" / "typing", quiet=0.0)
    engine = Engine(answers, typing, holds, cut, backend=backend, version=version)

    async def find() -> Discovery:
        return Discovery(engine, Status(State.OFFLINE))

    supply = Supply(find, lambda _status: None)
    lane = await supply.open()
    asker = Asker(supply, lane, Kept(None), Kept(directory / "journal"), keyed(b"k" * 16))
    asker.typing = typing
    request = ChatRequest((Message("user", "what is wrong?"),), 700, json_schema=FORM)
    try:
        async with asyncio.timeout(20):
            return engine, await asker(request)
    finally:
        asker.close()
        await supply.close()


def drawn(engine: Engine) -> list[str]:
    """What the engine was asked, each in one line: turns, and whether it was held to a form."""
    return [
        " / ".join(f"{each.role}: {each.content}" for each in request.messages)
        + (" (in a form)" if request.json_schema else "")
        + (" (in the rest of it)" if request.grammar else "")
        for request in engine.chats
    ]


ASKED = "user: what is wrong? (in a form)"


async def test_an_answer_is_gone_on_with_where_typing_cut_it(tmp_path: Path) -> None:
    engine, answer = await reviewed(
        tmp_path, f'{{"findings": [{TYPED}', f"{FINDING}{TYPED}", ', {"quote": "y"}]}'
    )
    assert drawn(engine) == [
        ASKED,
        'user: what is wrong? / assistant: {"findings": [',
        f'user: what is wrong? / assistant: {{"findings": [{FINDING}',
    ]
    assert answer.text == f'{{"findings": [{FINDING}, {{"quote": "y"}}]}}'
    assert engine.closed == 3


async def test_a_backend_that_takes_grammars_is_held_to_the_form_of_the_rest(
    tmp_path: Path,
) -> None:
    begun = '{"findings": [{"quote": "a\\'  # which is half of an escape, and not given back
    engine, answer = await reviewed(
        *(tmp_path, begun + TYPED, '\\"b", "message": "m", "rule": "r", "severity": "note"}]}'),
        backend="llama.cpp",
        holds=True,
    )
    assert drawn(engine) == [
        ASKED,
        f"user: what is wrong? / assistant: {begun[:-1]} (in the rest of it)",
    ]
    assert engine.chats[1].grammar == grammar_of_rest(FORM, begun[:-1])
    assert json.loads(answer.text)["findings"][0]["quote"] == 'a"b'


async def test_what_no_form_has_is_not_gone_on_with(tmp_path: Path) -> None:
    """As if the backend did not obey the schema."""
    engine, answer = await reviewed(
        *(tmp_path, f"Well, {TYPED}", '{"findings": []}'), backend="embedded", holds=True
    )
    assert drawn(engine) == [ASKED, ASKED]
    assert answer.text == '{"findings": []}'


async def test_an_answer_that_was_cut_at_its_very_end_is_one(tmp_path: Path) -> None:
    engine, answer = await reviewed(tmp_path, f'{{"findings": []}}{TYPED}')
    assert drawn(engine) == [ASKED]
    assert answer.text == '{"findings": []}'


async def test_what_is_said_behind_an_answer_is_not_waited_for(tmp_path: Path) -> None:
    engine, answer = await reviewed(
        tmp_path, f'{{"findings": [{TYPED}', f"]}} That is all. {'And more. ' * 90}"
    )
    assert (answer.text, answer.tokens) == ('{"findings": []}', 3)
    assert engine.closed == 2


async def test_what_is_left_of_the_tokens_is_for_the_rest(tmp_path: Path) -> None:
    engine, _ = await reviewed(tmp_path, f'{{"findings": [ {TYPED}', "]}")
    assert [each.max_tokens for each in engine.chats] == [700, 698]


async def test_a_question_that_was_not_answered_yet_is_asked_again_as_it_is(tmp_path: Path) -> None:
    engine, answer = await reviewed(tmp_path, TYPED, TYPED, '{"findings": []}')
    assert drawn(engine) == [ASKED, ASKED, ASKED]
    assert answer.text == '{"findings": []}'


async def test_thoughts_cannot_be_gone_on_with(tmp_path: Path) -> None:
    engine, _ = await reviewed(tmp_path, f'💭hm {{"findings": {TYPED}', '{"findings": []}')
    assert drawn(engine) == [ASKED, ASKED]


async def test_a_backend_that_does_not_go_on_is_asked_anew(tmp_path: Path) -> None:
    engine, answer = await reviewed(
        tmp_path, f'{{"findings": {TYPED}', '{"findings": []}', backend="lmstudio"
    )
    assert drawn(engine) == [ASKED, ASKED]
    assert answer.text == '{"findings": []}'


async def test_one_that_refuses_to_go_on_is_asked_anew_in_a_form(tmp_path: Path) -> None:
    engine, answer = await reviewed(
        tmp_path, f'{{"findings": {TYPED}', REFUSED, f'{{"findings": {TYPED}', '{"findings": []}'
    )
    assert drawn(engine) == [ASKED, 'user: what is wrong? / assistant: {"findings": ', ASKED, ASKED]
    assert answer.text == '{"findings": []}'


@pytest.mark.parametrize("whole", ['{"findings": []}', '```json\n{ "findings": []}\n```'])
async def test_one_that_begins_anew_though_it_was_not_to_is_believed(
    tmp_path: Path, whole: str
) -> None:
    _, answer = await reviewed(tmp_path, f'{{"findings": [{{"quote": {TYPED}', whole)
    assert answer.text == whole


async def test_the_rest_ends_with_the_last_finding_that_is_taken(tmp_path: Path) -> None:
    """Nothing holds it to an end: a small model would go on until its tokens are used up."""
    findings = [json.loads(FINDING) | {"message": str(each)} for each in range(MOST + 50)]
    rest = "".join(f"{json.dumps(each)}, " for each in findings)
    engine, answer = await reviewed(tmp_path, f'{{"findings": [{TYPED}', rest)
    assert json.loads(answer.text) == {"findings": findings[:MOST]}
    assert engine.closed == 2


@pytest.mark.parametrize(
    ("parts", "heard"),
    [
        ((f'{{"findings": [{TYPED}', "]}"), 2),
        (('{"findings": []}' + TYPED, '{"findings": []}'), 2),  # it is asked anew
    ],
)
async def test_what_a_backend_did_not_see_is_told_in_whatever_parts_it_answers(
    tmp_path: Path, parts: tuple[str, ...], heard: int
) -> None:
    """An Ollama of before 0.13 cuts what is too long, and tells that at the end."""
    version = "0.12.0"
    with pytest.raises(PromptTooLong):
        await reviewed(tmp_path, *parts, version=version, cut=Timings(40, truncated=True))
    engine, answer = await reviewed(tmp_path / "b", *parts, version=version, cut=Timings(40))
    assert (len(engine.chats), answer.text) == (heard, '{"findings": []}')
