"""One value against its kind: whether it has the form, what it is then, and what is said if not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, TypeVar

from inglenook.engine.config.kinds import (
    Anything,
    Choice,
    Either,
    Flag,
    Keys,
    Kind,
    ListOf,
    MapOf,
    Number,
    Text,
    expected,
    folded,
    names,
)
from inglenook.engine.config.tree import Scalar, Value, kind

_T = TypeVar("_T")

_FLAGS: Final = {"yes": True, "on": True, "no": False, "off": False}  # as YAML 1.1 has them


class Wrong(Exception):
    """How a scalar is not of its kind: "is a number"."""


def nearest(name: str, known: Mapping[str, str]) -> str:
    """The known name that ``name`` was meant to be; empty if none is near."""
    from difflib import get_close_matches

    close = get_close_matches(folded(name)[:60], known, 1, 0.7)
    return known[close[0]] if close else ""


def pick(of: Kind, value: Value) -> Kind | None:
    """The kind that the form of ``value`` asks for; None if it has none of the forms."""
    if isinstance(of, Either):
        found = (pick(each, value) for each in of.kinds)
        # A wrong scalar is the first scalar kind's to complain of, with all kinds as expected.
        return next((each for each in found if each is not None), None)
    data = value.data
    if isinstance(of, Anything):
        return of
    if isinstance(of, ListOf):
        return of if isinstance(data, tuple) or of.one else None
    if isinstance(of, (Keys, MapOf)):
        return of if isinstance(data, Mapping) else None
    if isinstance(of, Flag):
        return of if isinstance(as_flag(data), bool) else None
    if isinstance(of, Number):
        return of if isinstance(data, (int, float)) and not isinstance(data, bool) else None
    return of if isinstance(data, str) else None


def scalar(value: Value, of: Kind) -> Scalar:
    """The data of ``value`` as its kind has it; `Wrong` if it has another."""
    there = pick(of, value)
    data = value.data
    if value.unread or there is None or isinstance(data, (tuple, Mapping)):
        raise Wrong(f"is {kind(value)}")
    if isinstance(there, Text) and isinstance(data, str):
        return _text(data, there)
    if isinstance(there, Choice) and isinstance(data, str):
        if data not in there.names:
            raise Wrong(_another(value, data))
        return data
    if isinstance(there, Flag):
        return as_flag(data)
    if isinstance(there, Number) and isinstance(data, (int, float)):
        if not there.low <= data <= there.high or (there.whole and data != math.floor(data)):
            raise Wrong(f"is {data:g}" if abs(data) < 1e15 else "is another number")
        return int(data) if there.whole else data
    return data


def _text(data: str, of: Text) -> str:
    text = data if of.lines else data.strip()
    if not text and not of.empty:
        raise Wrong("is empty")
    if not of.lines and not text.isprintable():
        raise Wrong("has characters that cannot be printed")
    return text


def _another(value: Value, data: str) -> str:
    # What is short and looks like a word is a slip of the pen; all else might be a secret.
    quoted = f"is {data!r}" if data.isalpha() and len(data) <= 24 and not value.hidden else ""
    return quoted or "is another text"


def as_flag(data: _T) -> _T | bool:
    """``data`` as true or false, if it says that in another way."""
    return _FLAGS.get(data.lower(), data) if isinstance(data, str) else data


def sentence(value: Value, found: str, of: Kind, wanted: str = "") -> str:
    """As in "is a list; expected a text"."""
    if value.unread.endswith("twice"):
        return "stands there twice; expected it once"
    if value.unread.startswith("the secret"):
        return value.unread
    text = f"{found}; expected {wanted or expected(of)}"
    if isinstance(of, Choice) and isinstance(value.data, str):
        meant = nearest(value.data, names(of.names))
        text += f"; did you mean {meant!r}?" if meant else ""
    quotable = isinstance(value.data, (int, float)) and isinstance(of, Text)
    return text + (" (put it in quotes)" if quotable else "")
