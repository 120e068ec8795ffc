"""Https to servers that the user allows: who is believed, who is not, and what is said then."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil
import pytest
from cryptography.hazmat.primitives import serialization

from inglenook.models import session, tls
from inglenook.models.egress import EgressPolicy, Target, Trust
from inglenook.models.errors import (
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    EgressRefused,
    ModelError,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from tests.support.certificates import TOMORROW, YESTERDAY, Authority, refusing
from tests.support.chaos_server import Act, chaos_server, whole
from tests.support.fake_backend import FakeBackend, fake_backend

NAME = "gpu.example"


@dataclass
class Resolver:
    """The system's resolver: every name is this machine."""

    asked: list[object] = field(default_factory=list)

    def __call__(self, host: object, port: int, *_: object, **__: object) -> list[object]:
        self.asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def origin(backend: FakeBackend, name: str = NAME) -> str:
    return f"https://{name}:{backend.port}"


def allowing(where: str, **trust: object) -> HttpClient:
    told = Trust(where, **trust)  # type: ignore[arg-type]
    return HttpClient(EgressPolicy(frozenset({where}), (told,)))


async def streamed(client: HttpClient, url: str) -> list[Body]:
    body = {"prompt": "x", "stream": True}
    stream = client.stream(client.check(url), "/completion", body, Framing.EVENTS)
    async with aclosing(stream) as events:
        return [event async for event in events]


async def refusal(client: HttpClient, url: str) -> ModelError:
    try:
        with pytest.raises(ModelError) as caught:
            await streamed(client, url)
    finally:
        await client.close()
    assert str(caught.value).isprintable()
    return caught.value


async def test_an_allowed_host_whose_authority_is_named(
    resolver: Resolver, authority: Authority
) -> None:
    async with fake_backend(text="abc", tls=authority.server(NAME)) as backend:
        client = allowing(origin(backend), ca_files=(authority.file,))
        for _ in range(3):
            assert (await streamed(client, origin(backend)))[0]["content"] == "abc"
        assert await client.get(client.check(origin(backend)), "/health") == {"status": "ok"}
        assert backend.connections == 1
        assert set(resolver.asked) == {NAME}
        await client.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_this_machine_over_https(authority: Authority, name: str) -> None:
    """It needs no permission, and its certificate is looked at all the same."""
    async with fake_backend(tls=authority.server(name)) as backend:
        where = origin(backend, name)
        client = HttpClient(EgressPolicy(trust=(Trust(where.upper(), (authority.file,)),)))
        assert await streamed(client, where)
        await client.close()
        assert "vouches" in str(await refusal(HttpClient(), where))
    assert len(backend.seen) == 1


def _stranger(authority: Authority) -> ssl.SSLContext:
    return Authority(authority.directory).server(NAME)


@pytest.mark.parametrize(
    ("served", "said"),
    [
        pytest.param(_stranger, "ca: FILE", id="another authority"),
        pytest.param(lambda known: Authority(known.directory).itself(), "ca: FILE", id="itself"),
        pytest.param(lambda known: known.server("other.example"), "another name", id="name"),
        pytest.param(
            lambda known: known.server("127.0.0.1"), "another name", id="only the address"
        ),
        pytest.param(lambda known: known.server(NAME, until=YESTERDAY), "has expired", id="old"),
        pytest.param(lambda known: known.server(NAME, since=TOMORROW), "not valid yet", id="young"),
    ],
)
@pytest.mark.usefixtures("resolver")
async def test_who_is_not_believed(
    authority: Authority, served: Callable[[Authority], ssl.SSLContext], said: str
) -> None:
    async with fake_backend(tls=served(authority)) as backend:
        client = allowing(origin(backend), ca_files=(authority.file,))
        error = await refusal(client, origin(backend))
        assert isinstance(error, EgressRefused)
        assert said in str(error)
        assert origin(backend) in str(error)
        assert backend.seen == []


@pytest.mark.usefixtures("resolver")
async def test_what_vouches_for_one_host_does_not_for_another(authority: Authority) -> None:
    async with fake_backend(tls=authority.server("b.example")) as backend:
        here, there = origin(backend, "a.example"), origin(backend, "b.example")
        policy = EgressPolicy(frozenset({here, there}), (Trust(here, (authority.file,)),))
        assert "vouches" in str(await refusal(HttpClient(policy), there))


@pytest.mark.usefixtures("resolver")
async def test_a_server_without_tls(authority: Authority) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(whole(400, b""))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        where = f"https://{NAME}:{server.sockets[0].getsockname()[1]}"
        error = await refusal(allowing(where, ca_files=(authority.file,)), where)
    assert isinstance(error, BackendGarbled)
    assert "does not speak TLS" in str(error)


