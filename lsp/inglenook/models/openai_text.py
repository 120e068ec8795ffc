"""What is made of an answer of OpenAI's API: its text, and the speed at which it came."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from inglenook.models import chat
from inglenook.models.bodies import fewest_tokens, is_cut
from inglenook.models.model import Timings
from inglenook.models.render import Healer


class Text:
    """Reads an answer that is code and nothing else, up to its end."""

    def __init__(self, heal: str, stops: tuple[str, ...]) -> None:
        self._healer = Healer(heal)
        self._stops = stops
        self._held = ""  # could be the beginning of a stop string
        self._ended = False

    @property
    def stopped(self) -> bool:
        return self._ended or self._healer.failed

    def feed(self, text: str, done: bool = False) -> str:
        text = self._held + self._healer.feed(text)
        piece, self._ended = chat.cut(text, self._stops, done)
        self._held = text[len(piece) :]
        return piece


@dataclass(slots=True)
class Clock:
    """Our own watch, for the speed of writing where the backend does not tell it."""

    first: float = 0.0
    last: float = 0.0

    def tick(self, text: str) -> None:
        if text:
            self.last = time.perf_counter()
            self.first = self.first or self.last

    def beside(self, told: Timings | None, size: int) -> Timings:
        """``told`` and what can be added to it."""
        timings = told or Timings()
        prompt, predicted = timings.prompt_tokens, timings.predicted_tokens
        speed, seconds = timings.predicted_per_second, self.last - self.first
        if speed is None and predicted is not None and predicted > 1 and seconds > 0:
            speed = (predicted - 1) / seconds
        sent = fewest_tokens(size)
        cut_off = prompt is not None and is_cut(prompt, size)
        return replace(timings, predicted_per_second=speed, truncated=cut_off, sent_tokens=sent)
