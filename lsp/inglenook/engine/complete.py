"""The story of one completion: supersede, look up, wait, gather, ask, trim, answer, look ahead."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, Final

from inglenook.engine.accounts import Accounts, account
from inglenook.engine.ask import Answer, Ask, Report, nothing, rebased
from inglenook.engine.cache import Asked, Kept
from inglenook.engine.context import gather
from inglenook.engine.disk_cache import DiskCache
from inglenook.engine.generation import Progress, generate
from inglenook.engine.lane import Lane
from inglenook.engine.pacing import budget, wait, worth_prefetching
from inglenook.engine.recall import Recall
from inglenook.engine.redaction import Redactor, redacted
from inglenook.engine.sensitive import is_sensitive
from inglenook.engine.session import Session
from inglenook.engine.supply import Supply
from inglenook.engine.turns import Run, Running, Turn
from inglenook.models.errors import ModelError

log = logging.getLogger(__name__)

_CONFIRM: Final = 10.0  # seconds between looks, while answers are given that are known
_LOOK_AHEAD: Final = 0.03  # seconds after an answer, so that a request that comes at once is first


class Completer:
    """Completions for the documents of one session."""

    def __init__(self, session: Session, supply: Supply, disk: DiskCache | None = None) -> None:
        self._session = session
        self._supply = supply
        self._recall = Recall(session, disk)
        self._redactor = Redactor()
        self.accounts = Accounts()
        self._running = Running()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def complete(self, ask: Ask) -> Answer:
        """Alternatives for a place; empty when superseded or when there is nothing to say.

        Cancelling closes the model's socket before the cancellation goes on.
        """
        turn = Turn(ask, asyncio.get_running_loop().create_future())
        lane = self._supply.lane
        self._session.recent.on_visit(ask.cursor)
        secret = ask.automatic and is_sensitive(self._session.path(ask.uri))
        older = None if secret else self._running.get(ask.uri)
        if older is not None and older.continued_by(ask) and not (lane and older.progress.texts):
            older.hand_over(turn)
        else:
            self._end(ask.uri)
            if secret or (lane is None and not self._supply.looking):
                self._supply.wanted()
                return nothing(ask)
            kept = self._recall.get(ask, lane) if lane else None
            if lane is not None and kept is not None and _enough(kept, ask):
                return self._answer(turn, lane, kept, None)
            self._begin(turn, lane, kept)
        try:
            answer = await turn.answered
        except asyncio.CancelledError:
            await self._abandon(turn)
            raise
        return self._rebased(ask, answer)

    def supersede(self, uri: str) -> None:
        """End what runs for a document, because something newer was asked for it."""
        self._end(uri)

    def forget(self, uri: str) -> None:
        """A document was closed: end what runs for it, and keep nothing that it was offered."""
        self._running.cancel(uri)
        self._running.cancel_ahead(uri)
        self._recall.forget(uri)
        self.accounts.forget(uri)

    async def close(self) -> None:
        """End everything; returns when every socket is closed."""
        self._closed = True
        self._running.cancel_all()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # -- turns ---------------------------------------------------------------------------------

    def _end(self, uri: str) -> None:
        """End what runs for a document; whole texts that it had are kept."""
        run = self._running.get(uri)
        if run is not None and run.asked is not None and run.progress.texts:
            self._recall.put(run.ask, run.asked, Kept(tuple(run.progress.texts), complete=False))
        self._running.cancel(uri)

    async def _abandon(self, turn: Turn) -> None:
        run = self._running.get(turn.ask.uri)
        if run is not None and run.turn is turn and run.task is not None:
            self._running.cancel(turn.ask.uri)
            await asyncio.wait({run.task})

    def _begin(self, turn: Turn, lane: Lane | None, known: Kept | None) -> None:
        self._running.cancel_elsewhere(turn.ask.uri)
        ahead = self._running.ahead
        if ahead is not None and ahead.ask.uri == turn.ask.uri and ahead.typed(turn.ask) == "":
            self._running.ahead = None
            ahead.turn = turn
            self._running.add(ahead)
            self.accounts.adopt(ahead)
            return
        self._running.cancel_ahead()
        self._start(Run(turn.ask, turn, _progress(known)), lane)

    def _start(self, run: Run, lane: Lane | None) -> None:
        self._session.hold()
        self._supply.probing.make_way()
        run.task = asyncio.create_task(self._run(run, lane))
        self._tasks.add(run.task)
        run.task.add_done_callback(partial(self._ended, run))
        self._running.add(run)

    def _ended(self, run: Run, task: asyncio.Task[None]) -> None:
        """Every request gets its answer, also if its run broke in a way nobody thought of."""
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("A completion broke: %s", type(task.exception()).__name__)
        self._running.remove(run)
        run.dismiss()

    # -- one run -------------------------------------------------------------------------------

    async def _run(self, run: Run, known: Lane | None) -> None:
        ask = run.ask
        lane = known or await self._supply.first()
        if lane is None:
            return  # and so the turn gets the answer of a run that ended with none
        asked = self._note(run, lane)
        run.stored = await self._recall.stored(ask, asked) if run.durable else None
        if run.stored is not None and _enough(run.stored, ask):
            run.progress.texts[:] = run.stored.texts
            self._finish(run, lane)
            return
        run.stored = None
        if run.turn is None:
            await asyncio.sleep(_LOOK_AHEAD)
        elif ask.automatic and (seconds := wait(lane.speed, self._session.rhythm)):
            await asyncio.sleep(seconds)
        try:
            await self._supply.loaded(lane)
            async with lane.turn():
                with self._supply.working(lane):
                    await self._ask(run, lane)
        except ModelError as error:
            self._supply.failed(lane, error)
            self._finish(run, lane, failed=True)
        else:
            self._supply.worked(lane)
            self._finish(run, lane)

    def _note(self, run: Run, lane: Lane) -> Asked:
        """Under what the answer is kept: of the model, and of the other files, as they are now."""
        run.asked = asked = self._recall.asked(run.ask, lane)
        run.durable = self._recall.is_durable(run.ask, lane)
        return asked

    async def _ask(self, run: Run, lane: Lane) -> None:
        started = time.perf_counter()
        self._note(run, lane)
        window = budget(lane.speed, lane.model.info.context_tokens)
        gathered = gather(self._session, run.ask, window, steady=lane.speed.slow_prompt)
        await self._redactor.prepare(gathered.prompt)
        prompt = redacted(gathered.prompt, self._redactor)
        if prompt is None:  # the cursor stands in a secret: no model is asked
            run.durable = False
            return
        gathered = replace(gathered, prompt=prompt)
        run.context_ms = made_in = (time.perf_counter() - started) * 1000
        made = account(run.ask, gathered, window, lane, made_in)
        begun = self.accounts.begin(made, run, ahead=run.turn is None)
        began, whole = time.perf_counter(), False
        try:
            await generate(lane, gathered, run.ask.wanted, run.progress)
            whole = True
        finally:
            seconds = time.perf_counter() - began
            self.accounts.end(begun, run.progress, seconds, whole=whole)

    def _finish(self, run: Run, lane: Lane, failed: bool = False) -> None:
        self._running.remove(run)
        kept = run.stored or Kept(tuple(run.progress.texts), complete=run.ask.wanted > 1)
        if not failed and run.asked is not None:
            self._recall.put(run.ask, run.asked, kept)
            if run.durable and not run.stored:
                self._background(self._store(run, lane, kept))
        turn, run.turn = run.turn, None
        if turn is None or turn.answered.done():
            return
        if failed:
            turn.answer(nothing(turn.ask))
            return
        if turn.ask is not run.ask:
            rest = self._recall.get(turn.ask, lane)
            if rest is None or not _enough(rest, turn.ask):
                # What was typed does not begin the final text, or more alternatives are wanted.
                self._start(Run(turn.ask, turn, _progress(rest)), lane)
                return
            kept = rest
        turn.answer(self._answer(turn, lane, kept, None if run.stored else run))

    async def _store(self, run: Run, lane: Lane, kept: Kept) -> None:
        """Keep an answer on the disk, once it is sure whose it is."""
        asked = run.asked
        if asked is not None and await self._confirmed(lane) and lane.recipe == asked.model:
            self._recall.store(run.ask, asked, kept)

    async def _confirmed(self, lane: Lane) -> bool:
        """Whether the backend still has the model; what it has instead is said."""
        lane.confirmed = time.monotonic()
        try:
            await lane.model.confirm()
        except ModelError as error:
            self._supply.failed(lane, error)
            return False
        return True

    def _background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- answers -------------------------------------------------------------------------------

    def _answer(self, turn: Turn, lane: Lane, kept: Kept, run: Run | None) -> Answer:
        """The answer to a turn, from a run or (without one) from what is known."""
        ask = turn.ask
        if kept.texts and worth_prefetching(lane.speed):
            asyncio.get_running_loop().call_soon(self._look_ahead, ask, lane, kept.texts[0])
        if run is None:
            self.accounts.recall(ask.uri, kept.texts)
            if time.monotonic() - lane.confirmed > _CONFIRM:
                self._background(self._confirmed(lane))
        first = run.progress.first_token if run else None
        report = Report(
            model=lane.model.info,
            cached=run is None,
            total_ms=(time.perf_counter() - turn.started) * 1000,
            context_ms=run.context_ms if run else None,
            first_token_ms=None if first is None else first * 1000,
            timings=run.progress.timings if run else None,
        )
        return Answer(kept.texts[: ask.wanted], ask.cursor.document, ask.cursor.offset, report)

    def _rebased(self, ask: Ask, answer: Answer) -> Answer:
        now = self._session.document(ask.uri)
        if now is None or (ask.selected is not None and now.version != answer.document.version):
            return nothing(ask)
        return rebased(answer, now)

    def _look_ahead(self, ask: Ask, lane: Lane, text: str) -> None:
        """Ask for what comes after a text, as if it had been accepted; anything real ends it."""
        busy = self._running.ahead is not None or len(self._running) or not lane.idle
        if self._closed or busy or ask.selected is not None:
            return
        if is_sensitive(self._session.path(ask.uri)):
            return
        ahead = Ask(ask.cursor, automatic=True, accepted=text)
        if self._recall.get(ahead, lane) is None:
            self._start(Run(ahead, None), lane)


def _enough(kept: Kept, ask: Ask) -> bool:
    """Whether what is known answers a request: alternatives must have been asked for."""
    return kept.complete or ask.wanted == 1


def _progress(known: Kept | None) -> Progress:
    """A run that begins with the texts that are known already."""
    return Progress(texts=list(known.texts) if known else [])
