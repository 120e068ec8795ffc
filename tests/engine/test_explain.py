"""Why a prompt is as it is: a drawn workspace in, reasons out; and whose prompt is kept when."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from inglenook.engine.accounts import Account, Accounts, Outcome
from inglenook.engine.explain import REASONS, Explanation, explain
from inglenook.engine.explained import as_json, as_text, neutral, prompt_text
from inglenook.engine.generation import Progress
from inglenook.engine.outline import Shown
from inglenook.models.errors import BackendFailed
from inglenook.models.model import Fill, ModelInfo, Timings
from inglenook_context.candidates import candidates
from inglenook_context.passages import Passage, as_snippets
from inglenook_context.prompt import Prompt
from inglenook_context.reading import read
from inglenook_context.region import Block, Region, revised
from inglenook_context.text import Text
from inglenook_context.window import Budget
from tests.support.desk import INFO, Desk
from tests.support.drawn_files import DrawnFiles

SHOP = """
== shop/__init__.py
== shop/tax.py
def tax_of(amount: int, rate: float) -> int: ...
def tax_free(amount: int) -> bool: ...
def tax_report(amount: int, year: int, country: str, language: str, currency: str) -> str: ...
class Rates:
    def of(self, country: str) -> float: ...
    def near(self, country: str) -> float: ...
