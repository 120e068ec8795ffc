"""What the user's file says of completions of one model (`autocompleteOptions` and sampling)."""

from __future__ import annotations

import asyncio
import time

import pytest

from inglenook.engine.ask import Ask
from inglenook.engine.context import gather
from inglenook.models.model import Fill, Way
from inglenook.models.spec import Autocomplete, ModelSpec, Multiline, Provider, Sampling
from inglenook_context.window import LARGE
from tests.engine.test_elsewhere import CUSTOMERS, ORDERS, filler
from tests.support.desk import Desk, ScriptedModel

CODE = "def total(prices):\n    █\n\nprint(total([1]))\n"


def entry(sampling: Sampling | None = None, **options: object) -> ModelSpec:
    autocomplete = Autocomplete(**options)  # type: ignore[arg-type]
    return ModelSpec(
        "m", Provider.FAKE, "m", sampling=sampling or Sampling(), autocomplete=autocomplete
    )


async def test_switched_off_no_model_is_asked() -> None:
    async with Desk("return 1", entry=entry(enabled=False)) as desk:
        desk.open(CODE)
        assert await desk.ask() == ""
        assert await desk.ask(automatic=False) == ""
        assert desk.model.calls == []


async def test_switched_off_while_the_first_search_runs() -> None:
    model = ScriptedModel(loaded=False, answers=["return 1"])
    model.loads.set()
    async with Desk(model=model, entry=entry(enabled=False)) as desk:
        desk.open(CODE)
        desk.supply.start()
        assert desk.supply.looking
        assert await desk.ask() == ""
        assert desk.model.calls == []


async def test_files_that_are_left_out() -> None:
    async with Desk("return 1", entry=entry(disabled_files=("*.gen.py",))) as desk:
        desk.open(CODE, "case.gen.py")
        assert await desk.ask() == ""
        desk.open(CODE, "case.py")
        assert await desk.ask() == "return 1"


@pytest.mark.parametrize(
    ("multiline", "single"), [(Multiline.NEVER, True), (Multiline.ALWAYS, False)]
)
async def test_one_line_or_several(multiline: Multiline, single: bool) -> None:
    for code in (CODE, "x = █  # one line\ny = 1\n"):
        async with Desk("1", entry=entry(multiline=multiline)) as desk:
            desk.open(code)
            await desk.session.settled()
            await desk.ask()
            assert desk.model.calls[0].request.single_line is single


async def test_a_prompt_of_so_many_tokens() -> None:
    code = "".join(f"value_{number} = {number}\n" for number in range(2000)) + "█\n"
    async with Desk("x", entry=entry(max_prompt_tokens=100)) as desk:
        desk.open(code)
        await desk.ask()
        assert desk.model.calls[0].request.prompt.size <= 500
    async with Desk("x") as desk:
        desk.open(code)
        await desk.ask()
        assert desk.model.calls[0].request.prompt.size > 1000


async def test_an_automatic_request_waits_as_long_as_the_user_set() -> None:
    async with Desk("return 1", entry=entry(debounce_ms=150)) as desk:
        desk.open(CODE)
        began = time.monotonic()
        asking = desk.request()
        await asyncio.sleep(0.05)
        assert desk.model.calls == []
        assert (await asking).texts == ("return 1",)
        assert time.monotonic() - began >= 0.15


async def test_sampling_goes_with_the_request() -> None:
    sampling = Sampling(temperature=0.4, top_p=0.9, stop=("END",))
    async with Desk("return 1", entry=entry(sampling)) as desk:
        desk.open(CODE)
        await desk.ask()
        assert desk.model.calls[0].request.sampling == sampling


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (Autocomplete(), True),
        (Autocomplete(use_recently_opened=False, use_recently_edited=False), False),
    ],
)
async def test_code_of_other_open_files(options: Autocomplete, shown: bool) -> None:
    async with Desk() as desk:
        desk.open(f"{filler('a')}{CUSTOMERS}{filler('b')}█", "customers.py")
        desk.open(f"{filler('o', 60)}{ORDERS}{filler('p', 60)}", "orders.py")
        await desk.session.settled()
        made = gather(desk.session, Ask(desk.cursor, automatic=False), LARGE, options, steady=False)
        texts = [each.text for each in made.prompt.snippets]
        assert any("site.mount(panel" in text for text in texts) is shown


@pytest.mark.parametrize("wanted", [True, False])
async def test_definitions_of_other_files(wanted: bool) -> None:
    async with Desk() as desk:
        desk.open("def price(sku: str) -> float:\n    ...\n█", "price.py")
        desk.open("from price import price\n\ntotal = price(█\n", "cart.py")
        await desk.session.settled()
        options = Autocomplete(use_imports=wanted, use_recently_opened=False)
        made = gather(desk.session, Ask(desk.cursor, automatic=False), LARGE, options, steady=False)
        assert any("def price" in each.text for each in made.prompt.snippets) is wanted


async def test_without_the_cache_every_request_asks() -> None:
    async with Desk("one", "two", entry=entry(use_cache=False)) as desk:
        desk.open(CODE)
        assert await desk.ask() == "one"
        desk.close()
        desk.open(CODE)
        assert await desk.ask() == "two"


async def test_a_template_of_the_users_own_is_how_it_is_asked() -> None:
    async with Desk("x", entry=entry(template="A{{{prefix}}}B")) as desk:
        assert desk.model.info.way == Way(Fill.TEMPLATE, "custom:A{{{prefix}}}B")
