"""What is asked in a chat, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from inglenook.models.model import ModelInfo, Timings
from inglenook_context.document import Document


@dataclass(frozen=True, slots=True)
class Trouble:
    """A diagnostic of the editor that is in the selection; ``line`` is counted from 0."""

    line: int
    message: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A whole file that the user wants to be read too; ``path`` is as a model is shown it."""

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """``text`` about the characters from ``start`` to ``stop`` of a document (code points).

    Nothing is selected if both are the same. ``conversation`` tells apart several of one
    document. ``text`` may begin with a slash command. ``left_out``: what is not among the extras,
    a sentence each.
    """

    document: Document
    start: int
    stop: int
    text: str = field(repr=False)
    conversation: str = ""
    troubles: tuple[Trouble, ...] = ()
    extras: tuple[Extra, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def selection(self) -> str:
        return self.document.text.slice(self.start, self.stop)

    @property
    def lines(self) -> tuple[int, int]:
        """The first line of the selection and the line behind it, counted from 0.

        A selection that ends before the first character of a line does not reach into it.
        """
        text = self.document.text
        last = self.stop - 1 if self.stop > self.start else self.stop
        return text.line_at(self.start), text.line_at(max(last, self.start)) + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """What came next: a part of the answer, safe to be shown as Markdown, or of its reasoning."""

    text: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What of a file a model was shown: ``what`` is selection, scope, definitions, file or rule."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer, at the end. ``limited``: it was cut by the model's window or limit.

    ``notices`` are sentences for the user: what was left out, what the backend did not see.
    ``plain`` is what the model wrote for a place that renders no Markdown, such as a commit's
    message: as it is, with what cannot be seen or steers a terminal written out.
    """

    text: str
    reasoning: str
    used: tuple[Used, ...]
    model: ModelInfo
    timings: Timings | None = None
    limited: bool = False
    notices: tuple[str, ...] = ()
    plain: str = field(default="", repr=False)
