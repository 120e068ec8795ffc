"""An edit by a model, from the selection to the text that is offered, or the refusal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from inglenook.engine.refactor.blocks import GRAMMAR
from inglenook.engine.refactor.wish import NotOffered
from inglenook.engine.settings import Rule
from inglenook.models.errors import PromptTooLong
from inglenook_context.document import Document
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose
from tests.support.workshop import Workshop, after, trouble_at

CART = """\
RATE = 0.19


def total(items):
    net = 0
    for item in items:
        ⟦net += item.price⟧
    return net * (1 + RATE)
"""


def block(code: str) -> str:
    return f"```python\n{code}\n```"


async def edited(drawing: str, *answers: str, instruction: str = "Do it.") -> str:
    async with Workshop(answers) as workshop:
        wish = await workshop.open(drawing)
        return after(await workshop.written(replace(wish, instruction=instruction)))


async def test_the_selected_lines_are_written_anew() -> None:
    async with Workshop([block("net += item.price * item.count") + "\nI multiplied."]) as workshop:
        wish = replace(await workshop.open(CART), instruction="Multiply by the count.")
        written = await workshop.written(wish)
        assert after(written) == CART.replace("⟦", "").replace("price⟧", "price * item.count")
        assert [each.new for each in written.changes] == [" * item.count"]
        assert written.title == "Edit the selection: Multiply by the count."
        assert written.rounds == 1
        assert written.may_change_behaviour
        assert "Selected in `case.py`, line 7" in workshop.sent
        assert "def total(items):" in workshop.sent  # what the line stands in
        assert "Multiply by the count." in workshop.sent
        assert workshop.model.unread  # what came after the block was not waited for
        assert workshop.told == ["Asking fake", "Checking the edit"]


async def test_a_model_that_writes_the_whole_function_is_understood() -> None:
    answer = "def total(items):\n    net = 0\n    for item in items:\n        net += item.cost\n"
    answer += "    return net * (1 + RATE)"
    plain = CART.replace("⟦", "").replace("⟧", "")
    assert await edited(CART, block(answer)) == plain.replace("price", "cost")


async def test_what_fails_is_told_to_the_model_once() -> None:
    answers = [block("net += item.price *"), block("net += item.price * 2")]
    async with Workshop(answers) as workshop:
        written = await workshop.written(replace(await workshop.open(CART), instruction="Twice."))
        assert written.rounds == 2
        assert "net += item.price * 2\n" in after(written)
        first, second = workshop.model.chats
        assert second.messages[: len(first.messages)] == first.messages
        assert second.messages[-2].content == block("net += item.price *")
        assert "does not parse" in second.messages[-1].content
        assert first.sampling.temperature == 0.0
        assert workshop.told[2] == "Asking fake to mend it"


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (block("net += item.price *"), "parses"),
        (block("net += prise_of(item)"), "undefined"),
        ("I cannot do that.", "parses"),
        ("", "answer"),
        (block(""), "answer"),
        (block("net += item.price"), "unchanged"),
        (block("net += item.price\n# ... rest of the code unchanged ..."), "elided"),
    ],
)
async def test_what_fails_twice_is_refused_by_the_name_of_the_check(
    answer: str, check: str
) -> None:
    async with Workshop([answer]) as workshop:
        wish = replace(await workshop.open(CART), instruction="Do it.")
        with pytest.raises(NotOffered) as caught:
            await workshop.written(wish)
        assert check in [each.check for each in caught.value.failures]
        assert "is not offered" in str(caught.value)
        assert check in str(caught.value)
        assert len(workshop.model.chats) == 2


async def test_an_answer_that_was_cut_is_no_edit() -> None:
    async with Workshop([block("net += item.price * 2")[:-4]], limited=True) as workshop:
        with pytest.raises(NotOffered, match="truncated"):
            await workshop.written(replace(await workshop.open(CART), instruction="Twice."))


async def test_imports_go_where_the_file_has_its_own() -> None:
    drawing = '"""Carts."""\n\nimport os\n\n\ndef name():\n    ⟦return os.sep⟧\n'
    got = await edited(drawing, block("import json\n\nreturn json.dumps(os.sep)"))
    assert got == (
        '"""Carts."""\n\nimport os\nimport json\n\n\ndef name():\n    return json.dumps(os.sep)\n'
    )


async def test_a_secret_is_not_sent_and_not_lost() -> None:
    drawing = 'def connect():\n    ⟦password = "hunter2x"\n    return open_at(password)⟧\n'
    drawing = "from net import open_at, connect_to\n\n\n" + drawing
    async with Workshop([""]) as workshop:
        wish = replace(await workshop.open(drawing), instruction="Use connect_to.")
        with pytest.raises(NotOffered):
            await workshop.written(wish)
        assert "hunter2x" not in workshop.sent
        shown = workshop.sent.partition("```python\n    password")[2].partition("```")[0]
        workshop.model.answers[:] = [
            block(f"    password{shown}".replace("open_at", "connect_to").rstrip())
        ]
        written = await workshop.written(wish)
        assert 'password = "hunter2x"\n    return connect_to(password)\n' in after(written)


async def test_a_diagnostic_is_fixed_and_named() -> None:
    drawing = "def shout(word):\n    ⟦⟧return wrod.upper()\n"
    async with Workshop([block("return word.upper()")]) as workshop:
        wish = await workshop.open(drawing)
        troubles = (trouble_at(wish, '"wrod" is not defined'),)
        written = await workshop.written(replace(wish, purpose=Purpose.FIX, troubles=troubles))
        assert after(written) == "def shout(word):\n    return word.upper()\n"
        assert written.title == 'Fix: "wrod" is not defined'
        assert '"wrod" is not defined (in the line `return wrod.upper()`)' in workshop.sent


async def test_of_a_docstring_the_model_writes_only_the_words() -> None:
    answer = '{"summary": "Add \\"two\\" numbers.", "details": "Neither may be None."}'
    async with Workshop([answer]) as workshop:
        wish = await workshop.open("def add(a, b):\n    ⟦⟧return a + b\n")
        written = await workshop.written(replace(wish, purpose=Purpose.DOCSTRING))
        assert after(written) == (
            'def add(a, b):\n    """Add "two" numbers.\n\n    Neither may be None.\n    """\n'
            "    return a + b\n"
        )
        assert not written.may_change_behaviour
        schema = workshop.model.chats[0].json_schema
        assert schema is not None
        assert schema["required"] == ["summary", "details"]


async def test_of_types_the_model_writes_only_the_types() -> None:
    answer = block("def upper(names: Iterable[str]) -> list[str]:\n    return 1")
    async with Workshop([answer], holds=True) as workshop:
        wish = await workshop.open("def upper(names):\n    ⟦⟧return [n.upper() for n in names]\n")
        written = await workshop.written(replace(wish, purpose=Purpose.TYPES))
        assert after(written) == (
            "from collections.abc import Iterable\n\n\n"
            "def upper(names: Iterable[str]) -> list[str]:\n    return [n.upper() for n in names]\n"
        )
        assert written.title == "Add types to upper"
        root = workshop.model.chats[0].grammar.partition("\n")[0]
        assert root.endswith('"def upper(names: " type ") -> " type ":" "\\n```"')


async def test_no_secret_is_in_a_grammar() -> None:
    drawing = 'def connect(name, password="hunter2x"):\n    ⟦⟧return name + password\n'
    answer = block("def connect(name: str, password: str = 'x') -> str:")
    async with Workshop([answer], holds=True) as workshop:
        wish = replace(await workshop.open(drawing), purpose=Purpose.TYPES)
        written = await workshop.written(wish)
        assert after(written).startswith(
            'def connect(name: str, password: str = "hunter2x") -> str:\n'
        )
        assert "hunter2x" not in workshop.model.chats[0].grammar
        assert "REDACTED_PASSWORD" in workshop.model.chats[0].grammar


async def test_a_docstring_that_was_cut_ends_with_its_last_whole_sentence() -> None:
    details = ("It does it. " * 40)[:400]
    async with Workshop([json.dumps({"summary": "Do it.", "details": details})]) as workshop:
        wish = await workshop.open("def do():\n    ⟦⟧return 1\n")
        text = after(await workshop.written(replace(wish, purpose=Purpose.DOCSTRING)))
        assert text.count("It does it.") == 33
        assert text.rpartition('"""')[0].rstrip().endswith("It does it.")


