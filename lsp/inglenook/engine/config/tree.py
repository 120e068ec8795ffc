"""What a configuration file says, whatever its notation: values, and where each one stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from inglenook.engine.settings import Level, Notice

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]  # of a value: keys, and places in lists from 0

# No file that a person wrote comes near these, and one that does costs little.
MAX_BYTES: Final = 256 * 1024
MAX_NODES: Final = 20_000  # values and keys, each alias counted as what it stands for
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 300  # more make no float

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_PASSWORD: Final = re.compile(r"//[^/@\s]*@")
_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar, a list or a mapping. ``line`` counts from 1; 0 where there are no lines.

    What a key of a mapping has, stands at the line of the key. ``hidden`` is set where a secret
    was put in: such a value is never shown. ``unread`` says what stands there if it is nothing
    that can be used ("a tag"); ``data`` is None then. ``shared`` is what an alias stands for.
    """

    data: Scalar | tuple[Value, ...] | Mapping[str, Value]
    file: str
    line: int
    hidden: bool = False
    unread: str = ""
    shared: bool = False

    @property
    def entries(self) -> Mapping[str, Value]:
        """Of a mapping; empty for everything else."""
        return self.data if isinstance(self.data, Mapping) else {}

    @property
    def items(self) -> tuple[Value, ...]:
        """Of a list; empty for everything else."""
        return self.data if isinstance(self.data, tuple) else ()


class TooMuch(Exception):
    """A file that is more than any person writes; reads on after its name ("is nested …")."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


def kind(value: Value) -> str:
    """What stands there, in words: "a list"."""
    if value.unread:
        return value.unread
    match value.data:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case tuple():
            return "a list"
        case _:
            return "a mapping of keys to values"


def key_name(key: str) -> str:
    """``key`` for a message. Without the blank that YAML wants, "apiKey:sk-1" is a key."""
    name = re.split(r"[:\s=]", key, maxsplit=1)[0] if key else ""
    return (name if name.isprintable() else ascii(name)[1:-1])[:_LONGEST_SHOWN]


def path_text(path: Path) -> str:
    """As in "models[0].requestOptions.proxy"."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{key_name(step)}"
    return text.removeprefix(".")


def shown(value: Value, secret: bool = False) -> str:
    """``value`` on one short line, for the user's own eyes; a secret is hidden."""
    if secret or any(each.hidden for each in walk(value)):
        return "(hidden)"
    try:
        text = json.dumps(plain(value), ensure_ascii=False)
    except ValueError:  # a whole number of more digits than Python turns into text
        return "(long)"
    if isinstance(value.data, str) and value.data.isprintable():
        text = _PASSWORD.sub("//(hidden)@", value.data)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def plain(value: Value) -> object:
    """``value`` as JSON has it, without the places."""
    if isinstance(value.data, Mapping):
        return {key: plain(entry) for key, entry in value.data.items()}
    if isinstance(value.data, tuple):
        return [plain(entry) for entry in value.data]
    return value.data


def walk(value: Value) -> Iterator[Value]:
    """``value`` and all that is in it."""
    yield value
    for entry in (*value.items, *value.entries.values()):
        yield from walk(entry)


def twice(first: Value, line: int) -> Value:
    """In place of two values of one key: neither is the one that was meant."""
    return Value(None, first.file, line, unread="a key that stands there twice")


def clean_text(text: str) -> str:
    """Without halves of characters, which cannot be written anywhere."""
    return _SURROGATES.sub("\ufffd", text)


def decoded(data: bytes, file: str) -> tuple[str, list[Notice]]:
    """The text of a file; empty, with the reason, if it is none."""
    if len(data) > MAX_BYTES:
        text = f"{file}: is larger than {MAX_BYTES // 1024} KiB and is not read"
        return "", [Notice(Level.WARNING, text)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return "", [Notice(Level.WARNING, f"{file}: is not UTF-8 text")]
