"""Thoughts that stand in the text of an answer, taken out while it streams.

Most servers send reasoning in a field of its own; those that know nothing of it pass on what the
model writes: ``<think>…</think>`` before the answer (DeepSeek-R1, Qwen3, QwQ), ``[THINK]…[/THINK]``
(Magistral). A tag that stands further behind belongs to the answer, which may be about tags.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

_TAGS: Final = {"<think>": "</think>", "[THINK]": "[/THINK]"}
# Their templates open the tag themselves, so the answer begins in the middle of a thought; they
# cannot be kept from thinking.
_ALWAYS: Final = re.compile(r"(?<![a-z0-9])(?:r1|qwq|thinking)(?![a-z0-9])", re.I)


def always_thinks(name: str) -> bool:
    """Whether a model of this name opens every answer with thoughts, as far as names tell."""
    return _ALWAYS.search(name) is not None


class _Place(Enum):
    BEGINNING = auto()  # only blanks so far
    THOUGHT = auto()
    ANSWER = auto()


class Thoughts:
    """Parts what a model writes. ``opened``: it may begin in a thought without saying so.

    Then all counts as thought as it streams; without a closing tag by the end of a whole answer
    it was none, and is given as text.
    """

    def __init__(self, opened: bool = False) -> None:
        self._place = _Place.BEGINNING
        self._opened = opened  # and no tag was seen yet
        self._closing = _TAGS["<think>"]
        self._thought_once = False
        self._unsure: list[str] = []  # given as thought while nothing says that it is one
        self._held = ""  # could be the beginning of a tag, or blanks before an answer

    def feed(self, text: str, done: bool = False, limited: bool = False) -> tuple[str, str]:
        """What ``text`` adds to the answer, and to its thoughts.

        ``done``: nothing comes after it. ``limited``: because there was no more room.
        """
        text, self._held = self._held + text, ""
        said, thought = [], []
        while text or done:
            if self._place is _Place.BEGINNING:
                text = self._begin(text, done)
            if self._place is _Place.ANSWER:
                said.append(text)
                break
            if self._place is _Place.BEGINNING:
                break
            piece, text = self._think(text, done)
            thought.append(piece)
            if not text:
                break
        if done and not limited and self._unsure:
            said.append("".join(self._unsure).lstrip())
            self._unsure.clear()
        return "".join(said), "".join(thought)

    def parted(self) -> None:
        """The server parts thoughts itself: what stands in the text is no thought."""
        if self._place is _Place.BEGINNING:
            self._opened = False

    def _begin(self, text: str, done: bool) -> str:
        """What of ``text`` is left for the place that it turns out to begin."""
        begun = text.lstrip()
        if not done and any(tag.startswith(begun) for tag in _TAGS):  # also of nothing but blanks
            self._held = text
            return ""
        for tag, closing in _TAGS.items():
            if begun.startswith(tag):
                self._place, self._closing, self._opened = _Place.THOUGHT, closing, False
                return begun.removeprefix(tag)
        self._place = _Place.THOUGHT if self._opened else _Place.ANSWER
        return begun if self._thought_once else text

    def _think(self, text: str, done: bool) -> tuple[str, str]:
        """The thought in ``text``, and what stands behind its end."""
        thought, tag, rest = text.partition(self._closing)
        if tag:
            self._place, self._opened, self._thought_once = _Place.BEGINNING, False, True
            self._unsure.clear()
            return thought, rest
        held = 0 if done else _begun(text, self._closing)
        thought, self._held = text[: len(text) - held], text[len(text) - held :]
        if self._opened:
            self._unsure.append(thought)
        return thought, ""


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` could begin ``tag``."""
    return next((n for n in range(len(tag) - 1, 0, -1) if text.endswith(tag[:n])), 0)
