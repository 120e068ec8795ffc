"""What was offered, and the edits that follow: accepted, rejected, or typed by hand."""

from __future__ import annotations

import pytest

from inglenook.engine.ask import Answer, Report
from inglenook.engine.counters import Event
from inglenook.engine.tally import Tally
from inglenook.models.model import Fill, Locality, ModelInfo
from inglenook_context.document import Document
from inglenook_context.text import Edit, Text
from tests.support.drawn import MARK

INFO = ModelInfo("qwen", "fake", "d", "", Locality.VERIFIED, Fill.TEMPLATE, "", 0)


class Counted:
    """A document at whose cursor (█) texts are offered; what was counted is a string of letters:
    s shown, a accepted, r rejected."""

    def __init__(self, drawing: str) -> None:
        self.text, self.at = drawing.replace(MARK, ""), drawing.index(MARK)
        self.seen: list[Event] = []
        self.tally = Tally(lambda event, _model, _language: self.seen.append(event))

    def document(self) -> Document:
        return Document("file:///a.py", "python", 1, Text.of(self.text))

    def offer(self, *texts: str, cached: bool = False) -> Counted:
        report = Report(INFO, cached, 1.0)
        self.tally.on_answer(Answer(texts, self.document(), self.at, report))
        return self

    def put(self, text: str, at: int | None = None, stop: int | None = None) -> Counted:
        start = self.at if at is None else at
        end = start if stop is None else stop
        self.text = self.text[:start] + text + self.text[end:]
        self.at = start + len(text)
        self.tally.on_change(self.document(), (Edit(start, end, self.at),))
        return self

    @property
    def counts(self) -> str:
        letters = {Event.SHOWN: "s", Event.ACCEPTED: "a", Event.REJECTED: "r"}
        return "".join(letters.get(event, "") for event in self.seen)


PLACE = "total = █\n"


def test_the_whole_text_at_its_place_is_accepted() -> None:
    assert Counted(PLACE).offer("sum(prices)").put("sum(prices)").counts == "sa"


def test_another_alternative_is_accepted_too() -> None:
    assert Counted(PLACE).offer("sum(a)", "max(a)").put("max(a)").counts == "sa"


def test_letters_that_follow_it_are_typing_and_the_rest_can_be_accepted() -> None:
    typed = Counted(PLACE).offer("sum(a)").put("s").put("u")
    assert typed.counts == "s"
    assert typed.offer("m(a)").counts == "s"  # the rest of the same offer
    assert typed.put("m(a)").counts == "sa"


def test_what_is_typed_out_by_hand_is_neither() -> None:
    counted = Counted(PLACE).offer("sum")
    for letter in "sum":
        counted.put(letter)
    counted.tally.on_close("file:///a.py")
    assert counted.counts == "s"


def test_a_word_of_it_is_accepted_once() -> None:
    counted = Counted(PLACE).offer("sum(a) + b").put("sum").put("(a)").put("x")
    assert counted.counts == "sa"


def test_an_item_of_a_popup_repeats_the_word_before_the_place() -> None:
    assert Counted("total = su█\n").offer("m(a)").put("sum(a)", at=8, stop=10).counts == "sa"


@pytest.mark.parametrize("other", ["x", "\n", "prices"])
def test_anything_else_rejects(other: str) -> None:
    assert Counted(PLACE).offer("sum(a)").put(other).counts == "sr"


def test_an_edit_elsewhere_rejects_and_another_offer_too() -> None:
    assert Counted(PLACE).offer("sum(a)").put("x", at=0).counts == "sr"
    assert Counted(PLACE).offer("sum(a)").offer("max(a)").counts == "srs"


def test_deleting_rejects_and_so_does_closing() -> None:
    assert Counted(PLACE).offer("sum(a)").put("", at=7, stop=8).counts == "sr"
    counted = Counted(PLACE).offer("sum(a)")
    counted.tally.on_close("file:///a.py")
    assert counted.counts == "sr"


def test_who_answered_is_counted_even_if_it_had_nothing_to_say() -> None:
    assert Counted(PLACE).offer().offer("a", cached=True).seen == [
        Event.ASKED,
        Event.CACHED,
        Event.SHOWN,
    ]
