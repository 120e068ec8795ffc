"""Models by the name of their entry: made when wanted, shown in turn, dropped when forbidden."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from inglenook.engine.probing import Probing
from inglenook.engine.status import State, Status
from inglenook.engine.supplies import Supplies
from inglenook.engine.supply import Discovery, Find
from inglenook.models.errors import BackendOffline
from tests.support.desk import INFO, ScriptedModel


class Fleet:
    """``there`` are the models that can be found, by the names of their entries."""

    def __init__(self, **there: ScriptedModel) -> None:
        self.there = there
        self.searched: list[str] = []
        self.told: list[Status] = []
        self.chosen = "small"
        self.supplies = Supplies(
            self.finder,
            lambda _uri, _language: self.chosen,
            self.told.append,
            lambda: Probing(None),
        )

    def finder(self, name: str) -> Find:
        async def find() -> Discovery:
            self.searched.append(name)
            found = self.there.get(name)
            return Discovery(found, Status(State.OFFLINE, f"no {name}"))

        return find


def named(name: str) -> ScriptedModel:
    return ScriptedModel(replace(INFO, name=name))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_model_is_looked_for_when_it_is_first_wanted() -> None:
    fleet = Fleet(small=named("s"), large=named("l"))
    small = fleet.supplies.of("file:///a", "python")
    await until(lambda: small.lane)
    assert fleet.searched == ["small"]
    fleet.chosen = "large"
    large = fleet.supplies.of("file:///a", "python")
    await until(lambda: large.lane)
    assert fleet.supplies.of("file:///b", "python") is large
    assert [each.model for each in fleet.told if each.state is State.IDLE] == ["s", "l"]
    await fleet.supplies.close()


async def test_entries_of_one_model_have_one_turn_at_a_time() -> None:
    fleet = Fleet(small=named("same"), large=named("same"), other=named("other"))
    supplies = [fleet.supplies.named(name) for name in ("small", "large", "other")]
    await until(lambda: all(each.lane for each in supplies))
    one, two, three = (each.lane for each in supplies if each.lane)
    async with one.turn():
        assert not two.idle
        assert three.idle
    await fleet.supplies.close()


async def test_the_status_of_another_model_is_shown_when_the_user_turns_to_it() -> None:
    fleet = Fleet(small=named("s"), large=named("l"))
    fleet.supplies.show("small")
    large = fleet.supplies.named("large")
    await until(lambda: large.lane and large.status.state is State.IDLE)
    await until(lambda: fleet.told and fleet.told[-1].model == "s")
    assert all(each.model != "l" for each in fleet.told)
    fleet.supplies.show("large")
    assert fleet.told[-1] == large.status
    await fleet.supplies.close()


async def test_what_new_settings_forbid_is_not_asked_any_more() -> None:
    fleet = Fleet(small=named("s"))
    supply = fleet.supplies.show("small")
    await until(lambda: supply.lane)
    del fleet.there["small"]
    await fleet.supplies.renew(fleet.finder, frozenset({"small"}))
    await until(lambda: supply.lane is None)
    assert fleet.told[-1].text == "no small"
    await fleet.supplies.close()


async def test_what_nobody_chooses_any_more_is_closed_and_the_rest_is_found_anew() -> None:
    fleet = Fleet(small=named("s"), large=named("l"))
    small, large = fleet.supplies.show("small"), fleet.supplies.named("large")
    await until(lambda: small.lane and large.lane)
    before = small.lane
    fleet.there["small"] = named("s")
    await fleet.supplies.renew(fleet.finder, frozenset({"small"}))
    assert list(fleet.supplies.in_use()) == ["small"]
    assert large.lane is None
    await until(lambda: small.lane is not None and small.lane is not before)
    await fleet.supplies.close()


async def test_a_request_that_outlives_its_model_says_nothing_of_the_next() -> None:
    fleet = Fleet(small=named("s"))
    supply = fleet.supplies.show("small")
    await until(lambda: supply.lane and supply.status.state is State.IDLE)
    older = supply.lane
    assert older is not None
    with supply.working(older):
        fleet.there["small"] = named("next")
        await fleet.supplies.renew(fleet.finder, frozenset({"small"}))
        await until(lambda: supply.lane is not older and supply.status.model == "next")
        told = len(fleet.told)
        supply.failed(older, BackendOffline("The older one is gone."))
        supply.worked(older)
        await asyncio.sleep(0.2)  # by then a working model is shown as busy
    assert fleet.told[told:] == []
    await fleet.supplies.close()


async def test_a_search_by_older_settings_that_ends_late_brings_nothing() -> None:
    fleet = Fleet(small=named("s"))
    supply = fleet.supplies.show("small")
    await until(lambda: supply.lane)
    held, asked = asyncio.Event(), asyncio.Event()

    async def slow() -> Discovery:
        asked.set()
        await held.wait()
        return Discovery(named("s"), Status(State.IDLE))

    supply.renew(slow)
    await asked.wait()
    del fleet.there["small"]
    await fleet.supplies.renew(fleet.finder, frozenset({"small"}))
    held.set()
    await until(lambda: supply.lane is None)
    assert fleet.told[-1].text == "no small"
    await fleet.supplies.close()