== shop/cart.py
"""
CHAT = replace(INFO, name="talker", fill=Fill.CHAT, family="")


def made(
    drawing: str, room: int, model: ModelInfo | None = None, *, workspace: str = SHOP
) -> Account:
    """The account of a prompt for a drawn place, with ``room`` characters for other files."""
    files = DrawnFiles.of(workspace + drawing)
    resolver = files.resolver
    found = candidates(files.scene)
    region = revised(Region(), found, resolver, room)
    cursor = files.cursor
    before, after = drawing.split("█")
    return Account(
        uri=cursor.document.uri,
        line=cursor.line + 1,
        column=1,
        prompt=Prompt("shop/cart.py", "python", region.snippets, "", before, after),
        shown=Shown(cursor.line, read(cursor), resolver, region, "", found),
        steps={"parse": 0.5, "choice": 1.25},
        budget=Budget(room, 1600, 1000, 1000),
        model=model,
    )


def shown(explanation: Explanation) -> dict[str, str]:
    return {item.name: item.reason for piece in explanation.pieces for item in piece.items}


def cut(explanation: Explanation) -> dict[str, str]:
    return {each.item.name: each.kept_out for each in explanation.cut}


IMPORTS = "from shop import tax\nfrom shop.tax import tax_of, Rates\n"


def test_each_definition_has_its_reason() -> None:
    told = explain(made(IMPORTS + "def f(rates: Rates):\n    return tax_of(rates.█\n", 2_000))
    assert shown(told) == {
        "tax_of": "call",
        "Rates": "module",  # and imported by its name, which is worth less here
        "Rates.of": "receiver",
        "Rates.near": "receiver",
        "tax_free": "module",
        "tax_report": "module",
    }
    assert told.cut == ()
    assert told.left == 0
    scores = [item.score for piece in told.pieces for item in piece.items]
    assert scores == sorted(scores, reverse=True)


def test_what_is_too_long_is_cut_and_it_is_said_why() -> None:
    told = explain(made(IMPORTS + "total = tax_of(█\n", 220))
    assert shown(told)["tax_of"] == "call"
    assert cut(told)["tax_report"] == "too long for its share of the room"
    assert set(shown(told)) & set(cut(told)) == set()
    assert [each.item.score for each in told.cut] == sorted(
        [each.item.score for each in told.cut], reverse=True
    )
    assert all(each.characters > 0 for each in told.cut)


def test_what_is_wanted_but_not_worth_a_new_prompt_says_so() -> None:
    account = made(IMPORTS + "total = tax_of(█\n", 2_000)
    (block,), resolver = account.shown.region.blocks, account.shown.resolver
    assert resolver is not None
    one = Region((Block.of(block.chosen[:1], resolver),))
    told = explain(
        replace(
            account,
            shown=replace(account.shown, region=one),
            prompt=replace(account.prompt, snippets=one.snippets),
        )
    )
    assert len(shown(told)) == 1
    assert set(cut(told).values()) == {"wanted, but not enough to evaluate the prompt anew for it"}


def test_the_best_that_were_cut_are_told_of_and_no_more() -> None:
    many = "".join(f"def rate_{n}(country: str) -> float: ...\n" for n in range(60))
    shop = f"== shop/__init__.py\n== shop/many.py\n{many}== shop/cart.py\n"
    told = explain(made("from shop import many\nx = many.█\n", 200, workspace=shop))
    assert told.left == 60 - len(shown(told))
    assert len(told.cut) == 15
    assert set(cut(told).values()) == {"no room: others are worth more for their length"}
    assert f"the best 15 of {told.left}, as their files are now\n" in as_text(told)


def test_a_file_that_has_changed_since_takes_nothing_down() -> None:
    account = made(IMPORTS + "total = tax_of(█\n", 220)
    gone = DrawnFiles.of("== shop/tax.py\n== shop/cart.py\nx = █\n").resolver
    told = explain(replace(account, shown=replace(account.shown, resolver=gone)))
    assert shown(told)["tax_of"] == "call"  # what was shown is what was shown
    assert {each.kept_out for each in told.cut} == {"its file has changed since"}
    assert "  shop/tax.py: " in as_text(told)


def test_a_passage_is_told_of_by_its_lines() -> None:
    account = made(IMPORTS + "total = tax_of(█\n", 2_000)
    text = "def total(prices):\n    return sum(prices)\n"
    passage = Passage("shop/old.py", text, 9, 0.75, "similar", Text.of("\n" * 9 + text))
    told = explain(
        replace(
            account,
            shown=replace(account.shown, passages=(passage,)),
            prompt=replace(
                account.prompt, snippets=(*account.prompt.snippets, *as_snippets([passage]))
            ),
        )
    )
    assert told.pieces[-1].path == "shop/old.py"
    assert shown(told)["lines 10 to 11"] == "similar"
    assert "  0.75  lines 10 to 11: code that looks like what stands near" in as_text(told)


def test_nothing_is_known_of_other_files() -> None:
    account = replace(made("x = █\n", 1_000), shown=Shown())
    told = explain(account)
    assert (told.pieces, told.cut, told.left) == ((), (), 0)
    assert "Of other files nothing is shown\n" in as_text(told)


def test_tokens_are_those_that_the_model_counted() -> None:
    account = made(IMPORTS + "total = tax_of(█\n", 2_000)
    guessed, size = explain(account).sizes, account.prompt.size
    assert (guessed.total, guessed.counted) == (size, False)
    assert guessed.tokens == round(size / 3.6)
    counted = explain(replace(account, timings=Timings(prompt_tokens=100))).sizes
    assert (counted.tokens, counted.counted) == (100, True)
    assert counted.tokens_of(size) == 100


def test_nothing_comes_behind_the_last_character_of_the_prompt() -> None:
    for model in (None, INFO, replace(INFO, family="qwen-coder"), CHAT):
        told = explain(made(IMPORTS + "total = tax_of(█", 2_000, model))
        last = told.sent.parts[-1].text if told.sent else neutral(told.account.prompt)
        assert as_text(told).endswith(f"\n{last}")
        assert as_text(told).endswith(prompt_text(told))
    assert as_text(told).count("\n=== ") == 2  # system and user


def test_json_is_json_of_the_same() -> None:
    told = explain(made(IMPORTS + "total = tax_of(█\n", 150, CHAT))
    body = as_json(told)
    assert body["path"] == "shop/cart.py"
    assert body["model"]["name"] == "talker"
    assert [each["name"] for each in body["sent"]] == ["system", "user"]
    names = [each["name"] for piece in body["shown"] for each in piece["definitions"]]
    assert names == list(shown(told))
    assert [each["kept_out"] for each in body["cut"]] == [each.kept_out for each in told.cut]
    assert body["ms"] == {"parse": 0.5, "choice": 1.25}


@pytest.mark.parametrize("reason", list(REASONS))
def test_every_reason_is_words(reason: str) -> None:
    assert len(REASONS[reason].split()) >= 3


# -- whose account is kept, and for how long -------------------------------------------------------

FILE = "def total(prices):\n    █\n\nprint(total([1]))\n"


def last(desk: Desk) -> Account:
    account = desk.completer.accounts.get(desk.cursor.document.uri)
    assert account is not None
    return account


async def test_an_account_is_of_the_prompt_that_the_model_was_shown() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call()
        assert last(desk).prompt is call.request.prompt
        assert last(desk).outcome is Outcome.ASKING
        assert (last(desk).line, last(desk).column) == (2, 5)
        call.end("return 1")
        await request
        told = last(desk)
        assert (told.outcome, told.answers) == (Outcome.ANSWERED, ("return 1",))
        assert told.timings == Timings(predicted_tokens=1)
        assert told.total_ms is not None


async def test_what_was_ended_says_so() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        await desk.call()
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        assert last(desk).outcome is Outcome.ENDED
        failing = desk.request()
        (await desk.call(1)).fail(BackendFailed("It broke."))
        await failing
        assert last(desk).outcome is Outcome.ENDED


async def test_what_is_asked_ahead_is_told_of_once_somebody_asks_for_it() -> None:
    async with Desk("return 1", "return 2") as desk:
        desk.open(FILE)
        await desk.ask()
        first = last(desk)
        ahead = await desk.call(1)  # as if the answer had been accepted
        await ahead.closed.wait()
        await asyncio.sleep(0)
        assert last(desk) is first
        desk.type("return 1")
        await desk.ask()
        assert last(desk).prompt is ahead.request.prompt


async def test_an_answer_from_memory_is_counted() -> None:
    async with Desk("return 1") as desk:
        desk.open(FILE)
        await desk.ask()
        desk.type("ret")
        await desk.ask()
        desk.type("u")
        await desk.ask()
        assert last(desk).repeated == 2


async def test_a_closed_document_has_none() -> None:
    async with Desk("return 1", "x") as desk:
        desk.open(FILE, "a.py")
        await desk.ask()
        a = desk.cursor.document.uri
        desk.open(FILE, "b.py")
        await desk.ask()
        accounts = desk.completer.accounts
        assert accounts.newest() is last(desk)
        desk.close()
        newest = accounts.newest()
        assert newest is not None
        assert newest.uri == a
        desk.completer.forget(a)
        assert accounts.newest() is None


def test_no_more_than_a_few_are_kept() -> None:
    accounts = Accounts()
    told: list[str] = []
    accounts.tell = told.append
    one = made("x = █\n", 100)
    for number in range(40):
        begun = accounts.begin(replace(one, uri=f"file:///{number}"), object(), ahead=False)
        accounts.end(begun, Progress(), 0.1, whole=True)
    kept = [number for number in range(40) if accounts.get(f"file:///{number}")]
    assert kept == list(range(8, 40))
    assert told[-2:] == ["file:///39", "file:///39"]