def test_nothing_weakens_a_context(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = tls.context_for(Trust("https://gpu.example:443"))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
    assert context.cert_store_stats() == ssl.create_default_context().cert_store_stats()


def _missing(directory: Path) -> Path:
    return directory / "missing.pem"


def _directory(directory: Path) -> Path:
    return directory


def _text(directory: Path) -> Path:
    file = directory / "text.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    return file


def _empty(directory: Path) -> Path:
    file = directory / "empty.pem"
    file.touch()
    return file


def _pipe(directory: Path) -> Path:
    os.mkfifo(directory / "pipe.pem")
    return directory / "pipe.pem"


@pytest.mark.parametrize("made", [_missing, _directory, _text, _empty, _pipe])
@pytest.mark.parametrize("of_client", [False, True])
@pytest.mark.usefixtures("resolver")
async def test_a_file_that_cannot_be_used_is_named(
    authority: Authority, made: Callable[[Path], Path], of_client: bool
) -> None:
    """And nothing but its own origin is the worse for it."""
    file = str(made(authority.directory))
    async with fake_backend(tls=authority.server(NAME)) as backend, fake_backend() as other:
        trust = {"client_cert": file} if of_client else {"ca_files": (authority.file, file)}
        client = allowing(origin(backend), **trust)
        for _ in range(2):
            with pytest.raises(EgressRefused) as caught:
                await streamed(client, origin(backend))
            assert f"the file {file} that" in str(caught.value)
        assert await streamed(client, other.url)
        await client.close()
        assert backend.connections == 0


@pytest.mark.usefixtures("resolver")
async def test_a_file_that_is_there_later(authority: Authority) -> None:
    file = Path(authority.file)
    kept = file.read_bytes()
    file.unlink()
    async with fake_backend(tls=authority.server(NAME)) as backend:
        client = allowing(origin(backend), ca_files=(str(file),))
        with pytest.raises(EgressRefused):
            await streamed(client, origin(backend))
        file.write_bytes("# Größe\n".encode() + kept)
        assert await streamed(client, origin(backend))
        await client.close()


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def asking(authority: Authority, request: pytest.FixtureRequest) -> ssl.SSLContext:
    """A server that wants a certificate of its clients."""
    context = authority.server(NAME)
    context.maximum_version = request.param
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    return context


@pytest.mark.usefixtures("resolver")
async def test_a_client_shows_its_certificate(authority: Authority, asking: ssl.SSLContext) -> None:
    certificate, key = authority.client()
    async with fake_backend(tls=asking) as backend:
        told = {"ca_files": (authority.file,), "client_cert": certificate, "client_key": key}
        client = allowing(origin(backend), **told)
        assert await streamed(client, origin(backend))
        await client.close()


@pytest.mark.usefixtures("resolver")
async def test_a_client_that_has_none_is_told_so(
    authority: Authority, asking: ssl.SSLContext
) -> None:
    with refusing(asking) as port:
        where = f"https://{NAME}:{port}"
        error = await refusal(allowing(where, ca_files=(authority.file,)), where)
    assert isinstance(error, EgressRefused)
    assert "clientCertificate" in str(error)


@pytest.mark.usefixtures("resolver")
async def test_a_server_that_hangs_up_without_a_word(authority: Authority) -> None:
    context = authority.server(NAME)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    async with fake_backend(tls=context) as backend:
        client = allowing(origin(backend), ca_files=(authority.file,))
        error = await refusal(client, origin(backend))
        assert isinstance(error, BackendOffline)
        assert "before it was secure" in str(error)
        assert backend.seen == []


@pytest.mark.usefixtures("resolver")
async def test_a_server_that_hangs_up_after_the_handshake(
    authority: Authority, asking: ssl.SSLContext
) -> None:
    """With TLS 1.3 the client is done before the server has looked for its certificate."""
    async with fake_backend(tls=asking) as backend:
        error = await refusal(
            allowing(origin(backend), ca_files=(authority.file,)), origin(backend)
        )
        assert isinstance(error, BackendOffline | EgressRefused)
        assert "clientCertificate" in str(error)
        assert backend.seen == []


@pytest.mark.usefixtures("resolver")
async def test_a_passphrase_is_never_asked_for(authority: Authority) -> None:
    """OpenSSL would ask for it at the terminal."""
    certificate, key = authority.client()
    loaded = serialization.load_pem_private_key(Path(key).read_bytes(), None)
    locked = loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    Path(key).write_bytes(locked)
    async with fake_backend(tls=authority.server(NAME)) as backend:
        client = allowing(origin(backend), client_cert=certificate, client_key=key)
        error = await refusal(client, origin(backend))
        assert f"{certificate} and {key}" in str(error)
        assert "passphrase" in str(error)


PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WSS_PROXY", "SOCKS_PROXY"]


@pytest.mark.usefixtures("resolver")
async def test_proxies_see_nothing(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    async with fake_backend() as canary, fake_backend(tls=authority.server(NAME)) as backend:
        for name in PROXIES:
            for spelling in (name, name.lower()):
                monkeypatch.setenv(spelling, canary.url)
        client = allowing(origin(backend), ca_files=(authority.file,))
        assert await streamed(client, origin(backend))
        await client.close()
        assert canary.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_of_an_allowed_host_are_errors(resolver: Resolver, status: int) -> None:
    async with fake_backend() as canary, chaos_server() as server:
        where = server.url.replace("127.0.0.1", "plain.example")
        onward = f"http://other.example:{canary.port}/completion"
        server.act = Act(lambda: [whole(status, b"", f"Location: {onward}\r\n")])
        client = HttpClient(EgressPolicy(frozenset({where})))
        with pytest.raises(BackendRefused):
            await streamed(client, where)
        await client.close()
        assert set(resolver.asked) == {"plain.example"}
        assert canary.connections == 0


_WATCHED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


@cache
def _hooked() -> deque[tuple[str, object]]:
    """What this process asks of the network. A hook cannot be taken off again."""
    seen: deque[tuple[str, object]] = deque(maxlen=100)
    sys.addaudithook(
        lambda event, told: seen.append((event, told[-1])) if event in _WATCHED else None
    )
    return seen


@pytest.fixture
def watched() -> deque[tuple[str, object]]:
    seen = _hooked()
    seen.clear()
    return seen


async def test_a_host_that_is_not_allowed_is_neither_looked_up_nor_connected(
    watched: deque[tuple[str, object]],
) -> None:
    client = HttpClient(EgressPolicy(frozenset({"https://gpu.example:8443"})))
    client.open()
    watched.clear()
    for url in (
        "https://gpu.example",
        "http://gpu.example:8443",
        "https://gpu.example:8444",
        "https://x.gpu.example:8443",
        "https://192.0.2.1:8443",
        "https://other.example:8443",
    ):
        with pytest.raises(EgressRefused) as caught:
            await streamed(client, url)
        assert "inglenook: {hosts: [" in str(caught.value)
        # An address that was never checked gets no farther.
        target = Target(url, "", loopback=True)
        with pytest.raises(EgressRefused):
            await client.get(target, "/health")
    assert list(watched) == []
    await client.close()


async def test_only_allowed_hosts_are_looked_up(watched: deque[tuple[str, object]]) -> None:
    resolver = session._Resolver(EgressPolicy(frozenset({"https://gpu.example:8443"})))
    watched.clear()
    for host, port in (("other.example", 8443), ("gpu.example", 443), ("x.gpu.example", 8443)):
        with pytest.raises(OSError, match="nor one that is allowed"):
            await resolver.resolve(host, port)
    assert [each["host"] for each in await resolver.resolve("localhost", 1)] == ["127.0.0.1", "::1"]
    assert list(watched) == []


async def test_the_watch_sees_what_happens(
    watched: deque[tuple[str, object]],
) -> None:
    with pytest.raises(BackendOffline):
        await streamed(HttpClient(), "http://127.0.0.1:1")
    assert ("socket.connect", ("127.0.0.1", 1)) in watched


async def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = await refusal(allowing("https://gpu.example:443"), "https://gpu.example")
    assert isinstance(error, BackendOffline)
    assert "does not find the host of https://gpu.example:443" in str(error)


@pytest.mark.usefixtures("resolver")
async def test_cancelling_closes_the_socket_before_it_returns(authority: Authority) -> None:
    served = authority.server(NAME)
    async with fake_backend(token_ms=1, endless=True, tls=served) as backend:
        client = allowing(origin(backend), ca_files=(authority.file,))
        await client.get(client.check(origin(backend)), "/health")
        for number in range(1, 10):
            task = asyncio.create_task(streamed(client, origin(backend)))
            while len(backend.generations) < number:
                await asyncio.sleep(0)
            await asyncio.sleep(0.002)
            files = psutil.Process().num_fds()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert psutil.Process().num_fds() <= files - 1
        assert backend.max_open() == 1
        await client.close()


def test_authorities_are_read_by_other_threads_while_this_one_skips_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", Authority(tmp_path).file)  # the system's
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    counts = []

    def count() -> None:
        counts.append(len(tls.context_for(Trust("https://here.example")).get_ca_certs()))

    with tls.no_default_authorities():
        count()
        other = threading.Thread(target=count)
        other.start()
        other.join()
    count()
    assert counts == [0, 1, 1]
