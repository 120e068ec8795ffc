"""The product's embedded engine for measurements, with a fixed number of threads.

``python -m benchmarks.layouts_engine THREADS`` is the child: `inglenook.models.embedded_child`
with nothing changed but the threads. The engine's own choice, one per core, collapses where other
work shares the cores, because its threads wait for each other at every layer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inglenook.models import embedded_child
from inglenook.models.egress import Target
from inglenook.models.embedded import _BATCH_TOKENS, CONTEXT_TOKENS
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.llama_cpp import _HEAL_TOKENS
from inglenook.models.render import Healer, Rendered, grammar_for

_KEY = "benchmark"
_HEADERS = {"Authorization": f"Bearer {_KEY}"}


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

    async def ask(self, sent: Sent, max_tokens: int) -> Told:
        """One greedy line for ``sent``."""
        started = time.perf_counter()
        text, first = "", None
        last: Body = {}
        healer = Healer(sent.rendered.heal)
        stream = self.client.stream(
            self.target, "/completion", _body(sent, max_tokens), Framing.EVENTS, _HEADERS
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
        "n_predict": max_tokens + (_HEAL_TOKENS if rendered.heal else 0),
        "temperature": 0.0,
        "seed": 0,
        "stop": [*rendered.stop, "\n"],
    }
    if rendered.heal and sent.force:
        body["grammar"] = grammar_for(rendered.heal)
    return body


@asynccontextmanager
async def running(file: Path, threads: int) -> AsyncGenerator[Engine, None]:
    """An engine that has loaded ``file``."""
    client = HttpClient()
    try:
        with _child(file, threads) as address:
            yield Engine(client, client.check(address))
    finally:
        await client.close()


@contextmanager
def _child(file: Path, threads: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.layouts_engine", str(threads)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        plan = {
            "model": str(file),
            "key": _KEY,
            "context_tokens": CONTEXT_TOKENS,
            "batch_tokens": _BATCH_TOKENS,
            "parent": os.getpid(),
        }
        try:
            process.stdin.write(json.dumps(plan).encode() + b"\n")
            process.stdin.flush()
            yield json.loads(process.stdout.readline())["address"]
        finally:
            process.kill()


def _main(threads: int) -> None:
    import xllamacpp

    defaults = xllamacpp.CommonParams

    def params() -> Any:
        result = defaults()
        result.cpuparams.n_threads = threads
        return result

    xllamacpp.CommonParams = params
    embedded_child.main()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
