"""The same fifty places through every adapter, with the real model and greedy sampling.

    python -m benchmarks.same_everywhere [-t 16]

First in one layout for all, so that only the adapters differ. What they send is recorded before
the engine. A difference that is left is put to the engine alone: the same prompt evaluated in one
go, and again when all but its last token is known. If the two give both texts, then it is the
engine's arithmetic (sums depend on how a prompt is cut into batches) and no adapter's doing.

Then each in its own default layout, beside llama.cpp in its.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from benchmarks.figures import save, table
from inglenook.models.http import HttpClient
from inglenook.models.render import Layout
from tests.support.positions import Position, positions
from tests.support.real_engine import Plan, RealEngine, real_engine
from tests.support.same_everywhere import (
    SHARING,
    Adapter,
    Answer,
    answers,
    by_embedded,
    by_llama_cpp,
    by_ollama,
    same,
)

_Answers = tuple[Answer, ...]
_BASE = "llama.cpp"
_WARM = "llama.cpp, engine warm"
_PENALTY = "Ollama before August 2026"


async def _through(
    adapter_of: AbstractAsyncContextManager[Adapter],
    places: Sequence[Position],
    tokens: int,
    layout: Layout | None,
) -> _Answers:
    async with adapter_of as adapter:
        return await answers(adapter, places, tokens, layout)


async def _all(
    places: Sequence[Position], tokens: int, layout: Layout | None
) -> dict[str, _Answers]:
    """By every adapter, each with an engine that knows nothing of the others' prompts."""
    given = {}
    with real_engine(Plan(cache_mib=0)) as engine:
        for name, adapter_of in SHARING.items():
            given[name] = await _through(adapter_of(engine), places, tokens, layout)
        if layout:
            older = by_ollama(engine, repeat_penalty=1.1)
            given[_PENALTY] = await _through(older, places, tokens, layout)
    given["embedded"] = await _through(by_embedded(), places, tokens, layout)
    if layout:
        with real_engine() as engine:
            await _through(by_llama_cpp(engine), places, tokens, layout)
            given[_WARM] = await _through(by_llama_cpp(engine), places, tokens, layout)
    return given


async def _alone(engine: RealEngine, answer: Answer) -> set[str]:
    """What the engine gives for the prompt of ``answer``, evaluated in one go and in two."""
    client = HttpClient()
    server = engine.server(client)
    (body,) = answer.sent
    texts = set()
    for warm in (False, True, True):
        sent = body | {"stream": False, "cache_prompt": warm}
        told = await client.post(
            server.target, "/completion", sent, server.headers, seconds=client.limits.first_token
        )
        texts.add(told["content"])
    await client.close()
    return texts


def _row(name: str, base: _Answers, given: _Answers, explained: int | None) -> dict[str, Any]:
    pairs = list(zip(base, given, strict=True))
    differing = [(one.text, other.text) for one, other in pairs if one.text != other.text]
    begun = [
        bool(one and other) and (one.startswith(other) or other.startswith(one))
        for one, other in differing
    ]
    return {
        "adapter": name,
        "prompts the same": sum(one.prompt == other.prompt for one, other in pairs),
        "texts the same": same(base, given),
        "one is empty": sum(not one or not other for one, other in differing),
        "one begins the other": sum(begun),
        "others": sum(
            bool(one and other) and not start
            for (one, other), start in zip(differing, begun, strict=True)
        ),
        "by arithmetic": "-" if explained is None else explained,
    }


async def measure(tokens: int) -> dict[str, Any]:
    places = positions()
    given = await _all(places, tokens, Layout.PSM)
    base = given.pop(_BASE)
    with real_engine() as engine:
        in_one = [
            _row(name, base, each, await _explained(engine, base, each))
            for name, each in given.items()
        ]
    print(f"prefix-suffix-middle for all, beside {_BASE}, {len(places)} places, {tokens} tokens")
    print(table(in_one))
    given = await _all(places, tokens, None)
    base = given.pop(_BASE)
    by_default = [_row(name, base, each, None) for name, each in given.items()]
    print(f"\nevery adapter's own default, beside {_BASE}")
    print(table(by_default))
    examples = [
        {"place": one.name, _BASE: one.text, "Ollama": other.text}
        for one, other in zip(base, given["Ollama"], strict=True)
        if one.text != other.text
    ]
    print(table(examples))
    return {"one layout": in_one, "defaults": by_default, "examples": examples}


async def _explained(engine: RealEngine, base: _Answers, given: _Answers) -> int:
    """How many of the differences the engine makes by itself."""
    count = 0
    for one, other in zip(base, given, strict=True):
        if one.text != other.text:
            count += {one.text, other.text} <= await _alone(engine, one)
    return count


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-t", "--tokens", type=int, default=16, help="of an answer, at most")
    save("same_everywhere", asyncio.run(measure(options.parse_args().tokens)))


if __name__ == "__main__":
    main()
