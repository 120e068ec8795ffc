"""The probe in the background: the first time that a model is used, while nobody asks for anything.

A request ends it at once, and it goes on from its notes when it is quiet again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.engine.lane import Lane
from inglenook.engine.pacing import Speed
from inglenook.models.errors import ModelError
from inglenook.models.findings import load, save
from inglenook.models.probe import SECONDS, Finding, Notes, notes_of, probe

log = logging.getLogger(__name__)

_QUIET: Final = 5.0  # seconds without a request before a probe begins or goes on


@dataclass(eq=False, slots=True)
class Probing:
    """``directory`` keeps what is found; None: nothing is probed and nothing was ever found.

    Unless ``active``, what was found before is used and nothing is probed. ``found`` is told of a
    lane whose model is asked otherwise from now on.
    """

    directory: Path | None
    active: bool = False
    found: Callable[[Lane], None] = lambda _lane: None
    _asked: float = -1e9
    _known: str = ""  # digest of the model that needs no probe
    _watching: asyncio.Task[None] | None = None
    _sitting: asyncio.Task[Finding] | None = None
    _notes: Notes = field(default_factory=Notes)

    async def recall(self, lane: Lane) -> None:
        """Ask a model as it was found to be best, if it was probed before."""
        self._notes = Notes()
        if self.directory is None:
            return
        finding = await asyncio.to_thread(load, self.directory, lane.model.info)
        if finding is not None:
            _use(lane, finding)
            if finding.complete:
                self._known = lane.model.info.digest
            self._notes = notes_of(finding)

    def watch(self, lane: Lane) -> None:
        """Probe the lane's model when it is quiet, unless that was done."""
        busy = self._watching is not None and not self._watching.done()
        done = self._known == lane.model.info.digest
        if self.directory is None or not self.active or busy or done:
            return
        self._asked = time.monotonic()
        self._watching = asyncio.get_running_loop().create_task(self._watch(lane))

    def make_way(self) -> None:
        """A request is coming: end the probe under way, down to its socket."""
        self._asked = time.monotonic()
        if self._sitting is not None:
            self._sitting.cancel()

    def close(self) -> None:
        for task in (self._sitting, self._watching):
            if task is not None:
                task.cancel()

    async def _watch(self, lane: Lane) -> None:
        while self._notes.spent < SECONDS:
            await self._until_quiet(lane)
            digest = lane.model.info.digest
            async with lane.turn():
                self._sitting = asyncio.create_task(probe(lane.model, self._notes))
                await asyncio.wait([self._sitting])
            sitting, self._sitting = self._sitting, None
            if sitting.cancelled():
                continue
            error = sitting.exception()
            if error is not None:
                if not isinstance(error, ModelError):
                    log.error("A probe broke: %s", type(error).__name__)
                return  # `Supply` watches the lane again when its model answers
            if digest == lane.model.info.digest:
                await self._keep(lane, sitting.result())
            return

    async def _until_quiet(self, lane: Lane) -> None:
        while (due := self._asked + _QUIET - time.monotonic()) > 0 or not lane.idle:  # noqa: ASYNC110
            await asyncio.sleep(max(due, 0.1))

    async def _keep(self, lane: Lane, finding: Finding) -> None:
        info = lane.model.info
        self._known = info.digest
        assert self.directory is not None
        await asyncio.to_thread(save, self.directory, info, finding)
        before = info.way
        _use(lane, finding)
        if lane.model.info.way != before:
            self.found(lane)


def _use(lane: Lane, finding: Finding) -> None:
    """Let completion and pacing know what was found."""
    if finding.complete:
        lane.model.adopt(finding.way, finding.context_tokens)
    if lane.speed == Speed():
        lane.speed = Speed(
            finding.first_token,
            finding.prompt_per_second,
            finding.predicted_per_second,
            finding.reuses is not False,
        )
