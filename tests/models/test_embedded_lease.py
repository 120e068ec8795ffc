"""The door of a shared engine: who comes in, who does not, and how each side learns of the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from inglenook.models import embedded_lease
from inglenook.models.embedded_home import Home, Record
from inglenook.models.embedded_lease import Door, Lease, take_lease

KEY, OTHER = "k" * 43, "o" * 43
ADDRESS = "http://127.0.0.1:4711"
NOWHERE = Path("unused")


@contextlib.asynccontextmanager
async def opened(home: Home | None = None) -> AsyncIterator[tuple[Door, int]]:
    door = Door(KEY, ADDRESS, home or Home(NOWHERE))
    port = await door.open()
    try:
        yield door, port
    finally:
        door.close()


async def lease_at(port: int, key: str = KEY) -> Lease:
    lease = await take_lease(Record(port, key))
    assert lease is not None
    return lease


async def talk(port: int, *lines: bytes) -> bytes:
    """Say the lines, whatever the other side says; returns all that it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"".join(lines))
        with contextlib.suppress(ConnectionResetError):
            async with asyncio.timeout(10):
                return await reader.read()
        return b""
    finally:
        writer.transport.abort()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_lease, "_HELLO_SECONDS", 0.5)


async def test_who_has_the_key_comes_in_and_is_told_where_the_engine_is() -> None:
    async with opened() as (_, port):
        lease = await lease_at(port)
        assert (lease.address, lease.alive, lease.said_bye) == (ADDRESS, True, False)
        await lease.close()
        assert not lease.alive


async def test_who_has_another_key_does_not() -> None:
    async with opened() as (_, port):
        assert await take_lease(Record(port, OTHER)) is None


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "lines",
    [
        (b"",),
        (b"\n",),
        (KEY.encode() + b"\n",),
        (b"a" * 64 + b"\n", b"\n"),
        (b"a" * 64 + b"\n", b"f" * 64 + b"\n"),
        (b"a" * 64 + b"\n", "é".encode() * 32 + b"\n"),
        (b"\xff" * 64 + b"\n",),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",),
        (b"a" * 100_000,),
    ],
)
async def test_who_shows_no_key_is_sent_away_and_holds_nothing(lines: tuple[bytes, ...]) -> None:
    async with opened(Home(NOWHERE, idle_seconds=3600)) as (door, port):
        said = await talk(port, *lines)
        assert b"ok" not in said
        assert KEY.encode() not in said
        assert (door._pending, door._leases) == (0, set())


async def test_a_proof_is_good_for_one_connection() -> None:
    """What was heard of one handshake opens no second one."""
    heard: list[bytes] = []
    async with opened() as (_, port):

        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            theirs, to_engine = await asyncio.open_connection("127.0.0.1", port)
            for source, target in ((reader, to_engine), (theirs, writer), (reader, to_engine)):
                line = await source.readline()
                heard.append(line)
                target.write(line)
            writer.write(await theirs.readline())
            await reader.read()
            writer.transport.abort()
            to_engine.transport.abort()

        between = await asyncio.start_server(relay, "127.0.0.1", 0)
        lease = await lease_at(between.sockets[0].getsockname()[1])
        await lease.close()
        between.close()
        assert [KEY.encode() in line for line in heard] == [False] * 3
        said = await talk(port, heard[0], heard[2])
        assert said.split()[-1] != b"ok"


@pytest.mark.usefixtures("_impatient")
async def test_a_stranger_behind_the_door_learns_nothing() -> None:
    """The port of a record may be another process's by now."""
    for answer in (
        b"",
        b"ok\n",
        b"x y z\n",
        b"a 1 http://127.0.0.1:1 f\n",
        b"a 1 http://127.0.0.1:1 " + b"f" * 64 + b"\nok\n",
        b"\xff\xfe\n",
        b"a" * 10_000,
    ):
        heard: list[bytes] = []

        async def stranger(
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            heard: list[bytes] = heard,
            answer: bytes = answer,
        ) -> None:
            heard.append(await reader.readline())
            writer.write(answer)
            with contextlib.suppress(ConnectionResetError):
                heard.append(await reader.read())
            writer.transport.abort()

        server = await asyncio.start_server(stranger, "127.0.0.1", 0)
        assert await take_lease(Record(server.sockets[0].getsockname()[1], KEY)) is None
        server.close()
        # A nonce, and nothing that depends on the key.
        assert len(heard[0].strip()) == 64
        assert b"".join(heard[1:]) == b""


async def test_nobody_behind_the_door() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    assert await take_lease(Record(port, KEY)) is None


@pytest.mark.usefixtures("_impatient")
async def test_strangers_who_hang_about_do_not_keep_others_out_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded_lease, "_PENDING", 5)
    async with opened() as (door, port):
        idlers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        while door._pending < 5:
            await asyncio.sleep(0.01)
        assert await take_lease(Record(port, KEY)) is None
        assert door._pending == 5
        while door._pending:
            await asyncio.sleep(0.01)
        lease = await lease_at(port)
        await lease.close()
        for _, writer in idlers:
            writer.transport.abort()


async def test_an_end_without_a_bye_is_a_crash() -> None:
    async with opened() as (door, port):
        lease = await lease_at(port)
        for writer in door._leases:
            writer.transport.abort()
        assert await lease.ended(10)
        assert (lease.alive, lease.said_bye) == (False, False)
        lease.use()  # says nothing to nobody


async def test_who_goes_says_bye() -> None:
    async with opened() as (door, port):
        first, second = await lease_at(port), await lease_at(port)
        door.close()
        for lease in (first, second):
            assert await lease.ended(10)
            assert lease.said_bye
            await lease.close()
        assert await take_lease(Record(port, KEY)) is None


async def test_a_lease_that_is_closed_at_once_is_closed() -> None:
    async with opened(Home(NOWHERE, idle_seconds=3600)) as (door, port):
        lease = await lease_at(port)
        await lease.close()
        while door._leases:
            await asyncio.sleep(0.01)


async def test_the_engine_is_idle_when_the_last_one_has_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded_lease, "_FIRST_SECONDS", 0.0)
    async with opened(Home(NOWHERE, idle_seconds=0.2)) as (door, port):
        first, second = await lease_at(port), await lease_at(port)
        idle = asyncio.create_task(door.idle())
        await first.close()
        await asyncio.sleep(0.4)
        assert not idle.done()
        await second.close()
        await asyncio.wait_for(idle, 10)


async def test_an_engine_waits_longer_for_its_first_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_lease, "_FIRST_SECONDS", 3600.0)
    async with opened(Home(NOWHERE, idle_seconds=0.0)) as (door, port):
        idle = asyncio.create_task(door.idle())
        await asyncio.sleep(0.1)
        assert not idle.done()
        lease = await lease_at(port)
        await lease.close()
        await asyncio.wait_for(idle, 10)


async def test_use_keeps_the_engine() -> None:
    async with opened(Home(NOWHERE, unused_seconds=3600)) as (door, port):
        lease = await lease_at(port)
        before = door._deadline()
        lease.use()
        async with asyncio.timeout(10):
            while door._deadline() == before:
                await asyncio.sleep(0.01)
        await lease.close()


async def test_the_engine_is_idle_when_nobody_uses_it() -> None:
    async with opened(Home(NOWHERE, unused_seconds=0.2)) as (door, port):
        lease = await lease_at(port)
        await asyncio.wait_for(door.idle(), 10)
        assert lease.alive
        await lease.close()
