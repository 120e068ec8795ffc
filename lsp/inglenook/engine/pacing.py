"""When to ask a model, how much to ask of it, and how long that may take.

Everything here follows from what was measured: the rhythm of this user's keys and the speed of
this model on this machine. There is no fixed clock that could cut a slow model short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from inglenook.models.model import Timings
from inglenook_context.window import LARGE, SMALL, Budget

_PAUSE: Final = 0.8  # seconds without a key that end a burst of typing
_INSTANT: Final = 0.06  # a first token that comes sooner than this is worth no wait
_LONGEST_WAIT: Final = 0.35
_WEIGHT: Final = 0.3  # of a new measurement in a running mean

_TELLING_TOKENS: Final = 16  # fewer say more of a request's overhead than of the speed
_SLOW_PROMPT: Final = 400.0  # prompt tokens a second, below which prompts are kept small
_SLOW_WHOLE_PROMPT: Final = 2000.0  # the same for an engine that evaluates all of it at each key
DENSITY: Final = 3.6  # characters a token that budgets are made for: Qwen's, in code
_DENSITIES: Final = (2.0, 5.0)  # what is believed; beyond it something else was counted
_DENSITY_STEP: Final = 0.4  # budgets change in coarse steps only, for the engine's cache
_ROOMY_TOKENS: Final = 3200  # a window that holds the largest prompt and its answer
_LINE_TOKENS: Final = 64
_BLOCK_SECONDS: Final = 3.0  # of writing that a block may take
_BLOCK_TOKENS: Final = (48, 256)
_PATIENCE: Final = 1.5  # seconds that alternatives may add to an invoked request


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How fast a user types: running mean and deviation of the time between keys, in seconds."""

    last: float = -1e9
    mean: float = 0.2
    deviation: float = 0.05

    def after_key(self, now: float) -> Rhythm:
        interval = now - self.last
        if interval > _PAUSE:
            return Rhythm(now, self.mean, self.deviation)
        error = interval - self.mean
        return Rhythm(
            now,
            self.mean + _WEIGHT * error,
            self.deviation + _WEIGHT * (abs(error) - self.deviation),
        )

    @property
    def likely_interval(self) -> float:
        """Seconds within which the next key of a burst is to be expected."""
        return 1.3 * self.mean + 2 * self.deviation


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a model is on this machine; None until it was measured."""

    first_token: float | None = None  # seconds, of requests whose prompt was mostly reused
    prompt_per_second: float | None = None
    predicted_per_second: float | None = None
    reuses: bool = True  # the engine keeps what it evaluated of the prompt before
    density: float | None = None  # characters of code that one of its tokens stands for

    def after_answer(
        self, first_token: float | None, timings: Timings | None, characters: int = 0
    ) -> Speed:
        """``characters`` is the size of the prompt that the timings are of, 0 if unknown."""
        evaluated = timings.evaluated if timings else None
        prompt_ms = timings.prompt_ms if timings else None
        prompt = None
        if evaluated and prompt_ms and evaluated >= _TELLING_TOKENS:
            prompt = evaluated / prompt_ms * 1000
        predicted = None
        if timings and (timings.predicted_tokens or 0) >= _TELLING_TOKENS // 2:
            predicted = timings.predicted_per_second
        return Speed(
            _mean(self.first_token, first_token),
            _mean(self.prompt_per_second, prompt),
            _mean(self.predicted_per_second, predicted),
            self.reuses,
            _mean(self.density, _density(characters, timings)),
        )

    @property
    def slow_prompt(self) -> bool:
        least = _SLOW_PROMPT if self.reuses else _SLOW_WHOLE_PROMPT
        return self.prompt_per_second is not None and self.prompt_per_second < least


def _density(characters: int, timings: Timings | None) -> float | None:
    if timings is None or timings.truncated or (timings.prompt_tokens or 0) < _TELLING_TOKENS:
        return None
    least, most = _DENSITIES
    density = characters / (timings.prompt_tokens or 1)
    return density if least <= density <= most else None


def _mean(old: float | None, new: float | None) -> float | None:
    if new is None or new <= 0:
        return old
    return new if old is None else old + _WEIGHT * (new - old)


def wait(speed: Speed, rhythm: Rhythm) -> float:
    """Seconds that an uncached automatic request waits for the next key.

    Waiting longer than the first token takes gains nothing: the request could as well run and be
    cancelled. Waiting longer than the next key takes costs the user, and saves nothing.
    """
    first_token = speed.first_token or 0.0
    if first_token <= _INSTANT:
        return 0.0
    return min(first_token - _INSTANT, rhythm.likely_interval, _LONGEST_WAIT)


def budget(speed: Speed, context_tokens: int, most_tokens: int | None = None) -> Budget:
    """How much a prompt may hold: a slow engine pays for every token it has not seen.

    ``context_tokens`` is the size of the model's window, 0 if unknown. The pieces of other files
    are as many tokens for every model: what its tokens are worth is learnt from its counts.
    ``most_tokens`` is what the user set for the whole of it.
    """
    chosen = SMALL if speed.slow_prompt or 0 < context_tokens < _ROOMY_TOKENS else LARGE
    off = (speed.density or DENSITY) - DENSITY
    density = DENSITY + round(off / _DENSITY_STEP) * _DENSITY_STEP
    chosen = replace(chosen, snippets=round(chosen.snippets * density / DENSITY))
    if most_tokens is None or chosen.size <= (most := max(most_tokens * density, 0.0)):
        return chosen
    return chosen.scaled(most / chosen.size)


def max_tokens(speed: Speed, multiline: bool) -> int:
    """How many tokens an answer may have."""
    if not multiline:
        return _LINE_TOKENS
    least, most = _BLOCK_TOKENS
    if speed.predicted_per_second is None:
        return most // 2
    return int(min(max(speed.predicted_per_second * _BLOCK_SECONDS, least), most))


def worth_another(spent: float, answers: int) -> bool:
    """Whether an invoked request may still ask for an alternative; ``spent`` is in seconds."""
    return spent * (answers + 1) / max(answers, 1) < _PATIENCE


def worth_prefetching(speed: Speed) -> bool:
    """Whether a speculative request is soon out of the way of a real one."""
    return not speed.slow_prompt
