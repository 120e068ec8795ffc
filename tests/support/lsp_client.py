"""A minimal JSON-RPC client over the stdio of a child process, for tests and benchmarks.

It shares no code with pygls or with the server: what it sends and reads are the bytes of the
"Base Protocol" of LSP 3.18. Times are `time.monotonic_ns` of the first byte written and of the
whole answer read.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_LIMIT: Final = 64 * 1024 * 1024  # the largest message that is read, in bytes

Message = dict[str, Any]
AnswerTo = Callable[[str, Any], Any]


def frame(message: Any) -> bytes:
    """A message with its header; lone surrogates travel as JSON escapes."""
    return frame_bytes(json.dumps(message, separators=(",", ":")).encode())


def frame_bytes(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class ResponseError(Exception):
    """The server answered a request with an error."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.data = data


@dataclass(slots=True)
class Answer:
    """One answer, as it came; ``sent`` and ``received`` are monotonic nanoseconds."""

    message: Message
    sent: int
    received: int

    @property
    def result(self) -> Any:
        """The result; raises `ResponseError` if the server answered with an error."""
        if error := self.message.get("error"):
            raise ResponseError(error["code"], error["message"], error.get("data"))
        return self.message.get("result")

    @property
    def error_code(self) -> int | None:
        error = self.message.get("error")
        return error["code"] if error else None

    @property
    def milliseconds(self) -> float:
        return (self.received - self.sent) / 1e6


def _accept(method: str, params: Any) -> Any:
    """How a plain editor answers the server's own requests."""
    if method == "workspace/configuration":
        return [None for _ in params["items"]]
    return None


