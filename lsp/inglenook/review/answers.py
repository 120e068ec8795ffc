"""The form of a model's answer, and what is taken of one. Nothing in it is trusted.

A backend that can be held to a JSON schema is; what any backend says is checked all the same.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from inglenook.engine.markdown.signs import plain
from inglenook.review.locate import QUOTE
from inglenook.review.values import Reviewer, Severity

MOST: Final = 5  # findings that one answer may have; more are cut and counted
_LONGEST: Final = 4_000  # characters of a quote that a model was not held to a length of
_MESSAGE: Final = 400
_READ: Final = 2_000_000  # characters of an answer that are looked at
_FENCE: Final = re.compile(r"```[a-zA-Z]*\n\s*(?=[\[{])")
_DECODER: Final = json.JSONDecoder()


class Unparsed(Exception):
    """An answer that is none; the message says what is wrong with it, for the model."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says is wrong, before it was looked for in the code."""

    rule: str
    severity: Severity
    quote: str
    message: str


class Claims(NamedTuple):
    """What an answer claims, how many claims were too many, and what is wrong with the others, as
    a sentence for the model: "" if they could all be read."""

    made: tuple[Claim, ...]
    cut: int
    wrong: str


def review_schema(reviewer: Reviewer, quotable: Sequence[str] = ()) -> dict[str, object]:
    """The quote comes first: what is said then is about something that is there.

    It is one of the lines that are ``quotable``, if there are any.
    """
    free = {"type": "string", "maxLength": QUOTE}
    finding = {
        "quote": {"enum": list(quotable)} if quotable else free,
        "message": {"type": "string", "maxLength": _MESSAGE},
        "rule": {"enum": [each.id.partition("/")[2] for each in reviewer.rules]},
        "severity": {"enum": [each.word for each in Severity]},
    }
    entry = _object(finding)
    return _object({"findings": {"type": "array", "maxItems": MOST, "items": entry}})


JUDGE_SCHEMA: Final[Mapping[str, object]] = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "maxLength": _MESSAGE},
        "verdict": {"enum": ["stands", "refuted"]},
    },
    "required": ["reason", "verdict"],
    "additionalProperties": False,
}


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def claims_of(text: str, reviewer: Reviewer) -> Claims:
    """The claims of an answer; raises `Unparsed` if it is no list of any."""
    answer = _json_of(text)
    listed = answer.get("findings") if isinstance(answer, dict) else answer
    if not isinstance(listed, list):
        raise Unparsed('It must be {"findings": [...]}.')
    made, wrong = [], ""
    for each in listed[:MOST]:
        try:
            made.append(_claim(each, reviewer))
        except Unparsed as error:
            wrong = str(error)
    return Claims(tuple(made), max(len(listed) - MOST, 0), wrong)


def _claim(entry: object, reviewer: Reviewer) -> Claim:
    if not isinstance(entry, dict):
        raise Unparsed("Each finding must be an object.")
    rules = {each.id.partition("/")[2]: each for each in reviewer.rules}
    name = str(entry.get("rule", "")).strip().rpartition("/")[2]
    if name not in rules:
        raise Unparsed(f"A rule must be one of: {', '.join(rules)}.")
    quote, message = _text(entry, "quote", _LONGEST), _text(entry, "message", _MESSAGE)
    rule = rules[name]
    severity = min(_severity(entry.get("severity"), rule.severity), rule.severity)
    return Claim(rule.id, severity, quote, " ".join(message.split()))


def stands(text: str) -> bool:
    """The verdict of a judge; raises `Unparsed`."""
    answer = _json_of(text)
    verdict = answer.get("verdict") if isinstance(answer, dict) else None
    if verdict not in ("stands", "refuted"):
        raise Unparsed('It must be {"reason": "...", "verdict": "stands" or "refuted"}.')
    return bool(verdict == "stands")


def _json_of(text: str) -> Any:
    """The one JSON value of an answer, alone or in blocks of code, which all have the same."""
    text = text.strip()
    if len(text) > _READ:
        raise Unparsed("It is too long.")
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)
    values: list[Any] = []
    at = 0
    while found := _FENCE.search(text, at):
        at = found.end()
        with contextlib.suppress(ValueError, RecursionError):
            value, at = _DECODER.raw_decode(text, at)  # in which there may be fences
            if values and value != values[0]:
                raise Unparsed("It has more than one JSON value.")
            values.append(value)
    if not values:
        raise Unparsed("It is no JSON." if text else "It is empty.")
    return values[0]


def _text(entry: Mapping[str, Any], key: str, limit: int) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Unparsed(f"Each finding must have a {key}, which is a text.")
    # A quote is compared with the code, so what cannot be seen in it stays as it is.
    return value[:limit] if key == "quote" else plain(value[:limit])


def _severity(said: object, otherwise: Severity) -> Severity:
    words = {each.word: each for each in Severity}
    return words.get(said, otherwise) if isinstance(said, str) else otherwise
