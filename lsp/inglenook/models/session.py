"""aiohttp's session, set up for one policy. Importing this imports aiohttp."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inglenook.models.egress import LOCALHOST, EgressPolicy, allowed_origins, check
from inglenook.models.tls import no_default_authorities

with no_default_authorities():
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult

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
        connector=_Connector(policy, note),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("Accept-Encoding", "User-Agent"),
    )


class _Connector(aiohttp.TCPConnector):
    """Tells which transport a request travels on, from before its first byte is written.

    Whoever asks has checked the address. It is checked once more here, where all come through.
    """

    def __init__(self, policy: EgressPolicy, note: NoteTransport) -> None:
        super().__init__(resolver=_Resolver(policy), limit=0)
        self._policy = policy
        self._note = note

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109
    ) -> Connection:
        check(str(req.url.origin()), self._policy)
        connection = await super().connect(req, traces, timeout)
        self._note(connection.transport)
        return connection


class _Resolver(AbstractResolver):
    """Knows `localhost` by heart; asks the system's resolver only for hosts that are allowed."""

    def __init__(self, policy: EgressPolicy) -> None:
        origins = map(urlsplit, allowed_origins(policy))
        self._allowed = {(origin.hostname, origin.port) for origin in origins}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == "localhost":
            return [_result(host, address, port) for address in LOCALHOST]
        if (host, port) not in self._allowed:
            raise OSError("neither a loopback address nor one that is allowed")
        return await _look_up(host, port, family)

    async def close(self) -> None:
        """There is nothing to close."""


async def _look_up(host: str, port: int, family: int) -> list[ResolveResult]:
    """What the system's resolver says.

    It may take half a minute when the network is away, and nothing can stop it. So it has a thread
    of its own: asyncio's few must not wait for it, and neither must the end of the program.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[ResolveResult]] = loop.create_future()

    def settle(results: list[ResolveResult] | None) -> None:
        if found.done():
            return
        if results:
            found.set_result(results)
        else:
            found.set_exception(OSError("the name is not known"))

    def ask() -> None:
        results = None
        with suppress(OSError, UnicodeError):
            told = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
            numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
            addresses = [socket.getnameinfo(address, numeric)[0] for *_, address in told]
            results = [_result(host, address, port) for address in addresses]
        with suppress(RuntimeError):  # the loop has gone
            loop.call_soon_threadsafe(settle, results)

    Thread(target=ask, daemon=True, name="inglenook-resolver").start()
    return await found


def _result(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )
