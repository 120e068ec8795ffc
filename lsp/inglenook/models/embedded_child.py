"""The process of the embedded engine: serves llama.cpp's HTTP API until its stdin ends.

Run by `inglenook.models.embedded`; the first line of stdin is a JSON object with ``model`` (path
of a GGUF file), ``key`` (the secret that every request must carry), ``context_tokens``,
``batch_tokens`` (of a prompt, evaluated at once) and ``parent`` (process id). One JSON line on
stdout answers: ``{"address": "http://127.0.0.1:N"}`` or ``{"error": "missing" | "load"}``.
Nothing else is ever written anywhere, because what the engine would log can quote prompts.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

# Prompts that the engine keeps in memory besides the current one; its own default is 8 GiB.
_PROMPT_CACHE_MIB = 256


def main() -> None:
    plan = json.loads(sys.stdin.buffer.readline())
    _die_with(plan["parent"])
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    _silence()
    try:
        server = _serve(plan)
        answer = {"address": server.listening_address}
    except ImportError:
        answer = {"error": "missing"}
    except Exception:
        answer = {"error": "load"}
    with report:
        report.write(json.dumps(answer) + "\n")
    if "address" in answer:
        # Ends when the parent ends, however it ends. (While the engine loads it holds the
        # interpreter, so a parent that dies then is noticed after the load.)
        sys.stdin.buffer.read()
    # The engine's own threads would hold a normal exit up.
    os._exit(0)


def _serve(plan: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = plan["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system chooses, so no other process can be there first
    params.api_keys = [plan["key"]]
    params.n_ctx = plan["context_tokens"]
    params.n_batch = plan["batch_tokens"]
    params.n_ubatch = min(params.n_ubatch, params.n_batch)
    params.n_parallel = 1
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.ui = False
    params.verbosity = -1
    return xllamacpp.Server(params)


def _die_with(parent: int) -> None:
    """Linux: die when the parent dies, also while the engine holds the interpreter."""
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1  # linux/prctl.h
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call
        os._exit(0)


def _silence() -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.close(sink)


if __name__ == "__main__":
    main()
