"""The HTTP client: where it goes, what it leaves behind, how quickly it lets go."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from contextlib import aclosing

import psutil
import pytest

from inglenook.models.egress import EgressPolicy
from inglenook.models.errors import BackendOffline, BackendRefused, BackendTimeout, EgressRefused
from inglenook.models.http import HttpClient, Limits
from inglenook.models.lines import Body, Framing
from tests.support.chaos_server import Act, chaos_server, whole
from tests.support.fake_backend import FakeBackend, fake_backend

PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "WS_PROXY", "SOCKS_PROXY"]


async def _stream(client: HttpClient, url: str, prompt: str = "x") -> list[Body]:
    body = {"prompt": prompt, "stream": True}
    stream = client.stream(client.check(url), "/completion", body, Framing.EVENTS)
    async with aclosing(stream) as events:
        return [event async for event in events]


def test_nothing_is_imported_before_it_is_needed() -> None:
    """Checked in a process of its own, since the tests import all of them."""
    program = (
        "import sys, inglenook.models.http, inglenook.models.ollama, inglenook.models.llama_cpp, "
        "inglenook.models.fake, inglenook.models.render\n"
        "print({'aiohttp', 'ollama', 'httpx', 'yarl'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command, text=True).strip() == "set()"


async def test_a_connection_is_used_again(client: HttpClient) -> None:
    async with fake_backend(text="abc", chunk=1) as backend:
        for _ in range(5):
            assert [event["content"] for event in await _stream(client, backend.url)] == [
                *"abc",
                "",
            ]
        assert backend.connections == 1


async def test_localhost_is_never_looked_up(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lookup(host: object, *_: object, **__: object) -> object:
        if host not in ("127.0.0.1", "::1", None):
            raise AssertionError("a name was looked up")
        return real(host, *_, **__)  # type: ignore[arg-type]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    async with fake_backend() as backend:
        assert await _stream(client, backend.url.replace("127.0.0.1", "localhost"))


async def test_proxies_see_nothing(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async with fake_backend() as canary, fake_backend() as backend:
        for name in PROXIES:
            for spelling in (name, name.lower()):
                monkeypatch.setenv(spelling, canary.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert await _stream(client, backend.url)
        assert await client.get(client.check(backend.url), "/health")
        assert len(backend.seen) == 2
        assert canary.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_errors(client: HttpClient, status: int) -> None:
    async with fake_backend() as canary, chaos_server() as server:
        answer = whole(status, b"", f"Location: {canary.url}/completion\r\n")
        server.act = Act(lambda: [answer])
        with pytest.raises(BackendRefused):
            await _stream(client, server.url)
        assert canary.connections == 0


async def test_cookies_and_agents_are_not_sent(client: HttpClient) -> None:
    heads = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(whole(200, b"{}", "Set-Cookie: id=7; Path=/\r\n"))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    target = client.check(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    for _ in range(2):
        await client.get(target, "/health")
    names = {line.partition(b":")[0] for line in heads[1].split(b"\r\n")[1:] if line}
    assert names == {b"Host", b"Accept", b"Content-Type"}
    await client.close()
    server.close()
    await server.wait_closed()


async def test_an_address_elsewhere_is_refused_before_anything_happens(client: HttpClient) -> None:
    with pytest.raises(EgressRefused):
        client.check("http://192.0.2.1:11434")


def _files() -> int:
    return psutil.Process().num_fds()


posix = pytest.mark.parametrize(
    "first_ms", [0, 60_000], ids=["while tokens come", "before the first token"]
)


async def _started(backend: FakeBackend, number: int) -> None:
    while len(backend.generations) < number:
        await asyncio.sleep(0)


@posix
async def test_cancelling_closes_the_socket_before_it_returns(
    client: HttpClient, first_ms: int
) -> None:
    async with fake_backend(first_token_ms=first_ms, token_ms=1, endless=True) as backend:
        await client.get(client.check(backend.url), "/health")
        for number in range(1, 30):
            task = asyncio.create_task(_stream(client, backend.url))
            await _started(backend, number)
            await asyncio.sleep(0.002)
            files = _files()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # The server runs in this process: its end of the socket may be closed by now too.
            assert _files() <= files - 1
        assert backend.max_open() == 1
        assert backend.overlaps_ms() == []
        for seen in backend.generations[:-1]:
            assert seen.client_end_ns is not None


async def test_closing_the_generator_closes_the_socket_before_it_returns(
    client: HttpClient,
) -> None:
    async with fake_backend(token_ms=1, endless=True) as backend:
        body = {"prompt": "x", "stream": True}
        target = client.check(backend.url)
        stream = client.stream(target, "/completion", body, Framing.EVENTS)
        await anext(stream)
        files = _files()
        await stream.aclose()
        assert _files() <= files - 1


async def test_a_prompt_that_nobody_reads_does_not_hold_the_socket_open() -> None:
    """Then the write buffer is full, and a polite close would wait for it to empty."""
    client = HttpClient(limits=Limits(first_token=60))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        # aiohttp's import and session are no part of what is counted.
        with pytest.raises(BackendOffline):
            await client.get(client.check("http://127.0.0.1:1"), "/")
        files = _files()
        task = asyncio.create_task(_stream(client, url, "x" * 900_000 * 20))
        while _files() == files:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert _files() == files
    await client.close()


async def test_a_stream_that_is_left_at_its_end_keeps_its_connection(client: HttpClient) -> None:
    async with fake_backend(text="abc") as backend:
        for _ in range(3):
            body = {"prompt": "x", "stream": True}
            target = client.check(backend.url)
            stream = client.stream(target, "/completion", body, Framing.EVENTS)
            await anext(stream)
            assert (await anext(stream))["stop"] is True
            await stream.aclose()
        assert backend.connections == 1


async def test_a_reply_has_its_limit() -> None:
    client = HttpClient(limits=Limits(reply=0.05))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with pytest.raises(BackendTimeout):
            await client.get(client.check(url), "/health")
    await client.close()


async def test_lone_surrogates_travel_as_a_replacement(client: HttpClient) -> None:
    async with fake_backend() as backend:
        await _stream(client, backend.url, "a\ud800b")
        assert backend.seen[0].json["prompt"] == "a\ufffdb"


async def test_a_policy_that_became_narrower_holds_for_what_was_checked_before() -> None:
    client = HttpClient(EgressPolicy(frozenset({"http://192.0.2.1:80"})))
    target = client.check("http://192.0.2.1")
    client.policy = EgressPolicy()
    with pytest.raises(EgressRefused):
        await client.get(target, "/api/tags")
    await client.close()
