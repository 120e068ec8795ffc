"""The text of a document as an immutable value that is cheap to edit and cheap to read.

A text is a tuple of blocks of whole lines. An edit rebuilds the blocks it touches (a few
kilobytes) and shares the others, so a keystroke costs the same at 100 lines and at 100,000,
and a snapshot is a reference. Lines end in ``\\n``, ``\\r\\n`` or ``\\r`` and nothing else
(LSP 3.18, "Text Documents"); form feeds, U+2028 and their like are ordinary characters.

Offsets count code points from 0. Bytes are UTF-8 as tree-sitter reads them, where a lone
surrogate (JSON can carry one) stands as U+FFFD, which has the same length of three bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLOCK: Final = 4096  # characters that a fresh block aims at
_SPLIT: Final = 4 * _BLOCK  # a block that an edit made larger than this is split
_JOIN: Final = _BLOCK // 4  # a block that an edit made smaller than this is joined to the next


class Edit(NamedTuple):
    """``old[start:stop]`` became ``new[start:new_stop]``; offsets in code points."""

    start: int
    stop: int
    new_stop: int


class Point(NamedTuple):
    """A place as tree-sitter counts it: rows end at ``\\n`` only, columns count bytes."""

    row: int
    column: int


def encode(text: str) -> bytes:
    """UTF-8 in which lone surrogates became U+FFFD (never raises)."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("�", text).encode()


def count_line_ends(text: str) -> int:
    ends = text.count("\n")
    if "\r" in text:
        ends += text.count("\r") - text.count("\r\n")
    return ends


@dataclass(frozen=True, eq=False)
class _Block:
    """Whole lines; every block but a text's last ends with a line end, and no CRLF is cut."""

    text: str

    @cached_property
    def line_ends(self) -> int:
        return count_line_ends(self.text)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        if "\r" in self.text:
            return (0, *(match.end() for match in _LINE_END.finditer(self.text)))
        ends = accumulate(map(len, self.text.split("\n")[:-1]))
        return (0, *[end + number for number, end in enumerate(ends, 1)])

    @cached_property
    def utf8(self) -> bytes:
        return encode(self.text)

    @cached_property
    def newlines(self) -> int:
        return self.text.count("\n")


