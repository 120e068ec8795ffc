"""An editor that keeps its buffer as bytes, to check synchronised documents against.

It shares no code with the server or with pygls: it finds its own line ends among the units of
its encoding, makes random edits, and says what LSP 3.18 has an editor say about them.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

Change = dict[str, Any]

_CODECS: Final = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_WIDTHS: Final = {"utf-8": 1, "utf-16": 2, "utf-32": 4}  # bytes in a unit
ENCODINGS: Final = tuple(_CODECS)

ALPHABETS: Final[dict[str, list[str]]] = {
    "ascii": list("ab (x)\t\n"),
    "crlf": ["a", "b", "\r\n", "\r\n", "\n", "\r"],
    "cr": ["a", "b", "\r", "\r", "\n"],
    "bmp": ["é", "ß", "中", "文", "a", "\n"],
    "astral": ["😀", "𝒳", "🦊", "a", "\n"],
    "joined": ["👩\u200d👩\u200d👧", "🏳️\u200d🌈", "a", "\n"],
    "combining": ["e\u0301", "a\u0308\u0301", "\u0301", "b", "\n"],
    "separators": ["\u2028", "\u2029", "\u0085", "a", "\n", "\r\n"],
    "feeds": ["\f", "\v", "\x1c", "\x1d", "\x1e", "a", "\n"],
    "nul": ["\0", "a", "\n", "\r"],
    "lone": ["\ud83d", "\ude00", "\udc00", "\ud800", "a", "\n"],
    "bom": ["\ufeff", "\ufffe", "\uffff", "a", "\r\n"],
    "mixed": [*"a\n\r\f\v\0\x1c\u2028\u2029\u0085é中😀\ud83d\ude00\u0301", "\r\n", "def f():"],
}


def on_the_wire(text: str) -> str:
    """The text as JSON carries it: two halves of a surrogate pair side by side are one."""
    arrived = json.loads(json.dumps(text))
    assert isinstance(arrived, str)
    return arrived


@dataclass(slots=True)
class ByteEditor:
    """A buffer in one encoding; offsets count its units."""

    encoding: str
    data: bytes = b""
    undo: list[tuple[int, int, bytes]] = field(default_factory=list)  # start, stop, what was there

    @property
    def text(self) -> str:
        return self.data.decode(_CODECS[self.encoding], "surrogatepass")

    @property
    def units(self) -> memoryview:
        view = memoryview(self.data)
        if self.encoding == "utf-16":
            return view.cast("H")
        return view.cast("I") if self.encoding == "utf-32" else view

    def encoded(self, text: str) -> bytes:
        return text.encode(_CODECS[self.encoding], "surrogatepass")

    def set_text(self, text: str) -> None:
        self.data = self.encoded(on_the_wire(text))
        self.undo.clear()

    def line_starts(self) -> list[int]:
        starts = [0]
        units = self.units.tolist()
        for at, unit in enumerate(units):
            if unit == 10 or (unit == 13 and units[at + 1 : at + 2] != [10]):
                starts.append(at + 1)
        return starts

    def is_boundary(self, offset: int) -> bool:
        """Whether a cursor can stand there: not in a character, nor between CR and LF."""
        units = self.units
        if not 0 < offset < len(units):
            return 0 <= offset <= len(units)
        before, after = units[offset - 1], units[offset]
        if before == 13 and after == 10:
            return False
        if self.encoding == "utf-8":
            return after & 0xC0 != 0x80
        if self.encoding == "utf-16":
            return not (0xD800 <= before <= 0xDBFF and 0xDC00 <= after <= 0xDFFF)
        return True

    def position(self, offset: int, starts: list[int]) -> tuple[int, int]:
        line = bisect_right(starts, offset) - 1
        return line, offset - starts[line]

    def replace(self, start: int, stop: int, text: str) -> None:
        width = _WIDTHS[self.encoding]
        new = self.encoded(on_the_wire(text))
        gone = self.data[start * width : stop * width]
        self.undo.append((start, start + len(new) // width, gone))
        self.data = self.data[: start * width] + new + self.data[stop * width :]


@dataclass(slots=True)
class Typist:
    """Makes random edits in a `ByteEditor` and tells them as content changes."""

    editor: ByteEditor
    random: Random
    alphabet: list[str]
    longest: int = 60  # pieces of the alphabet that a whole text has at most

    def some_text(self, longest: int) -> str:
        return "".join(self.random.choices(self.alphabet, k=self.random.randint(0, longest)))

    def open(self) -> str:
        self.editor.set_text(self.some_text(self.longest))
        return (
            self.editor.text if self.editor.encoding == "utf-16" else on_the_wire(self.editor.text)
        )

    def batch(self) -> list[Change]:
        """The changes of one didChange; each is made before the next is chosen."""
        return [self.change() for _ in range(self.random.choice((1, 1, 1, 2, 3, 5)))]

    def change(self) -> Change:
        lot = self.random.random()
        if lot < 0.03:
            return {"text": self.open()}
        if lot < 0.15 and self.editor.undo:
            start, stop, gone = self.editor.undo.pop()
            if stop <= len(self.editor.units) and self._cursor_at(start) and self._cursor_at(stop):
                codec = _CODECS[self.editor.encoding]
                change = self._replace(start, stop, gone.decode(codec, "surrogatepass"))
                self.editor.undo.pop()
                return change
        start = self.some_boundary()
        stop = start if lot < 0.5 else self.some_boundary(near=start)
        return self._replace(min(start, stop), max(start, stop), self.some_text(4))

    def some_boundary(self, near: int | None = None) -> int:
        size = len(self.editor.units)
        while True:
            far = near is None or self.random.random() < 0.2
            offset = self.random.randint(0, size)
            if not far and near is not None:
                offset = min(size, max(0, near + self.random.randint(-6, 6)))
            if self.editor.is_boundary(offset):
                return offset

    def _cursor_at(self, offset: int) -> bool:
        return self.editor.is_boundary(offset)

    def _replace(self, start: int, stop: int, text: str) -> Change:
        starts = self.editor.line_starts()
        span = {"start": self._say(start, starts), "end": self._say(stop, starts)}
        self.editor.replace(start, stop, text)
        return {"range": span, "text": text}

    def _say(self, offset: int, starts: list[int]) -> dict[str, int]:
        """The position, now and then in another of the spellings that mean the same place."""
        line, character = self.editor.position(offset, starts)
        size = len(self.editor.units)
        if offset == size and self.random.random() < 0.1:
            return {"line": len(starts), "character": 0}
        at_line_end = offset == size or self.editor.units[offset] in (10, 13)
        if at_line_end and self.random.random() < 0.1:
            character += self.random.choice((1, 7, 2**31 - 1 - character))
        return {"line": line, "character": character}
