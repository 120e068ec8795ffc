"""The real engine for measurements, run as the embedded one but for a fixed number of threads.

The engine's own choice, one per core, collapses where other work shares the cores, because its
threads wait for each other at every layer.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from inglenook.models.egress import Target
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.render import HEAL_TOKENS, Healer, Rendered, grammar_for
from tests.support.real_engine import Plan, real_engine


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent; ``force``: a grammar makes the answer begin with ``rendered.heal``."""

    rendered: Rendered
    force: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An answer; ``failed``: it did not begin with the piece that was taken back.

    ``first_ms``: from the request to the first text, None if none came. ``tokens`` of the prompt,
    of which ``evaluated`` were not in the engine's cache; None if the answer was broken off.
    """

    text: str
    failed: bool
    first_ms: float | None
    total_ms: float
    tokens: int | None
    evaluated: int | None


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine, asked as `inglenook.models.llama_cpp` asks it."""

    client: HttpClient
    target: Target
    headers: Mapping[str, str] | None

    async def ask(self, sent: Sent, max_tokens: int) -> Told:
        """One greedy line for ``sent``."""
        started = time.perf_counter()
        text, first = "", None
        last: Body = {}
        healer = Healer(sent.rendered.heal)
        stream = self.client.stream(
            self.target, "/completion", _body(sent, max_tokens), Framing.EVENTS, self.headers
        )
        async with aclosing(stream) as events:
            async for event in events:
                text += healer.feed(str(event["content"]))
                if healer.failed:
                    break
                if text and first is None:
                    first = (time.perf_counter() - started) * 1000
                last = event if event["stop"] else last
        told = last.get("timings", {})
        total = (time.perf_counter() - started) * 1000
        evaluated = told.get("prompt_n")
        return Told(text, healer.failed, first, total, last.get("tokens_evaluated"), evaluated)


def _body(sent: Sent, max_tokens: int) -> Body:
    rendered = sent.rendered
    body: Body = {
        "prompt": rendered.text,
        "stream": True,
        "cache_prompt": True,
        "n_predict": max_tokens + (HEAL_TOKENS if rendered.heal else 0),
        "temperature": 0.0,
        "seed": 0,
        "stop": [*rendered.stop, "\n"],
    }
    if rendered.heal and sent.force:
        body["grammar"] = grammar_for(rendered.heal)
    return body


@asynccontextmanager
async def running(threads: int) -> AsyncGenerator[Engine, None]:
    """An engine that has loaded the model of the tests, run as the embedded one."""
    client = HttpClient()
    try:
        with real_engine(Plan(threads=threads)) as real:
            server = real.server(client)
            yield Engine(client, server.target, server.headers)
    finally:
        await client.close()
