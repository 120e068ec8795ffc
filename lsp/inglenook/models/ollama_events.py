"""What the events of Ollama's streams tell beside the text."""

from __future__ import annotations

from inglenook.models.bodies import count, fewest_tokens
from inglenook.models.errors import BackendBusy, BackendFailed, ModelError, ModelMissing
from inglenook.models.lines import Body
from inglenook.models.model import ModelInfo, Timings


def timings_of(event: Body, size: int, info: ModelInfo) -> Timings:
    """The figures beside the last event of an answer to a prompt of ``size`` characters."""
    prompt, predicted = count(event, "prompt_eval_count"), count(event, "eval_count")
    seconds = (count(event, "eval_duration") or 0) / 1e9
    prompt_ns = count(event, "prompt_eval_duration")
    window = info.context_tokens
    return Timings(
        prompt_tokens=prompt,
        prompt_ms=None if prompt_ns is None else prompt_ns / 1e6,
        predicted_tokens=predicted,
        predicted_per_second=predicted / seconds if predicted and seconds else None,
        truncated=prompt is not None and (prompt < fewest_tokens(size) or prompt >= window),
    )


def error_of(error: str, info: ModelInfo) -> ModelError:
    """What an error in the stream stands for. It is never quoted."""
    if "not found" in error:
        return ModelMissing(f"Ollama at {info.address} has no model {info.name!a} any more.")
    if "busy" in error or "overloaded" in error:
        return BackendBusy(f"Ollama at {info.address} is busy. Try again in a moment.")
    return BackendFailed(f"Ollama at {info.address} failed; its own log tells why.")
