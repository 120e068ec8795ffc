"""The one HTTP client of the program.

It goes where an `EgressPolicy` lets it, through no proxy, follows no redirect, keeps no cookie,
believes no https server without a certificate (`inglenook.models.tls`), reads a bounded amount
within bounded times, and turns every foreign error into one of ours.

An abandoned stream's socket is closed when the abandoning ``await`` returns: a request that is
written afterwards never meets the older one on the backend. (aiohttp alone closes the file
descriptor one turn of the event loop later, or after its write buffer is empty.)

aiohttp is imported with the first request, because importing it takes longer than all else that
happens before the server says hello.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from inglenook.models.egress import EgressPolicy, Target, check
from inglenook.models.errors import BackendGarbled, BackendOffline
from inglenook.models.failures import garbled, ours, refusal
from inglenook.models.lines import Body, Framing, Splitter
from inglenook_context.text import encode

if TYPE_CHECKING:
    import ssl

    import aiohttp

_SAID_BYTES: Final = 4096  # of what a refusal says
_JSON: Final = {"Content-Type": "application/json"}


async def prepare() -> None:
    """Import the HTTP library in a thread, so that no turn of the event loop waits for it."""
    await asyncio.to_thread(import_module, "inglenook.models.session")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a backend may take: seconds, and bytes."""

    connect: float = 2.0
    reply: float = 10.0  # a whole small answer: inventory, health
    load: float = 300.0  # reading the weights of a cold model
    first_token: float = 120.0  # evaluating the prompt: 130 tokens a second are not unusual
    between_tokens: float = 30.0
    line_bytes: int = 1 << 20
    stream_bytes: int = 16 << 20
    reply_bytes: int = 32 << 20


class _Wire:
    """The connection under one request."""

    __slots__ = ("response", "reused", "transport")

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.response: aiohttp.ClientResponse | None = None
        self.reused = False

    async def release(self) -> None:
        """Leave the connection: to the pool if the answer came to its end, else closed.

        When this returns from the second case, the socket's file descriptor is closed.
        """
        response, self.response = self.response, None
        transport, self.transport = self.transport, None
        if response is not None:
            if response.connection is None:
                return  # aiohttp gives a connection back to the pool at the end of the answer
            response.close()
        if transport is None:
            return
        transport.abort()
        # The loop closes the descriptor in callbacks that are queued by now, ahead of our own
        # wake-up; the bound is for transports that take a further turn (TLS).
        for _ in range(8):
            socket = transport.get_extra_info("socket")
            if socket is None or socket.fileno() < 0:
                return
            await asyncio.sleep(0)


_wire: ContextVar[_Wire | None] = ContextVar("_wire", default=None)
_known: WeakSet[asyncio.Transport] = WeakSet()  # connections that carried a request before


