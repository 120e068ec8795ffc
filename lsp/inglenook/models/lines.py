"""Streams of JSON objects: one a line (Ollama), or server-sent events (llama.cpp)."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any, Final

from inglenook.models.errors import BackendGarbled

Body = dict[str, Any]

# Stands for `data: [DONE]`, with which OpenAI's API ends a stream; told by identity.
DONE: Final[Body] = {}


class Framing(Enum):
    """How a stream is cut into objects."""

    LINES = "application/x-ndjson"
    EVENTS = "text/event-stream"  # WHATWG HTML, "Server-sent events"; only `data` matters here


class Splitter:
    """Cuts bytes, in whatever pieces they come, into the JSON objects of a stream.

    Every error is BackendGarbled; its message never holds what the backend wrote.
    """

    def __init__(self, framing: Framing, line_bytes: int) -> None:
        self._events = framing is Framing.EVENTS
        self._line_bytes = line_bytes
        self._rest = b""

    def feed(self, data: bytes) -> list[Body]:
        """The objects that ``data`` completes, in order."""
        lines = (self._rest + data).split(b"\n") if self._rest else data.split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > self._line_bytes:
            raise BackendGarbled(f"The backend sent a line of over {self._line_bytes} bytes.")
        return [body for line in lines if (body := self._read(line)) is not None]

    def finish(self) -> list[Body]:
        """What the end of the stream completes: a last line without its line end."""
        rest, self._rest = self._rest, b""
        body = self._read(rest)
        return [] if body is None else [body]

    def _read(self, line: bytes) -> Body | None:
        if len(line) > self._line_bytes:
            raise BackendGarbled(f"The backend sent a line of over {self._line_bytes} bytes.")
        line = line.strip()
        if self._events:
            line = _data(line)
            if line == b"[DONE]":
                return DONE
        if not line:
            return None
        try:
            body = json.loads(line)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            # Without `from`: the cause's message would quote the answer.
            raise BackendGarbled("The backend's answer is not in the form of its protocol.")
        return body


def _data(line: bytes) -> bytes:
    """The payload of a line of an event stream, empty if it has none."""
    if line.startswith(b"{"):
        return line  # an error sent as a plain body with status 200
    field, _, value = line.partition(b":")
    if field in (b"data", b"error"):  # llama.cpp used to send `error: {...}`
        return value.strip()
    if field in (b"", b"event", b"id", b"retry"):
        return b""
    return line
