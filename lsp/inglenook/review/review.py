"""A review from beginning to end: units go through the panel, several at once if the backend can,
until all are done or something ends it. What was done by then is reported.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.models.errors import BackendOffline, ModelError, PromptTooLong
from inglenook.review.asking import Ended, Panel, Reviewed
from inglenook.review.hide import hidden
from inglenook.review.plan import Plan
from inglenook.review.values import Coverage, Finding, Unit

log = logging.getLogger(__name__)

_PATIENCE: Final = 3  # failures one after another, after which a backend is taken to be gone


@dataclass(slots=True)
class Run:
    """One review while it lasts. ``told`` is called after each unit.

    Of the ``units`` so far ``done`` are over, of which ``paid`` were asked about and ``reviewed``
    could be read.
    """

    panel: Panel
    redactor: Redactor
    jobs: int = 1
    told: Callable[[], None] = lambda: None
    findings: list[Finding] = field(default_factory=list)
    units: int = 0
    done: int = 0
    paid: int = 0
    reviewed: int = 0
    stopped: str = ""
    is_over: bool = False  # by time, tokens or the user: nothing more is looked at
    _failures: int = 0

    async def through(self, units: AsyncIterator[Unit]) -> None:
        """Review all of ``units``. Never raises a `ModelError`: it counts them.

        Cancelling it ends it; what was found stays in ``findings``.
        """
        queue: asyncio.Queue[Unit | None] = asyncio.Queue(maxsize=2 * self.jobs)
        async with asyncio.TaskGroup() as workers:
            for _ in range(self.jobs):
                workers.create_task(self._work(queue))
            try:
                async for unit in units:
                    if self.is_over:
                        break
                    self.units += 1
                    if not self.stopped:  # those that are left are counted, for the coverage
                        await queue.put(unit)
            except Ended as error:
                self._end(error)
            for _ in range(self.jobs):
                await queue.put(None)

    async def past(self, units: AsyncIterator[Unit]) -> None:
        """Ask nothing about the ``units``: what needs no model is found on the way to them."""
        try:
            async for _ in units:
                pass
        except Ended as error:
            self._end(error)

    def _end(self, error: Ended) -> None:
        self.stopped, self.is_over = self.stopped or str(error), True

    async def _work(self, queue: asyncio.Queue[Unit | None]) -> None:
        while (unit := await queue.get()) is not None:
            if not self.stopped:
                await self._one(unit)

    async def _one(self, unit: Unit) -> None:
        found = Reviewed()
        asked = self.panel.tally.asked
        try:
            await self.panel.review(await hidden(unit, self.redactor), found)
            self._failures = 0
            self.reviewed += found.is_whole
        except Ended as error:
            self._end(error)
        except PromptTooLong:
            self.panel.tally.failed += 1
        except ModelError as error:
            self.panel.tally.failed += 1
            self._failures += 1
            if isinstance(error, BackendOffline) or self._failures >= _PATIENCE:
                self.stopped = self.stopped or f"The model could not go on: {error}"
        except Exception as error:  # one unit's bug costs that unit, which is then not clean
            log.error("A piece could not be reviewed: %s", type(error).__name__)
            self.panel.tally.failed += 1
        finally:
            self.findings += found.findings
            self.done += 1
            self.paid += self.panel.tally.asked > asked
            self.told()

    def coverage(self, plan: Plan) -> Coverage:
        """Of a file that was not gone through to its end all units count."""
        counted = asdict(self.panel.tally)
        del counted["dropped"]
        counted["cut"] += plan.cut
        return Coverage(
            files=plan.files,
            unseen=len(plan.source.listed) - plan.begun,
            skipped=tuple(plan.skipped),
            units=plan.planned if self.units else 0,  # none if no model was wanted
            reviewed=self.reviewed,
            stopped=self.stopped,
            **counted,
        )
