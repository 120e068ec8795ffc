"""Filling a hole with a model that can only chat."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from inglenook.models.comments import snippets_as_comments
from inglenook.models.templates import neutralise_any
from inglenook_context.prompt import Prompt

NOTICE: Final = (
    "This model was not trained to fill holes in code; completions are emulated through chat, "
    "which is slower and less exact."
)
_HOLE: Final = "<HOLE/>"
_SYSTEM: Final = (
    f"You complete code in an editor. The file has one {_HOLE}. Answer with the text that "
    "replaces it and nothing else, in one code block. Do not repeat text that stands before or "
    "after it."
)
_FENCE: Final = "```"
_OPENING: Final = re.compile(r"[ \t]*```[^`]*")  # a whole line
_THOUGHTS: Final = re.compile(r"<think>.*?(?:</think>|\Z)")  # in one line
_INDENT: Final = 200  # blanks before a closing fence; more than these are taken for code


def messages(prompt: Prompt) -> list[dict[str, str]]:
    """The messages that ask for the hole to be filled.

    No text of a document ends its turn in the chat or makes a second hole.
    """
    before = _plain(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
    file = f"{before}{_HOLE}{_plain(prompt.suffix)}"
    return [
        {"role": "system", "content": _SYSTEM},
        {"role": "user", "content": f"{_plain(prompt.path)} ({prompt.language}):\n{file}"},
    ]


def _plain(text: str) -> str:
    return neutralise_any(text).replace(_HOLE, "< HOLE/>")


class _Place(Enum):
    SAID = auto()  # before the code block
    BLOCK = auto()
    AFTER = auto()


class CodeReader:
    """Takes the code out of what a model says, piece by piece, and in one pass.

    Reasoning and chatter round the code block are left out. An answer without a code block
    counts when it is done. The code ends before the first of ``stops``, and then ``stopped``.
    """

    def __init__(self, stops: tuple[str, ...] = ()) -> None:
        self.stopped = False
        self._stops = stops
        self._place = _Place.SAID
        self._thinking = False
        self._said: list[str] = []  # whole lines
        self._line: list[str] = []  # pieces of the line that has not ended
        self._rest = ""  # of the block: what could still belong to a closing fence
        self._held = ""  # of the code: what could still begin a stop string

    def feed(self, text: str, done: bool = False) -> str:
        """The code that ``text`` adds; ``done`` says that nothing comes after it."""
        if self.stopped:
            return ""
        code = self._held + self._code(text, done)
        piece, self.stopped = cut(code, self._stops, done)
        self._held = code[len(piece) :]
        return piece

    def _code(self, text: str, done: bool) -> str:
        if self._place is _Place.SAID:
            text = self._find_block(text, done)
        if self._place is _Place.BLOCK:
            return self._in_block(text, done)
        if self._place is _Place.SAID and done:
            return "".join(self._said).strip("\n")
        return ""

    def _find_block(self, text: str, done: bool) -> str:
        """What of ``text`` stands in the code block, if one has begun."""
        self._line.append(text)
        if "\n" not in text and not done:
            return ""
        lines = "".join(self._line).split("\n")
        self._line = [] if done else [lines[-1]]
        for index, line in enumerate(lines if done else lines[:-1]):
            aloud = self._aloud(line)
            if _OPENING.fullmatch(aloud):
                self._place = _Place.BLOCK
                return "\n".join(lines[index + 1 :])
            self._said.append(aloud if self._thinking else aloud + "\n")
        return ""

    def _aloud(self, line: str) -> str:
        """``line`` without thoughts."""
        if self._thinking:
            line = "<think>" + line
        self._thinking = line.rfind("<think>") > line.rfind("</think>")
        line = _THOUGHTS.sub("", line)
        if "</think>" in line:  # the model's template had opened the tag for it
            self._said.clear()
            line = line.rpartition("</think>")[2]
        return line

    def _in_block(self, text: str, done: bool) -> str:
        text = self._rest + text
        end = text.find(_FENCE)
        if end >= 0:
            self._place, self._rest = _Place.AFTER, ""
            return text[:end].rstrip(" \t").removesuffix("\n")
        tail = text[-_INDENT:]
        sure = tail.rstrip("`").rstrip(" \t").removesuffix("\n")
        held = 0 if done else len(tail) - len(sure)
        self._rest = text[len(text) - held :]
        return text[: len(text) - held]


def cut(text: str, stops: tuple[str, ...], done: bool) -> tuple[str, bool]:
    """``text`` up to the first stop string and whether there was one.

    Unless ``done``, what may be the beginning of a stop string is held back.
    """
    ends = [end for stop in stops if stop and (end := text.find(stop)) >= 0]
    if ends:
        return text[: min(ends)], True
    held = 0 if done else max((_overlap(text, stop) for stop in stops), default=0)
    return text[: len(text) - held], False


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of ``text`` could begin ``stop``."""
    return next((n for n in range(len(stop) - 1, 0, -1) if text.endswith(stop[:n])), 0)
