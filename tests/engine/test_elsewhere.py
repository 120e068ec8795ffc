"""Which passages are shown for a cursor: documents that are open, edited and visited, drawn."""

from __future__ import annotations

from inglenook_context.window import LARGE, SMALL, Budget
from tests.support.drawn_open import Open, shape_of


def filler(name: str, count: int = 14) -> str:
    return "\n".join(
        f"def {name}_{n}(left_{name}{n}):\n    {name}{n} = left_{name}{n}\n    return {name}{n}\n"
        for n in range(count)
    )


CUSTOMERS = """
def register_customer(admin, site):
    panel = admin.panel("customers")
    panel.columns = ["name", "city"]
    panel.searchable = True
    site.mount(panel, permission="sales")
    return panel

"""
ORDERS = """
def register_orders(admin, site):
    panel = admin.panel("orders")
    panel.columns = ["name", "city"]
    panel.searchable = True
    █

"""
BESIDE = (
    f"== orders.py\n{filler('o')}{ORDERS}== customers.py\n{filler('a')}{CUSTOMERS}{filler('b')}"
)


def test_similar_code_of_another_file_with_what_follows_it() -> None:
    assert Open(BESIDE).ask().startswith("== customers.py (similar)\ndef register_customer(")
    assert 'site.mount(panel, permission="sales")' in Open(BESIDE).ask()


def test_nothing_is_shown_where_nothing_is_alike() -> None:
    assert Open(f"== a.py\n{filler('x')}\nvalue = █\n== b.py\n{filler('y')}").ask() == ""


def test_a_secret_file_shows_nothing_and_is_shown_nothing() -> None:
    desk = Open(BESIDE)
    assert desk.ask()
    desk.hidden = {"customers.py"}
    assert desk.ask() == ""
    desk.hidden = {"orders.py"}
    assert desk.ask() == ""


def test_what_was_closed_is_not_shown() -> None:
    desk = Open(BESIDE)
    assert desk.ask()
    desk.close("customers.py")
    assert desk.ask() == ""


def test_a_small_budget_is_kept_and_a_tiny_one_shows_nothing() -> None:
    for budget in (LARGE, SMALL, Budget(640, 80, 1, 60)):
        desk = Open(BESIDE, budget)
        assert desk.ask()
        assert sum(len(each.text) + len(each.path) for each in desk.shown) <= budget.snippets * 0.3
    assert Open(BESIDE, Budget(400, 80, 1, 60)).ask() == ""


LEDGER = """
def settle(ledger):
    ledger.book(amount, currency)
    ledger.flush()
    return ledger

"""
PAY = """
def pay(wallet):
    owner = wallet.owner
    ledger.check(owner)
    amount = currency(owner)
    █
"""


def test_a_region_that_was_edited_comes_where_less_alone_would_not() -> None:
    """Half of what stands near is in it: it would be shown only for being new."""
    drawing = f"== pay.py\n{filler('p')}{PAY}== ledger.py\n{filler('a')}{LEDGER}{filler('b')}"
    desk = Open(drawing)
    without = desk.ask()
    desk.edit("ledger.py", "ledger.flush()", "ledger.flush(now)")
    assert without == ""
    assert "== ledger.py (edited)\n" in desk.ask()
    assert "ledger.flush(now)" in desk.ask()


def test_what_was_edited_and_has_nothing_to_do_with_it_is_not_shown() -> None:
    desk = Open(f"== a.py\n{filler('x')}{ORDERS}== b.py\n{filler('y')}")
    desk.edit("b.py", "return y7", "return y7 or left_y7")
    assert desk.ask() == ""


def test_the_choice_stays_while_lines_are_typed() -> None:
    desk = Open(BESIDE)
    first = desk.ask()
    assert first
    for line in ("site.audit(panel)\n    ", "check = panel.check()\n    ", "return check\n"):
        at = desk.cursor.offset
        text = str(desk.cursor.document.text)
        desk.edit("orders.py", text[at - 20 : at], text[at - 20 : at] + line)
        assert desk.ask() == first


def test_a_passage_that_was_changed_is_shown_as_it_is_now() -> None:
    desk = Open(BESIDE)
    assert 'permission="sales"' in desk.ask()
    desk.edit("customers.py", 'permission="sales"', 'permission="office"')
    assert 'permission="office"' in desk.ask()
    assert 'permission="sales"' not in desk.ask()


def test_what_changed_since_it_was_outlined_is_not_shown_as_it_was() -> None:
    desk = Open(BESIDE)
    text = desk.documents["file:///customers.py"].text
    desk.outlined = {"customers.py": shape_of("customers.py", text)}
    desk.edit("customers.py", "def a_0", "# moved\n\ndef a_0")
    assert "(similar)" in desk.ask()
    desk.recent.on_close("file:///customers.py")  # so that it does not count as edited
    desk.edit("customers.py", 'permission="sales"', 'permission="office"')
    desk.recent.on_close("file:///customers.py")
    assert desk.ask() == ""


REPORT = """
def report(orders, printer):
    totals = [order.total for order in orders]
    printer.line("Orders", len(totals))
    printer.line("Sum", sum(totals))
    printer.line("Mean", sum(totals) / len(totals))
    return printer.page()

"""


def rewritten(desk: Open) -> None:
    body = REPORT.partition("\n    totals")[2]
    desk.edit("report.py", "    totals" + body, "    printer.begin(orders, totals)\n    ")


def test_the_body_that_is_being_written_anew() -> None:
    desk = Open(f"== report.py\n{filler('a')}{REPORT.replace('(orders', '(█orders')}")
    rewritten(desk)
    assert desk.ask() == "== report.py.orig (before)" + REPORT.rstrip("\n") + "\n"


def test_a_save_is_the_end_of_what_was_before() -> None:
    desk = Open(f"== report.py\n{filler('a')}{REPORT.replace('(orders', '(█orders')}")
    rewritten(desk)
    desk.recent.on_save(desk.cursor.document)
    assert desk.ask() == ""


def test_the_other_side_of_an_open_diff_is_what_was_before_and_nothing_else() -> None:
    desk = Open(f"== report.py\n{filler('a')}{REPORT.replace('(orders', '(█orders')}")
    desk.open("git:/report.py?{}", filler("a") + REPORT)
    rewritten(desk)
    desk.recent.on_save(desk.cursor.document)
    assert desk.ask() == "== report.py.orig (before)" + REPORT.rstrip("\n") + "\n"
    copy = Open(BESIDE.replace("customers.py", "other.py"))
    copy.open("git:/orders.py?{}", CUSTOMERS + filler("z"))
    assert [each.path for each in copy.chosen(())] == ["other.py"]
