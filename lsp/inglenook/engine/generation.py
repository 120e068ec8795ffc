"""One run of a model for one place: ask, stream, trim, and stop as soon as there is enough."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.context import Gathered
from inglenook.engine.lane import Lane
from inglenook.engine.pacing import max_tokens, worth_another
from inglenook.engine.trim import trim
from inglenook.models.errors import ModelError
from inglenook.models.model import CompletionRequest, Fill, Timings
from inglenook_context.style import fit

_TOGETHER: Final = 0.5  # temperature of alternatives that come from one request
_APART: Final = (0.0, 0.7, 1.0)  # of those that come one after another; the first is the best
_LOOK: Final = 48  # characters on one line after which a filter may have enough


@dataclass(slots=True)
class Progress:
    """What is known of a run while it goes on. ``text`` is all that was streamed so far."""

    text: str = ""
    texts: list[str] = field(default_factory=list)
    first_token: float | None = None  # seconds from the start of the request
    timings: Timings | None = None

    def add(self, text: str) -> None:
        if text and text not in self.texts:
            self.texts.append(text)


@dataclass(slots=True)
class _Candidate:
    """One answer while it arrives; ``text`` is what becomes of it, once that is known."""

    gathered: Gathered
    raw: str = ""
    text: str | None = None
    _looked: int = 0

    def feed(self, piece: str) -> None:
        """Take a piece; look for the end only where the filters can find one."""
        self.raw += piece
        fresh = len(self.raw) - self._looked
        if fresh < _LOOK and "\n" not in piece and "<" not in piece:
            return
        self._looked = len(self.raw)
        trimmed = trim(self.raw, self.gathered.site, final=False)
        if trimmed.enough:
            self.text = fit(trimmed.text, self.gathered.style)

    def finish(self) -> str:
        if self.text is None:
            trimmed = trim(self.raw, self.gathered.site, final=True)
            self.text = fit(trimmed.text, self.gathered.style)
        return self.text


async def generate(lane: Lane, gathered: Gathered, wanted: int, progress: Progress) -> None:
    """Fill ``progress`` with up to ``wanted`` distinct texts; raises `ModelError`.

    Alternatives come from one request where the backend can now, else one after another while
    they cost the user little. Cancelling closes the socket before the cancellation goes on. Texts
    that are there already are not asked for again, and not lost to a later request's error.
    """
    if 1 < wanted <= lane.free and lane.model.info.fill is Fill.TEMPLATE:
        request = _request(lane, gathered, _TOGETHER, seed=1, alternatives=wanted)
        said = Counter(await _answers(lane, gathered, request, progress))
        for text, _ in said.most_common():  # what the model says most often comes first
            progress.add(text)
        del progress.texts[wanted:]
        return
    started = time.perf_counter()
    for attempt in range(1 if progress.texts else 0, wanted):
        spent = time.perf_counter() - started
        if attempt and not (progress.texts and worth_another(spent, attempt)):
            return
        request = _request(lane, gathered, _APART[attempt], seed=attempt)
        main = progress if attempt == 0 else Progress()
        try:
            texts = await _answers(lane, gathered, request, main)
        except ModelError:
            if progress.texts:
                return
            raise
        for text in texts:
            progress.add(text)


def _request(
    lane: Lane, gathered: Gathered, temperature: float, seed: int, alternatives: int = 1
) -> CompletionRequest:
    return CompletionRequest(
        prompt=gathered.prompt,
        max_tokens=max_tokens(lane.speed, gathered.site.multiline),
        temperature=temperature,
        seed=seed,
        single_line=not gathered.site.multiline,
        alternatives=alternatives,
        sampling=lane.entry.sampling if lane.entry is not None else None,
    )


async def _answers(
    lane: Lane, gathered: Gathered, request: CompletionRequest, progress: Progress
) -> list[str]:
    """What becomes of each alternative; measures the model on the way."""
    started = time.perf_counter()
    candidates = [_Candidate(gathered) for _ in range(request.alternatives)]
    try:
        async with aclosing(lane.model.complete(request)) as stream:
            async for chunk in stream:
                progress.timings = chunk.timings or progress.timings
                candidate = candidates[chunk.choice]
                if not chunk.text or candidate.text is not None:
                    continue
                if progress.first_token is None:
                    progress.first_token = time.perf_counter() - started
                candidate.feed(chunk.text)
                if chunk.choice == 0:
                    progress.text = fit(candidate.raw, gathered.style)
                if all(each.text is not None for each in candidates):
                    break
    finally:
        elapsed = time.perf_counter() - started
        lane.measured(progress.first_token, elapsed, progress.timings, request.prompt.size)
    return [candidate.finish() for candidate in candidates]
