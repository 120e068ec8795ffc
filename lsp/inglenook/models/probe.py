"""Finding out how a model is best asked: the probe.

A wrong template gives fluent nonsense, and a name can mislead. So the ways that could be right
are tried on `HOLES`; then it is measured, on a text of its own, how fast the model reads and
writes and what of a prompt the engine takes from its cache when one more key was typed.
Nothing of the user's is ever in a probe.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.models.errors import BackendBusy, BackendRefused
from inglenook.models.holes import HOLES
from inglenook.models.model import (
    CompletionRequest,
    Fill,
    Model,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.render import Layout
from inglenook.models.templates import TEMPLATES
from inglenook_context.prompt import Prompt

SECONDS: Final = 10.0  # that a probe may take
_ENOUGH: Final = 2  # filled holes that show that a way is right
_ANSWER_TOKENS: Final = 12
_WRITTEN_TOKENS: Final = 24  # by which the speed of writing is measured
_LINES: Final = 16  # of the text by which the speed of reading is measured: some 200 tokens
_CHAT: Final = Way(Fill.CHAT)  # what is left for a model that fills no hole
_AGAIN: Final = 0.5  # of a prompt that may be evaluated again, if its reuse is to be called one


@dataclass(frozen=True, slots=True)
class Tried:
    """Which of the holes, in order, a way of asking filled, as far as it was tried."""

    way: Way
    answers: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found. None where the backend does not tell.

    ``confirmed``: the way filled the holes; else none did, and it is the safest one.
    ``complete``: everything was tried; else there was no time for it.
    """

    way: Way
    confirmed: bool
    complete: bool
    tried: tuple[Tried, ...]
    context_tokens: int = 0  # that the engine holds as it runs; 0 if it does not tell
    reuses: bool | None = None  # a prompt that differs at its end is not evaluated whole
    evaluated: int | None = None  # tokens of it that are evaluated again
    first_token: float | None = None  # seconds, when one more key was typed
    prompt_per_second: float | None = None
    predicted_per_second: float | None = None


@dataclass(slots=True)
class Notes:
    """What a probe knows so far; a probe that was interrupted goes on from its notes."""

    answers: dict[tuple[Way, int], bool] = field(default_factory=dict)
    spent: float = 0.0  # seconds
    measured: Finding | None = None

    def filled(self, way: Way) -> int:
        return sum(self.answers.get((way, number), False) for number in range(len(HOLES)))

    def tried(self) -> tuple[Tried, ...]:
        ways: dict[Way, list[bool]] = {}
        for (way, _), answer in self.answers.items():
            ways.setdefault(way, []).append(answer)
        return tuple(Tried(way, tuple(answers)) for way, answers in ways.items())


def notes_of(finding: Finding) -> Notes:
    """The notes to go on from, of a probe that had no time for everything."""
    answers = {
        (tried.way, number): answer
        for tried in finding.tried
        for number, answer in enumerate(tried.answers)
    }
    return Notes(answers)


async def probe(
    model: Model, notes: Notes, *, thorough: bool = False, seconds: float = SECONDS
) -> Finding:
    """Probe a model that is loaded; raises `ModelError` if the backend is gone or busy.

    ``thorough`` tries every way, also when the one in use is right. What is cancelled is not
    lost: ``notes`` has it, and the time that it took.
    """
    started = time.monotonic()
    info, best, done = model.info, None, False
    try:
        async with asyncio.timeout(max(seconds - notes.spent, 0.0)):
            best = await _best_way(model, info, notes, thorough)
            if notes.measured is None:
                notes.measured = await _measured(model, best or _CHAT)
            done = True
    except TimeoutError:
        best = best or _confirmed(notes, _candidates(info))
    finally:
        notes.spent += time.monotonic() - started
    way = best or (_CHAT if done else _plain(info.way))
    found = notes.measured or Finding(way, False, False, ())
    layout = found.way.layout if found.way.fill is way.fill else info.layout
    return replace(
        found,
        way=replace(way, layout=layout),
        confirmed=best is not None,
        complete=done,
        tried=notes.tried(),
    )


def _plain(way: Way) -> Way:
    """``way`` as the holes are asked: they are too short for a layout to matter."""
    return replace(way, layout=Layout.PSM)


def _candidates(info: ModelInfo) -> list[Way]:
    """The ways to try, likeliest first."""
    templates = [Way(Fill.TEMPLATE, family) for family in TEMPLATES]
    present = [] if info.fill is Fill.CHAT else [_plain(info.way)]
    return list(dict.fromkeys([*present, *templates, Way(Fill.BACKEND)]))


