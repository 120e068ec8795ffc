"""aiohttp's session, set up for one policy. Importing this imports aiohttp."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from inglenook.models.egress import LOCALHOST, EgressPolicy

if TYPE_CHECKING:
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

NoteTransport = Callable[[asyncio.Transport | None], None]


def open_session(
    policy: EgressPolicy, connect_seconds: float, note: NoteTransport
) -> aiohttp.ClientSession:
    """A session without proxies, cookies and decompression; ``note`` hears of each connection."""
    return aiohttp.ClientSession(
        connector=_Connector(note, resolver=_Resolver(policy), limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("Accept-Encoding", "User-Agent"),
    )


class _Connector(aiohttp.TCPConnector):
    """Tells which transport a request travels on, from before its first byte is written."""

    def __init__(self, note: NoteTransport, *, resolver: AbstractResolver, limit: int) -> None:
        super().__init__(resolver=resolver, limit=limit)
        self._note = note

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        self._note(connection.transport)
        return connection


class _Resolver(AbstractResolver):
    """Knows `localhost` by heart; asks the system's resolver only for hosts that are allowed."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._system = aiohttp.ThreadedResolver() if policy.allowed else None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == "localhost":
            return [_result(address, port) for address in LOCALHOST]
        if self._system is None:
            raise OSError("not a loopback address")
        return await self._system.resolve(host, port, family)

    async def close(self) -> None:
        if self._system is not None:
            await self._system.close()


def _result(address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname="localhost",
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )
