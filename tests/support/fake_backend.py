"""A zero-latency double of llama.cpp's server and of Ollama, on one loopback port.

In a test:            ``async with fake_backend(text="x = {n}") as backend: backend.url``
As its own process:   ``python -m tests.support.fake_backend --port 0 [--script JSON]``; it prints
                      ``{"port": N}`` and ends when its stdin closes.

``POST /_control`` with a JSON object changes fields of `Script` (and ``{"reset": true}`` forgets
what was seen); ``GET /_control`` tells all that was seen (``?bodies=0``: without the bodies).
Times are nanoseconds of ``time.monotonic_ns``, on Linux one clock for all processes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import re
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_bodies import NEXT_CHOICE, WHEN, Body, is_ollamas, ollama_reply
from tests.support.fake_openai import openai_reply

GENERATES = (
    *("/completion", "/infill", "/v1/completions", "/v1/chat/completions"),
    *("/api/generate", "/api/chat"),
)
# A grammar of the form that token healing uses; llama.cpp would force the answer to begin so.
_FORCED = re.compile(r'root ::= "((?:[^"\\]|\\.)*)"(.*)')


@dataclass
class Script:
    """How requests are answered. ``{n}`` in ``text`` is the number of the request, from 1."""

    text: str = "value_{n} = compute_{n}()"
    thinking: str = ""  # Ollama: sent in the field of its own, before the text
    chunk: int = 0  # characters in one event; 0: all in one
    first_token_ms: float = 0.0
    token_ms: float = 0.0
    endless: bool = False  # the text again and again until the client goes
    status: int = 200  # of generating requests
    error: str = ""  # an error object with this sentence: alone, or in mid-stream
    error_after: int = 0  # events before the error, when status is 200
    models: tuple[str, ...] = ("qwen2.5-coder:0.5b",)
    loaded: bool = True
    load_ms: float = 0.0
    architecture: str = "qwen2"
    capabilities: tuple[str, ...] = ("completion", "insert")
    context_tokens: int = 8192
    slots: int = 1  # llama.cpp: so many alternatives can come from one request (n_cmpl)
    template: str = "{{ .Prompt }}"
    modified_at: str = WHEN  # Ollama: another time when the name is given to another model
    weights: str = ""  # llama.cpp: the path of the file, "": one that is not there
    gateway: bool = False  # llama.cpp's paths, but of another maker's server: no /props
    suffix: str = "seen"  # OpenAI's: seen by the model, ignored or refused
    grammar: bool = True  # is obeyed
    strict: bool = False  # OpenAI's: refuses fields that its first version did not have
    lm_studio: bool = False  # knows its path, and answers 200 to any
    infill: bool = True  # llama.cpp: the model has fill-in-the-middle tokens
    remote_host: str = ""  # the model is forwarded there
    # Who tells so. /api/ps does it by not listing the model, and goes on listing a runner that was
    # there before the name was given to another model.
    remote_told_by: tuple[str, ...] = ("/api/tags", "/api/show", "/api/ps")
    stream_remote_host: str = ""  # told by the events of a stream only
    version: str = "0.13.0"  # Ollama's
    cloud: bool | None = True  # Ollama: may forward models; None: it does not know the question
    model_info: Body = field(default_factory=dict)  # Ollama: more of the GGUF file's metadata
    prompt_tokens: int = 0  # reported; 0: a quarter of the prompt's characters
    answer: Callable[[int, Body], str] | None = field(default=None, repr=False)  # in process only

    def change(self, fields: Body) -> None:
        for name, value in fields.items():
            getattr(self, name)  # AttributeError for a name that is not there
            setattr(self, name, tuple(value) if isinstance(value, list) else value)


@dataclass
class Seen:
    """One request. Times are None until (or unless) the thing happened."""

    path: str
    body: bytes
    number: int  # of the generating requests from 1; 0 for all others
    accepted_ns: int  # when its connection was accepted
    read_ns: int
    first_byte_ns: int | None = None
    finished_ns: int | None = None
    client_end_ns: int | None = None  # the client went before the end of the answer

    @property
    def json(self) -> Body:
        decoded: Body = json.loads(self.body or b"{}")
        return decoded

    @property
    def end_ns(self) -> int | None:
        return self.finished_ns or self.client_end_ns


class FakeBackend:
    """What the server does and has seen."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[Seen] = []
        self.heads: list[str] = []  # of all requests: the first line and the headers
        self.connections = 0  # accepted so far
        self.open_connections: set[_Connection] = set()
        self.port = 0
        self._generated = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def generations(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.number]

    def note(self, path: str, body: bytes, accepted_ns: int) -> Seen:
        number = 0
        if path in GENERATES and body and not _is_load(path, body):
            self._generated += 1
            number = self._generated
        seen = Seen(path, body, number, accepted_ns, time.monotonic_ns())
        self.seen.append(seen)
        return seen

    def reset(self) -> None:
        self.seen.clear()
        self._generated = 0

    def max_open(self) -> int:
        """The largest number of generating requests that were open at one moment."""
        now = time.monotonic_ns()
        turns = [(seen.read_ns, 1) for seen in self.generations]
        turns += [(seen.end_ns or now, -1) for seen in self.generations]
        most = count = 0
        for _, step in sorted(turns):
            count += step
            most = max(most, count)
        return most

    def overlaps_ms(self) -> list[float]:
        """For every pair of generating requests that were open together: for how long."""
        now = time.monotonic_ns()
        seen = self.generations
        overlaps = []
        for index, older in enumerate(seen):
            end = older.end_ns or now
            for newer in seen[index + 1 :]:
                if newer.read_ns >= end:
                    break
                overlaps.append((min(end, newer.end_ns or now) - newer.read_ns) / 1e6)
        return overlaps

    def report(self, bodies: bool = True) -> Body:
        requests = []
        for seen in self.seen:
            fields = dataclasses.asdict(seen)
            fields["body"] = seen.body.decode(errors="replace") if bodies else ""
            requests.append(fields)
        return {
            "requests": requests,
            "connections": self.connections,
            "max_open": self.max_open(),
            "overlaps_ms": self.overlaps_ms(),
        }


def _is_load(path: str, body: bytes) -> bool:
    """Ollama loads a model on a request without a prompt."""
    if not path.startswith("/api/"):
        return False
    request = json.loads(body)
    return not (request.get("prompt") or request.get("messages"))


class _Connection(asyncio.Protocol):
    """One client. Its end is seen at once, also while an answer is under way."""

    def __init__(self, backend: FakeBackend) -> None:
        self._backend = backend
        self._buffer = bytearray()
        self._answering: asyncio.Task[None] | None = None
        self._current: Seen | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._accepted_ns = time.monotonic_ns()
        self._backend.connections += 1
        self._backend.open_connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._answering is None:
            self._serve()

    def eof_received(self) -> bool:
        self._client_ended()
        return False

    def connection_lost(self, _exc: Exception | None) -> None:
        self._client_ended()
        self._backend.open_connections.discard(self)

    def abort(self) -> None:
        self._transport.abort()

    def _client_ended(self) -> None:
        if self._current is not None and self._current.end_ns is None:
            self._current.client_end_ns = time.monotonic_ns()
        if self._answering is not None:
            self._answering.cancel()

    def _serve(self) -> None:
        """Answer the requests in the buffer for which nothing must be waited for."""
        while (request := self._take()) is not None:
            method, target, body = request
            path, _, query = target.partition("?")
            if path == "/_control":
                self._control(method, query, body)
                continue
            seen = self._backend.note(path, body, self._accepted_ns)
            self._current = seen
            script = self._backend.script
            waits = script.first_token_ms or script.token_ms or script.endless or script.load_ms
            if waits and path in GENERATES:
                self._answering = asyncio.create_task(self._answer_slowly(method, seen))
                return
            self._answer(method, seen)

    def _take(self) -> tuple[str, str, bytes] | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._buffer[:end])
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        stop = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) < stop:
            return None
        self._backend.heads.append(head.decode("latin-1"))
        body = bytes(self._buffer[end + 4 : stop])
        del self._buffer[:stop]
        method, target = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2]
        return method, target, body

    def _control(self, method: str, query: str, body: bytes) -> None:
        reply: Body = {}
        if method == "POST":
            fields = json.loads(body)
            if fields.pop("reset", False):
                self._backend.reset()
            try:
                self._backend.script.change(fields)
            except AttributeError as error:
                self._transport.write(_whole(400, {"error": str(error)}))
                return
        else:
            reply = self._backend.report(bodies="bodies=0" not in query)
        self._transport.write(_whole(200, reply))

    def _answer(self, method: str, seen: Seen) -> None:
        status, kind, parts = self._reply(method, seen)
        if kind is None:
            data = _whole(status, next(parts))
        else:
            frames = [_chunk(kind, part) for part in parts]
            data = b"".join([_stream_head(kind), *frames, b"0\r\n\r\n"])
        seen.first_byte_ns = time.monotonic_ns()
        self._transport.write(data)
        seen.finished_ns = time.monotonic_ns()

    async def _answer_slowly(self, method: str, seen: Seen) -> None:
        script = self._backend.script
        if script.load_ms and not script.loaded:
            await asyncio.sleep(script.load_ms / 1000)
            script.loaded = True
        await asyncio.sleep(script.first_token_ms / 1000)
        status, kind, parts = self._reply(method, seen)
        seen.first_byte_ns = time.monotonic_ns()
        if kind is None:
            self._transport.write(_whole(status, next(parts)))
        else:
            self._transport.write(_stream_head(kind))
            for index, part in enumerate(parts):
                if index or script.endless:
                    await asyncio.sleep(script.token_ms / 1000)
                self._transport.write(_chunk(kind, part))
            self._transport.write(b"0\r\n\r\n")
        seen.finished_ns = time.monotonic_ns()
        self._answering = None
        self._serve()

    def _reply(self, method: str, seen: Seen) -> tuple[int, str | None, Iterator[Body]]:
        """Status, kind of stream (None: one body), and the bodies."""
        script = self._backend.script
        request = seen.json if method == "POST" else {}
        if seen.number and script.status != 200:
            return script.status, None, iter([{"error": script.error or "scripted"}])
        pieces = self._pieces(request, seen) if seen.number else iter(())
        reply = ollama_reply if is_ollamas(seen.path) else openai_reply
        status, kind, parts = reply(script, seen.path, request, pieces)
        if kind is not None and script.error:
            parts = _break_off(parts, script.error_after, script.error)
        return status, kind, parts

    def _pieces(self, request: Body, seen: Seen) -> Iterator[str]:
        for choice in range(request.get("n_cmpl", 1)):
            if choice:
                yield NEXT_CHOICE
            yield from self._choice(request, seen, f"{seen.number}_{choice}" if choice else "")

    def _choice(self, request: Body, seen: Seen, name: str) -> Iterator[str]:
        script = self._backend.script
        if script.answer is not None:
            text = script.answer(seen.number, request)
        else:
            text = script.text.replace("{n}", name or str(seen.number))
        if script.grammar and (forced := _FORCED.match(request.get("grammar") or "")):
            text = json.loads(f'"{forced[1]}"') + (text if forced[2] else "")
        options = request.get("options") or request
        for stop in options.get("stop") or ():
            text = text[: text.find(stop)] if stop in text else text
        size = script.chunk or len(text) or 1
        while True:
            for start in range(0, len(text), size):
                yield text[start : start + size]
            if not script.endless:
                return


