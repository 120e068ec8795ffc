"""Whether a body is one that Ollama could send or take.

Judged by the types of the package ``ollama`` (strictly: a number is no string), by what Ollama
always sends (api/types.go in ollama/ollama: the fields without ``omitempty``), and by the few
fields that its documentation or source has and the package does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ollama import _types as types
from pydantic import BaseModel, ConfigDict, ValidationError

from inglenook.models.lines import Body


class _Version(BaseModel):
    version: str  # docs/api.md, "Version"


class _Cloud(BaseModel):
    disabled: bool
    source: str


class _Status(BaseModel):
    cloud: _Cloud  # api/types.go, StatusResponse


class _Error(BaseModel):
    error: str  # docs/openapi.yaml, ErrorResponse


class _Options(types.Options):
    """The package's options, with nothing else."""

    model_config = ConfigDict(extra="forbid")

    min_p: float | None = None  # docs/modelfile.mdx


# api/types.go, GenerateRequest and ChatRequest: booleans that the package does not have.
_CUTS: Final = {"truncate", "shift"}
_ANSWERS: Final[dict[str, type[BaseModel]]] = {
    "/api/generate": types.GenerateResponse,
    "/api/chat": types.ChatResponse,
    "/api/tags": types.ListResponse,
    "/api/ps": types.ProcessResponse,
    "/api/show": types.ShowResponse,
    "/api/version": _Version,
    "/api/status": _Status,
}
_REQUESTS: Final[dict[str, type[BaseModel]]] = {
    "/api/generate": types.GenerateRequest,
    "/api/chat": types.ChatRequest,
    "/api/show": types.ShowRequest,
}
# docs/openapi.yaml (ModelSummary) and docs/api.md ("List Local Models"); for a model that is
# forwarded api/types.go has the two also in the answers of show, generate and chat.
_REMOTE: Final = {"remote_host", "remote_model"}
_MORE: Final = {
    "/api/tags": {"models.name", *(f"models.{key}" for key in _REMOTE)},
    "/api/show": _REMOTE,
    "/api/generate": _REMOTE,
    "/api/chat": _REMOTE,
}
_EVENT: Final = {"model", "created_at", "done"}
_MODEL: Final = {"name", "model", "size", "digest", "details"}
_DETAILS: Final = {
    *("parent_model", "format", "family", "families"),
    *("parameter_size", "quantization_level"),
}
_ALWAYS: Final = {
    "/api/generate": _EVENT | {"response"},
    "/api/chat": _EVENT | {"message", "message.role", "message.content"},
    "/api/tags": {"models"},
    "/api/ps": {"models"},
    "/api/show": {"model_info", "details", "modified_at", *(f"details.{key}" for key in _DETAILS)},
}
_EACH: Final = {
    "/api/tags": _MODEL | {"modified_at"} | {f"details.{key}" for key in _DETAILS},
    "/api/ps": _MODEL
    | {"expires_at", "size_vram", "context_length"}
    | {f"details.{key}" for key in _DETAILS},
}


def wrong_answer(path: str, body: Body) -> list[str]:
    """What is wrong with a body that Ollama is said to send; nothing if it is right."""
    if "error" in body:
        return _unlike(_Error, body, set())
    found = _unlike(_ANSWERS[path], body, _MORE.get(path, set()))
    found += _missing(body, _ALWAYS.get(path, set()))
    for model in body.get("models", ()):
        found += _missing(model, _EACH[path])
    return found


def wrong_request(path: str, body: Body) -> list[str]:
    """What is wrong with a body that Ollama is to take."""
    if path not in _REQUESTS:
        return [f"{path} takes no body"] if body else []
    cuts = set() if path == "/api/show" else _CUTS
    wrong = [
        f"{key} is no boolean" for key in sorted(cuts & set(body)) if body[key] not in (True, False)
    ]
    wrong += _unlike(_REQUESTS[path], body, cuts)
    return wrong + _unlike(_Options, body.get("options") or {}, set())


def _missing(body: Body, wanted: set[str]) -> list[str]:
    return [f"{key} is missing" for key in sorted(wanted - set(_keys(body)))]


def _unlike(form: type[BaseModel], body: Body, more: set[str]) -> list[str]:
    try:
        read = form.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        return [f"{each['loc']}: {each['msg']}" for each in error.errors()]
    known = set(_keys(read.model_dump(mode="json", by_alias=True, exclude_unset=True)))
    return [f"{key} is unknown" for key in sorted(set(_keys(body)) - known - more)]


def _keys(value: Any, before: str = "") -> Iterator[str]:
    """Every key in ``value``, with those above it; objects in a list share theirs."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield before + key
            yield from _keys(below, f"{before}{key}.")
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each, before)
