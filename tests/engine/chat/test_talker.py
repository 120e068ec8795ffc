"""A question about a selection: what is sent, what is streamed, what is remembered."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.question import Extra, Piece, Trouble, Used
from inglenook.engine.settings import PromptTemplate, Rule
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.errors import PromptTooLong
from inglenook.models.fake import FakeModel
from inglenook.models.spec import ModelSpec, Provider, Sampling, Think
from tests.support.parlour import Parlour

CART = """\
from prices import price_of

RATE = 0.19

def total(items):
    net = 0
    for item in items:
        ⟦net += price_of(item) * RATE⟧
    return net
"""
PRICES = "def price_of(item: str) -> float:\n    return 1.0\n"


async def test_what_is_sent_is_the_selection_what_it_stands_in_and_what_it_uses() -> None:
    async with Parlour("It **adds** the price.") as parlour:
        await parlour.open(PRICES, "prices.py")
        reply = await parlour.ask(await parlour.open(CART), "What is this?")
        assert reply.text == "It **adds** the price."
        assert "".join(each.text for each in parlour.pieces) == reply.text
        assert len(parlour.pieces) > 2
        sent = parlour.sent
        assert "Selected in `case.py`, line 8:\n\n```python\nnet += price_of(item) * RATE" in sent
        assert "def total(items):" in sent
        assert "RATE = 0.19" in sent
        assert "Defined in `prices.py`:\n\n```python\ndef price_of(item: str) -> float" in sent
        assert sent.endswith("What is this?")
        assert reply.used == (
            Used("case.py", "selection"),
            Used("case.py", "scope"),
            Used("case.py", "definitions"),
            Used("prices.py", "definitions"),
        )


async def test_a_follow_up_has_the_turn_before_it_and_repeats_no_code() -> None:
    async with Parlour("Answer {n}.") as parlour:
        question = await parlour.open(CART)
        await parlour.ask(question, "What is this?")
        await parlour.ask(question, "And why?")
        roles = [each.role for each in parlour.request.messages]
        assert roles == ["system", "user", "assistant", "user"]
        assert parlour.request.messages[2].content == "Answer 1."
        assert parlour.request.messages[3].content == "And why?"
        # The beginning is what was sent before: an engine has it in its cache.
        first, second = parlour.model.chats
        assert second.messages[: len(first.messages)] == first.messages
        await parlour.ask(question, "Else?", conversation="another")
        assert len(parlour.request.messages) == 2
        parlour.talker.forget(question.document.uri)
        await parlour.ask(question, "And now?")
        assert len(parlour.request.messages) == 2


async def test_code_that_changed_round_the_selection_is_shown_again() -> None:
    code = "LIMIT = 1\n\n\ndef f(a):\n    b = a\n    ⟦return b + LIMIT⟧\n"
    async with Parlour("Answer {n}.") as parlour:
        await parlour.ask(await parlour.open(code), "What is this?")
        changed = await parlour.open(code.replace("b = a", "b = 2"))
        reply = await parlour.ask(changed, "And now?")
        last = parlour.request.messages[-1].content
    assert "b = 2" in last
    assert last.count("return b + LIMIT") == 1  # in what stands round it; itself it was shown
    assert [each.what for each in reply.used] == ["selection", "scope", "definitions"]


async def test_what_was_selected_before_something_else_is_shown_again() -> None:
    code = "def add(a, b):\n    return a + b\n\n\ndef mul(a, b):\n    return a * b\n"
    first, second = code[: code.index("\n\n")], code[code.index("def mul") :]
    async with Parlour("Answer {n}.") as parlour:
        question = await parlour.open(code)
        add = replace(question, start=0, stop=len(first))
        mul = replace(question, start=code.index(second), stop=len(code))
        for each, shown in ((add, "a + b"), (mul, "a * b"), (add, "a + b")):
            await parlour.ask(each, "What does this do?")
            assert shown in parlour.request.messages[-1].content
        await parlour.ask(add, "And why?")
        assert parlour.request.messages[-1].content == "And why?"


async def test_an_edit_that_is_taken_back_is_told_of() -> None:
    async with Parlour("Answer {n}.") as parlour:
        for code in ("⟦a + b⟧\n", "⟦a * b⟧\n", "⟦a + b⟧\n"):
            await parlour.ask(await parlour.open(code), "What is this?")
            assert code[1:6] in parlour.request.messages[-1].content


async def test_what_earlier_turns_send_again_is_told_of() -> None:
    async with Parlour("Answer {n}.") as parlour:
        question = await parlour.open("x = 1\n")
        await parlour.ask(question, "Why?", extras=(Extra("notes.md", "Buy less."),))
        reply = await parlour.ask(question, "And?")
        assert "Buy less." in parlour.sent
        assert reply.used == (Used("notes.md", "file"),)


async def test_what_the_model_finds_too_long_is_sent_with_less() -> None:
    """A token can be a single character, which only the model's own tokenizer knows."""

    class Narrow(FakeModel):
        async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
            told = super().chat(request)
            if sum(len(each.content) for each in request.messages) > 4_000:
                raise PromptTooLong("Too long.")
            async for chunk in told:
                yield chunk

    parlour = Parlour("Answer {n}.")
    parlour.model = Narrow(parlour.model.script)
    parlour.model.adopt(parlour.model.info.way, 4096)
    async with parlour:
        question = await parlour.open("⟦x = 1⟧\n")
        await parlour.ask(question, "1" * 1_950)
        reply = await parlour.ask(question, "2" * 1_950)
        last = parlour.model.chats[-1]
        assert [each.role for each in last.messages] == ["system", "user"]
        assert "x = 1" in last.messages[-1].content
        assert "The beginning of the conversation did not fit" in reply.notices[0]
        with pytest.raises(PromptTooLong, match="Too long"):
            await parlour.ask(question, "3" * 4_000)


