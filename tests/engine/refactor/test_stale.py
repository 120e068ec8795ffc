"""A place, drawn between ⟦ and ⟧, in a text that changes: where it is afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine.refactor.stale import followed

OPENS, CLOSES = "⟦", "⟧"


def place_in(drawing: str) -> tuple[str, int, int]:
    start = drawing.index(OPENS)
    stop = drawing.index(CLOSES) - 1
    return drawing.replace(OPENS, "").replace(CLOSES, ""), start, stop


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n⟦b⟧\nc\n", "# note\na\n⟦b⟧\nc\n"),
        ("a\n⟦b⟧\nc\n", "a\n⟦b⟧\nc\nd\n"),
        ("a\n⟦b⟧\nc\n", "a\nnew\n⟦b⟧\nc\n"),  # a line directly above
        ("a\n⟦b⟧\nc\n", "⟦b⟧\nc\n"),  # the line above is gone
        ("a\n⟦b⟧\nc\n", "a\n⟦b⟧\nnew\nc\n"),
        ("⟦b⟧\nc\n", "# note\n⟦b⟧\nc\n"),
        ("x = 1; ⟦y⟧ = 2\n", "xx = 1; ⟦y⟧ = 2\n"),
        ("a\r\n⟦b⟧\r\n", "a\r\nc\r\n⟦b⟧\r\n"),
        ("one\ntwo\n⟦b⟧\n", "1\n2\n3\n⟦b⟧\n"),
    ],
)
def test_what_changed_elsewhere(before: str, after: str) -> None:
    old, start, stop = place_in(before)
    new, *place = place_in(after)
    assert followed(old, new, start, stop) == tuple(place)


@pytest.mark.parametrize(
    ("before", "new"),
    [
        ("a\n⟦b⟧\nc\n", "a\nbb\nc\n"),
        ("a\n⟦b⟧\nc\n", "a\nc\n"),
        ("a\n⟦b⟧\nc\n", "a\n    b\nc\n"),  # its line is indented
        ("a\n⟦b⟧\nc\n", "ab\nc\n"),  # it is no line any more
        ("a\n⟦b⟧\nc\n", "a\nb # c\nc\n"),
        ("x = ⟦y⟧\n", "x = +y\n"),
    ],
)
def test_what_changed_there(before: str, new: str) -> None:
    old, start, stop = place_in(before)
    assert followed(old, new, start, stop) is None


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12), st.data())
def test_a_place_that_is_followed_holds_the_same(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    stop = data.draw(st.integers(start, len(old)))
    found = followed(old, new, start, stop)
    if found is not None:
        assert new[found[0] : found[1]] == old[start:stop]
