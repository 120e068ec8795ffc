"""What is looked up ahead, what is done when there is no time, and what is priced."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest

from inglenook_context.ahead import looking_ahead
from inglenook_context.candidates import candidates
from inglenook_context.choice import _KEPT, _SHARE, _Bill, _worth, choose
from inglenook_context.facts import Facts
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Candidate, Scene
from tests.support.drawn_files import DrawnFiles

FILES = DrawnFiles.of("""
== shop/__init__.py
from shop.stock import *
from shop.money import Money
== shop/money.py
class Money:
    def plus(self, other): ...
== shop/base.py
class Store:
    def __init__(self, name): ...
    def close(self): ...
== shop/stock.py
from shop.base import Store
class Stock(Store):
    def count(self): ...
def open_stock(name) -> Stock: ...
== shop/desk.py
class Desk: ...
== shop/main.py
import shop
from shop.desk import Desk
from shop.stock import Stock, open_stock
STOCK = open_stock("a")
class Till(Desk):
    def __init__(self):
        self.stock = Stock("b")
    def pay(self):
        self.stock.█
""")


@dataclass
class Asked:
    """The drawn files, and which of them were asked for."""

    paths: set[str] = field(default_factory=set)

    def facts(self, path: str) -> Facts | None:
        self.paths.add(path)
        return FILES.facts(path)

    def exists(self, path: str) -> bool:
        return FILES.exists(path)

    def listed(self, directory: str) -> list[str]:
        return FILES.listed(directory)


def scene(resolver: Resolver, late: bool = False) -> Scene:
    drawn = FILES.scene
    return Scene.at(drawn.cursor, drawn.reading, drawn.facts, drawn.used, resolver, lambda: late)


def test_a_key_asks_for_no_file_that_was_not_looked_at_ahead() -> None:
    asked = Asked()
    resolver = Resolver(asked)
    steps = list(looking_ahead(FILES.scene.facts, resolver))
    ahead = set(asked.paths)
    assert len(steps) >= len(ahead)  # never many at once
    asked.paths.clear()
    choose(candidates(scene(resolver)), resolver, 2_000)
    assert asked.paths <= ahead
    assert {"shop/base.py", "shop/money.py", "shop/desk.py"} <= ahead


def test_looking_ahead_changes_nothing_of_what_is_found() -> None:
    resolver = Resolver(FILES)
    list(looking_ahead(FILES.scene.facts, resolver))
    assert set(candidates(scene(resolver))) == set(candidates(scene(Resolver(FILES))))


def test_without_time_there_is_what_stands_before_the_dot() -> None:
    resolver = Resolver(FILES)
    cut = scene(resolver, late=True)
    names = {FILES.name(each.place) for each in candidates(cut)}
    assert cut.is_cut
    assert "shop/stock.py:Stock.count" in names
    assert "shop/money.py:Money" not in names
    whole = scene(resolver)
    assert {FILES.name(each.place) for each in candidates(whole)} >= names
    assert not whole.is_cut


@pytest.mark.parametrize("seed", range(40))
def test_few_are_priced_and_the_choice_is_the_same(seed: int) -> None:
    chance = Random(seed)
    names = [f"{chance.choice('abc') * chance.randint(1, 30)}_{n}" for n in range(60)]
    methods = "".join(
        f"    def {name}_m(self{', x' * chance.randint(0, 9)}): ...\n" for name in names
    )
    functions = "".join(f"def {name}(x{', y' * chance.randint(0, 9)}): ...\n" for name in names)
    drawn = DrawnFiles.of(f"== a.py\nclass A:\n{methods}{functions}== main.py\n█\n")
    facts = drawn.facts("a.py")
    assert facts is not None
    places = [Place("a.py", number) for number in range(len(facts.definitions))]
    found = [
        Candidate(place, chance.choice((0.0, 1.0, chance.random() * 9)), "") for place in places
    ]
    kept = frozenset(chance.sample(places, 5))
    budget = chance.choice((60, 400, 2_400))
    assert choose(found, drawn.resolver, budget, kept) == _plainly(found, drawn, budget, kept)


def _plainly(
    found: list[Candidate], drawn: DrawnFiles, budget: int, kept: frozenset[Place]
) -> tuple[Candidate, ...]:
    """The same, with every price looked up first."""
    bill = _Bill(drawn.resolver)

    def worth(each: Candidate) -> float:
        score = each.score * (_KEPT if each.place in kept else 1.0)
        return _worth(score, bill.price(each.place))

    left, chosen = budget, []
    for each in sorted(found, key=lambda each: (-worth(each), each.place)):
        price = bill.price(each.place)
        if price <= left and price <= budget * _SHARE:
            chosen.append(each)
            bill.note(each.place)
            left -= price
        if left < 8:
            break
    return tuple(sorted(chosen, key=lambda each: each.place))
