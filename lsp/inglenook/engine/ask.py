"""What is asked of the completion engine, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from inglenook.engine.recipe import Surroundings, surroundings, typed_from
from inglenook.models.model import ModelInfo, Timings
from inglenook_context.document import Cursor, Document


@dataclass(frozen=True, slots=True)
class Selected:
    """The item that an editor's completion popup would insert in place of ``[start:stop]``."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True)
class Ask:
    """One request for up to ``wanted`` completions.

    ``automatic``: it came by typing, not by a key made for it, and may wait for the next key.
    """

    cursor: Cursor
    automatic: bool
    selected: Selected | None = None
    wanted: int = 1
    accepted: str = ""  # nobody asked yet: the answer is for when this was accepted at the cursor

    @property
    def uri(self) -> str:
        return self.cursor.document.uri

    @cached_property
    def target(self) -> Cursor:
        """The cursor that is completed: after what is selected or accepted, were it inserted."""
        insertion = self.insertion
        if insertion is None:
            return self.cursor
        document = self.cursor.document
        text = document.text.replace(insertion.start, insertion.stop, insertion.text)
        return Cursor(
            Document(document.uri, document.language, document.version, text),
            insertion.start + len(insertion.text),
        )

    @property
    def insertion(self) -> Selected | None:
        """What would have to be inserted before ``target`` exists."""
        if self.selected is None and self.accepted:
            return Selected(self.cursor.offset, self.cursor.offset, self.accepted)
        return self.selected

    @property
    def block(self) -> bool | None:
        """Whether several lines are wanted; None where the place decides.

        After an accepted line comes its line end and what follows it. The item that a popup
        selects is continued on its own line.
        """
        if self.selected is not None:
            return False
        return True if self.accepted and not self.target.line_after.strip() else None

    @cached_property
    def place(self) -> Surroundings:
        return surroundings(self.target)


@dataclass(frozen=True, slots=True)
class Report:
    """How an answer came about. Times are milliseconds since the request was read."""

    model: ModelInfo
    cached: bool
    total_ms: float
    context_ms: float | None = None
    first_token_ms: float | None = None
    timings: Timings | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Alternatives, best first, to be inserted at ``offset`` of ``document``."""

    texts: tuple[str, ...]
    document: Document
    offset: int
    report: Report | None = None


def nothing(ask: Ask) -> Answer:
    """The answer of a request that was superseded, or for which there is nothing to say."""
    return Answer((), ask.cursor.document, ask.cursor.offset)


def rebased(answer: Answer, now: Document) -> Answer:
    """The answer as it holds for the document of now: editors check no versions.

    If what was typed at the place since begins an alternative, its rest is left; else none is.
    """
    then = answer.document
    if now.version == then.version:
        return answer
    grown = now.text.length - then.text.length
    old, offset = surroundings(Cursor(then, answer.offset)), answer.offset + grown
    typed = None
    if grown >= 0:
        typed = typed_from(old, answer.offset, surroundings(Cursor(now, offset)), offset)
    texts = (
        ()
        if typed is None
        else tuple(
            text[grown:] for text in answer.texts if text.startswith(typed) and len(text) > grown
        )
    )
    return Answer(texts, now, offset if texts else answer.offset, answer.report)
