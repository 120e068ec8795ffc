"""When what is shown of other files is looked for again: not at every letter of a word."""

from __future__ import annotations

import asyncio

import pytest

from inglenook.engine import context
from inglenook.engine.ask import Ask
from inglenook.engine.outline import Shown
from inglenook.engine.session import Session
from inglenook_context.document import Cursor, Document
from inglenook_context.text import Edit, Text
from inglenook_context.window import LARGE

STOCK = "class Stock:\n    def count(self): ...\ndef open_stock(name) -> Stock: ...\n"
MAIN = "from stock import Stock, open_stock\n\n\ndef main():\n    stock = "


class Desk:
    """A session with two open files; text is typed at the end of one."""

    def __init__(self) -> None:
        self.session = Session(lambda uri: uri.removeprefix("file:///"))
        self.session.on_open(Document("file:///stock.py", "python", 1, Text.of(STOCK)))
        self.document = Document("file:///main.py", "python", 1, Text.of(MAIN))
        self.session.on_open(self.document)

    async def settled(self) -> None:
        await asyncio.sleep(0.08)
        while not self.session.has_looked(self.document.uri):
            await asyncio.sleep(0.01)

    def type(self, text: str, *, take: int = 0) -> Shown:
        """Put ``text`` in place of the last ``take`` characters, and ask there."""
        old = self.document
        end = len(old.text)
        edit = Edit(end - take, end, end - take + len(text))
        changed = old.text.replace(end - take, end, text)
        self.document = Document(old.uri, old.language, old.version + 1, changed)
        self.session.on_change(self.document, (edit,))
        ask = Ask(Cursor(self.document, len(changed)), automatic=True)
        return context.gather(self.session, ask, LARGE, steady=False).shown


async def test_letters_of_a_word_change_nothing() -> None:
    desk = Desk()
    await desk.settled()
    first = desk.type("o")
    assert "def open_stock" in "".join(each.text for each in first.region.snippets)
    assert all(desk.type(letter) is first for letter in "penstock")
    called = desk.type("(")
    assert called is not first
    assert desk.type("n") is called
    assert desk.type(" ", take=3) is not called


async def test_what_there_was_no_time_for_is_looked_for_when_it_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    with monkeypatch.context() as patch:
        patch.setattr(context, "_FIND_MS", -1.0)
        first = desk.type("o")
        assert not first.is_whole
        assert desk.type("p") is first  # the background has not looked ahead yet
    await desk.settled()
    then = desk.type("e")
    assert then is not first
    assert then.is_whole
    assert desk.type("n") is then


async def test_a_look_ahead_between_the_letters_changes_nothing() -> None:
    """An answer is followed by a look at the place behind it, where nobody stands yet."""
    desk = Desk()
    await desk.settled()
    first = desk.type("o")
    ahead = Ask(Cursor(desk.document, len(desk.document.text)), True, accepted="pen_stock()\n")
    context.gather(desk.session, ahead, LARGE, steady=False)
    assert desk.session.shown(desk.document.uri) is first
    assert desk.type("p") is first
