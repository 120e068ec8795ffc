"""Drawn rewriting: a language, the source with its selection or cursor, what is written, what
comes of it.

    #! typescript          (python where there is none)
    source with « and », or with █
    <-                     (where a model writes something)
    what it wrote
    ->
    what comes of it

A refusal is drawn as ``! `` and its reason. A form feed is drawn as ``␌``, a tab as ``→``, a NUL
as ``␀``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change, Refusal, applied
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.support.parsed import parsed

_CASES: Final = Path(__file__).parent / "cases"
_SIGNS: Final = {"␌": "\f", "→": "\t", "␀": "\0"}


@dataclass(frozen=True)
class Case:
    """``start`` and ``stop`` are the selection, or twice the cursor."""

    language: str
    source: str
    start: int
    stop: int
    written: str
    after: str

    @property
    def document(self) -> Document:
        return Document("file:///drawn/case", self.language, 1, Text.of(self.source))

    @property
    def syntax(self) -> Syntax | None:
        return parsed(self.document.text, self.language)

    def with_ends(self, end: str) -> Case:
        """The same case with other line ends, but what the model wrote."""
        before, inside = self.source[: self.start], self.source[self.start : self.stop]
        start = len(before.replace("\n", end))
        return replace(
            self,
            source=self.source.replace("\n", end),
            start=start,
            stop=start + len(inside.replace("\n", end)),
            after=self.after.replace("\n", end),
        )


def cases(name: str) -> list[Case]:
    """The drawings in ``cases/<name>.txt``."""
    text = (_CASES / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")
    return [_case(drawing) for drawing in text.split("\n------\n")]


def _case(drawing: str) -> Case:
    for sign, character in _SIGNS.items():
        drawing = drawing.replace(sign, character)
    language = "python"
    if drawing.startswith("#! "):
        language, _, drawing = drawing[3:].partition("\n")
    before, arrow, after = drawing.partition("\n->\n")
    assert arrow, f"a drawing without an arrow: {drawing[:60]}"
    source, _, written = before.partition("\n<-\n")
    marks = [found.start() for found in re.finditer("[«»█]", source)]
    assert 1 <= len(marks) <= 2, f"a drawing without its place: {drawing[:60]}"
    return Case(
        language,
        re.sub("[«»█]", "", source),
        marks[0],
        marks[-1] - (len(marks) - 1),
        written,
        after,
    )


def outcome(source: str, result: tuple[Change, ...] | Refusal) -> str:
    return f"! {result.reason}" if isinstance(result, Refusal) else applied(source, result)
