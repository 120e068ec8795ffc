"""What is likely to be wanted at a place: a drawn workspace with a cursor in, what is shown out."""

from __future__ import annotations

import pytest

from inglenook_context.candidates import candidates
from tests.support.drawn_files import DrawnFiles

SHOP = """
== shop/__init__.py
== shop/errors.py
class OutOfStock(Exception):
    def __init__(self, sku: str, wanted: int) -> None: ...
class Unpaid(Exception): ...
def explain(error): ...
== shop/base.py
class Store:
    def restock(self, sku: str, units: int = 1) -> "Store": ...
    def close(self) -> None: ...
== shop/stock.py
from shop.base import Store
from dataclasses import dataclass
LIMIT = 10
@dataclass
class Line:
    sku: str
    units: int
class Stock(Store):
    keeper: "Keeper"
    def __init__(self, name: str) -> None:
        self.lines: list[Line] = []
    def reserve(self, sku: str, units: int) -> Line: ...
    @property
    def value(self) -> int: ...
class Keeper:
    def wake(self, loud: bool = False) -> None: ...
def open_stock(path: str, *, create: bool = False) -> Stock: ...
"""


def files(drawing: str) -> DrawnFiles:
    return DrawnFiles.of(SHOP + "== shop/main.py\n" + drawing)


@pytest.mark.parametrize(
    ("drawing", "first"),
    [
        pytest.param(
            """
from shop.stock import Stock, Line, open_stock
def work(stock: Stock):
    stock.█
""",
            {"shop/stock.py:Stock.reserve", "shop/base.py:Store.restock"},
            id="a parameter with a class",
        ),
        pytest.param(
            """
from shop.stock import open_stock
def work():
    stock = open_stock("x")
    stock.rest█
""",
            {"shop/base.py:Store.restock"},
            id="what a function returns, through a base",
        ),
        pytest.param(
            """
from shop import stock
def work():
    first = stock.open_█
""",
            {"shop/stock.py:open_stock"},
            id="of a module",
        ),
        pytest.param(
            """
from shop.stock import Stock
class Big(Stock):
    def grow(self):
        self.keeper.█
""",
            {"shop/stock.py:Keeper.wake"},
            id="an attribute of the own class",
        ),
        pytest.param(
            """
from shop.stock import Stock
class Big(Stock):
    def close(self):
        super().█
""",
            {"shop/base.py:Store.close"},
            id="what is overridden",
        ),
        pytest.param(
            """
from shop.stock import open_stock, Line, Stock
stock = open_stock("x", █
""",
            {"shop/stock.py:open_stock"},
            id="the call that is being written",
        ),
        pytest.param(
            """
from shop.stock import Stock, Line
from shop.errors import OutOfStock, explain
def take(stock: Stock, sku: str):
    if not stock:
        raise █
""",
            {"shop/errors.py:OutOfStock"},
            id="behind raise",
        ),
        pytest.param(
            """
from shop.stock import LIMIT, Line, open_stock
def check(units):
    line = Line("a", units)
    return open_stock(str(line)), █
""",
            {"shop/stock.py:open_stock"},
            id="the call round the cursor, though it is closed",
        ),
        pytest.param(
            """
def check(units):
    from shop.stock import Line
    return █
""",
            {"shop/stock.py:Line"},
            id="an import of the function",
        ),
    ],
)
def test_what_comes_first(drawing: str, first: set[str]) -> None:
    assert files(drawing).ranked()[0] in first


def test_what_is_imported_and_not_used_yet_comes_before_what_is() -> None:
    ranked = files("""
from shop.stock import Line, Keeper
line = Line("a", 1)
x = █
""").ranked()
    assert ranked.index("shop/stock.py:Keeper") < ranked.index("shop/stock.py:Line")


def test_nothing_of_the_own_file_and_nothing_twice() -> None:
    ranked = files("""
from shop.stock import Stock
from shop.stock import Stock as Again
def helper(): ...
stock = Stock("x")
stock.█
""").ranked()
    assert len(ranked) == len(set(ranked))
    assert not any(name.startswith("shop/main.py") for name in ranked)


def test_what_a_model_is_shown() -> None:
    """Classes with their constructor or fields, members under their class, one line each."""
    assert files("""
from shop.stock import Line, Stock, open_stock
from shop.errors import OutOfStock
def take(stock: Stock, sku: str):
    line = stock.█
""").shown() == (
        "== shop/base.py\n"
        "class Store:\n"
        '    def restock(self, sku: str, units: int = 1) -> "Store"\n'
        "    def close(self) -> None\n"
        "== shop/errors.py\n"
        "class OutOfStock(Exception):\n"
        "    def __init__(self, sku: str, wanted: int) -> None\n"
        "== shop/stock.py\n"
        "class Line:\n"
        "    sku: str\n"
        "    units: int\n"
        "class Stock(Store):\n"
        "    def __init__(self, name: str) -> None\n"
        '    keeper: "Keeper"\n'
        "    lines: list[Line]\n"
        "    def reserve(self, sku: str, units: int) -> Line\n"
        "    value: int\n"
        "def open_stock(path: str, *, create: bool = False) -> Stock\n"
    )


@pytest.mark.parametrize("budget", [0, 30, 60, 120, 240, 480])
def test_a_budget_is_kept(budget: int) -> None:
    shown = files("""
from shop.stock import Line, Stock, open_stock
from shop.errors import OutOfStock, Unpaid, explain
def take(stock: Stock, sku: str):
    line = stock.█
""").shown(budget)
    assert len(shown) <= budget


def test_broken_code_is_normal_input() -> None:
    assert (
        files("""
from shop.stock import (Stock, open_stock
def take(stock: Stock, sku: str
    line = stock.reser█
""").ranked()[0]
        == "shop/stock.py:Stock.reserve"
    )


def test_of_very_many_only_the_likeliest_are_offered() -> None:
    """Of a module with thousands of names, and of a package that has hundreds from its parts."""
    own = "".join(f"def func_{n}(x: int): ...\n" for n in range(2_000))
    imports = "".join(f"from .m{n} import name_{n}\n" for n in range(200))
    parts = "".join(f"== big/m{n}.py\ndef name_{n}(x: int): ...\n" for n in range(200))
    drawing = f"== huge.py\n{own}== big/__init__.py\n{imports}{parts}== main.py\nimport huge\n"
    files = DrawnFiles.of(drawing + "import big\nhuge.func_1717(big.name_18█\n")
    assert len(candidates(files.scene)) <= 250
    ranked = files.ranked()
    assert ranked[0] == "big/m18.py:name_18"
    assert "huge.py:func_1717" in ranked


def test_of_a_long_line_only_the_end_is_read() -> None:
    """In time that grows with the square of its length this would take minutes."""
    files = DrawnFiles.of(
        f"== a.py\ndef f(x): ...\n== b.py\nimport a\nx = '{'A' * 300_000}' + a.█\n"
    )
    assert files.ranked() == ["a.py:f"]
