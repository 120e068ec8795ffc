"""The answer to one question, which may come in several parts.

One that typing cut short is gone on with: in the next pause the engine goes on where it was cut.

It is given what it said as the beginning of its turn, and, if it takes grammars, the form of the
rest. One that does not cannot be held to a form then, for a form begins with the answer: of what it
says that is taken which makes an answer whole, and one that begins anew all the same is believed.

An answer that says the same finding for the third time has said what it had to: small models then
say it until there is no more room, which takes much of their time.

Neither is ended before it is known that the model saw all of the question: some backends cut what
does not fit, and tell that at the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from inglenook.models.chatting import ChatChunk, ChatRequest, Message
from inglenook.models.model import Timings
from inglenook.review.answers import MOST
from inglenook.review.rest import grammar_of_rest, whole_signs

_LISTED: Final = re.compile(r'\s*\{\s*"findings"\s*:\s*\[')
_ANEW: Final = re.compile(r'\s*(?:```[a-z]*\s*)?\{\s*"(?:findings|reason|verdict)"')
_BETWEEN: Final = re.compile(r"[\s,]*")
_ENOUGH: Final = 2  # times that the same finding is listened to
_READ: Final = 20_000  # characters of an answer in which repetitions are looked for


@dataclass(slots=True)
class Begun:
    """The answer to one question so far. ``continues``: whether the backend can go on with it,
    ``holds`` whether it takes grammars, and ``never_cuts`` whether it refuses what does not fit."""

    continues: bool
    holds: bool
    never_cuts: bool
    tokens: int = 0  # that were written of it, about: an engine sends one in a piece
    timings: Timings | None = None  # of the part that is written now, as far as they are told
    _given: str = ""
    _said: list[str] = field(default_factory=list)
    _thought: bool = False  # what is thought before an answer cannot be given back
    _repeats: bool = False

    def next(self, request: ChatRequest) -> ChatRequest:
        """What is to be asked now, the question itself or what is left of its answer."""
        goes_on = self.continues and not self._thought and _end(self._joined()) is None
        given = whole_signs(self.text) if goes_on else ""
        self._said.clear()
        self._thought = self._repeats = False
        self.timings = None
        grammar = ""
        if self.holds and request.json_schema is not None:
            grammar = grammar_of_rest(request.json_schema, given) or ""
            given = given if grammar else ""
        self._given = given if given.strip() else ""
        if not self._given:
            self.tokens = 0
            return request
        return replace(
            request,
            messages=(*request.messages, Message("assistant", self._given)),
            max_tokens=max(request.max_tokens - self.tokens, 1),
            json_schema=None,
            grammar=grammar,
        )

    @property
    def is_continued(self) -> bool:
        return bool(self._given)

    @property
    def whole(self) -> str | None:
        """The answer, if nothing of it is left to be said and it is known to what it answers."""
        return _end(self._joined()) if self._is_seen and not self._thought else None

    @property
    def _is_seen(self) -> bool:
        return self.never_cuts or self.timings is not None

    def take(self, chunk: ChatChunk) -> bool:
        """Whether the answer goes on behind this piece of it."""
        self._said.append(chunk.text)
        self.tokens += bool(chunk.text)
        self._thought = self._thought or bool(chunk.reasoning)
        self.timings = chunk.timings or self.timings
        if "}" not in chunk.text:
            return True
        text = self._joined()
        self._repeats = len(text) <= _READ and _end_of_news(text) is not None
        is_over = self._repeats or (bool(self._given) and _end(text) is not None)
        return not (is_over and self._is_seen)

    @property
    def text(self) -> str:
        """As far as it makes an answer."""
        joined = self._joined()
        return (_end(joined) or joined) if self._given or self._repeats else joined

    def _joined(self) -> str:
        said = "".join(self._said)
        return said if _ANEW.match(said) else self._given + said


def _end(text: str) -> str | None:
    """The answer that stands in ``text``, once it is whole, or has all findings that are taken."""
    try:
        _, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip()))
    except (ValueError, RecursionError):
        found = _end_of_news(text) or next(islice(_findings(text), MOST - 1, None), (None, 0))[1]
        return f"{text[:found]}]}}" if found else None
    return text[:end]


def _end_of_news(text: str) -> int | None:
    """Where the last finding ends before one that was said twice already; None if none was."""
    told: list[Any] = []
    at = 0
    for finding, end in islice(_findings(text), MOST):
        if told.count(finding) == _ENOUGH:
            return at
        told.append(finding)
        at = end
    return None


def _findings(text: str) -> Iterator[tuple[Any, int]]:
    """The findings that stand in an answer, as far as it goes, each with where it ends."""
    match = _LISTED.match(text)
    at = match.end() if match is not None else len(text)
    while between := _BETWEEN.match(text, at):
        try:
            finding, at = _DECODER.raw_decode(text, between.end())
        except (ValueError, RecursionError):
            return
        yield finding, at


_DECODER: Final = json.JSONDecoder()
