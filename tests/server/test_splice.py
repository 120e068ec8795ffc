"""Edits drawn as the text before, what is done, and the text after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.server.positions import Encoding
from inglenook.server.splice import replace, replace_all
from inglenook_context.text import Edit, Text


@pytest.mark.parametrize(
    ("before", "span", "new", "after", "edit"),
    [
        ("abc", (1, 2), "XY", "aXYc", Edit(1, 2, 3)),
        ("[\ud83d]", (2, 2), "\ude00", "[😀]", Edit(1, 2, 2)),
        ("[\ude00]", (1, 1), "\ud83d", "[😀]", Edit(1, 2, 2)),
        ("\ud83dx\ude00", (1, 2), "", "😀", Edit(0, 3, 1)),
        (
            "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
            (1, 1),
            "!",
            "😀!",
            None,
        ),
        ("\ud83d", (1, 1), "a", "\ud83da", Edit(1, 1, 2)),
        ("\ude00", (0, 0), "\ude00", "\ude00\ude00", Edit(0, 0, 1)),
    ],
)
def test_halves_that_meet_are_one_character_in_utf16(
    before: str, span: tuple[int, int], new: str, after: str, edit: Edit | None
) -> None:
    text, made = replace(Text.of(before), *span, new, Encoding.UTF16)
    assert str(text) == after
    assert edit is None or made == edit


@pytest.mark.parametrize("encoding", [Encoding.UTF8, Encoding.UTF32])
def test_halves_that_meet_stay_two_in_other_buffers(encoding: Encoding) -> None:
    text, _ = replace(Text.of("\ud83d"), 1, 1, "\ude00", encoding)
    assert str(text) == "\ud83d" + "\ude00"


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        ("same", "same", Edit(4, 4, 4)),
        ("a-c", "a+c", Edit(1, 2, 2)),
        ("", "new", Edit(0, 0, 3)),
        ("aaa", "aaaa", Edit(3, 3, 4)),
        ("x" * 9000 + "-" + "y" * 9000, "x" * 9000 + "+" + "y" * 9000, Edit(9000, 9001, 9001)),
    ],
)
def test_a_whole_text_is_the_smallest_edit(before: str, after: str, edit: Edit) -> None:
    text, made = replace_all(Text.of(before), after)
    assert (str(text), made) == (after, edit)


@given(st.text("ab\r\n"), st.text("ab\r\n"), st.sampled_from([1, 4095, 4096, 9000]))
def test_any_whole_text_is_reached(before: str, after: str, padding: int) -> None:
    pad = "p" * padding
    old, new = before + pad + before, after + pad + after
    text, (start, stop, new_stop) = replace_all(Text.of(old), new)
    assert str(text) == new
    assert old[:start] + new[start:new_stop] + old[stop:] == new
