"""Which code of other files goes with a selection: ⟦ and ⟧ are round it."""

from __future__ import annotations

import pytest

from inglenook.engine.chat.material import Material, material
from inglenook.models.chatting import Message
from tests.support.parlour import Parlour

SHOP = """\
class Till:
    def open_till(self) -> bool:
        return True

class Shelf:
    def first_item(self) -> str:
        return ""

    def clear_all(self) -> None: ...

def price_of(item: str) -> float:
    return 1.0
"""


async def steps_of(drawing: str, name: str = "case.py", language: str = "python") -> list[Material]:
    async with Parlour() as parlour:
        await parlour.open(SHOP, "shop.py")
        await parlour.open(
            "package shop\n\nfunc PriceOf(item string) int { return 1 }\n", "b.go", "go"
        )
        question = await parlour.open(drawing, name, language)
        return list(material(parlour.session, question))


async def shown(drawing: str, name: str = "case.py", language: str = "python") -> str:
    *_, last = await steps_of(drawing, name, language)
    return "".join(snippet.text for snippet in last.snippets)


async def test_what_an_expression_means_is_shown_and_nothing_else() -> None:
    text = await shown(
        "from shop import Shelf, Till\n\n"
        "def look(shelf: Shelf, till: Till):\n"
        "    ⟦name = shelf.first_item()⟧\n"
        "    till.open_till()\n"
    )
    assert "def first_item(self) -> str" in text
    assert "clear_all" not in text
    assert "open_till" not in text


async def test_each_function_of_a_selection_has_its_own_variables() -> None:
    text = await shown(
        "from shop import Shelf, Till\n\n"
        "⟦def one():\n    it = Shelf()\n    it.first_item()\n\n"
        "def two():\n    it = Till()\n    it.open_till()\n⟧"
    )
    assert "first_item" in text
    assert "open_till" in text


@pytest.mark.parametrize(
    "selected",
    [
        "    def look(self, it: Shelf):\n        it.first_item()\n        ⟦self.till.reset()⟧\n",
        "    def look(self, it: Shelf):\n        return 1\n\n    ⟦done = till.reset()⟧\n",
        "    ⟦def look(self, till: Till):\n        return till.reset()⟧\n",
    ],
)
async def test_the_class_round_a_selection_is_known(selected: str) -> None:
    """In the middle of a method, in none, and where the selection begins with one."""
    async with Parlour() as parlour:
        both = "class Till:\n    def reset(self) -> bool: ...\n\n"
        both += "class Shelf:\n    def reset(self) -> bytes: ...\n    def first_item(self): ...\n"
        await parlour.open(both, "both.py")
        drawing = f"from both import Shelf, Till\n\nclass Shop:\n    till: Till\n\n{selected}"
        *_, last = material(parlour.session, await parlour.open(drawing))
    text = "".join(snippet.text for snippet in last.snippets)
    assert "def reset(self) -> bool" in text
    assert "bytes" not in text
    assert "first_item" not in text


async def test_the_last_of_many_functions_has_its_variables() -> None:
    many = "".join(f"def f{n}():\n    it = Till()\n\n" for n in range(30))
    last = "def last():\n    it = Shelf()\n    it.first_item()\n"
    assert "first_item" in await shown(f"from shop import Shelf, Till\n\n⟦{many}{last}⟧")


@pytest.mark.parametrize("selected", ["⟦⟧", "⟦price_of(1)⟧"])
async def test_without_a_selection_it_is_the_function_round_the_cursor(selected: str) -> None:
    text = await shown(
        "from shop import Shelf, price_of\n\n"
        "def look():\n    price_of('a')\n    " + selected + "\n    return 1\n"
    )
    assert "def price_of(item: str) -> float" in text


async def test_a_variable_of_unknown_type_has_what_an_open_file_defines() -> None:
    assert "def open_till" in await shown("def look(thing):\n    ⟦thing.open_till()⟧\n")


async def test_a_package_whose_files_need_no_import() -> None:
    go = "package shop\n\nfunc Sum() int {\n\t⟦return PriceOf(`a`)⟧\n}\n"
    assert "func PriceOf(item string) int" in await shown(go, "a.go", "go")


PRICES = "package shop;\n\npublic class Prices {\n    int of(String x) { return 1; }\n}\n"
CART = """\
package shop;

class Cart {
    int sum(Prices prices) {
        ⟦return prices.of("a");⟧
    }
}
"""


async def test_a_java_class_of_the_same_package() -> None:
    async with Parlour() as parlour:
        await parlour.open(PRICES, "Prices.java", "java")
        question = await parlour.open(CART, "Cart.java", "java")
        *_, last = material(parlour.session, question)
        assert "int of(String x)" in "".join(each.text for each in last.snippets)


async def test_a_long_selection_is_looked_at_in_many_steps() -> None:
    """However long it is, no step reads more than a part of it."""
    lines = "".join(f"    value_{n} = price_of(name_{n})\n" for n in range(4_000))
    steps = await steps_of(f"from shop import price_of\n\ndef f():\n⟦{lines}⟧")
    assert len(steps) > 5


async def test_long_texts_are_redacted_and_nothing_is_lost() -> None:
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    lines = "".join(f"value_{n} = {n}\n" for n in range(4_000))
    async with Parlour(window=200_000) as parlour:
        question = await parlour.open(f"⟦{lines}key = '{secret}'\n⟧")
        await parlour.ask(question, f"Why does {secret} fail?")
        last: Message = parlour.request.messages[-1]
        assert secret not in last.content
        assert last.content.count("REDACTED_") == 2
        assert lines in last.content
