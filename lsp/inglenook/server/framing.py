"""One thread that reads the client's messages and hands them to the event loop.

A message costs one hop: JSON is decoded here, then the loop is woken. What the loop has not yet
taken is bounded, so a client that writes faster than it is served is slowed down by its pipe.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from inglenook.server.frames import Lost, Splitter

_CHUNK: Final = 256 * 1024  # bytes read at once
_WAITING_MESSAGES: Final = 1024
_WAITING_BYTES: Final = 64 * 1024 * 1024

Item = Any  # decoded JSON, or `Lost`


class Inbox:
    """Messages on their way from the reading thread to the loop, in order and bounded.

    The loop handles one message per turn: a task that a message started takes its first step,
    in which it copies the document, before the next message can change that document.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Callable[[Item], None]) -> None:
        self._loop = loop
        self._receive = receive
        self._items: deque[tuple[Item, int]] = deque()
        self._bytes = 0
        self._awake = False  # a turn of the loop is due
        self._changed = threading.Condition()

    def put(self, item: Item, size: int) -> None:
        """Called by the reading thread; waits while too much is waiting."""
        with self._changed:
            while self._items and (
                len(self._items) >= _WAITING_MESSAGES or self._bytes + size > _WAITING_BYTES
            ):
                self._changed.wait()
            self._items.append((item, size))
            self._bytes += size
            wake, self._awake = not self._awake, True
        if wake:
            self._loop.call_soon_threadsafe(self._turn)

    def _turn(self) -> None:
        with self._changed:
            item, size = self._items.popleft()
            self._bytes -= size
            self._awake = bool(self._items)
            more = self._awake
            self._changed.notify()
        try:
            self._receive(item)
        finally:
            if more:
                self._loop.call_soon(self._turn)


def read_messages(
    descriptor: int, put: Callable[[Item, int], None], ended: Callable[[], None]
) -> None:
    """Read messages until the stream ends; runs in a thread of its own.

    ``put`` gets each decoded message or `Lost`, and its size in bytes; ``ended`` is called once.
    """
    splitter = Splitter()
    try:
        while data := os.read(descriptor, _CHUNK):
            for piece in splitter.feed(data):
                if isinstance(piece, Lost):
                    put(piece, len(piece.head))
                else:
                    put(decode(piece), len(piece))
    except (OSError, RuntimeError):
        pass  # the stream broke, or the loop was closed under us: both are the end
    finally:
        ended()


def decode(body: bytes) -> Item:
    """The JSON of a body, or `Lost` if it is none."""
    try:
        return _DECODER.decode(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return Lost(body[: 4 * 1024], is_body=True)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


def start_reader(
    descriptor: int, put: Callable[[Item, int], None], ended: Callable[[], None]
) -> threading.Thread:
    """Start reading in a daemon thread, which never holds the end of the process up."""
    thread = threading.Thread(
        target=read_messages, args=(descriptor, put, ended), name="stdin", daemon=True
    )
    thread.start()
    return thread