class Text:
    """An immutable text; see the module for offsets and lines."""

    __slots__ = ("_blocks", "_byte_starts", "_line_starts", "_starts", "length", "line_count")

    def __init__(self, blocks: tuple[_Block, ...]) -> None:
        self._blocks = blocks or (_Block(""),)
        self._starts = [0, *accumulate([len(block.text) for block in self._blocks])]
        self._line_starts = [0, *accumulate([block.line_ends for block in self._blocks])]
        self._byte_starts: list[int] | None = None
        self.length = self._starts[-1]
        self.line_count = self._line_starts[-1] + 1

    @classmethod
    def of(cls, text: str) -> Text:
        return cls(tuple(_blocks_of(text)))

    def __str__(self) -> str:
        return "".join([block.text for block in self._blocks])

    def __len__(self) -> int:
        return self.length

    def slice(self, start: int, stop: int) -> str:
        """The characters from ``start`` to ``stop``; both are clamped to the text."""
        start, stop = max(start, 0), min(stop, self.length)
        if start >= stop:
            return ""
        first = self._block_at(start)
        last = self._block_at(stop - 1)
        if first == last:
            begin = self._starts[first]
            return self._blocks[first].text[start - begin : stop - begin]
        pieces = [block.text for block in self._blocks[first : last + 1]]
        pieces[-1] = pieces[-1][: stop - self._starts[last]]
        pieces[0] = pieces[0][start - self._starts[first] :]
        return "".join(pieces)

    def line_start(self, line: int) -> int:
        """The offset at which ``line`` (from 0) starts; IndexError if there is no such line."""
        if not 0 <= line < self.line_count:
            raise IndexError(f"line {line} of {self.line_count}")
        at = min(bisect_right(self._line_starts, line) - 1, len(self._blocks) - 1)
        block = self._blocks[at]
        return self._starts[at] + block.line_starts[line - self._line_starts[at]]

    def line(self, line: int) -> str:
        """``line`` (from 0) without its line end; IndexError if there is no such line."""
        start = self.line_start(line)
        at = self._block_at(start)
        block, begin = self._blocks[at], start - self._starts[at]
        end = _LINE_END.search(block.text, begin)
        return block.text[begin : end.start() if end else None]

    def line_at(self, offset: int) -> int:
        """The line (from 0) that holds ``offset``; a CRLF belongs to the line it ends."""
        offset = min(max(offset, 0), self.length)
        at = self._block_at(offset)
        block = self._blocks[at]
        within = bisect_right(block.line_starts, offset - self._starts[at]) - 1
        return self._line_starts[at] + within

    def replace(self, start: int, stop: int, new: str) -> Text:
        """The text with ``[start:stop]`` replaced; ValueError unless 0 <= start <= stop <= len."""
        if not 0 <= start <= stop <= self.length:
            raise ValueError(f"{start}:{stop} in a text of {self.length}")
        first, last = self._block_at(start), self._block_at(stop)
        head = self._blocks[first].text[: start - self._starts[first]]
        tail = self._blocks[last].text[stop - self._starts[last] :]
        merged = head + new + tail
        if first and merged[:1] == "\n" and self._blocks[first - 1].text[-1:] == "\r":
            first -= 1
            merged = self._blocks[first].text + merged
        while last + 1 < len(self._blocks) and (
            len(merged) < _JOIN
            or merged[-1] not in "\r\n"
            or (merged[-1] == "\r" and self._blocks[last + 1].text[:1] == "\n")
        ):
            last += 1
            merged += self._blocks[last].text
        middle = _blocks_of(merged) if len(merged) > _SPLIT else (_Block(merged),)
        return Text((*self._blocks[:first], *middle, *self._blocks[last + 1 :]))

    def byte_at(self, offset: int) -> int:
        """How many UTF-8 bytes stand before ``offset``."""
        at = self._block_at(offset)
        block, within = self._blocks[at], offset - self._starts[at]
        prefix = within if block.text.isascii() else len(encode(block.text[:within]))
        return self._bytes()[at] + prefix

    def offset_of_byte(self, byte: int) -> int:
        """The inverse of `byte_at`; a byte inside a character counts for the character."""
        starts = self._bytes()
        at = min(bisect_right(starts, byte) - 1, len(self._blocks) - 1)
        block, within = self._blocks[at], byte - starts[at]
        if block.text.isascii():
            return self._starts[at] + min(within, len(block.text))
        return self._starts[at] + len(block.utf8[:within].decode(errors="ignore"))

    def point_at(self, offset: int) -> Point:
        at = self._block_at(offset)
        row = sum(block.newlines for block in self._blocks[:at])
        head = self._blocks[at].text[: offset - self._starts[at]]
        row += head.count("\n")
        begin = head.rfind("\n") + 1
        column = len(encode(head[begin:]))
        # A block may begin in the middle of a row: only after a lone CR, which ends no row.
        while not begin and at:
            at -= 1
            text = self._blocks[at].text
            begin = text.rfind("\n") + 1
            column += len(encode(text[begin:]))
        return Point(row, column)

    def read(self, byte: int) -> bytes:
        """The bytes from ``byte`` to the end of its block; empty at the end of the text."""
        starts = self._bytes()
        if byte >= starts[-1]:
            return b""
        at = bisect_right(starts, byte) - 1
        return self._blocks[at].utf8[byte - starts[at] :]

    @property
    def byte_length(self) -> int:
        return self._bytes()[-1]

    def _bytes(self) -> list[int]:
        if self._byte_starts is None:
            self._byte_starts = [0, *accumulate([len(block.utf8) for block in self._blocks])]
        return self._byte_starts

    def _block_at(self, offset: int) -> int:
        return min(bisect_right(self._starts, offset) - 1, len(self._blocks) - 1)


def _blocks_of(text: str) -> Iterable[_Block]:
    start = 0
    while len(text) - start > 2 * _BLOCK:
        end = _LINE_END.search(text, start + _BLOCK)
        if end is None:
            break
        yield _Block(text[start : end.end()])
        start = end.end()
    if start < len(text) or not start:
        yield _Block(text[start:])