class HttpClient:
    """Requests under one policy; connections are kept and used again. Close it at the end."""

    def __init__(self, policy: EgressPolicy | None = None, limits: Limits | None = None) -> None:
        self.policy = policy or EgressPolicy()
        self.limits = limits or Limits()
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._contexts: dict[str, ssl.SSLContext] = {}  # by origin

    def check(self, url: str) -> Target:
        """EgressRefused unless ``url`` may be asked."""
        return check(url, self.policy)

    def open(self) -> None:
        """Import aiohttp and set the session up now rather than with the first request."""
        if self._closed:
            raise BackendOffline("The connections are closed: these settings hold no more.")
        if self._session is None:
            from inglenook.models.session import open_session

            self._session = open_session(self.policy, self.limits.connect, note_transport)

    async def close(self) -> None:
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # aiohttp's sockets close in the next turn of the loop

    async def get(
        self, target: Target, path: str, headers: Mapping[str, str] | None = None
    ) -> Body:
        """The JSON object at ``path``."""
        return await self._reply("GET", target, path, None, headers, self.limits.reply)

    async def post(
        self,
        target: Target,
        path: str,
        body: Body,
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
    ) -> Body:
        """The JSON object with which ``path`` answers ``body``, within ``seconds``."""
        limit = self.limits.reply if seconds is None else seconds
        return await self._reply("POST", target, path, body, headers, limit)

    async def stream(
        self,
        target: Target,
        path: str,
        body: Body,
        framing: Framing,
        headers: Mapping[str, str] | None = None,
        *,
        first: float | None = None,
        between: float | None = None,
    ) -> AsyncGenerator[Body, None]:
        """The objects of a streamed answer; the first must come within ``first`` seconds.

        Any later one must come within ``between`` seconds of the one before. A limit runs from
        the moment an object is asked for until one is complete, so a backend that drips bytes
        does not prolong it. Closing the generator closes the socket.
        """
        limits = self.limits
        seconds = limits.first_token if first is None else first
        reader = _Reader(Splitter(framing, limits.line_bytes), limits.stream_bytes)
        wire = _Wire()
        try:
            async with asyncio.timeout(seconds):
                response = await self._send("POST", target, path, body, headers, wire)
                bodies = await reader.read(response)
            seconds = limits.between_tokens if between is None else between
            while bodies:
                for each in bodies:
                    yield each
                async with asyncio.timeout(seconds):
                    bodies = await reader.read(response)
        except Exception as error:
            raise ours(error, target, seconds) from None
        finally:
            await wire.release()

    async def _reply(
        self,
        method: str,
        target: Target,
        path: str,
        body: Body | None,
        headers: Mapping[str, str] | None,
        seconds: float,
    ) -> Body:
        wire = _Wire()
        data = bytearray()
        try:
            async with asyncio.timeout(seconds):
                response = await self._send(method, target, path, body, headers, wire)
                while part := await response.content.readany():
                    data += part
                    _bound(len(data), self.limits.reply_bytes)
            reply = json.loads(data)
        except Exception as error:
            raise ours(error, target, seconds) from None
        finally:
            await wire.release()
        if not isinstance(reply, dict):
            raise garbled(target)
        return reply

    async def _send(
        self,
        method: str,
        target: Target,
        path: str,
        body: Body | None,
        headers: Mapping[str, str] | None,
        wire: _Wire,
    ) -> aiohttp.ClientResponse:
        """The response with status 200, its body still to be read; `wire` holds it."""
        import aiohttp

        check(target.origin, self.policy)  # it may have become narrower since
        trust: ssl.SSLContext | bool = True
        if target.origin.startswith("https:"):
            trust = await self._context(target)
        self.open()
        assert self._session is not None
        data = None if body is None else encode(json.dumps(body, ensure_ascii=False))
        while True:
            wire.transport, wire.reused = None, False
            _wire.set(wire)
            try:
                wire.response = response = await self._session.request(
                    method,
                    target.at(path),
                    data=data,
                    headers=_JSON if headers is None else _JSON | dict(headers),
                    allow_redirects=False,
                    ssl=trust,
                )
                break
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                # The backend had closed the idle connection just when it was used again.
                if not wire.reused:
                    raise
                await wire.release()
        if response.status != 200:
            said = await response.content.read(_SAID_BYTES) if response.status < 500 else b""
            raise refusal(response.status, target, said.decode(errors="replace"))
        return response

    async def _context(self, target: Target) -> ssl.SSLContext:
        """What https connections are made with; a thread reads the authorities for some 30 ms."""
        if target.origin not in self._contexts:
            from inglenook.models.tls import context_for

            trust = self.policy.trust_in(target.origin)
            made = await asyncio.to_thread(context_for, trust)
            self._contexts.setdefault(target.origin, made)
        return self._contexts[target.origin]


def note_transport(transport: asyncio.Transport | None) -> None:
    """Tell the request that runs in this context which connection it got."""
    wire = _wire.get(None)
    if wire is None or transport is None:
        return
    wire.transport = transport
    wire.reused = transport in _known
    _known.add(transport)


@dataclass(slots=True)
class _Reader:
    splitter: Splitter
    limit: int
    total: int = 0

    async def read(self, response: aiohttp.ClientResponse) -> list[Body]:
        """The next objects, at least one; none at the end of the stream."""
        while data := await response.content.readany():
            self.total += len(data)
            _bound(self.total, self.limit)
            if bodies := self.splitter.feed(data):
                return bodies
        return self.splitter.finish()


def _bound(size: int, limit: int) -> None:
    if size > limit:
        raise BackendGarbled(f"The backend's answer is longer than {limit} bytes.")
