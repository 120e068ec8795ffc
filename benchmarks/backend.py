"""The fake backend as a process of its own, and what it tells about the requests it saw."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SLOTS: Final = 4  # what llama-server has unless it is told otherwise

ROOT: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Request:
    """A generating request; times are `time.monotonic_ns`, None if it did not come to that."""

    path: str
    body: str
    accepted_ns: int
    read_ns: int
    finished_ns: int | None
    client_end_ns: int | None

    @property
    def prompt(self) -> str:
        return str(json.loads(self.body).get("prompt", ""))


@dataclass(frozen=True, slots=True)
class Backend:
    """A running fake: see `tests/support/fake_backend.py` for the fields of its script."""

    port: int

    async def script(self, **fields: Any) -> None:
        """Change how requests are answered from now on."""
        await self._control("POST", "", fields)

    async def reset(self) -> None:
        """Forget the requests seen so far."""
        await self._control("POST", "", {"reset": True})

    async def report(self, bodies: bool = False) -> dict[str, Any]:
        report: dict[str, Any] = await self._control("GET", "" if bodies else "?bodies=0", None)
        return report

    async def requests(self, bodies: bool = False) -> list[Request]:
        """The generating requests seen so far, in the order they were read."""
        fields = ("path", "body", "accepted_ns", "read_ns", "finished_ns", "client_end_ns")
        seen = (await self.report(bodies))["requests"]
        return [Request(*(each[name] for name in fields)) for each in seen if each["number"]]

    async def _control(self, method: str, query: str, fields: dict[str, Any] | None) -> Any:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 30)
        body = json.dumps(fields).encode() if fields is not None else b""
        head = f"{method} /_control{query} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        size = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        reply = json.loads(await reader.readexactly(size))
        writer.close()
        await writer.wait_closed()
        if "error" in reply:
            raise ValueError(reply["error"])
        return reply


@asynccontextmanager
async def backend(
    program: str = "tests.support.fake_backend", /, **script: Any
) -> AsyncIterator[Backend]:
    """The fake backend, or another program that is one, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program),
        *("--script", json.dumps({"slots": _SLOTS} | script)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Backend(json.loads(await process.stdout.readline())["port"])
    finally:
        process.stdin.close()
        await process.wait()
