"""Where the test of a file is, and what it is offered of the file."""

from __future__ import annotations

import pytest

from inglenook_context.counterpart import counterpart, counterparts, is_test
from tests.support.drawn_files import DrawnFiles

PAIRS = [
    ("cart.py", "test_cart.py"),
    ("shop/cart.py", "shop/test_cart.py"),
    ("shop/cart.py", "shop/cart_test.py"),
    ("shop/cart.py", "shop/tests/test_cart.py"),
    ("shop/cart.py", "tests/test_cart.py"),
    ("shop/cart.py", "tests/shop/test_cart.py"),
    ("src/shop/cart.py", "tests/shop/test_cart.py"),
    ("shop/data/cart.py", "tests/data/test_cart.py"),
    ("src/cart.ts", "src/cart.test.ts"),
    ("src/cart.ts", "src/cart.spec.ts"),
    ("src/Cart.tsx", "src/__tests__/Cart.test.tsx"),
    ("src/cart.js", "src/__tests__/cart.js"),
    ("src/shop/cart.ts", "test/shop/cart.test.ts"),
    ("shop/cart.go", "shop/cart_test.go"),
    ("src/cart.rs", "tests/cart.rs"),
    ("crates/shop/src/cart.rs", "crates/shop/tests/cart_test.rs"),
    ("crates/shop/src/cart/mod.rs", "crates/shop/tests/cart.rs"),
    ("src/main/java/shop/Cart.java", "src/test/java/shop/CartTest.java"),
    ("shop/Cart.java", "shop/CartIT.java"),
]


UNTOLD = ("tests/test_cart.py", "tests/data/test_cart.py")  # of which package, they do not tell


@pytest.mark.parametrize(("file", "test"), PAIRS)
def test_a_file_and_its_test_find_each_other(file: str, test: str) -> None:
    assert test in counterparts(file)
    assert is_test(test)
    assert not is_test(file)
    if test not in UNTOLD:
        assert file in counterparts(test)


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "Makefile", ".py", "a.", "notes.md", "a/" * 40 + "b.py", "test_.py"),
        *("_test.go", "tests/conftest.py", "x.test.test.ts", "😀/\ud800.py", "Test.java"),
    ],
)
def test_any_path_has_few_counterparts_and_never_itself(path: str) -> None:
    found = counterparts(path)
    assert len(found) == len(set(found)) <= 40
    assert path not in found


SHOP = """
== shop/cart.py
class Cart:
    def add_line(self, sku): ...
    def total(self): ...
class Line: ...
def open_cart(path): ...
def _hidden(): ...
"""


def offered(drawing: str) -> dict[str, float]:
    files = DrawnFiles.of(SHOP + drawing)
    scene = files.scene
    counterpart(scene)
    found = sorted(scene.found.values(), key=lambda each: -each.score)
    assert {each.reason for each in found} <= {"counterpart"}
    return {files.name(each.place).partition(":")[2]: each.score for each in found}


def test_a_test_is_offered_what_its_file_defines() -> None:
    found = offered("== tests/shop/test_cart.py\ndef test_something():\n    █\n")
    assert set(found) == {"Cart", "Line", "open_cart"}


def test_the_test_s_own_name_tells_what_is_wanted() -> None:
    found = offered("== tests/shop/test_cart.py\ndef test_open_cart_twice():\n    █\n")
    assert next(iter(found)) == "open_cart"


def test_what_is_imported_is_left_to_the_imports() -> None:
    found = offered("== tests/test_cart.py\nfrom shop.cart import Line\nx = █\n")
    assert set(found) == {"Cart", "open_cart"}


def test_members_of_a_class_that_stands_near() -> None:
    found = offered(
        "== tests/shop/test_cart.py\ndef test_total():\n    cart = Cart()\n    cart.add█\n"
    )
    assert {"Cart.add_line", "Cart.total"} <= set(found)


def test_a_file_is_offered_no_more_of_its_test_than_classes_that_stand_near() -> None:
    test = "class FakeClock: ...\nclass TestCart: ...\ndef test_total(): ...\ndef helper(): ...\n"
    drawing = f"== tests/test_bill.py\n{test}== shop/bill.py\n"
    assert offered(drawing + "def bill(clock: FakeClock):\n    return helper(█\n").keys() == {
        "FakeClock"
    }
    assert offered(drawing + "def bill(clock):\n    return █\n") == {}


@pytest.mark.parametrize(
    "drawing",
    [
        "from shop.other import thing\n█",
        "from shop import cart\n█",
        "import shop\n█",
    ],
)
def test_the_file_under_test_is_found_beside_what_the_test_imports(drawing: str) -> None:
    files = "== shop/__init__.py\n== shop/other.py\nthing = 1\n"
    assert "open_cart" in offered(f"{files}== tests/test_cart.py\n{drawing}")


def test_without_a_counterpart_there_is_nothing() -> None:
    assert offered("== tests/test_other.py\nx = █\n") == {}
