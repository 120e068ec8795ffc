"""What is shown of other files from one prompt to the next: it stays, grows, and begins anew."""

from __future__ import annotations

import re

from inglenook_context.candidates import candidates
from inglenook_context.region import Region, followed, revised
from tests.support.drawn_files import DrawnFiles

SHOP = """
== shop/__init__.py
== shop/money.py
def rounded(amount: int, places: int, upwards: bool) -> int: ...
def parsed(text: str, currency: str, strict: bool) -> int: ...
def shown(amount: int, currency: str, language: str) -> str: ...
== shop/tax.py
def tax_of(amount: int, rate: float, country: str) -> int: ...
def tax_free(amount: int, country: str, goods: str) -> bool: ...
def reported(amount: int, year: int, country: str) -> None: ...
== shop/cart.py
"""


def after(line: str) -> DrawnFiles:
    return DrawnFiles.of(SHOP + f"from shop import money, tax\n{line}█\n")


def names(region: Region) -> str:
    """What is shown, in its order."""
    return " ".join(re.findall(r"def (\w+)", drawn(region)))


def drawn(region: Region) -> str:
    return "".join(f"== {each.path}\n{each.text}" for each in region.snippets)


def grown(region: Region, files: DrawnFiles, budget: int, least: float = 0.0) -> Region:
    resolver = files.resolver
    found = candidates(files.scene)
    return revised(followed(region, resolver), found, resolver, budget, least)


def test_what_is_wanted_now_is_added_at_the_end() -> None:
    first = grown(Region(), after("price = money."), 320)
    assert names(first) == "rounded parsed shown tax_of"
    second = grown(first, after("taxed = tax."), 320)
    assert names(second) == "rounded parsed shown tax_of tax_free reported"
    assert drawn(second).startswith(drawn(first))


def test_nothing_changes_while_everything_is_there() -> None:
    region = grown(Region(), after("taxed = tax."), 600)
    again = grown(region, after("price = money."), 600)
    assert again == region


def test_without_room_it_is_made_of_what_is_wanted_now() -> None:
    first = grown(Region(), after("price = money."), 220)
    assert names(first) == "rounded parsed shown"
    second = grown(first, after("taxed = tax."), 220)
    assert names(second) == "tax_of tax_free reported"


def test_little_is_not_worth_an_evaluation() -> None:
    first = grown(Region(), after("price = money."), 320)
    assert grown(first, after("taxed = tax."), 320, least=0.9) == first
    assert grown(first, after("taxed = tax."), 320, least=0.2) != first


def test_a_definition_that_changed_is_shown_as_it_is_now() -> None:
    first = grown(Region(), after("taxed = tax."), 600)
    changed = SHOP.replace("rate: float", "percent: float").replace("def parsed", "def read")
    now = DrawnFiles.of(changed + "from shop import money, tax\ntaxed = tax.█\n")
    region = followed(first, now.resolver)
    assert "def tax_of(amount: int, percent: float, country: str) -> int" in drawn(region)
    assert names(region) == "rounded shown tax_of tax_free reported"  # what is gone is not shown


def test_a_definition_that_moved_stays_where_it_is_shown() -> None:
    first = grown(Region(), after("price = money."), 600)
    moved = SHOP.replace("== shop/money.py\n", "== shop/money.py\nLIMIT = 3\n\nclass Old: ...\n")
    now = DrawnFiles.of(moved + "from shop import money, tax\nprice = money.█\n")
    region = followed(first, now.resolver)
    assert drawn(region) == drawn(first)
    assert region.chosen != first.chosen


def test_a_file_that_is_gone_is_shown_no_longer() -> None:
    first = grown(Region(), after("price = money."), 600)
    now = DrawnFiles.of("== shop/cart.py\nprice = money.█\n")
    assert followed(first, now.resolver) == Region()


def test_less_room_than_there_was() -> None:
    files = after("taxed = tax.")
    first = grown(Region(), files, 600)
    assert first.size > 300
    assert grown(first, files, 200).size <= 200
    assert revised(first, (), files.resolver, 10) == Region()


def test_of_two_of_one_name_one_is_left() -> None:
    twice = "if X:\n    def f(x): ...\nelse:\n    def f(x, y): ...\n"
    files = DrawnFiles.of(f"== a.py\n{twice}== b.py\nimport a\na.█\n")
    region = grown(Region(), files, 600)
    assert names(region) == "f f"
    now = DrawnFiles.of("== a.py\ndef f(x, y): ...\n== b.py\nimport a\na.█\n")
    assert names(followed(region, now.resolver)) == "f"
