"""Where a name leads, in Python."""

from __future__ import annotations

import pytest

from tests.support.drawn_files import DrawnFiles

FILES = DrawnFiles.of("""
== app/main.py
import app.money
import app.store as warehouse
from app import names, tools
from app.money import Money as Cash, RATE
from .deep import far
from .stars import *
from missing import nothing
wallet = Cash(1)
shelf: "warehouse.Shelf | None" = None
made = tools.make()
== app/__init__.py
from .money import Money
== app/money.py
RATE = 1.5
class Coin:
    def flip(self) -> bool: ...
class Money(Coin):
    currency: str = "EUR"
    def __init__(self, cents: int, owner: "Owner") -> None:
        self.cents = cents
        self.owner = owner
        self.keeper = owner.keeper
        self.vault = Vault()
    def split(self, parts: int) -> list["Money"]: ...
    def twin(self) -> "Self": ...
    @property
    def purse(self) -> Purse: ...
class Vault:
    def lock(self): ...
class Purse:
    def snap(self): ...
class Owner:
    keeper: Vault
== app/store.py
from app.money import Money
class Shelf:
    price: Money
== app/tools.py
from app.store import Shelf
def make() -> Shelf: ...
== app/names.py
SMALL = 1
== app/deep/__init__.py
from .inner import far
== app/deep/inner.py
from . import other
def far(): ...
== app/deep/other.py
from .inner import far as again
== app/stars.py
from app.circle import *
def twinkle(): ...
== app/circle.py
from app.stars import *
def round_and_round(): ...
""")


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("Cash", "app/money.py:Money"),
        ("RATE", "app/money.py:RATE"),
        ("names", "app/names.py"),
        ("names.SMALL", "app/names.py:SMALL"),
        ("warehouse", "app/store.py"),
        ("warehouse.Shelf", "app/store.py:Shelf"),
        ("app.money.Coin", "app/money.py:Coin"),
        ("tools.make", "app/tools.py:make"),
        ("far", "app/deep/inner.py:far"),
        ("twinkle", "app/stars.py:twinkle"),
        ("round_and_round", "app/circle.py:round_and_round"),
        ("Cash.flip", "app/money.py:Coin.flip"),
        ("Cash.currency", "app/money.py:Money.currency"),
        ("wallet.split", "app/money.py:Money.split"),
        ("wallet.owner.keeper", "app/money.py:Owner.keeper"),
        ("wallet.owner.keeper.lock", "app/money.py:Vault.lock"),
        ("wallet.keeper.lock", "app/money.py:Vault.lock"),
        ("wallet.vault.lock", "app/money.py:Vault.lock"),
        ("shelf.price.flip", "app/money.py:Coin.flip"),
        ("made.price", "app/store.py:Shelf.price"),
        ("nothing", "?"),
        ("wallet.absent", "?"),
        ("absent", "?"),
    ],
)
def test_where_an_expression_leads(expression: str, place: str) -> None:
    assert FILES.name(FILES.resolver.expression("app/main.py", expression)) == place


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("Cash", "app/money.py:Money"),
        ("'Cash'", "app/money.py:Money"),
        ("Optional[Cash]", "app/money.py:Money"),
        ("t.Optional['Cash']", "app/money.py:Money"),
        ("None | Cash", "app/money.py:Money"),
        ("type[Cash]", "app/money.py:Money"),
        ("Annotated[Cash, 1]", "app/money.py:Money"),
        ("Cash()", "app/money.py:Money"),
        ("tools.make()", "app/store.py:Shelf"),
        ("list[Cash]", "?"),
        ("int", "?"),
        ("", "?"),
        ("]]", "?"),
    ],
)
def test_which_class_a_type_means(type_: str, place: str) -> None:
    assert FILES.name(FILES.resolver.type_class("app/main.py", type_)) == place


def test_members_with_those_of_the_bases() -> None:
    place = FILES.resolver.expression("app/money.py", "Money")
    assert place is not None
    assert list(FILES.resolver.members(place)) == [
        *("currency", "__init__", "cents", "owner", "keeper", "vault"),
        *("split", "twin", "purse", "flip"),
    ]


def test_circles_of_classes_end() -> None:
    files = DrawnFiles.of("""
== a.py
from b import B
class A(B):
    def of_a(self): ...
== b.py
from a import A
class B(A, B):
    def of_b(self): ...
""")
    place = files.resolver.expression("a.py", "A")
    assert place is not None
    assert list(files.resolver.members(place)) == ["of_a", "of_b"]


def test_packages_below_other_roots() -> None:
    files = DrawnFiles.of("""
== src/lib/part.py
def work(): ...
== tests/test_part.py
from lib.part import work
from helpers import help
== tests/helpers.py
def help(): ...
""")
    assert files.name(files.resolver.export("tests/test_part.py", "work")) == "src/lib/part.py:work"
    assert (
        files.name(files.resolver.export("tests/test_part.py", "help")) == "tests/helpers.py:help"
    )


def test_packages_without_a_file_of_their_own() -> None:
    files = DrawnFiles.of("""
== shop/money.py
def rounded(amount): ...
== shop/parts/tax.py
def tax_of(amount): ...
== shop/cart.py
from . import money
from shop.parts import tax as duty
from shop import nothing
""")
    assert files.name(files.resolver.expression("shop/cart.py", "money.rounded")) == (
        "shop/money.py:rounded"
    )
    assert files.name(files.resolver.expression("shop/cart.py", "duty.tax_of")) == (
        "shop/parts/tax.py:tax_of"
    )
    assert files.resolver.export("shop/cart.py", "nothing") is None


def test_the_package_that_a_file_is_in_goes_before_another_of_its_name() -> None:
    files = DrawnFiles.of("""
== app/m.py
def other(): ...
== services/a/app/m.py
def g(): ...
== services/a/app/x.py
from app.m import g
""")
    assert files.name(files.resolver.export("services/a/app/x.py", "g")) == "services/a/app/m.py:g"


def test_imports_that_go_on() -> None:
    files = DrawnFiles.of("""
== a.py
def f(): ...
def g(): ...
== b.py
from a import \\
    f, \\
    g as h
from a import (  # (both)
    g,
)
""")
    for name, found in (("f", "a.py:f"), ("h", "a.py:g"), ("g", "a.py:g")):
        assert files.name(files.resolver.export("b.py", name)) == found
