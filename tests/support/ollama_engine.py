"""How Ollama asks the llama.cpp server that it runs (llm/llama_server.go in ollama/ollama).

Facts taken from there: defaults of the options (api/types.go, DefaultOptions), what becomes of a
prompt that is too long, and how an end is told.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from inglenook.models.errors import ModelError
from inglenook.models.http import HttpClient
from inglenook.models.lines import DONE, Body, Framing
from inglenook.models.llama_cpp import LlamaCppServer


@dataclass(frozen=True)
class Habits:
    """Of one version of Ollama."""

    version: str = "0.32.0"
    num_ctx: int = 4096  # of a request that names none
    load_seconds: float = 0.0
    # Versions whose runner was their own saw that a client had gone when they wrote to it.
    notices_late: bool = False
    # Of a prompt that is too long, versions since the llama.cpp server keep the beginning
    # (num_keep) and half of the rest; before that they filled the window.
    halves: bool = True
    # 1.1 until August 2026 (ollama/ollama#17679), whatever the model's makers recommend.
    repeat_penalty: float = 1.0
    breaks_after: int = -1  # so many pieces of an answer, the runner stops; -1: it does not


class Refused(Exception):
    """An error as Ollama tells it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Part:
    """A piece of an answer; the last one has an ``end``, fields of Ollama's last event."""

    text: str = ""
    thinking: str = ""
    end: Body | None = None


_BROKEN: Final = "an error was encountered while running the model: unexpected EOF"
# Ollama's names of what is passed on, and the engine's.
_NAMES: Final = {
    "num_predict": "n_predict",
    "num_keep": "n_keep",
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "typical_p": "typical_p",
    "repeat_penalty": "repeat_penalty",
    "repeat_last_n": "repeat_last_n",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
    "seed": "seed",
    "stop": "stop",
}


def options_of(request: Body, habits: Habits) -> Body:
    """The options of ``request`` over those that hold without any."""
    usual: Body = {
        "num_ctx": habits.num_ctx,
        "num_predict": -1,
        "num_keep": 4,
        "temperature": 0.8,
        "top_k": 40,
        "top_p": 0.9,
        "min_p": 0.0,
        "typical_p": 1.0,
        "repeat_penalty": habits.repeat_penalty,
        "repeat_last_n": 64,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "seed": -1,
        "stop": [],
    }
    return usual | (request.get("options") or {})


def _passed_on(options: Body) -> Body:
    most = 10 * options["num_ctx"]
    wanted = options["num_predict"]
    bounded = options | {"num_predict": most if wanted < 0 else min(wanted, most)}
    return {theirs: bounded[ours] for ours, theirs in _NAMES.items()}


async def generate(
    client: HttpClient, engine: LlamaCppServer, request: Body, options: Body, habits: Habits
) -> AsyncGenerator[Part, None]:
    """The answer of `/api/generate`."""
    prompt: str = request["prompt"]
    if request.get("raw"):
        pass
    elif request.get("suffix"):
        prompt = f"<|fim_prefix|>{prompt}<|fim_suffix|>{request['suffix']}<|fim_middle|>"
    else:
        prompt = f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    sent = _passed_on(options) | {
        "prompt": await _fitting(client, engine, prompt, options, habits),
        "stream": True,
        "cache_prompt": True,
    }
    stream = client.stream(engine.target, "/completion", sent, Framing.EVENTS, engine.headers)
    written = ""
    async with aclosing(_unbroken(stream, habits)) as events:
        async for event in events:
            written += event["content"]
            if not event["stop"]:
                if event["content"]:
                    yield Part(event["content"])
                continue
            end = _end(event["timings"], limited=event["stop_type"] == "limit")
            if not request.get("raw"):
                end["context"] = await _tokens(client, engine, prompt + written)
            yield Part(event["content"], end=end)


async def chat(
    client: HttpClient, engine: LlamaCppServer, request: Body, options: Body, habits: Habits
) -> AsyncGenerator[Part, None]:
    """The answer of `/api/chat`."""
    sent = _passed_on(options) | {
        "messages": request["messages"],
        "stream": True,
        "cache_prompt": True,
        "max_tokens": options["num_predict"],
    }
    path = "/v1/chat/completions"
    stream = client.stream(engine.target, path, sent, Framing.EVENTS, engine.headers)
    async with aclosing(_unbroken(stream, habits)) as events:
        async for event in events:
            if event is DONE:
                continue
            choice = event["choices"][0]
            delta, reason = choice["delta"], choice["finish_reason"]
            text = delta.get("content") or ""
            thinking = delta.get("reasoning_content") or ""
            if reason is not None:
                yield Part(text, thinking, _end(event["timings"], limited=reason == "length"))
            elif text or thinking:
                yield Part(text, thinking)


async def _unbroken(
    stream: AsyncGenerator[Body, None], habits: Habits
) -> AsyncGenerator[Body, None]:
    """``stream``, its errors in Ollama's words."""
    passed = 0
    try:
        async with aclosing(stream) as events:
            async for event in events:
                if passed == habits.breaks_after:
                    raise Refused(500, _BROKEN)
                passed += 1
                if "error" in event:
                    raise Refused(500, event["error"]["message"])
                yield event
    except ModelError:
        raise Refused(500, _BROKEN) from None


def _end(timings: Body, *, limited: bool) -> Body:
    return {
        "done_reason": "length" if limited else "stop",
        "prompt_eval_count": timings["cache_n"] + timings["prompt_n"],
        "prompt_eval_duration": int(timings["prompt_ms"] * 1e6),
        "eval_count": timings["predicted_n"],
        "eval_duration": int(timings["predicted_ms"] * 1e6),
    }


async def _fitting(
    client: HttpClient, engine: LlamaCppServer, prompt: str, options: Body, habits: Habits
) -> str | list[int]:
    """``prompt``, or the tokens that are left of it where it does not fit: nobody is told."""
    num_ctx: int = options["num_ctx"]
    if len(prompt.encode()) < num_ctx:
        return prompt
    tokens = await _tokens(client, engine, prompt)
    if len(tokens) < num_ctx:
        return prompt
    keep = min(options["num_keep"], num_ctx - 1)
    limit = num_ctx - max((num_ctx - keep) // 2, 1) if habits.halves else num_ctx
    return tokens[:keep] + tokens[len(tokens) - limit + keep :]


async def _tokens(client: HttpClient, engine: LlamaCppServer, text: str) -> list[int]:
    body = {"content": text, "add_special": True}
    told = await client.post(engine.target, "/tokenize", body, engine.headers)
    tokens: list[int] = told["tokens"]
    return tokens
