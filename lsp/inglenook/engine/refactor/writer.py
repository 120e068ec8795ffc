"""An edit by a model from beginning to end: ask, put in place, check, repair once, offer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.material import gathered
from inglenook.engine.lane import Lane
from inglenook.engine.redaction import Redactor, hidden_in
from inglenook.engine.refactor.blocks import is_closed
from inglenook.engine.refactor.forms import form_of
from inglenook.engine.refactor.judging import judging
from inglenook.engine.refactor.parsed import parsed
from inglenook.engine.refactor.prompting import Asked, again, asked, question_of, without_secrets
from inglenook.engine.refactor.stale import followed
from inglenook.engine.refactor.trial import Means, Said, Trial, Tried
from inglenook.engine.refactor.wish import (
    NotOffered,
    Wish,
    Written,
    check_length,
    check_paths,
    refused,
)
from inglenook.engine.refactor.world import Look
from inglenook.engine.session import Session
from inglenook.engine.settings import Check
from inglenook.engine.supply import Supply
from inglenook.engine.truncation import Alarm
from inglenook.models.chatting import chat
from inglenook.models.errors import BackendOffline, BackendRefused, ModelError
from inglenook.models.model import Timings
from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change, applied

_SLICE: Final = 0.003  # seconds of one turn of the event loop
MOVED: Final = "The code has changed while the edit was being written: ask again."

Told = Callable[[str], None]


@dataclass(eq=False, slots=True)
class Writer:
    """The edits of one session."""

    session: Session
    _redactor: Redactor = field(default_factory=Redactor)
    _alarm: Alarm = field(default_factory=Alarm)

    async def write(
        self,
        wish: Wish,
        supply: Supply,
        manner: Manner,
        *,
        checks: Sequence[Check] = (),
        root: Path | None = None,
        look: Look | None = None,
        told: Told = lambda _: None,
    ) -> Written:
        """Raises `ModelError` and `NotOffered`. Cancelling it closes the model's socket at once.

        ``checks`` are the user's own commands, run in ``root``; ``look`` tells what is outside the
        file; ``told`` hears what is going on, for the user.
        """
        path = self.session.path(wish.document.uri)
        check_paths((path, *wish.paths))
        check_length(wish.document)
        syntax = await parsed(self.session, wish.document)
        now = self.session.document(wish.document.uri)
        if now is not None and now.text is not wish.document.text:
            raise NotOffered(MOVED)
        form = await asyncio.to_thread(form_of, wish, syntax)
        lane = await _lane(supply)
        found = await gathered(self.session, question_of(wish, form))
        question = asked(wish, form, lane, manner, path, found)
        hidden = await self._hidden(question)
        before = str(wish.document.text)
        async with judging(before) as judge:
            trial = Trial(form, before, path, hidden, judge, Means(tuple(checks), root, look))
            said, tried = await self._round(question, trial, lane, supply, told)
            rounds = 1
            if tried.failures and (repair := again(question, said.text, tried.failures)):
                said, tried = await self._round(repair, trial, lane, supply, told)
                rounds = 2
        if tried.task is None:
            raise refused(tried.failures, rounds, tried.after)
        heard = self._alarm.heard(lane.model.info, said.timings)
        return Written(
            wish.document,
            tried.task,
            tried.changes,
            form.title,
            lane.model.info,
            tried.notes,
            rounds,
            tuple(each for each in (*question.parts.left_out, heard) if each),
            question.parts.used,
        )

    async def _round(
        self, question: Asked, trial: Trial, lane: Lane, supply: Supply, told: Told
    ) -> tuple[Said, Tried]:
        name = lane.model.info.name
        told(f"Asking {name}" if not question.repairs else f"Asking {name} to mend it")
        said = await self._answer(question, lane, supply)
        told("Checking the edit")
        return said, await trial.of(said)

    async def rebased(
        self, written: Written, document: Document, look: Look | None = None
    ) -> Written:
        """The same edit for what the document is by now, judged again; `NotOffered` if its target
        was touched."""
        old, new = str(written.document.text), str(document.text)
        place = await asyncio.to_thread(followed, old, new, *written.target)
        if place is None:
            raise NotOffered(MOVED)
        moved = place[0] - written.target[0]
        changes = tuple(
            Change(each.start + moved, each.stop + moved, each.new) for each in written.changes
        )
        task = replace(written.task, target=place)
        async with judging(new) as judge:
            judged = await judge.looked_at(
                applied(new, changes), task, look, self.session.path(document.uri)
            )
        if not judged.verdict.good:
            raise NotOffered(MOVED, judged.verdict.failures)
        return replace(written, document=document, task=task, changes=judged.changes)

    # -- what the model is shown ---------------------------------------------------------------

    async def _hidden(self, question: Asked) -> Mapping[str, str]:
        contents = [each.content for each in question.request.messages]
        return await hidden_in(contents, self._redactor)

    # -- what it says --------------------------------------------------------------------------

    async def _answer(self, question: Asked, lane: Lane, supply: Supply) -> Said:
        request = await without_secrets(question.request, self._redactor)
        try:
            await supply.loaded(lane)
            with supply.working(lane):
                said = await _said(replace(question, request=request), lane)
        except ModelError as error:
            supply.failed(lane, error)
            raise
        supply.worked(lane)
        return said


async def _lane(supply: Supply) -> Lane:
    lane = supply.lane or await supply.first()
    if lane is None:
        supply.wanted()
        raise BackendOffline(supply.status.text or "No model was found.")
    return lane


async def _said(question: Asked, lane: Lane) -> Said:
    """The answer. A backend that cannot hold it to a form is asked for the same without."""
    request = question.request
    try:
        return await _streamed(question, lane)
    except BackendRefused as error:
        if type(error) is not BackendRefused or not (request.json_schema or request.grammar):
            raise
    free = replace(request, json_schema=None, grammar="")
    return await _streamed(replace(question, request=free), lane)


async def _streamed(question: Asked, lane: Lane) -> Said:
    text, limited = "", False
    timings: Timings | None = None
    deadline = time.perf_counter() + _SLICE
    async with aclosing(chat(lane.model, question.request)) as chunks:
        async for chunk in chunks:
            text += chunk.text
            timings = chunk.timings or timings
            limited = limited or chunk.limited
            if question.is_block and "`" in chunk.text and is_closed(text):
                break
            if time.perf_counter() >= deadline:  # much may have come at once
                await asyncio.sleep(0)
                deadline = time.perf_counter() + _SLICE
    return Said(text, limited, timings)
