"""The process of the embedded engine: serves llama.cpp's HTTP API.

The first line of stdin is a JSON object with ``model`` (path of a GGUF file), ``context_tokens``
and ``batch_tokens`` (of a prompt, evaluated at once). Two ways of living:

- With ``key`` (the secret that every request must carry) and ``parent`` (process id) it is that
  parent's alone (`inglenook.models.embedded_private`) and serves until its stdin ends. One JSON
  line on stdout answers: ``{"address": "http://127.0.0.1:N"}`` or
  ``{"error": "missing" | "load"}``.
- With ``directory``, ``name``, ``idle_seconds`` and ``unused_seconds`` it is shared
  (`inglenook.models.embedded_shared`): it makes its own key, shows itself in the directory, and
  serves until it is idle. An exit code of `Ending` says why it never did. ``lock`` is the open
  file of its lock, where that can be inherited.

Nothing else is ever written anywhere, because what the engine would log can quote prompts.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from inglenook.file_lock import Lock
    from inglenook.models.embedded_home import Home, Place

# Prompts that the engine keeps in memory besides the current one; its own default is 8 GiB.
_PROMPT_CACHE_MIB = 256
_LOCK_SECONDS: Final = 1.0  # that somebody may take to see that the lock is free


def main() -> None:
    plan = json.loads(sys.stdin.buffer.readline())
    if "directory" in plan:
        _silence()
        code = _serve_all(plan)
    else:
        _serve_parent(plan)
        code = 0
    # The engine's own threads would hold a normal exit up.
    os._exit(code)


def _serve_parent(plan: dict[str, Any]) -> None:
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


def _serve_all(plan: dict[str, Any]) -> int:
    """Serve whoever has the key, until it is time to go; returns the exit code."""
    import asyncio
    import secrets
    from pathlib import Path

    from inglenook.file_lock import Lock
    from inglenook.models.embedded_home import Home, Place
    from inglenook.models.embedded_plan import Ending

    home = Home(Path(plan["directory"]), plan["idle_seconds"], plan["unused_seconds"])
    place = Place(home.directory, plan["name"])
    try:
        lock = Lock(place.lock, plan["lock"]) if "lock" in plan else _lock(place)
    except OSError:
        return Ending.HOMELESS
    if lock is None:
        return Ending.TAKEN
    key = secrets.token_urlsafe(32)
    try:
        server = _serve(plan | {"key": key})
    except ImportError:
        lock.drop()
        return Ending.MISSING
    except Exception:
        lock.drop()
        return Ending.UNLOADABLE
    try:
        asyncio.run(_admit(server.listening_address, key, home, place))
    except Exception:
        lock.drop()
        return Ending.HOMELESS
    place.leave(lock)
    return 0


def _lock(place: Place) -> Lock | None:
    import time

    from inglenook.file_lock import take

    until = time.monotonic() + _LOCK_SECONDS
    while (lock := take(place.lock)) is None and time.monotonic() < until:
        time.sleep(0.02)
    return lock


async def _admit(address: str, key: str, home: Home, place: Place) -> None:
    """Let clients in until the engine is idle, or told to end."""
    import asyncio
    import contextlib

    from inglenook.models.embedded_home import Record
    from inglenook.models.embedded_lease import Door

    door = Door(key, address, home)
    idle = asyncio.create_task(door.idle())
    with contextlib.suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, idle.cancel)
    place.write_record(Record(await door.open(), key))
    await asyncio.wait([idle])
    door.close()


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
