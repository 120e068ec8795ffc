"""The story of one completion: supersede, look up, wait, gather, ask, trim, answer, look ahead."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, Final

from inglenook.engine.accounts import Accounts, account
from inglenook.engine.ask import Answer, Ask, Report, nothing, rebased
from inglenook.engine.cache import Asked, Kept
from inglenook.engine.choices import leaves_out
from inglenook.engine.context import gather
from inglenook.engine.disk_cache import DiskCache
from inglenook.engine.generation import Progress, generate
from inglenook.engine.lane import Lane, room
from inglenook.engine.pacing import worth_prefetching
from inglenook.engine.recall import Recall
from inglenook.engine.redaction import Redactor, redacted
from inglenook.engine.sensitive import is_sensitive
from inglenook.engine.session import Session
from inglenook.engine.supplies import Supplies
from inglenook.engine.supply import Supply
from inglenook.engine.truncation import Alarm
from inglenook.engine.turns import Run, Running, Turn
from inglenook.models.errors import ModelError

log = logging.getLogger(__name__)

_CONFIRM: Final = 10.0  # seconds between looks, while answers are given that are known
_LOOK_AHEAD: Final = 0.03  # seconds after an answer, so that a request that comes at once is first


class Completer:
    """Completions for the documents of one session."""

    def __init__(
        self,
        session: Session,
        supplies: Supplies,
        disk: DiskCache | None = None,
        warn: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._warn = warn  # the user, of what a backend does to prompts
        self._alarm = Alarm()
        self._session = session
        self._supplies = supplies
        self._recall = Recall(session, disk)
        self._redactor = Redactor()
        self.accounts = Accounts()
        self._running = Running()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def keep_on(self, disk: DiskCache | None) -> None:
        """Keep answers there from now on, or only in memory."""
        self._recall.keep_on(disk)

    async def complete(self, ask: Ask) -> Answer:
        """Alternatives for a place; empty when superseded or when there is nothing to say.

        Cancelling closes the model's socket before the cancellation goes on.
        """
        turn = Turn(ask, asyncio.get_running_loop().create_future())
        supply = self._supplies.of(ask.uri, ask.cursor.document.language)
        lane = supply.lane
        self._session.recent.on_visit(ask.cursor)
        older = self._running.get(ask.uri)
        if not self._is_wanted(ask, lane):
            self._end(ask.uri)
            return nothing(ask)
        follows = older is not None and older.supply is supply and older.continued_by(ask)
        if older is not None and follows and not (lane and older.progress.texts):
            older.hand_over(turn)
        else:
            self._end(ask.uri)
            if lane is None and not supply.looking:
                supply.wanted()
                return nothing(ask)
            kept = self._recall.get(ask, lane) if lane else None
            if lane is not None and kept is not None and kept.is_enough(ask.wanted):
                return self._answer(turn, supply, lane, kept, None)
            self._begin(turn, supply, kept)
        try:
            answer = await turn.answered
        except asyncio.CancelledError:
            await self._abandon(turn)
            raise
        return self._rebased(ask, answer)

    def _is_wanted(self, ask: Ask, lane: Lane | None) -> bool:
        """Whether the place may have ghost text, by what the file is called and the user set."""
        path = self._session.path(ask.uri)
        if ask.automatic and is_sensitive(path):
            return False
        options = lane.options if lane else None
        if options is None or (options.enabled and not options.disabled_files):
            return True
        return options.enabled and not leaves_out(options.disabled_files, path)

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

    def _begin(self, turn: Turn, supply: Supply, known: Kept | None) -> None:
        self._running.cancel_elsewhere(turn.ask.uri)
        ahead = self._running.ahead
        if ahead is not None and ahead.supply is supply and ahead.is_for(turn.ask):
            self._running.ahead = None
            ahead.turn = turn
            self._running.add(ahead)
            self.accounts.adopt(ahead)
            return
        self._running.cancel_ahead()
        self._start(Run(turn.ask, turn, supply, _begun(known)))

    def _start(self, run: Run) -> None:
        self._session.hold()
        self._supplies.make_way()
        run.task = asyncio.create_task(self._run(run))
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

    async def _run(self, run: Run) -> None:
        ask, supply = run.ask, run.supply
        lane = supply.lane or await supply.first()
        if lane is None or not self._is_wanted(ask, lane):
            return  # and so the turn gets the answer of a run that ended with none
        asked = self._note(run, lane)
        run.stored = await self._recall.stored(ask, asked) if run.durable else None
        if run.stored is not None and run.stored.is_enough(ask.wanted):
            run.progress.texts[:] = run.stored.texts
            self._finish(run, lane)
            return
        run.stored = None
        try:
            with supply.coming():
                await self._wait(run, lane)
                await supply.loaded(lane)
                async with lane.turn():
                    with supply.working(lane):
                        await self._ask(run, lane)
        except ModelError as error:
            supply.failed(lane, error)
            self._finish(run, lane, failed=True)
        else:
            supply.worked(lane)
            if said := self._alarm.heard(lane.model.info, run.progress.timings):
                self._warn(said)
            self._finish(run, lane)

    async def _wait(self, run: Run, lane: Lane) -> None:
        """For the next key, which may make this one's request idle."""
        if run.turn is None:
            await asyncio.sleep(_LOOK_AHEAD)
        elif run.ask.automatic and (seconds := lane.wait(self._session.rhythm)):
            await asyncio.sleep(seconds)

    def _note(self, run: Run, lane: Lane) -> Asked:
        """Under what the answer is kept: of the model, and of the other files, as they are now."""
        run.asked = asked = self._recall.asked(run.ask, lane)
        run.durable = self._recall.is_durable(run.ask, lane)
        return asked

    async def _ask(self, run: Run, lane: Lane) -> None:
        started = time.perf_counter()
        self._note(run, lane)
        window = room(lane)
        gathered = gather(
            self._session, run.ask, window, lane.options, steady=lane.speed.slow_prompt
        )
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
            if rest is None or not rest.is_enough(turn.ask.wanted):
                # What was typed does not begin the final text, or more alternatives are wanted.
                self._start(Run(turn.ask, turn, run.supply, _begun(rest)))
                return
            kept = rest
        turn.answer(self._answer(turn, run.supply, lane, kept, None if run.stored else run))

    async def _store(self, run: Run, lane: Lane, kept: Kept) -> None:
        """Keep an answer on the disk, once it is sure whose it is."""
        asked = run.asked
        sure = asked is not None and await self._confirmed(run.supply, lane)
        if asked is not None and sure and lane.recipe == asked.model:
            self._recall.store(run.ask, asked, kept)

    async def _confirmed(self, supply: Supply, lane: Lane) -> bool:
        """Whether the backend still has the model; what it has instead is said."""
        lane.confirmed = time.monotonic()
        try:
            await lane.model.confirm()
        except ModelError as error:
            supply.failed(lane, error)
            return False
        return True

    def _background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- answers -------------------------------------------------------------------------------

    def _answer(
        self, turn: Turn, supply: Supply, lane: Lane, kept: Kept, run: Run | None
    ) -> Answer:
        """The answer to a turn, from a run or (without one) from what is known."""
        ask = turn.ask
        if kept.texts and worth_prefetching(lane.speed):
            loop = asyncio.get_running_loop()
            loop.call_soon(self._look_ahead, ask, supply, lane, kept.texts[0])
        if run is None:
            self.accounts.recall(ask.uri, kept.texts)
            if time.monotonic() - lane.confirmed > _CONFIRM:
                self._background(self._confirmed(supply, lane))
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

    def _look_ahead(self, ask: Ask, supply: Supply, lane: Lane, text: str) -> None:
        """Ask for what comes after a text, as if it had been accepted; anything real ends it."""
        busy = self._running.ahead is not None or len(self._running) or not lane.idle
        if self._closed or busy or ask.selected is not None:
            return
        if is_sensitive(self._session.path(ask.uri)):
            return
        ahead = Ask(ask.cursor, automatic=True, accepted=text)
        if self._recall.get(ahead, lane) is None:
            self._start(Run(ahead, None, supply))


def _begun(known: Kept | None) -> Progress:
    """A run that begins with the texts that are known already."""
    return Progress(texts=list(known.texts) if known else [])
