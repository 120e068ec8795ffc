"""Which pieces of other files a model is shown: files and names in, the shown text out."""

from __future__ import annotations

from inglenook_context.imports import Import
from inglenook_context.index import Outline, outline
from inglenook_context.names import Names
from inglenook_context.rank import select, shown, snippets
from inglenook_context.symbols import definitions_of
from inglenook_context.text import Text
from tests.support.parsed import parsed

PRICES = '''"""Licence and such."""
import os

RATE = 0.2


def vat_of(price: float) -> float:
    """The tax on a price."""
    return price * RATE


class Basket:
    """What a customer wants."""

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def add_item(self, name: str, price: float) -> None:
        self.items[name] = vat_of(price)
'''
MAILS = """def send_mail(to, body):
    connection = connect(to)
    connection.deliver(body)


def vat_of(order):
    return order.tax
"""
SHOP = """export class Shop {
  open(hours: number): boolean {
    return hours > 0;
  }
}
"""


def outlined(path: str, text: str, language: str = "python") -> Outline:
    syntax = parsed(Text.of(text), language)
    *_, made = outline(path, language, syntax.text, definitions_of(syntax))
    assert made is not None
    return made


FILES = (outlined("shop/prices.py", PRICES), outlined("mails.py", MAILS))


def called(*names: str) -> Names:
    return Names(names, ())


def shown_for(*names: str, budget: int = 2000, imports: tuple[Import, ...] = ()) -> dict[str, str]:
    pieces = select(called(*names), FILES, budget, (), imports)
    return {snippet.path: snippet.text for snippet in snippets(pieces, FILES)}


def test_a_called_function_is_shown_and_the_head_of_its_file_is_not() -> None:
    assert shown_for("send_mail") == {
        "mails.py": "def send_mail(to, body):\n    connection = connect(to)\n"
        "    connection.deliver(body)\n"
    }


def test_a_method_is_shown_in_its_class() -> None:
    text = shown_for("add_item")["shop/prices.py"]
    assert text.startswith("class Basket:\n    def add_item(self, name: str, price: float)")
    assert "\n        self.items[name] = vat_of(price)\n" in text


def test_a_method_of_a_script_is_shown_in_braces() -> None:
    shop = outlined("shop.ts", SHOP, "typescript")
    (piece,) = select(called("open"), (shop,), 2000)
    assert shown(shop, piece.number) == (
        "class Shop {\n    open(hours: number): boolean {\n      return hours > 0;\n    }\n}"
    )


def test_of_many_definitions_the_imported_one_is_shown() -> None:
    text = "def vat_of(price: float) -> float:\n    return price * 0.2  # of it\n"
    files = tuple(outlined(f"{name}.py", text) for name in ("a", "b", "c", "d"))
    for name in ("a", "b", "c", "d"):
        imports = (Import("vat_of", f"shop.{name}", "vat_of"),)
        chosen = select(called("vat_of"), files, 2 * len(text) + 2, (), imports)
        assert len(chosen) == 2
        assert f"{name}.py" in [piece.path for piece in chosen]


def test_an_alias_leads_to_what_it_stands_for() -> None:
    assert shown_for("post") == {}
    imports = (Import("post", "mails", "send_mail"),)
    assert "def send_mail" in shown_for("post", imports=imports)["mails.py"]


def test_code_that_uses_the_same_rare_names_is_shown() -> None:
    assert "def send_mail" in shown_for("deliver")["mails.py"]


def test_names_that_nobody_defines_show_nothing() -> None:
    assert shown_for("nobody", "knows", "these") == {}


def test_the_same_choice_is_the_same_text_whatever_the_order_of_names() -> None:
    names = ("send_mail", "vat_of", "Basket")
    assert shown_for(*names) == shown_for(*reversed(names))


def test_what_was_shown_stays_when_something_a_little_better_comes_up() -> None:
    first = select(called("send_mail", "vat_of"), FILES, 150)
    later = select(called("vat_of", "send_mail"), FILES, 150, kept=first)
    assert later == first


def test_a_budget_is_kept() -> None:
    for budget in range(0, 1200, 50):
        total = sum(
            len(text) for text in shown_for("send_mail", "vat_of", "Basket", budget=budget).values()
        )
        assert total <= budget