async def test_a_backend_that_takes_grammars_is_held_to_one_block() -> None:
    async with Workshop([block("net += 2")], holds=True) as workshop:
        await workshop.written(replace(await workshop.open(CART), instruction="Two."))
        assert workshop.model.chats[0].grammar == GRAMMAR


async def test_a_backend_that_refuses_the_form_is_asked_without() -> None:
    async with Workshop([block("net += 2")], holds=True, refuses=True) as workshop:
        await workshop.written(replace(await workshop.open(CART), instruction="Two."))
        assert [each.grammar for each in workshop.model.chats] == [GRAMMAR, ""]


async def test_the_rules_of_the_user_hold() -> None:
    async with Workshop([block("net += 2")]) as workshop:
        workshop.manner = replace(workshop.manner, rules=(Rule("Never use globals.", source="r"),))
        written = await workshop.written(replace(await workshop.open(CART), instruction="Two."))
        assert "Never use globals." in workshop.sent
        assert ("r", "rule") in [(each.path, each.what) for each in written.used]


@pytest.mark.parametrize("name", [".vscode/settings.json", "conftest.py", "a/.ENV", "AGENTS.md"])
async def test_a_protected_file_is_refused_before_anybody_is_asked(name: str) -> None:
    async with Workshop([block("{}")]) as workshop:
        wish = await workshop.open("⟦x = 1⟧\n", name, "python")
        with pytest.raises(NotOffered, match="is never edited by a model"):
            await workshop.written(replace(wish, instruction="Empty it."))
        assert not workshop.model.chats