async def test_the_same_words_elsewhere_are_shown_too() -> None:
    code = "def one(a):\n    return None\n\n\ndef two(b):\n    return None\n"
    async with Parlour("Answer {n}.") as parlour:
        question = await parlour.open(code)
        first, second = code.index("return None"), code.rindex("return None")
        size = len("return None")
        await parlour.ask(replace(question, start=first, stop=first + size), "What is this?")
        reply = await parlour.ask(replace(question, start=second, stop=second + size), "And this?")
        last = parlour.request.messages[-1].content
        assert "line 6" in last
        assert "def two(b)" in last
        assert [each.what for each in reply.used][:1] == ["selection"]


async def test_what_the_editor_reports_by_now_is_told() -> None:
    async with Parlour("Answer {n}.") as parlour:
        question = await parlour.open(CART)
        await parlour.ask(question, "What is this?")
        trouble = Trouble(question.lines[0], "No such name.", "error")
        await parlour.ask(question, "/fix", troubles=(trouble,))
        assert "No such name." in parlour.request.messages[-1].content
        await parlour.ask(question, "/fix", troubles=(trouble,))
        assert "No such name." not in parlour.request.messages[-1].content  # it was told


async def test_a_conversation_that_is_forgotten_while_it_is_answered_stays_forgotten() -> None:
    async with Parlour("one two three four five six seven") as parlour:
        question = replace(await parlour.open(CART), text="Count.")
        async with aclosing(parlour.talker.ask(question, parlour.supply, parlour.manner)) as told:
            async for _ in told:
                parlour.talker.forget(question.document.uri)
                break
        await parlour.ask(question, "Go on.")
        assert len(parlour.request.messages) == 2


async def test_reasoning_is_beside_the_answer_and_in_no_later_turn() -> None:
    async with Parlour("Yes.", thinking="Is it so?") as parlour:
        question = await parlour.open(CART)
        reply = await parlour.ask(question, "Is it?")
        assert (reply.text, reply.reasoning) == ("Yes.", "Is it so?")
        assert "".join(each.reasoning for each in parlour.pieces) == "Is it so?"
        begun = [bool(each.text) for each in parlour.pieces if each.text or each.reasoning]
        last = max(n for n, each in enumerate(parlour.pieces) if each.reasoning)
        assert not any(begun[:last])  # all of it comes before the answer
        await parlour.ask(question, "Sure?")
        assert "Is it so?" not in parlour.sent