def _break_off(parts: Iterator[Body], after: int, error: str) -> Iterator[Body]:
    for _ in range(after):
        part = next(parts, None)
        if part is None:
            break
        yield part
    yield {"error": error}


def _whole(status: int, body: Body) -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def _stream_head(kind: str) -> bytes:
    content_type = "text/event-stream" if kind == "sse" else "application/x-ndjson"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n"
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()


def _chunk(kind: str, part: Body) -> bytes:
    data = json.dumps(part, ensure_ascii=False).encode()
    data = b"data: " + data + b"\n\n" if kind == "sse" else data + b"\n"
    return b"%x\r\n%b\r\n" % (len(data), data)


@contextlib.asynccontextmanager
async def fake_backend(
    port: int = 0, tls: ssl.SSLContext | None = None, **script: Any
) -> AsyncIterator[FakeBackend]:
    """Serve in this process, on ``port`` (0: a free one); ``script`` holds `Script` fields.

    With ``tls`` it is an https server; ``backend.url`` says http all the same.
    """
    backend = FakeBackend(Script(**script))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Connection(backend), "127.0.0.1", port, backlog=256, ssl=tls
    )
    backend.port = server.sockets[0].getsockname()[1]
    try:
        yield backend
    finally:
        server.close()
        for connection in list(backend.open_connections):
            connection.abort()
        await asyncio.sleep(0)
        await server.wait_closed()


async def _serve_until_stdin_closes(port: int, script: dict[str, Any]) -> None:
    async with fake_backend(port, **script) as backend:
        print(json.dumps({"port": backend.port}), flush=True)
        # A thread waits for stdin, which works for pipes, files and terminals on every system.
        await asyncio.to_thread(sys.stdin.buffer.read)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fake_backend")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=json.loads, default={}, help="JSON of Script fields")
    arguments = parser.parse_args()
    asyncio.run(_serve_until_stdin_closes(arguments.port, arguments.script))


if __name__ == "__main__":
    main()
