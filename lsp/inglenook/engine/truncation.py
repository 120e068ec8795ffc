"""Tells the user that a model did not see all of what was sent, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from inglenook.models.model import ModelInfo, Timings

_CURES: Final = {
    "ollama": "Set a larger contextLength for it in your configuration file.",
    "llama.cpp": "Start llama.cpp with a larger window (-c, --ctx-size).",
    "lmstudio": "Load it in LM Studio with a larger context length, in its model settings.",
    "vllm": "Start vLLM with a larger --max-model-len.",
    "embedded": "Set a smaller autocompleteOptions.maxPromptTokens in your configuration file.",
}
_CURE: Final = (
    "Let its server give it a larger window, or name the one that it has in your configuration "
    "file (contextLength)."
)


@dataclass(slots=True)
class Alarm:
    """Of one session. What `Timings.truncated` is made of is the adapters' business."""

    _said: set[tuple[str, str, str]] = field(default_factory=set)

    def heard(self, info: ModelInfo, timings: Timings | None) -> str:
        """What to tell after an answer: a sentence or two, or nothing, and once for each model."""
        model = (info.backend, info.address, info.name)
        if model in self._said or not (said := unseen(info, timings)):
            return ""
        self._said.add(model)
        return said


def unseen(info: ModelInfo, timings: Timings | None) -> str:
    """What to say of an answer whose prompt the model did not see whole; else nothing."""
    if timings is None or not timings.truncated:
        return ""
    return f"{info.name} did not see all of a prompt{_counts(timings)}. {cure(info.backend)}"


def cure(backend: str) -> str:
    """What makes a backend's window large enough."""
    return _CURES.get(backend, _CURE)


def _counts(timings: Timings) -> str:
    seen, sent = timings.prompt_tokens, timings.sent_tokens
    if seen is None or sent is None or seen >= sent:
        return ""  # the window ran full; how much did not fit was not told
    return f": {seen} of at least {sent} tokens"