async def test_what_was_answered_before_a_cancellation_is_remembered() -> None:
    async with Parlour("one two three four five six seven") as parlour:
        question = replace(await parlour.open(CART), text="Count.")
        async with aclosing(parlour.talker.ask(question, parlour.supply, parlour.manner)) as told:
            async for each in told:
                assert isinstance(each, Piece)
                break
        await parlour.ask(question, "Go on.")
        said = parlour.request.messages[2].content
        assert said
        assert "one two three four five six seven".startswith(said)
        assert said != "one two three four five six seven"


async def test_nothing_active_reaches_the_client() -> None:
    answer = "See ![x](http://evil.example/?q=1) and <img src=x>\x1b[31m."
    for chunk in (1, 2, 5, 100):
        async with Parlour(answer, thinking=answer, chunk=chunk) as parlour:
            reply = await parlour.ask(await parlour.open(CART), "Well?")
            for shown in (reply.text, reply.reasoning):
                assert "![x](" not in shown
                assert "<img" not in shown.replace("\\<img", "")
                assert "\x1b" not in shown


async def test_no_secret_is_sent() -> None:
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    code = f'⟦key = "{secret}"⟧\n'
    async with Parlour() as parlour:
        question = await parlour.open(code)
        await parlour.ask(
            question,
            f"Why does {secret} fail?",
            troubles=(Trouble(0, f"unused {secret}"),),
            extras=(Extra("b.py", f"other = '{secret}'"),),
        )
        await parlour.ask(question, "And now?")
        assert secret not in repr(parlour.model.chats)
        assert "REDACTED" in parlour.sent


async def test_rules_that_hold_and_those_that_do_not() -> None:
    rules = (
        Rule("Be brief.", "brief", source="config.yaml"),
        Rule("Use pytest.", globs=("tests/**",), source="AGENTS.md"),
        Rule("No print.", globs=("*.py",), source=".continue/rules/a.md"),
        Rule("Never.", always=False),
    )
    async with Parlour() as parlour:
        parlour.manner = Manner(rules)
        reply = await parlour.ask(await parlour.open(CART), "Well?")
        system = parlour.request.messages[0].content
        assert system.endswith("Be brief.\n\nNo print.")
        used = [each.path for each in reply.used if each.what == "rule"]
        assert used == ["config.yaml", ".continue/rules/a.md"]


async def test_of_rules_that_are_too_long_the_beginning_is_read() -> None:
    rules = (
        Rule("Be kind.\n" * 500, source="AGENTS.md"),
        Rule("Be quick.\n" * 500, source="CLAUDE.md"),
        Rule("Be brief.", "brief"),
    )
    async with Parlour(window=32_768) as parlour:
        parlour.manner = Manner(rules)
        reply = await parlour.ask(await parlour.open(CART), "Well?")
        system = parlour.request.messages[0].content
    assert system.count("Be kind.") == 500
    assert 300 < system.count("Be quick.") < 500
    assert "Be brief" not in system
    beginning, nothing = (each.partition(" was read")[0] for each in reply.notices)
    assert (beginning, nothing) == ("Only the beginning of CLAUDE.md", "Nothing of brief")
    async with Parlour(window=4096) as parlour:  # half of which is for rules at most
        parlour.manner = Manner(rules)
        reply = await parlour.ask(await parlour.open(CART), "Well?")
        assert parlour.request.messages[0].content.count("Be kind.") > 200
    assert len(reply.notices) == 3


@pytest.mark.parametrize(
    ("glob", "holds"),
    [
        ("**/*.{ts,py}", True),
        ("./*.py", True),
        ("{case,b}.py", True),
        ("*.{ts,tsx}", False),
        ("{1..100000}.py", False),
    ],
)
async def test_globs_with_braces(glob: str, *, holds: bool) -> None:
    async with Parlour() as parlour:
        parlour.manner = Manner((Rule("Be kind.", globs=(glob,)),))
        await parlour.ask(await parlour.open(CART), "Well?")
        assert ("Be kind." in parlour.sent) == holds


