"""JSON, with or without comments and commas too many, read into values with their lines.

A whole file is read once from its start to its end. What is no JSON is one notice that says where;
no notice quotes the text, which may hold keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from json import JSONDecoder
from typing import Final

from inglenook.engine.config.tree import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    TooMuch,
    Value,
    clean_text,
    decoded,
    twice,
)
from inglenook.engine.settings import Level, Notice

_BLANK: Final = re.compile(r"(?:[ \t\r\n]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*+))(\.[0-9]++)?+([eE][-+]?[0-9]++)?+")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_WORD: Final = re.compile(r"[A-Za-z]++")
_STRINGS: Final = JSONDecoder(strict=False)  # line ends in a text are let through


def read_json(data: bytes, file: str) -> tuple[Value | None, list[Notice]]:
    """The value of a file, and what is wrong with it. None: it is empty, or cannot be read."""
    text, notices = decoded(data, file)
    if notices:
        return None, notices
    reader = _Reader(text, file)
    try:
        return reader.whole(), []
    except _NotJson as wrong:
        return None, [Notice(Level.WARNING, f"{file}:{reader.line}: is not JSON ({wrong})")]
    except TooMuch as much:
        return None, [Notice(Level.WARNING, f"{file}:{reader.line}: {much}")]


def from_json(obj: object, file: str) -> Value:
    """What an editor sent, which has no lines. Too much of it is a value that is not read."""
    try:
        return _Walk(file).value(obj, 0)
    except TooMuch as much:
        return Value(None, file, 0, unread=f"something that {much}")


class _NotJson(Exception):
    pass


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._at = 0
        self._nodes = 0
        self.line = 1
        self._counted = 0  # up to here the lines are counted

    def whole(self) -> Value | None:
        self._blank()
        if self._at == len(self._text):
            return None
        value = self._value(0)
        self._blank()
        if self._at < len(self._text):
            raise _NotJson("more stands behind its end")
        return value

    def _value(self, depth: int) -> Value:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooMuch(f"has more than {MAX_NODES:,} values and is not read")
        if depth > MAX_DEPTH:
            raise TooMuch("is nested too deeply")
        line, first = self.line, self._text[self._at : self._at + 1]
        if first == "{":
            return Value(self._object(depth), self._file, line)
        if first == "[":
            return Value(self._array(depth), self._file, line)
        if first == '"':
            return Value(self._string(), self._file, line)
        if word := _WORD.match(self._text, self._at):
            if word[0] not in _WORDS:
                raise _NotJson("a word without quotes")
            self._at = word.end()
            return Value(_WORDS[word[0]], self._file, line)
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            return _number(number, self._file, line)
        raise _NotJson("it ends too early" if not first else "expected a value")

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        self._at += 1
        while not self._closes("}", bool(found)):
            line = self.line
            if self._text[self._at : self._at + 1] != '"':
                raise _NotJson("expected a key in double quotes")
            key = self._string()
            self._blank()
            if self._text[self._at : self._at + 1] != ":":
                raise _NotJson("expected ':' behind a key")
            self._at += 1
            self._blank()
            value = self._value(depth + 1)
            found[key] = twice(value, line) if key in found else replace(value, line=line)
        return found

    def _array(self, depth: int) -> tuple[Value, ...]:
        found: list[Value] = []
        self._at += 1
        while not self._closes("]", bool(found)):
            found.append(self._value(depth + 1))
        return tuple(found)

    def _closes(self, bracket: str, later: bool) -> bool:
        """Whether the end comes, or else goes to the next entry, over the comma before it."""
        self._blank()
        if later and self._text[self._at : self._at + 1] == ",":
            self._at += 1
            self._blank()
        elif later and self._text[self._at : self._at + 1] != bracket:
            raise _NotJson(f"expected ',' or '{bracket}'")
        if self._text[self._at : self._at + 1] != bracket:
            return False
        self._at += 1
        return True

    def _string(self) -> str:
        try:
            text, self._at = _STRINGS.raw_decode(self._text, self._at)
        except ValueError:
            raise _NotJson("a text that does not end, or has an escape that is none") from None
        self._count()
        return clean_text(text)

    def _blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        self._count()

    def _count(self) -> None:
        self.line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at


def _number(match: re.Match[str], file: str, line: int) -> Value:
    if len(match[0]) > MAX_DIGITS:
        return Value(None, file, line, unread="a number that is not finite or too long")
    number = float(match[0]) if match[2] or match[3] else int(match[0])
    return _finite(number, file, line)


def _finite(number: int | float, file: str, line: int) -> Value:
    try:
        finite = math.isfinite(number)
    except OverflowError:
        finite = False
    if not finite:
        return Value(None, file, line, unread="a number that is not finite or too long")
    return Value(number, file, line)


class _Walk:
    """Through the objects that a JSON parser of somebody else made."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._nodes = 0

    def value(self, obj: object, depth: int) -> Value:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooMuch(f"has more than {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise TooMuch("is nested too deeply")
        if obj is None or isinstance(obj, bool):
            return Value(obj, self._file, 0)
        if isinstance(obj, (int, float)):
            return _finite(obj, self._file, 0)
        if isinstance(obj, str):
            return Value(clean_text(obj), self._file, 0)
        if isinstance(obj, Mapping):
            found: dict[str, Value] = {}
            for key, entry in obj.items():
                found[clean_text(str(key))] = self.value(entry, depth + 1)
            return Value(found, self._file, 0)
        if isinstance(obj, (list, tuple)):
            return Value(tuple(self.value(entry, depth + 1) for entry in obj), self._file, 0)
        return Value(None, self._file, 0, unread="something that is no JSON")