async def test_a_link_is_known_by_all_its_names() -> None:
    async with Workshop([block("x = 2")]) as workshop:
        wish = replace(await workshop.open("⟦x = 1⟧\n"), paths=("case.py", ".git/hooks/a.py"))
        with pytest.raises(NotOffered, match="never edited"):
            await workshop.written(replace(wish, instruction="Two."))


async def test_code_longer_than_the_window_is_bad_input() -> None:
    long = "⟦" + "".join(f"value_{n} = {n}\n" for n in range(600)) + "⟧"
    async with Workshop([block("x = 1")], window=2048) as workshop:
        with pytest.raises((NotOffered, PromptTooLong), match=r"select a part|Select less"):
            await workshop.written(replace(await workshop.open(long), instruction="Shorten."))
        assert not workshop.model.chats


async def test_a_function_too_long_to_be_written_anew_is_named() -> None:
    body = "".join(f"    value_{n} = {n}\n" for n in range(1000))
    async with Workshop([block("x = 1")]) as workshop:
        wish = await workshop.open(f"def long():\n{body}    ⟦⟧return 1\n")
        said = "^long is too long to be written anew: select a smaller part.$"
        with pytest.raises(NotOffered, match=said):
            await workshop.written(replace(wish, instruction="Shorten."))
        assert not workshop.model.chats


@pytest.mark.parametrize(
    ("language", "purpose", "said"),
    [
        ("go", Purpose.TYPES, "Types are added in Python and TypeScript only"),
        ("javascript", Purpose.TYPES, "Types are added in Python and TypeScript only"),
        ("go", Purpose.DOCSTRING, "is written in Python, TypeScript and JavaScript only"),
    ],
)
async def test_a_language_in_which_it_is_not_done_is_said(
    language: str, purpose: Purpose, said: str
) -> None:
    async with Workshop([block("x = 1")]) as workshop:
        wish = replace(await workshop.open("f(⟦⟧)\n"), purpose=purpose)
        wish = replace(wish, document=replace(wish.document, language=language))
        with pytest.raises(NotOffered, match=said):
            await workshop.written(wish)
        assert not workshop.model.chats


@pytest.mark.parametrize("purpose", [Purpose.TYPES, Purpose.DOCSTRING, Purpose.EDIT])
async def test_where_there_is_nothing_that_is_said(purpose: Purpose) -> None:
    async with Workshop([block("x = 1")]) as workshop:
        wish = replace(await workshop.open("⟦⟧\n\n"), instruction="Go on.", purpose=purpose)
        with pytest.raises(NotOffered, match="There is no"):
            await workshop.written(wish)


async def test_a_result_follows_its_target_when_the_document_moved_on() -> None:
    async with Workshop([block("net += 2")]) as workshop:
        written = await workshop.written(replace(await workshop.open(CART), instruction="Two."))
        old = written.document
        text = "import os\n" + str(old.text)
        moved = Document(old.uri, old.language, 2, Text.of(text))
        again = await workshop.writer.rebased(written, moved)
        assert after(again) == "import os\n" + after(written)
        touched = str(old.text).replace("item.price", "item.cost")
        with pytest.raises(NotOffered, match="has changed"):
            await workshop.writer.rebased(
                written, Document(old.uri, old.language, 3, Text.of(touched))
            )
