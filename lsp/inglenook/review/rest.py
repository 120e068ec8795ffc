"""The form of what is left of an answer: from a JSON schema and a beginning a grammar of the rest.

A backend that holds an answer to a form begins the form where it begins to write, so that what it
is to go on with needs a form of its own. Of JSON schemas this knows what reviews use: objects whose
properties are all required and come in their order, lists, texts, and choices of texts. The grammar
is GBNF (llama.cpp, grammars/README.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inglenook.models.render import literal

_BLANK: Final = re.compile(r"\s*")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*("?)', re.DOTALL)
_HALF_ESCAPE: Final = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)\Z")
_RULES: Final = r"""
blank ::= | " " | "\n" gap
gap ::= [ \t]{0,20}
char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt/] | "u" [0-9a-fA-F]{4})
"""


class _Other(Exception):
    """The text is no beginning of what the schema has."""


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str


@dataclass(frozen=True, slots=True)
class _Blank:
    """Between two signs; none is a blank, too."""


@dataclass(frozen=True, slots=True)
class _String:
    """A text in quotes, of any length."""


@dataclass(frozen=True, slots=True)
class _Choice:
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """At most so many of the same, with commas between them."""

    item: tuple[_Part, ...]
    most: int


_Part = _Sign | _Blank | _String | _Choice | _List
_NEXT: Final = (_Blank(), _Sign(","), _Blank())


def whole_signs(text: str) -> str:
    """``text`` without an escape at its end that is only begun."""
    half = _HALF_ESCAPE.search(text)
    return text[: half.start(1)] if half else text


def grammar_of_rest(schema: Mapping[str, Any], text: str) -> str | None:
    """What may stand behind ``text``, so that both together are what the schema wants; None if
    nothing may, or nothing has to."""
    try:
        _, rest = _walked(_parts(schema), text, 0)
    except _Other:
        return None
    return f"root ::= {rest}{_RULES}" if rest else None


def _parts(schema: Mapping[str, Any]) -> tuple[_Part, ...]:
    if "enum" in schema:
        return (_Choice(tuple(json.dumps(each, ensure_ascii=False) for each in schema["enum"])),)
    if schema.get("type") == "array":
        return _Sign("["), _Blank(), _List(_parts(schema["items"]), schema["maxItems"]), *_end("]")
    if schema.get("type") != "object":
        return (_String(),)
    parts: list[_Part] = [_Sign("{"), _Blank()]
    for at, (name, value) in enumerate(schema["properties"].items()):
        parts += _NEXT if at else ()
        parts += (_Sign(json.dumps(name)), _Blank(), _Sign(":"), _Blank(), *_parts(value))
    return *parts, *_end("}")


def _end(sign: str) -> tuple[_Part, ...]:
    return _Blank(), _Sign(sign)


def _walked(parts: Sequence[_Part], text: str, at: int) -> tuple[int, str]:
    """How far the parts reach in ``text``, and the grammar of what is missing of them behind it."""
    for number, part in enumerate(parts):
        at, missing = _one(part, text, at)
        if missing is not None:
            return at, " ".join([missing, *map(_grammar, parts[number + 1 :])])
    return at, ""


def _one(part: _Part, text: str, at: int) -> tuple[int, str | None]:
    if isinstance(part, _Blank):
        return _blank(text, at)
    if isinstance(part, _List):
        return _items(part, text, at)
    if isinstance(part, _String):
        string = _STRING.match(text, at)
        if string is None:
            return _begun((), text, at, _grammar(part))
        if not string[1] and string.end() < len(text):
            raise _Other
        return string.end(), None if string[1] else 'char* "\\""'
    texts = (part.text,) if isinstance(part, _Sign) else part.texts
    whole = [each for each in texts if text.startswith(each, at)]
    if whole:
        return at + len(max(whole, key=len)), None
    return _begun(texts, text, at, "")


def _begun(texts: Sequence[str], text: str, at: int, otherwise: str) -> tuple[int, str]:
    """The ends of those of ``texts`` that stand there as far as ``text`` goes."""
    there = text[at:]
    ends = [literal(each[len(there) :]) for each in texts if each.startswith(there)]
    if there and not ends:
        raise _Other
    return len(text), f"({' | '.join(ends)})" if ends else otherwise


def _items(part: _List, text: str, at: int) -> tuple[int, str | None]:
    if text[at] == "]":  # the text does not end here: a blank before this would go on
        return at, None
    for left in range(part.most - 1, -1, -1):
        at, rest = _walked(part.item, text, at)
        if rest:
            return at, f"{rest} {_more(part, left)}"
        behind, missing = _blank(text, at)
        if missing:
            other = f'("," blank {_sequence(part.item)} {_more(part, left - 1)})?'
            return behind, f"{missing} {other}" if left else missing
        if text[behind] != ",":
            return at, None
        at, missing = _blank(text, behind + 1)
        if missing and left:
            return at, f"{missing} {_sequence(part.item)} {_more(part, left - 1)}"
    raise _Other


def _blank(text: str, at: int) -> tuple[int, str | None]:
    """What is blank there, which may go on at the end of the text."""
    found = _BLANK.match(text, at)
    end = found.end() if found else at
    return end, None if end < len(text) else "gap" if end > at else "blank"


def _more(part: _List, most: int) -> str:
    return f'(blank "," blank {_sequence(part.item)}){{0,{most}}}' if most else '""'


def _grammar(part: _Part) -> str:
    if isinstance(part, _Blank):
        return "blank"
    if isinstance(part, _String):
        return '"\\"" char* "\\""'
    if isinstance(part, _List):
        return f"({_sequence(part.item)} {_more(part, part.most - 1)})?"
    texts = (part.text,) if isinstance(part, _Sign) else part.texts
    return f"({' | '.join(map(literal, texts))})"


def _sequence(parts: Sequence[_Part]) -> str:
    return " ".join(map(_grammar, parts))