def _confirmed(notes: Notes, ways: list[Way]) -> Way | None:
    """The way that filled most holes, the first of equals; None if none filled enough."""
    best = max(ways, key=notes.filled)
    return best if notes.filled(best) >= _ENOUGH else None


async def _best_way(model: Model, info: ModelInfo, notes: Notes, thorough: bool) -> Way | None:
    ways = _candidates(info)
    if info.fill is Fill.BACKEND and Layout.FROZEN_LINE in model.layouts:
        # Our own template can be laid out for the engine's cache, so it is worth looking for.
        ways.append(ways.pop(ways.index(_plain(info.way))))
    elif not thorough and info.fill is not Fill.CHAT:
        for number in range(len(HOLES)):
            await _try(model, ways[0], number, notes)
        if (best := _confirmed(notes, ways[:1])) is not None:
            return best
    for number in range(len(HOLES)):
        for way in ways:
            await _try(model, way, number, notes)
        # Who filled none while others did is out.
        ways = [way for way in ways if notes.filled(way)] or ways
    return _confirmed(notes, ways)


async def _try(model: Model, way: Way, number: int, notes: Notes) -> None:
    if (way, number) in notes.answers:
        return
    for other in [other for other, asked in notes.answers if asked == number]:
        if _frame(other) == _frame(way):  # families that share their tokens share the answer
            notes.answers[way, number] = notes.answers[other, number]
            return
    hole = HOLES[number]
    request = CompletionRequest(hole.prompt, _ANSWER_TOKENS, single_line=True, way=way)
    try:
        text, _, _ = await _ask(model, request)
    except BackendBusy:
        raise
    except BackendRefused:  # it has no such way; all else is an illness, and no answer
        text = ""
    notes.answers[way, number] = hole.is_filled_by(text)


def _frame(way: Way) -> object:
    """What of a way shows in the prompt of a hole."""
    template = TEMPLATES.get(way.family)
    if way.fill is not Fill.TEMPLATE or template is None:
        return way
    return template.prefix, template.suffix, template.middle, template.suffix_first


async def _ask(model: Model, request: CompletionRequest) -> tuple[str, Timings, float]:
    """The answer, its timings, and the seconds to its first piece."""
    started, first = time.monotonic(), 0.0
    text, timings = "", Timings()
    async with aclosing(model.complete(request)) as chunks:
        async for chunk in chunks:
            first = first or time.monotonic() - started
            text += chunk.text
            timings = chunk.timings or timings
    return text, timings, first


async def _measured(model: Model, way: Way) -> Finding:
    """The figures of ``way``, in the best layout that the backend can be held to."""
    mark = secrets.token_hex(4)  # so that no cache knows the text
    lines = [f"value_{number} = measure({number}, {mark!r})\n" for number in range(_LINES)]
    head, tail = "".join(lines), "\n\nprint(total)\n"

    def request(typed: str, asked: Way, tokens: int) -> CompletionRequest:
        return CompletionRequest(Prompt("m.py", "python", (), head, typed, tail), tokens, way=asked)

    layouts = model.layouts if way.fill is Fill.TEMPLATE else (Layout.PSM,)
    cold = warm = Timings()
    first = 0.0
    for layout in layouts:
        asked = replace(way, layout=layout)
        _, timings, seconds = await _ask(model, request("total = val", asked, 2))
        cold = _timed(timings, seconds) if layout is layouts[0] else cold
        text, warm, first = await _ask(model, request("total = valu", asked, 4))
        warm = _timed(warm, first)
        if text:
            break  # it can be held to this layout
    _, written, _ = await _ask(model, request("total = value", asked, _WRITTEN_TOKENS))
    return Finding(
        asked,
        confirmed=False,
        complete=True,
        tried=(),
        context_tokens=await model.window(),
        reuses=_reuses(cold, warm),
        evaluated=warm.evaluated,
        first_token=first or None,
        prompt_per_second=_per_second(cold),
        predicted_per_second=written.predicted_per_second,
    )


def _timed(told: Timings, first: float) -> Timings:
    """By our own watch where the backend does not tell: a prompt costs all before the answer."""
    return replace(told, prompt_ms=first * 1000 or None) if told.prompt_ms is None else told


def _reuses(cold: Timings, warm: Timings) -> bool | None:
    """Ollama counts no tokens that it reused; there the time tells."""
    if warm.evaluated is not None and warm.prompt_tokens:
        return warm.evaluated <= warm.prompt_tokens * _AGAIN
    if cold.prompt_ms and warm.prompt_ms is not None:
        return warm.prompt_ms <= cold.prompt_ms * _AGAIN
    return None


def _per_second(cold: Timings) -> float | None:
    count = cold.prompt_tokens if cold.evaluated is None else cold.evaluated
    return count / cold.prompt_ms * 1000 if count and cold.prompt_ms else None
