"""A real llama.cpp engine with the real model, in a process of its own, for tests.

``with real_engine() as engine:`` serves llama.cpp's HTTP API on a free loopback port behind a key.
The child, ``python -m tests.support.real_engine``, is told its plan as one JSON line on stdin,
answers with one JSON line on stdout, and ends when its stdin closes.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppServer
from tests.support.test_model import CODER, TestModel, obtain

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """How the engine runs. What is not said here it decides as the embedded one does."""

    context_tokens: int = 4096  # of every slot
    batch_tokens: int = 128  # of a prompt, evaluated at once
    slots: int = 1
    cache_mib: int = 256  # for the prompts that no slot holds any more; 0 keeps none
    threads: int = 0  # 0: one for every core


@dataclass(frozen=True)
class RealEngine:
    """A running engine."""

    url: str
    key: str
    pid: int

    def server(self, client: HttpClient, url: str = "") -> LlamaCppServer:
        """The engine as the adapter of llama.cpp wants it, or what stands before it at ``url``."""
        return LlamaCppServer(client.check(url or self.url), self.key)


@contextlib.contextmanager
def real_engine(
    plan: Plan | None = None, file: TestModel = CODER, again: RealEngine | None = None
) -> Iterator[RealEngine]:
    """An engine that has loaded a model; it is gone at the end.

    It takes the address and the key of ``again``, which has gone.
    """
    key = again.key if again else secrets.token_urlsafe(16)
    port = urlsplit(again.url).port if again else 0
    told = asdict(plan or Plan()) | {"model": str(obtain(file)), "key": key, "port": port}
    command = [sys.executable, "-m", "tests.support.real_engine"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(told).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, "the engine ended while it loaded the model"
            yield RealEngine(json.loads(line)["address"], key, process.pid)
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait(timeout=20)


def _serve(plan: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = plan["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = plan["port"]
    params.api_keys = [plan["key"]]
    params.n_parallel = plan["slots"]
    params.n_ctx = plan["context_tokens"] * plan["slots"]
    params.n_batch = plan["batch_tokens"]
    params.n_ubatch = min(params.n_ubatch, params.n_batch)
    params.cache_ram_mib = plan["cache_mib"]
    if plan["threads"]:
        params.cpuparams.n_threads = plan["threads"]
    params.ui = False
    params.verbosity = -1
    return xllamacpp.Server(params)


def _main() -> None:
    plan = json.loads(sys.stdin.buffer.readline())
    report = os.fdopen(os.dup(1), "w")
    # What the engine itself would print is not part of the answer.
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    server = _serve(plan)
    print(json.dumps({"address": server.listening_address}), file=report, flush=True)
    sys.stdin.buffer.read()
    # The engine's own threads would hold a normal exit up.
    os._exit(0)


if __name__ == "__main__":
    _main()
