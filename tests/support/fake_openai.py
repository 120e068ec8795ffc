"""The JSON bodies of `fake_backend` under the paths of OpenAI's API, and LM Studio's own.

As vLLM, LM Studio and llama.cpp answer (their documentation and source; llama.cpp's as it is).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.fake_bodies import Body, Reply, Told, llama_cpp_reply, one, prompt_tokens

# The fields of OpenAI's own API that are not newer than `/v1/completions`.
_PLAIN = frozenset({"model", "prompt", "suffix", "stream", "stop", "seed", "messages"}) | {
    *("max_tokens", "temperature")
}


def openai_reply(script: Told, path: str, request: Body, pieces: Iterator[str]) -> Reply:
    """As llama.cpp where nothing else is scripted, for it speaks OpenAI's API too."""
    if script.strict and set(request) - _PLAIN:
        return one({"error": {"code": 400, "message": "unknown field"}}, 400)
    if path == "/v1/completions":
        return _text_completion(script, script.models[0], request, pieces)
    if path == "/api/v0/models" and script.lm_studio:
        data = [_of_lm_studio(model, script) for model in script.models]
        return one({"object": "list", "data": data})
    if script.lm_studio and path != "/v1/chat/completions":
        return one({"error": f"Unexpected endpoint or method. (GET {path})"})
    return llama_cpp_reply(script, path, request, pieces)


def _of_lm_studio(name: str, script: Told) -> Body:
    return {
        "id": name,
        "object": "model",
        "type": "embeddings" if "embed" in name else "llm",
        "publisher": "somebody",
        "arch": script.architecture,
        "compatibility_type": "gguf",
        "quantization": "Q4_K_M",
        "state": "loaded" if script.loaded else "not-loaded",
        "max_context_length": script.context_tokens,
    }


def _text_completion(script: Told, name: str, request: Body, pieces: Iterator[str]) -> Reply:
    if request.get("suffix") and script.suffix == "refused":
        return one({"error": {"code": 400, "message": "suffix is not supported"}}, 400)
    events = list(_text_events(name, request, pieces, script))
    if request.get("stream"):
        return 200, "sse", iter(events)
    texts = [choice["text"] for event in events for choice in event["choices"]]
    choice = {"index": 0, "text": "".join(texts), "finish_reason": "stop"}
    return one(events[-2] | {"choices": [choice], "usage": _usage(script, request, len(texts))})


def _usage(script: Told, request: Body, predicted: int) -> Body:
    tokens = prompt_tokens(script, request)
    return {
        "prompt_tokens": tokens,
        "completion_tokens": predicted,
        "total_tokens": tokens + predicted,
        "prompt_tokens_details": {"cached_tokens": tokens - 1},
    }


def _text_events(name: str, request: Body, pieces: Iterator[str], script: Told) -> Iterator[Body]:
    def event(choices: list[Body]) -> Body:
        return {"id": "1", "object": "text_completion", "model": name, "choices": choices}

    predicted = 0
    for piece in pieces:
        predicted += 1
        yield event([{"index": 0, "text": piece, "logprobs": None, "finish_reason": None}])
    yield event([{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}])
    if (request.get("stream_options") or {}).get("include_usage"):
        yield event([]) | {"usage": _usage(script, request, predicted)}
