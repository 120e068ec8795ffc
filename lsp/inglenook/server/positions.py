"""Positions of the protocol and offsets in a text (LSP 3.18, "Position").

A position is a line and a character, both from 0; what a character counts was negotiated:
bytes of UTF-8, units of UTF-16 or code points. A character past the end of its line means that
end, and (number of lines, 0) the end of the text. Every other place that does not exist is a
`PositionError`: it shows that the two sides hold different texts.

A lone surrogate counts three bytes, one unit, one code point.
"""

from __future__ import annotations

from enum import StrEnum

from inglenook_context.text import Text


class Encoding(StrEnum):
    """What the character of a position counts; the values are the protocol's."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class PositionError(ValueError):
    """There is no such place in the text."""


def offset_at(text: Text, line: int, character: int, encoding: Encoding) -> int:
    """The offset (code points) of a position; PositionError if it is none."""
    if line < 0 or character < 0 or line > text.line_count:
        raise PositionError("a line or character that does not exist")
    if line == text.line_count:
        if character:
            raise PositionError("a character behind the last line")
        return text.length
    content = text.line(line)
    return text.line_start(line) + _code_points(content, character, encoding)


def position_at(text: Text, offset: int, encoding: Encoding) -> tuple[int, int]:
    """The line and character of an offset, which is clamped to the text.

    Between the two characters of a CRLF no position exists: it counts as before both.
    """
    offset = min(max(offset, 0), text.length)
    line = text.line_at(offset)
    start = text.line_start(line)
    within = min(offset - start, len(text.line(line)))
    return line, _characters(text.slice(start, start + within), encoding)


def _code_points(content: str, character: int, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32 or content.isascii():
        return min(character, len(content))
    if encoding is Encoding.UTF16:
        units = content.encode("utf-16-le", "surrogatepass")
        # A cut pair decodes to a lone surrogate, which the line does not have at that place.
        before = units[: 2 * character].decode("utf-16-le", "surrogatepass")
        if not content.startswith(before):
            raise PositionError("a position inside a surrogate pair")
        return len(before)
    utf8 = content.encode("utf-8", "surrogatepass")
    if character < len(utf8) and utf8[character] & 0xC0 == 0x80:
        raise PositionError("a position inside a UTF-8 sequence")
    return len(utf8[:character].decode("utf-8", "surrogatepass"))


def _characters(content: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32 or content.isascii():
        return len(content)
    if encoding is Encoding.UTF16:
        return len(content.encode("utf-16-le", "surrogatepass")) // 2
    return len(content.encode("utf-8", "surrogatepass"))
