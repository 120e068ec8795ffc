"""One model's lane: one completion in flight at a time, and how fast the model has been.

A backend notices that its client has gone only when it writes, and a small machine has nothing
to spare: so the older request's socket is closed before the next one is written.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from inglenook.engine.pacing import Speed
from inglenook.models.model import Model, Timings


@dataclass(eq=False, slots=True)
class Lane:
    model: Model
    speed: Speed = Speed()
    confirmed: float = -1e9  # of the monotonic clock, when it was last asked which weights it has
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def turn(self) -> asyncio.Lock:
        """Hold the model: ``async with lane.turn()``."""
        return self._busy

    @property
    def idle(self) -> bool:
        return not self._busy.locked()

    @property
    def recipe(self) -> str:
        """What of the model decides an answer: weights, and how they are asked."""
        info = self.model.info
        weights = f"{info.backend} {info.version} {info.name} {info.digest} {info.context_tokens}"
        return f"{weights} {info.fill} {info.family} {info.layout}"

    def measured(
        self,
        first_token: float | None,
        elapsed: float,
        timings: Timings | None,
        characters: int = 0,
    ) -> None:
        """Learn from a request that ended, or was given up after ``elapsed`` seconds.

        ``characters`` is the size of its prompt, 0 if unknown.
        """
        if first_token is None and elapsed > (self.speed.first_token or 0.0):
            first_token = elapsed  # it would have taken at least that long
        self.speed = self.speed.after_answer(first_token, timings, characters)