async def test_the_editors_diagnostics_and_other_files() -> None:
    async with Parlour() as parlour:
        reply = await parlour.ask(
            await parlour.open(CART),
            "Why?",
            troubles=(Trouble(7, "unsupported operand", "error"),),
            extras=(Extra("notes.md", "```\nold\n```\n"),),
        )
        assert "- error in line 8: unsupported operand" in parlour.sent
        assert "The file `notes.md`:\n\n````\n```\nold\n```\n````" in parlour.sent
        assert Used("notes.md", "file") in reply.used


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/explain", "Explain what the selected code does"),
        ("/explain the loop", "in it.\n\nthe loop"),
        ("/brief now", "Say it briefly: now"),
        ("/fix", "My own."),
        ("/unknown thing", "/unknown thing"),
        ("/usr/bin/env?", "/usr/bin/env?"),
    ],
)
async def test_slash_commands(written: str, sent: str) -> None:
    own = (
        PromptTemplate("brief", "Say it briefly: {{{ input }}}"),
        PromptTemplate("fix", "My own."),
        PromptTemplate("fix", "Another's."),
    )
    async with Parlour() as parlour:
        parlour.manner = Manner(prompts=own)
        await parlour.ask(await parlour.open(CART), written)
        assert sent in parlour.request.messages[-1].content


async def test_a_small_window_loses_what_stands_round_the_question_and_never_the_question() -> None:
    async with Parlour("ok", window=900) as parlour:
        await parlour.open(PRICES, "prices.py")
        question = await parlour.open(CART.replace("RATE = 0.19\n", "RATE = 0.19\n" * 90))
        notices: list[str] = []
        for number in range(12):
            reply = await parlour.ask(question, f"Question {number}: " + "why? " * 40)
            assert f"Question {number}: " in parlour.request.messages[-1].content
            assert "net += price_of(item)" in parlour.sent
            size = sum(len(each.content) for each in parlour.request.messages)
            assert size <= 900 * 2.5
            notices += reply.notices
        assert any("beginning of the conversation" in each for each in notices)


async def test_a_selection_that_is_too_long_is_told_of() -> None:
    async with Parlour(window=500) as parlour:
        question = await parlour.open("⟦" + "x = 1\n" * 900 + "⟧")
        with pytest.raises(PromptTooLong, match="Select less"):
            await parlour.ask(question, "Why?")
        assert parlour.model.chats == []


async def test_what_the_user_set_for_the_model() -> None:
    entry = ModelSpec(
        "m",
        Provider.FAKE,
        "m",
        sampling=Sampling(temperature=0.9, max_tokens=77),
        think=Think.OFF,
        system_message="You are terse.",
    )
    async with Parlour(entry=entry, window=4096) as parlour:
        await parlour.ask(await parlour.open(CART), "Why?")
        request = parlour.request
        assert (request.max_tokens, request.sampling.temperature) == (77, 0.9)
        assert request.think is Think.OFF
        assert request.messages[0].content == "You are terse."


async def test_broken_code_and_no_selection() -> None:
    for drawing in ("def f(:\n  ⟦⟧x = (\n", "⟦⟧", "class A:\n    def f(self):\n        ⟦re⟧"):
        async with Parlour() as parlour:
            reply = await parlour.ask(await parlour.open(drawing), "What?")
            assert reply.text == "It adds."


async def test_of_two_files_that_fit_alone_the_one_that_was_left_out_is_told() -> None:
    files = tuple(Extra(f"{name}.md", "word " * 600) for name in "ab")
    async with Parlour(window=4096) as parlour:
        reply = await parlour.ask(await parlour.open(CART), "Why?", extras=files)
        assert Used("a.md", "file") in reply.used
        assert "b.md did not fit into the model's window." in reply.notices
