"""Messages on their way to the client: the event loop never waits for a client to read.

A small message is written at once if the pipe surely takes it whole; everything else goes to a
thread through a bounded queue. What the client can do without (reports of progress, the status)
is superseded by its successor or dropped first. A client that lets the hard limit fill up has
stopped reading for good.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

SOFT_LIMIT: Final = 1024 * 1024  # bytes waiting; above it droppable messages are dropped
HARD_LIMIT: Final = 64 * 1024 * 1024  # bytes waiting; above it the client is given up
MESSAGE_LIMIT: Final = 20_000  # messages waiting; likewise
_ATOMIC: Final = 512  # bytes a pipe that is ready takes without waiting (POSIX, PIPE_BUF)


class Waiting:
    """A message in the queue; ``data`` is replaced when a newer one of its kind comes."""

    __slots__ = ("data", "kind")

    def __init__(self, data: bytes, kind: str | None) -> None:
        self.data = data
        self.kind = kind


class Writer:
    """Writes to a file descriptor; ``give_up`` is called once, when the client is lost."""

    def __init__(self, descriptor: int, give_up: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._give_up = give_up
        self._queue: deque[Waiting] = deque()
        self._kinds: dict[str, Waiting] = {}  # droppable messages in the queue
        self._bytes = 0
        self._busy = False  # the thread has taken a message and not yet written it
        self._closed = False
        self._changed = threading.Condition()
        self._poll = _poll_of(descriptor)
        self._thread = threading.Thread(target=self._run, name="stdout", daemon=True)
        self._thread.start()

    def write(self, data: bytes, kind: str | None = None) -> None:
        """Send ``data``; a message with a ``kind`` may be dropped, or replaced by the next."""
        lost = False
        with self._changed:
            if self._closed or self._superseded(data, kind):
                return
            if kind is not None and self._bytes > SOFT_LIMIT:
                return
            if self._written_at_once(data):
                return
            waiting = Waiting(data, kind)
            self._queue.append(waiting)
            self._bytes += len(data)
            if kind is not None:
                self._kinds[kind] = waiting
            if self._bytes > HARD_LIMIT or len(self._queue) > MESSAGE_LIMIT:
                lost = self._closed = True
            self._changed.notify_all()
        if lost:
            self._give_up()

    def close(self, limit: float = 1.0) -> bool:
        """Take nothing more, and wait up to ``limit`` seconds until all is written."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._queue and not self._busy, limit)

    def _superseded(self, data: bytes, kind: str | None) -> bool:
        waiting = self._kinds.get(kind) if kind is not None else None
        if waiting is None:
            return False
        self._bytes += len(data) - len(waiting.data)
        waiting.data = data
        return True

    def _written_at_once(self, data: bytes) -> bool:
        """Whether ``data`` could be written from here; spares the hop to the thread."""
        if self._poll is None or self._queue or self._busy or len(data) > _ATOMIC_HERE:
            return False
        try:
            if self._poll.poll(0) != [(self._descriptor, select.POLLOUT)]:
                return False
            written = os.write(self._descriptor, data)
        except OSError:
            return False  # the thread will meet the same error and report it
        if written < len(data):
            self._queue.append(Waiting(data[written:], None))
            self._bytes += len(data) - written
            self._changed.notify_all()
        return True

    def _run(self) -> None:
        while (waiting := self._take()) is not None:
            try:
                _write_all(self._descriptor, waiting.data)
            except OSError:
                self._break_off()
                return

    def _take(self) -> Waiting | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._queue or self._closed)
            if not self._queue:
                return None
            waiting = self._queue.popleft()
            self._bytes -= len(waiting.data)
            if waiting.kind is not None:
                del self._kinds[waiting.kind]
            self._busy = True
            return waiting

    def _break_off(self) -> None:
        with self._changed:
            self._closed, self._busy = True, False
            self._queue.clear()
            self._changed.notify_all()
        self._give_up()


# Linux documents 4096 bytes for PIPE_BUF; its sockets are ready only with more room than that.
_ATOMIC_HERE: Final = 4096 if sys.platform == "linux" else _ATOMIC


def _poll_of(descriptor: int) -> select.poll | None:
    """A poll object for the descriptor, where pipes can be polled (not on Windows)."""
    if sys.platform == "win32":
        return None
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return poll


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
