"""What llama.cpp is asked in a request for an answer, and what its events tell."""

from __future__ import annotations

from typing import Final

from inglenook.models.bodies import count, mapping, number, stops_of
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
        "temperature": request.temperature,
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


def timings_of(event: Body) -> Timings:
    """The engine's own figures, as far as they are beside an event."""
    told = mapping(event, "timings")
    evaluated, reused = count(told, "prompt_n"), count(told, "cache_n")
    prompt = count(event, "tokens_evaluated")
    if prompt is None and evaluated is not None and reused is not None:
        prompt = evaluated + reused
    return Timings(
        prompt_tokens=prompt,
        evaluated=evaluated,
        reused=reused,
        prompt_ms=number(told, "prompt_ms"),
        predicted_tokens=count(told, "predicted_n"),
        predicted_per_second=number(told, "predicted_per_second"),
        truncated=event.get("truncated") is True,
    )


def error_of(error: object, where: str) -> ModelError:
    """What an error in the stream stands for. It is never quoted."""
    code = error.get("code") if isinstance(error, dict) else None
    if code in (429, 503):
        return BackendBusy(f"{where} is busy or still loading. Try again in a moment.")
    if isinstance(code, int) and 400 <= code < 500:
        return BackendRefused(f"{where} refused the request ({code}).")
    return BackendFailed(f"{where} failed in the middle of an answer. Its own log tells why.")
