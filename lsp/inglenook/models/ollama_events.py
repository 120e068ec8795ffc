"""What the events of Ollama's streams tell beside the text."""

from __future__ import annotations

import re
from typing import Final

from inglenook.models.bodies import count, fewest_tokens
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    ModelError,
    ModelMissing,
    PromptTooLong,
)
from inglenook.models.lines import Body
from inglenook.models.model import ModelInfo, Timings

# Its own words, those of the runners that it had, and those of the llama.cpp server that it has.
_TOO_LONG: Final = re.compile(
    r"exceed_context_size|exceeds the (?:available )?context|longer than the context length", re.I
)
_VERSION: Final = re.compile(r"v?(\d+)\.(\d+)\.")
_COUNTS_ALL: Final = (0, 4)
_REFUSES: Final = (0, 13)  # since 0.12.6 it does not cut if it is asked not to
_FORGETS: Final = re.compile(r"v?0\.30\.0(?!\d)")  # told of what it evaluated only; mended after it
_BLANKS: Final = 12  # characters of a token at the most, in a prompt of wide tables


def timings_of(event: Body, size: int, window: int, version: str) -> Timings:
    """The figures beside the last event of an answer to a prompt of ``size`` characters.

    ``window`` is what was asked for. The prompt's tokens are those that were left of it; before
    version 0.4 they were those that had to be evaluated, so there they prove nothing. A version
    that refuses what is too long is believed to have cut only if nothing else explains them.
    """
    prompt, predicted = count(event, "prompt_eval_count"), count(event, "eval_count")
    seconds = (count(event, "eval_duration") or 0) / 1e9
    prompt_ns = count(event, "prompt_eval_duration")
    sent = fewest_tokens(size)
    least = size // _BLANKS if refuses(version) else sent
    cut = prompt is not None and prompt > 0 and (prompt < least or prompt >= window)
    return Timings(
        prompt_tokens=prompt,
        prompt_ms=None if prompt_ns is None else prompt_ns / 1e6,
        predicted_tokens=predicted,
        predicted_per_second=predicted / seconds if predicted and seconds else None,
        truncated=cut and _since(_COUNTS_ALL, version) and not _FORGETS.match(version),
        sent_tokens=sent,
    )


def refuses(version: str) -> bool:
    """Whether Ollama of this version refuses a prompt that is too long, as it is asked to."""
    return _since(_REFUSES, version)


def _since(first: tuple[int, int], version: str) -> bool:
    """Whether ``version`` is ``first`` or later, as one is taken to be that does not say it.

    "0.0.0" is one that somebody built from source.
    """
    match = _VERSION.match(version)
    numbers = (int(match[1]), int(match[2])) if match else (0, 0)
    return numbers == (0, 0) or numbers >= first


def error_of(error: str, info: ModelInfo, window: int) -> ModelError:
    """What an error in the stream stands for. It is never quoted."""
    if _TOO_LONG.search(error):
        return too_long(info, window)
    if "not found" in error:
        return ModelMissing(f"Ollama at {info.address} has no model {info.name!a} any more.")
    if "busy" in error or "overloaded" in error:
        return BackendBusy(f"Ollama at {info.address} is busy. Try again in a moment.")
    return BackendFailed(f"Ollama at {info.address} failed; its own log tells why.")


def too_long(info: ModelInfo, window: int) -> PromptTooLong:
    return PromptTooLong(
        f"The prompt is longer than the window of {info.name} ({window} tokens), and Ollama at "
        f"{info.address} did not cut it. Set a larger contextLength for it in your configuration "
        "file (and OLLAMA_CONTEXT_LENGTH of Ollama, if other programs use the model too)."
    )
