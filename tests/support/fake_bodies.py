"""The JSON bodies of `fake_backend`, in the form of the real servers.

llama.cpp: as the engine in the wheel ``xllamacpp`` answers (tools/server/README.md describes it).
Ollama: as its docs/api.md describes; checked against the types of the ``ollama`` package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Protocol

Body = dict[str, Any]
Reply = tuple[int, str | None, Iterator[Body]]  # status, kind of stream or None, bodies
WHEN = "2026-11-23T12:00:00.000000Z"


NEXT_CHOICE = "\x1d"  # stands between the pieces of one alternative (n_cmpl) and of the next


class Told(Protocol):
    """The fields of `fake_backend.Script` that show in bodies."""

    thinking: str
    models: tuple[str, ...]
    loaded: bool
    architecture: str
    capabilities: tuple[str, ...]
    context_tokens: int
    slots: int
    template: str
    modified_at: str
    weights: str
    infill: bool
    gateway: bool
    suffix: str
    strict: bool
    lm_studio: bool
    remote_host: str
    remote_told_by: tuple[str, ...]
    stream_remote_host: str
    version: str
    cloud: bool | None
    model_info: Body
    prompt_tokens: int


def one(body: Body, status: int = 200) -> Reply:
    return status, None, iter([body])


def llama_cpp_reply(script: Told, path: str, request: Body, pieces: Iterator[str]) -> Reply:
    name = script.models[0] if script.models else ""
    if path == "/health":
        if script.loaded:
            return one({"status": "ok"})
        error = {"code": 503, "message": "Loading model", "type": "unavailable_error"}
        return one({"error": error}, 503)
    if path == "/props" and not script.gateway:
        settings = {"n_ctx": script.context_tokens}
        return one(
            {
                "default_generation_settings": settings,
                "total_slots": script.slots,
                "model_path": script.weights or f"/models/{name}.gguf",
                "model_alias": name,
                "chat_template": script.template,
                "build_info": "b1-fake",
            }
        )
    if path == "/v1/models":
        meta = {"n_ctx_train": script.context_tokens, "n_params": 1, "size": 491400064}
        owner = "somebody" if script.gateway else "llamacpp"
        common = {"object": "model", "owned_by": owner, "meta": meta}
        data = [{"id": model} | common for model in script.models]
        return one({"object": "list", "data": data})
    if path == "/slots":
        return one({"slots": []})
    if path == "/infill" and not script.infill:
        message = "Infill is not supported by this model"
        error = {"code": 501, "message": message, "type": "not_supported_error"}
        return one({"error": error}, 501)
    if path == "/v1/chat/completions":
        return _streamed("sse", request, _chat_events(name, request, pieces, script))
    if path in ("/completion", "/infill"):
        return _streamed("sse", request, _completion_events(name, request, pieces, script))
    return one({"error": {"code": 404, "message": "File Not Found"}}, 404)


def _streamed(kind: str, request: Body, events: Iterator[Body]) -> Reply:
    if request.get("stream", kind == "ndjson"):
        return 200, kind, events
    *parts, last = events
    if "message" in last:  # /api/chat
        text = "".join(part["message"]["content"] for part in parts)
        return one(last | {"message": last["message"] | {"content": text}})
    key = "response" if "response" in last else "content"
    return one(last | {key: "".join(part.get(key, "") for part in parts)})


def prompt_tokens(script: Told, request: Body) -> int:
    text = request.get("prompt") or ""
    text += request.get("input_prefix", "") + request.get("input_suffix", "")
    text += (request.get("suffix") or "") if script.suffix == "seen" else ""
    text += "".join(message["content"] for message in request.get("messages", ()))
    return script.prompt_tokens or max(1, len(text) // 4)


def _timings(tokens: int, predicted: int) -> Body:
    return {
        "cache_n": tokens - 1,
        "prompt_n": 1,
        "prompt_ms": 1.0,
        "prompt_per_second": 1000.0,
        "predicted_n": predicted,
        "predicted_ms": 1.0 * predicted,
        "predicted_per_second": 1000.0,
    }


def _completion_events(
    name: str, request: Body, pieces: Iterator[str], script: Told
) -> Iterator[Body]:
    predicted = index = 0
    tokens = prompt_tokens(script, request)
    for piece in pieces:
        if piece == NEXT_CHOICE:
            yield _last_event(name, index, tokens, predicted)
            predicted, index = 0, index + 1
            continue
        predicted += 1
        event = {"index": index, "content": piece, "tokens": [], "stop": False, "id_slot": 0}
        if request.get("timings_per_token"):
            event |= {"tokens_evaluated": tokens, "timings": _timings(tokens, predicted)}
        yield event
    yield _last_event(name, index, tokens, predicted)


def _last_event(name: str, index: int, tokens: int, predicted: int) -> Body:
    return {
        "index": index,
        "content": "",
        "tokens": [],
        "stop": True,
        "id_slot": 0,
        "model": name,
        "tokens_predicted": predicted,
        "tokens_evaluated": tokens,
        "truncated": False,
        "stop_type": "eos",
        "stopping_word": "",
        "tokens_cached": tokens,
        "timings": _timings(tokens, predicted),
    }


def _chat_events(name: str, request: Body, pieces: Iterator[str], script: Told) -> Iterator[Body]:
    def event(delta: Body, reason: str | None) -> Body:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return {"object": "chat.completion.chunk", "model": name, "choices": [choice]}

    predicted = 0
    yield event({"role": "assistant", "content": None}, None)
    for piece in pieces:
        predicted += 1
        yield event({"content": piece}, None)
    tokens = prompt_tokens(script, request)
    yield event({}, "stop") | {"timings": _timings(tokens, predicted)}


def ollama_reply(script: Told, path: str, request: Body, pieces: Iterator[str]) -> Reply:
    name = request.get("model", "")
    if path == "/api/version":
        return one({"version": script.version})
    if path == "/api/status" and script.cloud is not None:
        return one({"cloud": {"disabled": not script.cloud, "source": "none"}})
    if path == "/api/tags":
        return one(
            {"models": [_tag(script, model) | _told(script, path) for model in script.models]}
        )
    if path == "/api/ps":
        # Ollama runs nothing here for a model that it forwards.
        names = () if _told(script, path) or not script.loaded else script.models
        return one({"models": [_loaded(script, model) for model in names]})
    if path not in ("/api/show", "/api/generate", "/api/chat"):
        return one({"error": "404 page not found"}, 404)
    if name not in script.models:
        return one({"error": f"model '{name}' not found"}, 404)
    if path == "/api/show":
        return one(_show(script) | _told(script, path))
    chat = path == "/api/chat"
    if not (request.get("messages") if chat else request.get("prompt")):
        script.loaded = True
        return one(_ollama_event(name, chat, "") | {"done": True, "done_reason": "load"})
    if request.get("suffix") and "insert" not in script.capabilities:
        return one({"error": f"registry.ollama.ai/library/{name} does not support insert"}, 400)
    return _streamed("ndjson", request, _ollama_events(name, chat, request, pieces, script))


def is_ollamas(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/v0/")  # that is LM Studio's


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _details(script: Told) -> Body:
    return {
        "parent_model": "",
        "format": "gguf",
        "family": script.architecture,
        "families": [script.architecture],
        "parameter_size": "494M",
        "quantization_level": "Q4_K_M",
    }


def _remote(host: str) -> Body:
    return {"remote_host": host, "remote_model": "elsewhere:1t"} if host else {}


def _told(script: Told, path: str) -> Body:
    return _remote(script.remote_host if path in script.remote_told_by else "")


def _tag(script: Told, name: str) -> Body:
    return {
        "name": name,
        "model": name,
        "modified_at": script.modified_at,
        "size": 397821319,
        "digest": _digest(name),
        "details": _details(script),
    }


def _loaded(script: Told, name: str) -> Body:
    tag = _tag(script, name)
    del tag["modified_at"]
    return tag | {
        "expires_at": "2318-03-04T12:00:00Z",
        "size_vram": 397821319,
        "context_length": script.context_tokens,
    }


def _show(script: Told) -> Body:
    return {
        "license": "Apache License 2.0",
        "modelfile": '# Modelfile generated by "ollama show"',
        "parameters": "",
        "template": script.template,
        "details": _details(script),
        "model_info": {
            "general.architecture": script.architecture,
            f"{script.architecture}.context_length": script.context_tokens,
        }
        | script.model_info,
        "capabilities": list(script.capabilities),
        "modified_at": script.modified_at,
    }


def _ollama_event(name: str, chat: bool, text: str, thinking: str = "") -> Body:
    thought = {"thinking": thinking} if thinking else {}
    if chat:
        content: Body = {"message": {"role": "assistant", "content": text} | thought}
    else:
        content = {"response": text} | thought
    return {"model": name, "created_at": WHEN, "done": False} | content


def _ollama_events(
    name: str, chat: bool, request: Body, pieces: Iterator[str], script: Told
) -> Iterator[Body]:
    remote = _remote(script.stream_remote_host)
    predicted = 0
    if script.thinking:
        yield _ollama_event(name, chat, "", script.thinking) | remote
    for piece in pieces:
        predicted += 1
        yield _ollama_event(name, chat, piece) | remote
    yield (
        _ollama_event(name, chat, "")
        | remote
        | {
            "done": True,
            "done_reason": "stop",
            "total_duration": 3_000_000,
            "load_duration": 1_000_000,
            "prompt_eval_count": prompt_tokens(script, request),
            "prompt_eval_duration": 1_000_000,
            "eval_count": predicted,
            "eval_duration": 1_000_000 * max(predicted, 1),
        }
    )
