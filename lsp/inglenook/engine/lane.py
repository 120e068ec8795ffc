"""One model's lane: one completion in flight at a time, and how fast the model has been.

A backend notices that its client has gone only when it writes, and a small machine has nothing
to spare: so the older request's socket is closed before the next one is written.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from inglenook.engine.pacing import Rhythm, Speed, budget, wait
from inglenook.models.model import Model, ModelInfo, Timings
from inglenook.models.spec import Autocomplete, ModelSpec, Sampling
from inglenook_context.window import Budget

_OPTIONS: Final = Autocomplete()
_NOTHING_SAID: Final = (Sampling(), _OPTIONS, ())


@dataclass(eq=False, slots=True)
class Use:
    """What one model is used for: completions, of which one has its ``turn``, and chats beside."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    requests: int = 0  # that are under way


@dataclass(eq=False, slots=True)
class Uses:
    """One of each model, however many entries of the user's file mean it."""

    _of: dict[tuple[str, str, str], Use] = field(default_factory=dict)

    def of(self, info: ModelInfo) -> Use:
        return self._of.setdefault((info.backend, info.address, info.name), Use())


@dataclass(eq=False, slots=True)
class Lane:
    """``entry`` is what the user's file says of the model, None where it says nothing of it."""

    model: Model
    speed: Speed = Speed()
    entry: ModelSpec | None = None
    confirmed: float = -1e9  # of the monotonic clock, when it was last asked which weights it has
    use: Use = field(default_factory=Use)

    def turn(self) -> asyncio.Lock:
        """Hold the model: ``async with lane.turn()``."""
        return self.use.turn

    @property
    def idle(self) -> bool:
        return not self.use.turn.locked()

    @property
    def free(self) -> int:
        """How many answers a request that is under way can have at once: a chat has its slot, and
        llama.cpp begins none of them before there is a slot for each."""
        return self.model.info.parallel - max(self.use.requests - 1, 0)

    @property
    def recipe(self) -> str:
        """What of the model decides an answer: weights, and how they are asked."""
        info = self.model.info
        weights = f"{info.backend} {info.version} {info.name} {info.digest} {info.context_tokens}"
        if not info.identified:
            weights += f" {info.address} {self._route}"
        return f"{weights} {info.fill} {info.family} {info.layout} {self.manner}"

    @property
    def options(self) -> Autocomplete:
        """How the user wants completions of it."""
        return self.entry.autocomplete if self.entry is not None else _OPTIONS

    @property
    def manner(self) -> str:
        """Tells apart what the user's file says of how answers are made; empty without a word."""
        if self.entry is None:
            return ""
        said = (self.entry.sampling, self.entry.autocomplete, self.entry.extra_body)
        if said == _NOTHING_SAID:
            return ""
        return _digest(said)

    @property
    def _route(self) -> str:
        """Tells apart what could lead a request to other weights under the same address."""
        return _digest((self.entry.headers, self.entry.api_key)) if self.entry is not None else ""

    def wait(self, rhythm: Rhythm) -> float:
        """Seconds that an automatic request waits for the next key."""
        set_by_user = self.options.debounce_ms
        return wait(self.speed, rhythm) if set_by_user is None else set_by_user / 1000

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


def _digest(said: object) -> str:
    return blake2b(repr(said).encode("utf-8", "replace"), digest_size=8).hexdigest()


def room(lane: Lane) -> Budget:
    """How much a prompt for it may hold, by its speed, its window and what the user set."""
    return budget(lane.speed, lane.model.info.context_tokens, lane.options.max_prompt_tokens)
