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
from inglenook.models.findings import claim, load, save
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
    _of: tuple[str, str, str] = ("", "", "")  # what is known here is about
    _done: bool = False  # nothing is left to be found out
    _watching: asyncio.Task[None] | None = None
    _sitting: asyncio.Task[Finding] | None = None
    _notes: Notes = field(default_factory=Notes)

    def renew(self, directory: Path | None, *, active: bool) -> None:
        """The user's settings changed; a probe under way that is not wanted any more ends."""
        if not active or directory != self.directory:
            self.close()
        self.directory, self.active = directory, active

    async def recall(self, lane: Lane) -> None:
        """Ask a model as it was found to be best, if it was probed before."""
        self.close()
        self._begin(lane)
        if self.directory is None:
            return
        finding = await asyncio.to_thread(load, self.directory, lane.model.info)
        if finding is not None:
            self._learn(lane, finding)

    def watch(self, lane: Lane) -> None:
        """Probe the lane's model when it is quiet, unless that was done."""
        if self._of != _identity(lane):
            self.close()
            self._begin(lane)  # other weights are under the name now
        busy = self._watching is not None and not self._watching.done()
        if self.directory is None or not self.active or busy or self._done:
            return
        self._asked = time.monotonic()
        watching = self._watch(lane, self.directory, self._notes)
        self._watching = asyncio.get_running_loop().create_task(watching)

    def _begin(self, lane: Lane) -> None:
        self._of, self._notes, self._done = _identity(lane), Notes(), False

    def _learn(self, lane: Lane, finding: Finding) -> None:
        _use(lane, finding)
        self._done = finding.complete
        self._notes = notes_of(finding)

    def make_way(self) -> None:
        """A request is coming: end the probe under way, down to its socket."""
        self._asked = time.monotonic()
        if self._sitting is not None:
            self._sitting.cancel()

    def close(self) -> None:
        for task in (self._sitting, self._watching):
            if task is not None:
                task.cancel()
        self._sitting = self._watching = None

    async def _watch(self, lane: Lane, directory: Path, notes: Notes) -> None:
        """Probe in the quiet; one process at a time does, and the others learn from it."""
        of = _identity(lane)
        while notes.spent < SECONDS:
            await self._until_quiet(lane)
            claimed = await asyncio.to_thread(claim, directory, lane.model.info)
            try:
                finding = await asyncio.to_thread(load, directory, lane.model.info)
                if finding is not None and finding.complete:
                    self._found(lane, finding)
                    return
                if claimed is None:
                    self._asked = time.monotonic()  # another is at it
                    continue
                async with lane.turn():
                    self._sitting = asyncio.create_task(probe(lane.model, notes))
                    await asyncio.wait([self._sitting])
                sitting, self._sitting = self._sitting, None
                if sitting.cancelled():
                    continue
                if (error := sitting.exception()) is not None:
                    if not isinstance(error, ModelError):
                        log.error("A probe broke: %s", type(error).__name__)
                    return  # `Supply` watches the lane again when its model answers
                await lane.model.confirm()
                if of == _identity(lane):
                    await asyncio.to_thread(save, directory, lane.model.info, sitting.result())
                    self._found(lane, sitting.result())
                return
            except ModelError:
                return
            finally:
                if claimed is not None:
                    claimed.drop()

    def _found(self, lane: Lane, finding: Finding) -> None:
        before = lane.model.info.way
        self._learn(lane, finding)
        if lane.model.info.way != before:
            self.found(lane)

    async def _until_quiet(self, lane: Lane) -> None:
        while (due := self._asked + _QUIET - time.monotonic()) > 0 or not lane.idle:  # noqa: ASYNC110
            await asyncio.sleep(max(due, 0.1))


def _identity(lane: Lane) -> tuple[str, str, str]:
    """What a finding is about."""
    info = lane.model.info
    return info.backend, info.version, info.digest


def _use(lane: Lane, finding: Finding) -> None:
    """Let completion and pacing know what was found."""
    if finding.complete or finding.confirmed:
        lane.model.adopt(finding.way, finding.context_tokens)
    if lane.speed == Speed():
        lane.speed = Speed(
            finding.first_token,
            finding.prompt_per_second,
            finding.predicted_per_second,
            finding.reuses is not False,
        )
