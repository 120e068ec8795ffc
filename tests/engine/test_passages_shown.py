"""What reaches the model of other open files, beside signatures."""

from __future__ import annotations

from inglenook_context.document import Document
from inglenook_context.text import Edit
from tests.engine.test_elsewhere import CUSTOMERS, ORDERS, filler
from tests.support.desk import Desk


async def opened(desk: Desk, name: str) -> None:
    desk.open(f"{filler('a')}{CUSTOMERS}{filler('b')}█", name)
    desk.open(f"{filler('o', 60)}{ORDERS}{filler('p', 60)}", "orders.py")
    await desk.session.settled()


def shown(desk: Desk, call: int = 0) -> list[str]:
    return [each.text for each in desk.model.calls[call].request.prompt.snippets]


async def test_similar_code_of_an_open_file() -> None:
    async with Desk("x") as desk:
        await opened(desk, "customers.py")
        await desk.ask()
        assert any("site.mount(panel" in text for text in shown(desk))


async def test_of_a_secret_file_nothing() -> None:
    async with Desk("x") as desk:
        await opened(desk, "credentials.py")
        await desk.ask()
        assert shown(desk) == []


async def test_of_a_hidden_file_nothing_until_it_is_revealed() -> None:
    async with Desk("x", "y") as desk:
        await opened(desk, "customers.py")
        desk.session.hide("file:///desk/customers.py")
        await desk.ask()
        assert shown(desk) == []
        assert desk.session.others("file:///desk/orders.py") == ()
        desk.session.reveal("file:///desk/customers.py")
        assert len(desk.session.others("file:///desk/orders.py")) == 1


async def test_a_hidden_file_knows_itself() -> None:
    async with Desk("x") as desk:
        await opened(desk, "customers.py")
        uri = "file:///desk/customers.py"
        desk.session.hide(uri)
        assert desk.session.resolver(uri).known.facts("customers.py") is not None
        assert desk.session.resolver("file:///desk/orders.py").known.facts("customers.py") is None


async def test_what_was_changed_in_another_file_is_shown_and_asked_for_anew() -> None:
    async with Desk("one", "two", "three") as desk:
        await opened(desk, "customers.py")
        first = await desk.ask()
        asked = len(desk.model.calls)
        other = desk.session.document("file:///desk/customers.py")
        assert other is not None
        at = str(other.text).index('"sales"')
        text = other.text.replace(at, at + 7, '"office"')
        desk.session.on_change(
            Document(other.uri, other.language, 2, text), (Edit(at, at + 7, at + 8),)
        )
        await desk.session.settled()
        assert await desk.ask() != first
        assert any('"office"' in text for text in shown(desk, asked))