@dataclass(slots=True)
class LspClient:
    """A running server and what it has said so far; make one with `start`."""

    process: asyncio.subprocess.Process
    answer_to: AnswerTo = _accept
    notifications: list[Message] = field(default_factory=list)
    requests: list[Message] = field(default_factory=list)  # those of the server
    answers: dict[Any, list[Message]] = field(default_factory=dict)  # all, by id, None included
    stderr: bytearray = field(default_factory=bytearray)
    closed: bool = False  # the server's stdout ended
    _pending: dict[Any, asyncio.Future[tuple[Message, int]]] = field(default_factory=dict)
    _sent: dict[Any, int] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _next_id: int = 0

    # Sending

    def send_bytes(self, data: bytes) -> int:
        """Write raw bytes; returns when the first of them was written (monotonic ns)."""
        assert self.process.stdin is not None
        now = time.monotonic_ns()
        self.process.stdin.write(data)
        return now

    async def drain(self) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.drain()

    def send(self, message: Any) -> int:
        return self.send_bytes(frame(message))

    def notify(self, method: str, params: Any = None) -> int:
        return self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: Any = None, *, id: Any = None) -> Any:
        """Send a request and return its id; `answer` waits for what comes back."""
        if id is None:
            self._next_id += 1
            id = self._next_id
        self._pending.setdefault(id, asyncio.get_running_loop().create_future())
        message = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
        self._sent[id] = self.send(message)
        return id

    def cancel(self, id: Any) -> None:
        self.notify("$/cancelRequest", {"id": id})

    async def answer(self, id: Any, limit: float = 10.0) -> Answer:
        message, received = await asyncio.wait_for(asyncio.shield(self._pending[id]), limit)
        del self._pending[id]
        return Answer(message, self._sent.pop(id), received)

    async def request(self, method: str, params: Any = None, limit: float = 10.0) -> Answer:
        return await self.answer(self.begin(method, params), limit)

    # Typed helpers

    async def initialize(
        self,
        *,
        encodings: Sequence[str] = ("utf-16",),
        capabilities: Mapping[str, Any] | None = None,
        folders: Sequence[str] = (),
        options: Any = None,
        process_id: int | None = None,
        limit: float = 10.0,
    ) -> Any:
        """Do the handshake and return the result of ``initialize``."""
        granted: dict[str, Any] = {
            "general": {"positionEncodings": list(encodings)},
            "textDocument": {"synchronization": {"didSave": True}, "inlineCompletion": {}},
            "window": {"workDoneProgress": True},
            "workspace": {"workspaceFolders": True},
        }
        for key, value in (capabilities or {}).items():
            known = granted.get(key)
            merged = isinstance(known, dict) and isinstance(value, Mapping)
            granted[key] = {**known, **value} if merged else value  # type: ignore[dict-item]
        params = {
            "processId": os.getpid() if process_id is None else process_id,
            "rootUri": folders[0] if folders else None,
            "capabilities": granted,
            "workspaceFolders": [{"uri": uri, "name": uri} for uri in folders] or None,
            "initializationOptions": options,
        }
        result = (await self.request("initialize", params, limit)).result
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, *changes: Mapping[str, Any]) -> int:
        """Send content changes as `replacing` and ``{"text": ...}`` make them."""
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": list(changes)}
        return self.notify("textDocument/didChange", params)

    def close_document(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def save(self, uri: str) -> None:
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    # Listening

    def seen(self, method: str) -> list[Any]:
        """The params of all notifications of that method, oldest first."""
        return [note.get("params") for note in self.notifications if note["method"] == method]

    async def until(self, condition: Callable[[], object], limit: float = 10.0) -> None:
        """Wait until ``condition`` holds; it is asked again after each message read."""
        async with asyncio.timeout(limit):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def notification(self, method: str, limit: float = 10.0, after: int = 0) -> Any:
        """The params of that method's notification number ``after`` (from 0)."""
        await self.until(lambda: len(self.seen(method)) > after, limit)
        return self.seen(method)[after]

    def stop_reading(self) -> None:
        """Leave the server's stdout unread, down to the pipe, until `resume_reading`."""
        self._stdout_transport().pause_reading()

    def resume_reading(self) -> None:
        self._stdout_transport().resume_reading()

    def _stdout_transport(self) -> asyncio.ReadTransport:
        transport = self.process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]
        assert isinstance(transport, asyncio.ReadTransport)
        return transport

    # Ending

    async def shutdown(self, limit: float = 5.0) -> int:
        """Say ``shutdown`` and ``exit``; returns the exit code."""
        await self.request("shutdown", limit=limit)
        self.notify("exit")
        return await self.wait(limit)

    async def wait(self, limit: float = 5.0) -> int:
        # `Process.wait` would also wait for the pipes, which may be unread or inherited.
        async with asyncio.timeout(limit):
            while self.process.returncode is None:
                await asyncio.sleep(0.005)
        return self.process.returncode

    async def stop(self) -> None:
        """Kill the server if it still runs, and stop listening. Safe to call twice."""
        if self.process.returncode is None:
            self.process.kill()
            await self.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # A pipe that was not read to its end keeps its transport open.
        self.process._transport.close()  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    async def __aenter__(self) -> LspClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Reading

    async def _read(self, stream: asyncio.StreamReader) -> None:
        try:
            while True:
                header = await stream.readuntil(b"\r\n\r\n")
                body = await stream.readexactly(_content_length(header))
                self._receive(json.loads(body), time.monotonic_ns())
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass
        finally:
            self.closed = True
            self._news.set()
            for id, future in self._pending.items():
                if not future.done():
                    future.set_exception(ConnectionError(f"no answer to request {id!r}"))
                    future.exception()

    def _receive(self, message: Message, now: int) -> None:
        if "method" not in message:
            id = message.get("id")
            self.answers.setdefault(id, []).append(message)
            future = self._pending.get(id)
            if future is not None and not future.done():
                future.set_result((message, now))
        elif "id" in message:
            self.requests.append(message)
            self.send({"jsonrpc": "2.0", "id": message["id"], **self._reply(message)})
        else:
            self.notifications.append(message)
        self._news.set()

    def _reply(self, message: Message) -> Message:
        """What `answer_to` has for a request; it may raise `ResponseError`."""
        try:
            return {"result": self.answer_to(message["method"], message.get("params"))}
        except ResponseError as error:
            return {"error": {"code": error.code, "message": error.message}}

    async def _read_stderr(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(65536):
            self.stderr += chunk


def _content_length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ConnectionError(f"a header without a length: {header!r}")


async def start(
    argv: Sequence[str],
    env: Mapping[str, str] | None = None,
    *,
    answer_to: AnswerTo = _accept,
    cwd: str | os.PathLike[str] | None = None,
) -> LspClient:
    """Start a server. ``env`` is added to this process's environment.

    Use it as ``async with await start([...]) as client``, so that the server is gone afterwards.
    """
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        limit=_LIMIT,
    )
    client = LspClient(process, answer_to)
    assert process.stdout is not None
    assert process.stderr is not None
    readers: list[Awaitable[None]] = [
        client._read(process.stdout),
        client._read_stderr(process.stderr),
    ]
    client._tasks += [asyncio.ensure_future(reader) for reader in readers]
    return client


def position(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def replacing(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, Any]:
    """One incremental content change; positions are (line, character) from 0."""
    return {"range": {"start": position(*start), "end": position(*end)}, "text": text}
