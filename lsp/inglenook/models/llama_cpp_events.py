"""What llama.cpp is asked in a request for an answer, and what its events tell."""

from __future__ import annotations

from typing import Final

from inglenook.models.bodies import (
    count,
    fewest_tokens,
    mapping,
    number,
    objects,
    sampling_of,
    stops_of,
    text,
)
from inglenook.models.errors import BackendBusy, BackendFailed, BackendRefused, ModelError
from inglenook.models.lines import Body
from inglenook.models.model import CompletionRequest, Timings

# What the last event is to tell; without this it repeats the whole prompt.
_FIELDS: Final = ["index", "content", "stop", "truncated", "tokens_evaluated", "timings"]


def completion_body(request: CompletionRequest, stop: tuple[str, ...]) -> Body:
    """All of a request of `/completion` but its prompt."""
    return {
        "stream": True,
        "timings_per_token": True,
        "cache_prompt": True,
        "n_predict": request.max_tokens,
        **sampling_of(request),
        "seed": request.seed,
        "stop": [*stop, *stops_of(request)],
        "response_fields": _FIELDS,
    }


def infill_body(request: CompletionRequest) -> Body:
    """A request of `/infill`."""
    prompt = request.prompt
    extra = [{"filename": snippet.path, "text": snippet.text} for snippet in prompt.snippets]
    return completion_body(request, ()) | {
        "input_prefix": prompt.prefix + prompt.typed,
        "input_suffix": prompt.suffix,
        "input_extra": extra,
    }


def infill_size(body: Body) -> int:
    """The characters that a request of `infill_body` shows."""
    extra = sum(len(text(each, "text")) for each in objects(body, "input_extra"))
    return extra + len(text(body, "input_prefix")) + len(text(body, "input_suffix"))


def timings_of(event: Body, uncounted: int = 0) -> Timings:
    """The engine's own figures, as far as they are beside an event.

    ``tokens_evaluated`` counts the prompt as the engine took it in, ``cache_n`` and ``prompt_n``
    what of it the model saw. `/infill` cuts before it counts, and says nothing of that: there the
    characters of the prompt are given as ``uncounted``. ``truncated`` says that the window ran
    full: servers before late 2025 cut a prompt then; later ones refuse it, and end an answer, or
    go on without a part of what stood before.
    """
    told = mapping(event, "timings")
    evaluated, reused = count(told, "prompt_n"), count(told, "cache_n")
    prompt = taken = count(event, "tokens_evaluated")
    if evaluated is not None and reused is not None:
        prompt = evaluated + reused
    sent = max(taken or 0, fewest_tokens(uncounted))
    cut_off = prompt is not None and prompt < sent
    return Timings(
        prompt_tokens=prompt,
        evaluated=evaluated,
        reused=reused,
        prompt_ms=number(told, "prompt_ms"),
        predicted_tokens=count(told, "predicted_n"),
        predicted_per_second=number(told, "predicted_per_second"),
        truncated=event.get("truncated") is True or cut_off,
        sent_tokens=sent or None,
    )


def error_of(error: object, where: str) -> ModelError:
    """What an error in the stream stands for. It is never quoted."""
    code = error.get("code") if isinstance(error, dict) else None
    if code in (429, 503):
        return BackendBusy(f"{where} is busy or still loading. Try again in a moment.")
    if isinstance(code, int) and 400 <= code < 500:
        return BackendRefused(f"{where} refused the request ({code}).")
    return BackendFailed(f"{where} failed in the middle of an answer. Its own log tells why.")
