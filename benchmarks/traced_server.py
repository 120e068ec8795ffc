"""Our server, with the CPU time of every turn of its event loop written down at the end.

Run as a script; BENCHMARK_TURNS names the file for the JSON. A turn is one round of the loop:
all callbacks that were ready, without the wait for the next event.
"""

from __future__ import annotations

import json
import os
import time
from asyncio import base_events, events
from pathlib import Path
from typing import Any

from inglenook.server.app import serve

_turns: list[float] = []
_longest: list[tuple[float, str]] = []


def _trace() -> None:
    loop: Any = base_events.BaseEventLoop
    handle: Any = events.Handle
    turn, run = loop._run_once, handle._run

    def timed_turn(self: Any) -> None:
        start = time.thread_time_ns()
        turn(self)
        _turns.append((time.thread_time_ns() - start) / 1e6)

    def timed_run(self: Any) -> None:
        name = _name(self._callback)
        start = time.thread_time_ns()
        run(self)
        spent = (time.thread_time_ns() - start) / 1e6
        if spent > 5:
            _longest.append((spent, name))

    loop._run_once, handle._run = timed_turn, timed_run


def _name(callback: Any) -> str:
    """Of the coroutine, if the callback is a step of a task; without addresses or paths."""
    owner: Any = getattr(callback, "__self__", None)
    coroutine = owner.get_coro() if hasattr(owner, "get_coro") else callback
    return str(getattr(coroutine, "__qualname__", type(callback).__name__))


def main() -> None:
    _trace()
    code = serve(None, "warning")
    _longest.sort(reverse=True)
    report = {"turns": _turns, "longest": _longest[:20]}
    Path(os.environ["BENCHMARK_TURNS"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(code)


if __name__ == "__main__":
    main()
