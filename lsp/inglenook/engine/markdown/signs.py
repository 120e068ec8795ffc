"""What a reader cannot see, or what steers a terminal, is written out: ``\\x1b``, ``\\u{202E}``.

Controls, format characters (bidirectional marks among them), tags, variation selectors, fillers,
private use and lone surrogates: the general categories Cc, Cf, Co and Cs, and the
default-ignorable characters of Unicode 16.0. Joiners and selectors stay inside of emoji. Line
ends become ``\\n``; tabs stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NEVER: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ue000-\uf8ff\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
_ODD: Final = re.compile(f"\r\n?|[{_NEVER}\u200d\ufe00-\ufe0f]")
_PICTURE: Final = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINS: Final = re.compile(f"[{_PICTURE}]\ufe0f?\\Z")
_PICTURED: Final = re.compile(f"[{_PICTURE}]")
_KEY: Final = re.compile("[0-9#*]\\Z")
# What the next character decides: a line end, a joiner, the selector of a keycap.
_UNDECIDED: Final = re.compile("(?:\r|\u200d|(?<=[0-9#*])\ufe0f)\\Z")
_BACK: Final = 2  # characters before one that can decide on it


@dataclass(slots=True)
class Signs:
    """Text that comes in pieces; what comes out does not depend on how it was cut."""

    _held: str = ""
    _before: str = ""  # the last characters that came before what is held

    def feed(self, piece: str, final: bool = False) -> str:
        if not self._held and piece.isascii() and piece.isprintable():
            self._before = (self._before + piece)[-_BACK:]
            return piece
        context = self._before + self._held + piece
        start, stop = len(self._before), len(context)
        if not final and (undecided := _UNDECIDED.search(context, start)):
            stop = undecided.start()
        self._held = context[stop:]
        self._before = context[:stop][-_BACK:]
        shown: list[str] = []
        last = start
        for match in _ODD.finditer(context, start):
            if match.start() >= stop:
                break
            shown += (context[last : match.start()], _shown(match, context))
            last = match.end()
        return "".join([*shown, context[last:stop]])


def plain(text: str) -> str:
    """``text`` for a terminal or a log: nothing in it is invisible or steers."""
    return Signs().feed(text, final=True)


def _shown(match: re.Match[str], context: str) -> str:
    sign, at, after = match[0], match.start(), match.end()
    if sign == "\r\n":
        return "\n"
    if sign == "\r":
        return "\\r"
    before = context[max(0, at - _BACK) : at]
    if sign == "\u200d" and _JOINS.search(before) and _PICTURED.match(context, after):
        return sign
    if sign in "\ufe0e\ufe0f" and _PICTURED.match(before[-1:]):
        return sign
    if sign == "\ufe0f" and _KEY.search(before) and context[after : after + 1] == "\u20e3":
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{{{code:04X}}}"
