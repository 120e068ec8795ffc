"""Whose turn it is: of each document at most one request runs, and a newer one ends it.

Unless the user typed what the running one was about to say: then the newer request takes its
stream over, and the older one is answered with nothing.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from inglenook.engine.ask import Answer, Ask, nothing
from inglenook.engine.cache import Asked, Kept
from inglenook.engine.generation import Progress
from inglenook.engine.recipe import typed_from
from inglenook.engine.supply import Supply


@dataclass(eq=False, slots=True)
class Turn:
    """A request that waits for its answer."""

    ask: Ask
    answered: asyncio.Future[Answer]
    started: float = field(default_factory=time.perf_counter)

    def answer(self, answer: Answer) -> None:
        if not self.answered.done():
            self.answered.set_result(answer)


@dataclass(eq=False, slots=True)
class Run:
    """A generation, and the turn that gets what comes of it (None while it is speculative)."""

    ask: Ask
    turn: Turn | None
    supply: Supply  # of the model that is asked
    progress: Progress = field(default_factory=Progress)
    task: asyncio.Task[None] | None = None
    context_ms: float | None = None
    asked: Asked | None = None  # when the prompt was made; None before
    durable: bool = False  # see `Recall.is_durable`, likewise
    stored: Kept | None = None  # the answer, if it was on the disk and no model was asked

    def continued_by(self, ask: Ask) -> bool:
        """Whether what was typed since begins what was streamed so far, and will do for ``ask``."""
        if not self.progress.text or (ask.selected is None) != (self.ask.selected is None):
            return False
        typed = self.typed(ask)
        return typed is not None and self.progress.text.startswith(typed)

    def typed(self, ask: Ask) -> str | None:
        return typed_from(self.ask.place, self.ask.target.offset, ask.place, ask.target.offset)

    def is_for(self, ask: Ask) -> bool:
        """Whether it is for the very place, with what was accepted there."""
        return self.ask.uri == ask.uri and self.typed(ask) == ""

    def hand_over(self, turn: Turn) -> None:
        self.dismiss()
        self.turn = turn

    def dismiss(self) -> None:
        """Answer whoever waits with nothing."""
        turn, self.turn = self.turn, None
        if turn is not None:
            turn.answer(nothing(turn.ask))

    def cancel(self) -> None:
        self.dismiss()
        if self.task is not None:
            self.task.cancel()


class Running:
    """What runs, by document, and beside it at most one run that looks ahead."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self.ahead: Run | None = None

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, uri: str) -> Run | None:
        return self._runs.get(uri)

    def add(self, run: Run) -> None:
        if run.turn is None:
            self.ahead = run
        else:
            self._runs[run.ask.uri] = run

    def remove(self, run: Run) -> None:
        if self.ahead is run:
            self.ahead = None
        if self._runs.get(run.ask.uri) is run:
            del self._runs[run.ask.uri]

    def cancel(self, uri: str) -> None:
        """End what runs for a document; its socket closes before anything newer is written."""
        run = self._runs.pop(uri, None)
        if run is not None:
            run.cancel()

    def cancel_elsewhere(self, uri: str) -> None:
        """End what typing in other documents asked for: the user has left them."""
        for other, run in list(self._runs.items()):
            if other != uri and run.ask.automatic:
                self.cancel(other)

    def cancel_ahead(self, uri: str = "") -> None:
        """End the look ahead (of one document only, if it is named)."""
        if self.ahead is not None and uri in ("", self.ahead.ask.uri):
            self.ahead.cancel()
            self.ahead = None

    def cancel_all(self) -> None:
        for uri in list(self._runs):
            self.cancel(uri)
        self.cancel_ahead()
