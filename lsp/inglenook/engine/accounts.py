"""What was asked last for each document, kept for whoever wants to know why.

An account has what is there anyway and costs a request nothing; what it means is worked out by
`explain` when somebody asks. It lasts as long as its document is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from inglenook.engine.ask import Ask
from inglenook.engine.context import Gathered
from inglenook.engine.generation import Progress
from inglenook.engine.lane import Lane
from inglenook.engine.outline import Shown
from inglenook.models.model import ModelInfo, Timings
from inglenook_context.prompt import Prompt
from inglenook_context.window import Budget

_MOST: Final = 32  # documents


class Outcome(StrEnum):
    """What became of a request to a model."""

    UNASKED = "no model was asked"
    ASKING = "the model is being asked"
    ANSWERED = "the model answered"
    ENDED = "it was ended by something newer, or it failed"


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """A prompt, how it came about, and what came of it. Times are milliseconds."""

    uri: str
    line: int  # of the place, from 1
    column: int  # from 1, in characters
    prompt: Prompt
    shown: Shown
    steps: Mapping[str, float]
    budget: Budget
    model: ModelInfo | None = None
    density: float | None = None  # characters that one of its tokens stands for, once measured
    outcome: Outcome = Outcome.UNASKED
    first_token_ms: float | None = None
    total_ms: float | None = None  # of the request to the model
    timings: Timings | None = None
    answers: tuple[str, ...] = ()
    repeated: int = 0  # requests that were answered since from what was known


def account(
    ask: Ask, gathered: Gathered, budget: Budget, lane: Lane | None, made_in: float
) -> Account:
    """Of a prompt that was just made, in so many milliseconds, for the model of a lane.

    What of these went into no other step, the look for secrets took.
    """
    target = ask.target
    rest = max(made_in - sum(gathered.steps.values()), 0.0)
    text, line = target.document.text, target.line
    return Account(
        uri=ask.uri,
        line=line + 1,
        column=target.offset - text.line_start(line) + 1,
        prompt=gathered.prompt,
        shown=gathered.shown,
        steps={**gathered.steps, "secrets": rest},
        budget=budget,
        model=lane.model.info if lane else None,
        density=lane.speed.density if lane else None,
    )


class Accounts:
    """The last account of each document; ``tell`` gets the document of one that is new.

    A request that looks ahead was made by nobody: its account waits until somebody makes it.
    """

    def __init__(self) -> None:
        self.tell: Callable[[str], None] = lambda _uri: None
        self._last: dict[str, Account] = {}  # the newest last
        self._ahead: Account | None = None
        self._owner: object = None  # the run that looks ahead

    def get(self, uri: str) -> Account | None:
        return self._last.get(uri)

    def newest(self) -> Account | None:
        return next(reversed(self._last.values()), None)

    def begin(self, made: Account, owner: object, *, ahead: bool) -> Account:
        """``owner`` asks a model; returns the account to `end`."""
        begun = replace(made, outcome=Outcome.ASKING)
        if ahead:
            self._ahead, self._owner = begun, owner
        else:
            self._keep(begun)
        return begun

    def end(self, begun: Account, progress: Progress, seconds: float, *, whole: bool) -> None:
        """The request has ended, after so many seconds; ``whole``: with its answer."""
        last = self._last.get(begun.uri)
        if self._ahead is begun:
            self._ahead = _ended(begun, progress, seconds, whole)
        elif last is not None and last.prompt is begun.prompt:
            self._last[begun.uri] = _ended(last, progress, seconds, whole)
            self.tell(begun.uri)

    def adopt(self, owner: object) -> None:
        """What ``owner`` asked ahead is asked for now."""
        if self._ahead is not None and self._owner is owner:
            self._take_ahead(self._ahead)

    def recall(self, uri: str, texts: tuple[str, ...]) -> None:
        """A document was answered from what is known, with ``texts``."""
        ahead, last = self._ahead, self._last.get(uri)
        if ahead is not None and ahead.uri == uri and ahead.answers and ahead.answers == texts:
            self._take_ahead(ahead)
        elif last is not None:
            self._last[uri] = replace(last, repeated=last.repeated + 1)

    def forget(self, uri: str) -> None:
        self._last.pop(uri, None)
        if self._ahead is not None and self._ahead.uri == uri:
            self._ahead = self._owner = None

    def _take_ahead(self, ahead: Account) -> None:
        self._ahead = self._owner = None
        self._keep(ahead)

    def _keep(self, made: Account) -> None:
        self._last.pop(made.uri, None)
        self._last[made.uri] = made
        if len(self._last) > _MOST:
            del self._last[next(iter(self._last))]
        self.tell(made.uri)


def _ended(begun: Account, progress: Progress, seconds: float, whole: bool) -> Account:
    first = progress.first_token
    return replace(
        begun,
        outcome=Outcome.ANSWERED if whole else Outcome.ENDED,
        first_token_ms=None if first is None else first * 1000,
        total_ms=seconds * 1000,
        timings=progress.timings,
        answers=tuple(progress.texts),
    )
