"""Positions drawn in a line: the caret's offset, and what a client calls that place."""

from __future__ import annotations

import pytest

from inglenook.server.positions import Encoding, PositionError, offset_at, position_at
from inglenook_context.text import Text

UTF8, UTF16, UTF32 = Encoding.UTF8, Encoding.UTF16, Encoding.UTF32


@pytest.mark.parametrize(
    ("drawn", "line", "utf8", "utf16", "utf32"),
    [
        ("ab|c", 0, 2, 2, 2),
        ("é|a", 0, 2, 1, 1),
        ("中文|", 0, 6, 2, 2),
        ("😀|a", 0, 4, 2, 1),
        ("a\r\n😀é|", 1, 6, 3, 2),
        ("a\rb\nc|", 2, 1, 1, 1),
        ("\u2028\f\v\x1c\u0085|a", 0, 8, 5, 5),
        ("\ud83d|a", 0, 3, 1, 1),
        ("a|\r\n", 0, 1, 1, 1),
        ("a\n|", 1, 0, 0, 0),
        ("|", 0, 0, 0, 0),
    ],
)
def test_a_caret_is_the_same_place_in_every_encoding(
    drawn: str, line: int, utf8: int, utf16: int, utf32: int
) -> None:
    offset = drawn.index("|")
    text = Text.of(drawn.replace("|", ""))
    for encoding, character in ((UTF8, utf8), (UTF16, utf16), (UTF32, utf32)):
        assert offset_at(text, line, character, encoding) == offset
        assert position_at(text, offset, encoding) == (line, character)


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize(("line", "end"), [(0, 2), (1, 6), (2, 8)])
def test_a_character_past_the_line_end_means_that_end(
    line: int, end: int, encoding: Encoding
) -> None:
    text = Text.of("ab\r\né😀\rz")
    assert offset_at(text, line, 2**31 - 1, encoding) == end


def test_one_line_more_than_there_are_is_the_end() -> None:
    assert offset_at(Text.of("a\nb"), 2, 0, UTF16) == 3


@pytest.mark.parametrize(
    ("line", "character", "encoding"),
    [
        (-1, 0, UTF16),
        (0, -1, UTF16),
        (2, 1, UTF16),
        (3, 0, UTF16),
        (0, 2, UTF16),  # between the halves of 😀
        (0, 2, UTF8),
        (0, 4, UTF8),
    ],
)
def test_no_such_place(line: int, character: int, encoding: Encoding) -> None:
    with pytest.raises(PositionError):
        offset_at(Text.of("a😀b\nc"), line, character, encoding)


def test_between_the_two_characters_of_a_crlf_is_before_both() -> None:
    assert position_at(Text.of("ab\r\nc"), 3, UTF16) == (0, 2)
