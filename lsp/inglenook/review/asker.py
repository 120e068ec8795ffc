"""How a review asks a model: what was said before is taken from what is kept, secrets are taken
out, typing goes first, and there is an end to time and tokens.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.engine.lane import Lane
from inglenook.engine.redaction import Redactor, redacted_texts
from inglenook.engine.supply import Supply
from inglenook.engine.truncation import unseen
from inglenook.engine.typing_signal import TypingSignal
from inglenook.models.bodies import fewest_tokens
from inglenook.models.chatting import ChatRequest, chat, continues, holds, never_cuts
from inglenook.models.errors import BackendRefused, ModelError, PromptTooLong
from inglenook.models.spec import Think
from inglenook.review.asking import Answer, Ended
from inglenook.review.begun import Begun
from inglenook.review.kept import Kept, Said, digest

_WATCH: Final = 0.01  # seconds between two looks whether somebody types


@dataclass(slots=True)
class Limits:
    """When a review ends, whatever is left; None: never. ``deadline`` is of the monotonic clock."""

    deadline: float | None = None
    tokens: int | None = None
    stopped: str = ""  # by the user: the sentence that says so
    _used: int = 0

    def spend(self, tokens: int) -> None:
        self._used += tokens

    def check(self) -> None:
        """Raises `Ended`."""
        if self.stopped:
            raise Ended(self.stopped)
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise Ended("The time that it may take was over (--max-time).")
        if self.tokens is not None and self._used >= self.tokens:
            raise Ended("The tokens that it may use were used up (--max-tokens).")


@dataclass(slots=True)
class Asker:
    """`Ask` for one lane. ``typing`` tells when an editor of this user completes."""

    supply: Supply
    lane: Lane
    kept: Kept
    journal: Kept  # of this review alone, to go on with it; also of models that tell no digest
    redactor: Redactor
    limits: Limits = field(default_factory=Limits)
    typing: TypingSignal | None = None
    waiting: Callable[[bool], None] = lambda _is_waiting: None
    think: Think | None = None

    async def __call__(self, request: ChatRequest) -> Answer:
        request = replace(request, think=self.think)
        key = self._key(request)
        self.limits.check()

        def forget() -> None:
            self.kept.drop(key)
            self.journal.drop(key)

        if (said := self._remembered(key)) is not None:
            return Answer(said.text, said.prompt_tokens, said.tokens, True, forget)
        request = await _without_secrets(request, self.redactor)
        answer = await self._between_keys(request)
        self.limits.spend(answer.prompt_tokens + answer.tokens)
        said = Said(answer.text, answer.prompt_tokens, answer.tokens)
        self.journal.put(key, said)
        if self.lane.model.info.identified:
            self.kept.put(key, said)
        return replace(answer, forget=forget)

    def _remembered(self, key: bytes) -> Said | None:
        """Of an earlier run, or of this one before it was ended."""
        return self.kept.get(key) or self.journal.get(key)

    def close(self) -> None:
        self.kept.close()
        self.journal.close()

    def _key(self, request: ChatRequest) -> bytes:
        return digest(
            self.lane.recipe,
            repr((request.max_tokens, request.sampling, request.seed, str(request.think))),
            json.dumps(request.json_schema, sort_keys=True),
            *(f"{each.role}\n{each.content}" for each in request.messages),
        )

    # -- typing goes first ---------------------------------------------------------------------

    async def _between_keys(self, request: ChatRequest) -> Answer:
        """The answer, which is gone on with whenever typing began while it was made."""
        model = self.lane.model
        begun = Begun(continues(model), holds(model), never_cuts(model))
        while True:
            await self._quiet()
            asking = asyncio.create_task(self._asked(request, begun))
            try:
                while True:
                    await asyncio.wait([asking], timeout=_WATCH)
                    if asking.done():
                        return asking.result()
                    self.limits.check()
                    if self._is_typed():
                        break
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
            if (whole := begun.whole) is not None:
                return self._answer(request, begun, whole)

    def _is_typed(self) -> bool:
        return self.typing is not None and self.typing.is_busy()

    async def _quiet(self) -> None:
        if not self._is_typed():
            return
        self.waiting(True)
        try:
            while self._is_typed():
                self.limits.check()
                await asyncio.sleep(_WATCH)
        finally:
            self.waiting(False)

    # -- the model -----------------------------------------------------------------------------

    async def _asked(self, request: ChatRequest, begun: Begun) -> Answer:
        try:
            await self.supply.loaded(self.lane)
            with self.supply.working(self.lane):
                answer = await self._said(request, begun)
        except ModelError as error:
            self.supply.failed(self.lane, error)
            raise
        self.supply.worked(self.lane)
        return answer

    async def _said(self, request: ChatRequest, begun: Begun) -> Answer:
        """A backend that cannot go on, or hold an answer to a form, is asked for it without."""
        while True:
            try:
                return await self._streamed(request, begun)
            except BackendRefused as error:
                if type(error) is not BackendRefused:
                    raise
                if begun.is_continued:
                    begun.continues = False
                elif request.json_schema:
                    request = replace(request, json_schema=None)
                else:
                    raise

    async def _streamed(self, request: ChatRequest, begun: Begun) -> Answer:
        async with aclosing(chat(self.lane.model, begun.next(request))) as chunks:
            async for chunk in chunks:
                if not begun.take(chunk):
                    break
        return self._answer(request, begun, begun.text)

    def _answer(self, request: ChatRequest, begun: Begun, text: str) -> Answer:
        """Raises `PromptTooLong` if the model did not see all of the question."""
        timings = begun.timings
        if said := unseen(self.lane.model.info, timings):
            raise PromptTooLong(said)
        prompt = timings.prompt_tokens if timings is not None else fewest_tokens(request.size)
        written = timings.predicted_tokens if timings is not None else None
        return Answer(text, prompt or 0, max(written or 0, begun.tokens))


async def _without_secrets(request: ChatRequest, redactor: Redactor) -> ChatRequest:
    """The last thing that happens to a request, as everywhere."""
    shown = await redacted_texts([each.content for each in request.messages], redactor)
    turns = tuple(
        replace(each, content=text) for each, text in zip(request.messages, shown, strict=True)
    )
    return replace(request, messages=turns)
