"""An edit that a model is to write: what is wished for, and what is offered once it was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.chat.question import Trouble, Used
from inglenook.models.model import ModelInfo
from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change
from inglenook_context.verify.protected import protected
from inglenook_context.verify.task import Failure, Purpose, Task

LONGEST: Final = 1_000_000  # characters of a file that is edited
_TOO_LONG: Final = (
    f"The file is too long for an edit that is checked: it has more than {LONGEST:,} characters."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done to the characters from ``start`` to ``stop`` of a document (code points).

    ``purpose`` is one that a model can serve: FIX (``troubles`` are what is to be fixed), TYPES,
    DOCSTRING, SIMPLIFY or EDIT (``instruction`` are the user's words). ``paths`` are all the names
    that the file has, relative to the workspace where it lies there: the one of the document, and
    the real one if it is a link.
    """

    document: Document
    start: int
    stop: int
    purpose: Purpose
    instruction: str = field(default="", repr=False)
    troubles: tuple[Trouble, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An edit that passed every check; ``changes`` are minimal, in order, and for ``document``.

    ``notes`` say, a sentence each, what a reader should look at: what vanished, and the like.
    ``rounds`` is 2 if the model was told once what was wrong.
    """

    document: Document
    task: Task  # by which it was judged
    changes: tuple[Change, ...]
    title: str
    model: ModelInfo
    notes: tuple[str, ...] = ()
    rounds: int = 1
    notices: tuple[str, ...] = ()  # of the backend and its window, a sentence each
    used: tuple[Used, ...] = ()

    @property
    def target(self) -> tuple[int, int]:
        """What might change."""
        return self.task.target

    @property
    def purpose(self) -> Purpose:
        return self.task.purpose

    @property
    def may_change_behaviour(self) -> bool:
        """Types and docstrings do not."""
        return self.purpose not in (Purpose.TYPES, Purpose.DOCSTRING)


class NotOffered(Exception):
    """No edit is offered; the message is one sentence for the user that says why.

    The message and ``failures`` may hold names of the user's code: they belong into an answer,
    never into a log. ``candidate`` is the last text that the model's answer made of the file,
    empty if there was none: for measuring, and to be shown to nobody.
    """

    def __init__(self, said: str, failures: Sequence[Failure] = (), candidate: str = "") -> None:
        super().__init__(said)
        self.failures = tuple(failures)
        self.candidate = candidate


def check_paths(paths: Sequence[str]) -> None:
    """Raises `NotOffered` for a file that no edit of a model may touch."""
    for path in paths:
        if why := protected(path):
            raise NotOffered(why, (Failure("protected", why),))


def check_length(document: Document) -> None:
    """Raises `NotOffered` for a file whose edits could not be checked."""
    if len(document.text) > LONGEST:
        raise NotOffered(_TOO_LONG)


def refused(failures: Sequence[Failure], rounds: int, candidate: str) -> NotOffered:
    """What failed, in one sentence: the checks by name, and the first reasons."""
    names = ", ".join(dict.fromkeys(each.check for each in failures))
    reasons = " ".join(dict.fromkeys(each.reason for each in failures[:3]))
    tried = "twice" if rounds > 1 else "once"
    said = f"The model's edit is not offered: it was tried {tried} and fails the check"
    said += f"{'s' if ',' in names else ''} {names}. {reasons}"
    return NotOffered(said, failures, candidate)
