"""How clients hold a shared engine: a connection to its door, which is their lease.

The record gives the door's port and the key; the key itself is never sent there. Each side proves
that it has it, the engine first, because the port may be another process's by now:

    client   NONCE
    engine   NONCE PID ADDRESS MAC      MAC = HMAC-SHA256(key, "engine", both nonces, PID, ADDRESS)
    client   MAC                        the same with "client"
    engine   ok

Afterwards the client says ``use`` whenever it asks the engine for something, and the engine says
``bye`` before it goes by itself: an end of the connection without it is a crash.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import secrets
from collections.abc import Sequence
from typing import Final

from inglenook.models.embedded_home import Home, Record

_HELLO_SECONDS: Final = 2.0
_LINE_BYTES: Final = 512
_PENDING: Final = 32  # connections that have not shown yet that they have the key
_FIRST_SECONDS: Final = 10.0  # at least, that an engine waits for its first client
_NONCE_BYTES: Final = 32
_BROKEN: Final = (OSError, ValueError, asyncio.IncompleteReadError)


class Lease:
    """A client's hold on an engine; its end is the engine's, or our own `close`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        address: str,
        pid: int,
        key: str,
    ) -> None:
        self.address = address  # of the engine's HTTP API
        self.pid = pid
        self.key = key
        self.said_bye = False
        self._writer = writer
        self._watching = asyncio.create_task(self._watch(reader))

    @property
    def alive(self) -> bool:
        return not self._watching.done() and not self.said_bye

    def use(self) -> None:
        """Tell that the engine is wanted."""
        if self.alive:
            self._writer.write(b"use\n")

    async def ended(self, seconds: float) -> bool:
        """Whether the engine ends within ``seconds``."""
        await asyncio.wait([self._watching], timeout=seconds)
        return not self.alive

    async def close(self) -> None:
        self._watching.cancel()
        await asyncio.wait([self._watching])
        self._writer.transport.abort()  # a task that had not begun yet did not do it

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        try:
            with contextlib.suppress(*_BROKEN):
                while line := await reader.readline():
                    self.said_bye = self.said_bye or line == b"bye\n"
        finally:
            self._writer.transport.abort()


async def take_lease(record: Record) -> Lease | None:
    """A hold on the engine behind the door; None if none is there that has the key."""
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", record.door, limit=_LINE_BYTES
            )
            try:
                told = await _introduce(reader, writer, record.key)
            except BaseException:
                writer.transport.abort()
                raise
    except (*_BROKEN, TimeoutError):
        return None
    if told is None:
        writer.transport.abort()
        return None
    address, pid = told
    return Lease(reader, writer, address, pid, record.key)


async def _introduce(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str
) -> tuple[str, int] | None:
    """The engine's address and process; None if it does not prove that it is ours."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    writer.write(f"{nonce}\n".encode())
    theirs, pid, address, proof = (await reader.readline()).decode("ascii").split()
    told = (nonce, theirs, pid, address)
    if not hmac.compare_digest(proof, _mac(key, "engine", told)):
        return None
    writer.write(f"{_mac(key, 'client', told)}\n".encode())
    return (address, int(pid)) if await reader.readline() == b"ok\n" else None


class Door:
    """The engine's side: lets clients in who have the key, and tells when it is time to go."""

    def __init__(self, key: str, address: str, home: Home) -> None:
        now = asyncio.get_running_loop().time()
        self._key = key
        self._address = address
        self._home = home
        self._leases: set[asyncio.StreamWriter] = set()
        self._pending = 0
        self._used = now
        self._left = now + max(0.0, _FIRST_SECONDS - home.idle_seconds)
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Let clients in; returns the port."""
        self._server = await asyncio.start_server(self._enter, "127.0.0.1", 0, limit=_LINE_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def idle(self) -> None:
        """Return when nobody has been here for a while, or nobody has asked for anything."""
        loop = asyncio.get_running_loop()
        while (rest := self._deadline() - loop.time()) > 0:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._changed.wait()

    def _deadline(self) -> float:
        if self._leases:
            return self._used + self._home.unused_seconds
        return self._left + self._home.idle_seconds

    def close(self) -> None:
        """Let nobody in any more and send the others away."""
        if self._server is not None:
            self._server.close()
        for writer in self._leases:
            writer.write(b"bye\n")
            writer.close()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._pending < _PENDING and await self._is_welcome(reader, writer):
                await self._keep(reader, writer)
        finally:
            writer.transport.abort()

    async def _is_welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self._pending += 1
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                theirs = (await reader.readline()).decode("ascii").strip()
                if len(theirs) != 2 * _NONCE_BYTES:
                    return False
                nonce, pid = secrets.token_hex(_NONCE_BYTES), str(os.getpid())
                told = (theirs, nonce, pid, self._address)
                proof = _mac(self._key, "engine", told)
                writer.write(f"{nonce} {pid} {self._address} {proof}\n".encode())
                shown = (await reader.readline()).decode("ascii").strip()
                return hmac.compare_digest(shown, _mac(self._key, "client", told))
        except (*_BROKEN, TimeoutError):
            return False
        finally:
            self._pending -= 1

    async def _keep(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        self._leases.add(writer)
        self._used = loop.time()
        self._changed.set()
        writer.write(b"ok\n")
        try:
            with contextlib.suppress(*_BROKEN):
                while await reader.readline():
                    self._used = loop.time()
        finally:
            self._leases.discard(writer)
            self._left = loop.time()
            self._changed.set()


def _mac(key: str, role: str, told: Sequence[str]) -> str:
    return hmac.new(key.encode(), "\n".join([role, *told]).encode(), "sha256").hexdigest()
