"""What is remembered of where the user was: edits in, regions out, against a plain oracle."""

from __future__ import annotations

import random

import pytest

from inglenook.engine.recent import Recent, same_file, working_uri
from inglenook_context.before import LIMIT
from inglenook_context.document import Cursor, Document
from inglenook_context.text import Edit, Text

LINES = "".join(f"line {n} of many\n" for n in range(200))


class Desk:
    """One document (or more) that is edited by offsets."""

    def __init__(self, **texts: str) -> None:
        self.recent = Recent()
        self.documents = {name: Document(name, "python", 1, Text.of(texts[name])) for name in texts}
        for document in self.documents.values():
            self.recent.on_open(document)

    def edit(self, name: str, start: int, stop: int, new: str) -> None:
        old = self.documents[name]
        text = old.text.replace(start, stop, new)
        self.documents[name] = document = Document(name, "python", old.version + 1, text)
        self.recent.on_change(document, (Edit(start, stop, start + len(new)),))

    def type(self, name: str, at: int, keys: str) -> None:
        for number, key in enumerate(keys):
            self.edit(name, at + number, at + number, key)

    def visit(self, name: str, at: int) -> None:
        self.recent.on_visit(Cursor(self.documents[name], at))

    def regions(self, hidden: tuple[str, int, int] = ("", 0, 0)) -> list[tuple[str, int, bool]]:
        """File, first line and whether it was edited; each is checked to be true."""
        found = self.recent.spots(self._shown, 600, hidden)
        for each in found:
            text = self.documents[each.path].text
            assert each.text is text
            shown = [text.line(n) for n in range(each.shown.first, each.shown.stop)]
            assert each.shown.text == "".join(f"{line}\n" for line in shown)
            assert len(each.shown.text) <= 600
        return [(each.path, each.shown.first, each.edited) for each in found]

    def _shown(self, uri: str) -> tuple[str, Text] | None:
        document = self.documents.get(uri)
        return (uri, document.text) if document else None


def test_the_newest_comes_first_and_near_ones_are_one() -> None:
    desk = Desk(a=LINES, b=LINES)
    desk.type("a", 500, "one")
    desk.visit("b", 1_500)
    desk.type("a", 520, "two")
    assert [(name, edited) for name, _, edited in desk.regions()] == [("a", True), ("b", False)]
    desk.type("b", 1_510, "x")
    assert [(name, edited) for name, _, edited in desk.regions()] == [("b", True), ("a", True)]


def test_far_ones_are_two() -> None:
    desk = Desk(a=LINES)
    desk.type("a", 100, "one")
    desk.type("a", 2_500, "two")
    [(_, newest, _), (_, oldest, _)] = desk.regions()
    assert oldest < 20 < newest


def test_a_region_moves_with_what_is_edited_above_it() -> None:
    desk = Desk(a=LINES)
    desk.type("a", 2_500, "x")
    [(_, first, _)] = desk.regions()
    desk.edit("a", 0, 0, "new\n" * 10)
    assert ("a", first + 10, True) in desk.regions()
    desk.edit("a", 0, 40, "")
    assert ("a", first, True) in desk.regions()


def test_a_region_that_is_replaced_is_gone() -> None:
    desk = Desk(a=LINES)
    desk.visit("a", 1_500)
    desk.edit("a", 1_000, 2_000, "")
    assert all(edited for _, _, edited in desk.regions())


def test_what_the_window_shows_is_left_out() -> None:
    desk = Desk(a=LINES)
    desk.type("a", 500, "x")
    assert desk.regions(("a", 400, 600)) == []
    assert desk.regions(("a", 600, 700)) != []
    assert desk.regions(("b", 400, 600)) != []


def test_only_so_many_are_kept_and_none_of_a_closed_document() -> None:
    desk = Desk(a="".join(f"line {n} of very, very many\n" for n in range(2_000)), b=LINES)
    for at in range(0, 40_000, 1_000):
        desk.type("a", at, "x")
    assert len(desk.regions()) == 16
    desk.type("b", 5, "x")
    desk.recent.on_close("a")
    assert [name for name, _, _ in desk.regions()] == ["b"]
    assert desk.recent.before("a") is None


def test_a_document_of_which_nothing_may_be_shown() -> None:
    desk = Desk(a=LINES, b=LINES)
    desk.type("a", 500, "x")
    del desk.documents["a"]
    assert desk.regions() == []


def test_what_was_pasted_is_remembered_by_its_end() -> None:
    desk = Desk(a=LINES)
    desk.edit("a", 0, 0, LINES * 2)
    [(_, first, _)] = desk.regions()
    assert 250 < first < 400


def test_a_stamp_tells_whether_anything_else_changed() -> None:
    desk = Desk(a=LINES, b=LINES)
    first = desk.recent.stamp("a")
    desk.type("a", 5, "typed")
    desk.visit("b", 5)
    assert desk.recent.stamp("a") == first
    desk.type("b", 5, "x")
    second = desk.recent.stamp("a")
    desk.recent.on_close("b")
    assert len({first, second, desk.recent.stamp("a")}) == 3


def test_the_text_before_is_that_of_the_last_save() -> None:
    desk = Desk(a=LINES)
    opened = desk.documents["a"].text
    desk.type("a", 5, "x")
    assert desk.recent.before("a") is opened
    desk.recent.on_save(desk.documents["a"])
    assert desk.recent.before("a") is desk.documents["a"].text


def test_of_long_documents_no_text_is_kept() -> None:
    desk = Desk(a="x\n" * LIMIT)
    assert desk.recent.before("a") is None


@pytest.mark.parametrize("seed", range(40))
def test_after_any_edits_every_region_is_what_the_document_says(seed: int) -> None:
    """`Desk.regions` compares each with the text of now, memoised or not."""
    chance = random.Random(seed)
    desk = Desk(a=LINES, b=LINES)
    places = set()
    for _ in range(60):
        name = chance.choice("ab")
        size = desk.documents[name].text.length
        start = chance.randrange(size + 1)
        if chance.random() < 0.3:
            desk.visit(name, start)
        else:
            stop = min(size, start + chance.choice([0, 0, 0, 1, 9, 300]))
            desk.edit(
                name, start, stop, chance.choice(["", "k", "a\nb\n", "new\n" * 9, "\r", "x" * 50])
            )
        if chance.random() < 0.5:
            places.update(desk.regions())
    assert len(places) > 20


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        (
            "git:/w/shop/a.py?%7B%22path%22%3A%22x%22%2C%22ref%22%3A%22~%22%7D",
            "file:///w/shop/a.py",
        ),
        ("git:/c%3A/shop/a.py?{}", "file:///c%3A/shop/a.py"),
        ("gitlens://abc123/shop/a.py", "file:///shop/a.py"),
        ("GIT:/a.py", "file:///a.py"),
        ("file:///shop/a.py", ""),
        ("untitled:a.py", ""),
        ("", ""),
    ],
)
def test_the_other_side_of_a_diff_names_its_file(uri: str, file: str) -> None:
    assert working_uri(uri) == file


def test_two_spellings_of_a_file() -> None:
    assert same_file("file:///c%3A/a.py", "file:///c:/a.py")
    assert not same_file("file:///a.py", "file:///b.py")
    assert not same_file("", "file:///b.py")
