"""A language server seen from the editor's side, as small as it can be.

Only what the demo needs of LSP 3.18: documents that one types into, and inline completions of
them. Messages are framed as "Base Protocol" says: a ``Content-Length`` header, an empty line,
and so many bytes of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

Json = dict[str, Any]

AUTOMATIC: Final = 2  # InlineCompletionTriggerKind
INVOKED: Final = 1
_GRACE: Final = 5.0  # seconds that a server gets for its shutdown


class SessionError(Exception):
    """The server ended, did not answer in time, or answered with an error."""


@dataclass
class Buffer:
    """A document as the editor holds it; ``cursor`` counts code points."""

    uri: str
    language: str
    text: str
    cursor: int = 0
    version: int = 1
    is_open: bool = False

    @property
    def position(self) -> Json:
        """The cursor as LSP counts it without negotiation: UTF-16 code units."""
        line_start = self.text.rfind("\n", 0, self.cursor) + 1
        column = len(self.text[line_start : self.cursor].encode("utf-16-le")) // 2
        return {"line": self.text.count("\n", 0, self.cursor), "character": column}


@dataclass
class Session:
    """A running server. ``notifications`` holds what it sent by itself, oldest first."""

    process: asyncio.subprocess.Process
    notifications: list[tuple[str, Json]] = field(default_factory=list)
    _pending: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 0
    _ended: bool = False

    def open(self, buffer: Buffer) -> None:
        buffer.is_open = True
        document = {"uri": buffer.uri, "languageId": buffer.language, "version": buffer.version}
        self.notify("textDocument/didOpen", {"textDocument": document | {"text": buffer.text}})

    def insert(self, buffer: Buffer, text: str) -> None:
        """Type ``text`` at the cursor: one incremental change."""
        place = buffer.position
        buffer.text = buffer.text[: buffer.cursor] + text + buffer.text[buffer.cursor :]
        buffer.cursor += len(text)
        buffer.version += 1
        document = {"uri": buffer.uri, "version": buffer.version}
        change = {"range": {"start": place, "end": place}, "text": text}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )

    def ask(self, buffer: Buffer, trigger: int = AUTOMATIC) -> asyncio.Future[Any]:
        """Request inline completions at the cursor; see `ghost_of` for the answer."""
        return self.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": buffer.uri},
                "position": buffer.position,
                "context": {"triggerKind": trigger},
            },
        )

    async def wait_for(self, method: str, since: int, seconds: float) -> tuple[Json, int] | None:
        """The first such notification from index ``since`` on, and the index after it.

        None if it has not come after ``seconds``; `SessionError` if the server ended before.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    for index, (name, params) in enumerate(self.notifications[since:], since):
                        if name == method:
                            return params, index + 1
                    if self._ended:
                        raise SessionError("the server has ended")
                    since = len(self.notifications)
                    self._news.clear()
                    await self._news.wait()
        return None

    def request(self, method: str, params: Json | None) -> asyncio.Future[Any]:
        """Send a request; the future fails with `SessionError`."""
        self._last_id += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_observe)
        if self._ended:
            answer.set_exception(SessionError("the server has ended"))
            return answer
        self._pending[self._last_id] = answer
        self._send({"id": self._last_id, "method": method, "params": params})
        return answer

    def notify(self, method: str, params: Json | None) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            while message := await _read(self.process.stdout):
                self._receive(message)
        finally:
            self._ended = True
            self._news.set()
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(SessionError("the server has ended"))

    def _receive(self, message: Json) -> None:
        if "method" not in message:
            answer = self._pending.pop(message["id"], None)
            if answer is None or answer.done():
                return
            if error := message.get("error"):
                answer.set_exception(SessionError(error["message"]))
            else:
                answer.set_result(message.get("result"))
        elif "id" in message:
            # Registrations and progress tokens are granted; of settings there are none.
            items = message.get("params", {}).get("items")
            result = None if items is None else [None] * len(items)
            self._send({"id": message["id"], "result": result})
        else:
            self.notifications.append((message["method"], message.get("params") or {}))
            self._news.set()


@asynccontextmanager
async def started(
    command: Sequence[str], root: Path, options: Json, errors: IO[bytes], patience: float = 30.0
) -> AsyncIterator[Session]:
    """Start a server for the folder ``root``, initialized; it ends with the block.

    ``options`` are its initializationOptions, ``errors`` takes its stderr; the answer to
    ``initialize`` must come within ``patience`` seconds. `SessionError` if it does not.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=errors)
    session = Session(process)
    listener = asyncio.create_task(session._listen())
    try:
        await _within(patience, session.request("initialize", _hello(root, options)))
        session.notify("initialized", {})
        yield session
        await _within(_GRACE, session.request("shutdown", None))
        session.notify("exit", None)
    finally:
        await _stop(process)
        listener.cancel()
        with suppress(asyncio.CancelledError, asyncio.IncompleteReadError, ValueError):
            await listener
        for answer in session._pending.values():
            answer.cancel()


def ghost_of(answer: Any) -> str:
    """The text of the first item of an inlineCompletion answer; empty if there is none."""
    items = answer.get("items", []) if isinstance(answer, dict) else answer or []
    if not items:
        return ""
    text = items[0]["insertText"]
    return str(text["value"] if isinstance(text, dict) else text)


def _hello(root: Path, options: Json) -> Json:
    return {
        "processId": os.getpid(),
        "clientInfo": {"name": "inglenook demo"},
        "rootUri": root.as_uri(),
        "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
        "capabilities": {
            "textDocument": {"inlineCompletion": {}, "synchronization": {}},
            "workspace": {"workspaceFolders": True, "configuration": True},
            "window": {"workDoneProgress": True},
        },
        "initializationOptions": options,
    }


def _observe(answer: asyncio.Future[Any]) -> None:
    """An answer that nobody waits for any more may fail: asyncio shall not complain of it."""
    if not answer.cancelled():
        answer.exception()


async def _within(seconds: float, answer: asyncio.Future[Any]) -> Any:
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        raise SessionError(f"the server did not answer within {seconds:.0f} seconds") from None


async def _read(stream: asyncio.StreamReader) -> Json | None:
    size = 0
    while line := (await stream.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
    if not size:
        return None
    message: Json = json.loads(await stream.readexactly(size))
    return message


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_GRACE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
