"""Our server, with what a chat takes of its event loop written down at the end.

Run as a script; BENCHMARK_CHAT names the file for the JSON. Times are CPU milliseconds of the
loop's thread, whatever else the machine has to do:

- ``before``: from a question's message until the first byte of its request is written;
- ``pieces``: from the moment something of an answer can be read until its piece is written.
"""

from __future__ import annotations

import json
import os
import time
from asyncio import selector_events
from pathlib import Path
from typing import Any

from inglenook.server.app import serve
from inglenook.server.protocol import InglenookProtocol
from inglenook.server.writer import Writer

_before: list[float] = []
_pieces: list[float] = []
_asked: list[int] = []  # when the question came that is on its way
_came: list[int] = []  # when that came of which no piece has been written


def _trace() -> None:
    transport: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    receive, read = InglenookProtocol.receive, transport._read_ready
    send, write = transport.write, Writer.write

    def timed_receive(self: InglenookProtocol, item: Any) -> None:
        if isinstance(item, dict) and item.get("method") == "inglenook/chat":
            _asked[:] = [time.thread_time_ns()]
        receive(self, item)

    def timed_send(self: Any, data: bytes) -> None:
        if _asked:
            _before.append((time.thread_time_ns() - _asked.pop()) / 1e6)
        send(self, data)

    def timed_read(self: Any) -> None:
        _came[:] = [time.thread_time_ns()]
        read(self)

    def timed_write(self: Writer, data: bytes, kind: str | None = None) -> None:
        write(self, data, kind)
        if _came and b'"$/progress"' in data:
            _pieces.append((time.thread_time_ns() - _came.pop()) / 1e6)

    untyped: Any = (InglenookProtocol, Writer)
    untyped[0].receive, untyped[1].write = timed_receive, timed_write
    transport.write, transport._read_ready = timed_send, timed_read


def main() -> None:
    _trace()
    code = serve(None, "warning")
    told = {"before": _before, "pieces": _pieces}
    Path(os.environ["BENCHMARK_CHAT"]).write_text(json.dumps(told), encoding="utf-8")
    os._exit(code)


if __name__ == "__main__":
    main()
