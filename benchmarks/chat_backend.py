"""The fake backend, and when it wrote each event of its streams.

Run as a process of its own, like the fake backend; its report has ``written_ns`` besides, in the
order of writing. Times are `time.monotonic_ns`.
"""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from typing import Any

from benchmarks.backend import Backend, backend
from tests.support import fake_backend

_written: list[int] = []


def _note() -> None:
    fake: Any = fake_backend
    chunk, report, reset = fake._chunk, fake.FakeBackend.report, fake.FakeBackend.reset

    def noted_chunk(kind: str, part: Any) -> bytes:
        data: bytes = chunk(kind, part)
        _written.append(time.monotonic_ns())
        return data

    def whole_report(self: Any, bodies: bool = True) -> Any:
        return report(self, bodies) | {"written_ns": _written}

    def whole_reset(self: Any) -> None:
        reset(self)
        _written.clear()

    fake._chunk = noted_chunk
    fake.FakeBackend.report, fake.FakeBackend.reset = whole_report, whole_reset


def noting_backend(**script: Any) -> AbstractAsyncContextManager[Backend]:
    return backend("benchmarks.chat_backend", **script)


if __name__ == "__main__":
    _note()
    fake_backend.main()
