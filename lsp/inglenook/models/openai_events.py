"""The streamed answers of OpenAI's API, as the many servers that speak it send them.

https://platform.openai.com/docs/api-reference/completions and …/chat/streaming; llama.cpp,
vLLM, LM Studio and the gateways leave fields out and add their own. What a body says counts,
whatever its status was: some servers answer 200 to everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inglenook.models.bodies import count, mapping, number, objects, text
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendRefused,
    ModelError,
    ModelMissing,
)
from inglenook.models.lines import DONE, Body
from inglenook.models.model import Timings

# LM Studio says so, with status 200, where there is nothing at a path.
_NOWHERE: Final = re.compile(r"unexpected endpoint|not found|does not exist|unknown model", re.I)
_BUSY: Final = re.compile(r"loading|busy|overloaded|rate limit", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """What one event adds to an answer."""

    text: str
    ended: bool  # nothing is added to the answer by later events
    timings: Timings | None
    done: bool = False  # nothing at all comes after it


def said(event: Body, where: str) -> Said | None:
    """Read an event of `/v1/completions` or `/v1/chat/completions`; raises `ModelError`.

    None for what is no event of theirs, such as the pings of a gateway.
    """
    if event is DONE:  # all that some servers end an answer with
        return Said("", True, None, done=True)
    if error := event.get("error"):  # some send null with every event
        raise error_of(error, where)
    timings, choices = _timings(event), event.get("choices")
    if not isinstance(choices, list):
        return None if timings is None else Said("", False, timings)
    if not choices:  # the event of `stream_options.include_usage`
        return Said("", False, timings)
    ours = [each for each in choices if isinstance(each, dict) and each.get("index") in (0, None)]
    if not ours:  # another choice, that was not asked for
        return Said("", False, timings) if objects(event, "choices") else None
    piece, ended = _piece(ours[0]), bool(ours[0].get("finish_reason"))
    if piece is None and not ended and timings is None:  # LiteLLM counts beside an empty choice
        return None
    return Said(piece or "", ended, timings)


def _piece(choice: Body) -> str | None:
    """The text of a choice; None if there is nothing that could hold one."""
    for key in ("delta", "message"):
        if isinstance(choice.get(key), dict):
            return text(choice[key], "content")
    return text(choice, "text") if "text" in choice else None


def _timings(event: Body) -> Timings | None:
    """From ``usage``, and from the ``timings`` that llama.cpp adds."""
    usage, told = mapping(event, "usage"), mapping(event, "timings")
    if not usage and not told:
        return None
    evaluated, reused = count(told, "prompt_n"), count(told, "cache_n")
    prompt = count(usage, "prompt_tokens")
    if reused is None:
        reused = count(mapping(usage, "prompt_tokens_details"), "cached_tokens")
    if evaluated is None and prompt is not None and reused is not None:
        evaluated = max(prompt - reused, 0)
    if prompt is None and evaluated is not None and reused is not None:
        prompt = evaluated + reused
    predicted = count(usage, "completion_tokens")
    return Timings(
        prompt_tokens=prompt,
        evaluated=evaluated,
        reused=reused,
        prompt_ms=number(told, "prompt_ms"),
        predicted_tokens=count(told, "predicted_n") if predicted is None else predicted,
        predicted_per_second=number(told, "predicted_per_second"),
    )


def error_of(error: object, where: str) -> ModelError:
    """What an error object, or the sentence in its place, stands for. It is never quoted."""
    body: Body = error if isinstance(error, dict) else {"message": error}
    sentence, code = text(body, "message"), _code(body)
    if code == 404 or (code is None and _NOWHERE.search(sentence)):
        return ModelMissing(f"{where} does not have this model, or does not complete text.")
    if code in (429, 503) or (code is None and _BUSY.search(sentence)):
        return BackendBusy(f"{where} is busy or still loading. Try again in a moment.")
    if code in (401, 403):
        return BackendRefused(f"{where} wants an API key, or another one ({code}).")
    if code is not None and 400 <= code < 500:
        return BackendRefused(f"{where} refused the request ({code}).")
    return BackendFailed(f"{where} failed in the middle of an answer. Its own log tells why.")


def _code(error: Body) -> int | None:
    """An HTTP status, as a number or (LiteLLM) as a text."""
    code = error.get("code")
    if isinstance(code, str) and re.fullmatch(r"[45]\d\d", code):
        return int(code)
    return count(error, "code")
