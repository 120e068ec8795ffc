"""The process ends when it should, whatever runs in it."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.support.lsp_client import LspClient, start
from tests.support.servers import OURS, PLAIN, serving


def end_input(client: LspClient) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()


async def test_exit_after_shutdown_is_zero() -> None:
    async with serving(OURS) as client:
        assert await client.shutdown() == 0


async def test_exit_without_shutdown_is_one() -> None:
    async with serving(OURS) as client:
        client.notify("exit")
        assert await client.wait() == 1
    async with await start(OURS) as client:
        client.notify("exit")
        assert await client.wait() == 1


async def test_the_end_of_input_ends_the_server() -> None:
    async with serving(OURS) as client:
        client.begin("test/wait")
        end_input(client)
        assert await client.wait() == 1


async def test_everything_said_before_the_end_of_input_is_answered() -> None:
    async with serving(OURS) as client:
        client.begin("test/counts", id="last")
        client.begin("shutdown", id="down")
        client.notify("exit")
        end_input(client)
        assert await client.wait() == 0
        await client.until(lambda: client.closed)
        assert set(client.answers) >= {"last", "down"}


@pytest.mark.parametrize("method", ["test/hang", "test/block"])
async def test_a_handler_that_hangs_does_not_hold_the_end_up(method: str) -> None:
    async with serving(OURS) as client:
        for _ in range(5):
            client.begin(method)
        client.notify("exit")
        assert await client.wait(limit=8) == 1
    async with serving(OURS) as client:
        client.begin(method)
        end_input(client)
        assert await client.wait(limit=8) == 1


async def test_plain_pygls_waits_for_a_handler_that_hangs() -> None:
    async with serving(PLAIN) as client:
        client.begin("test/hang")
        await client.request("shutdown")
        client.notify("exit")
        with pytest.raises(TimeoutError):
            await client.wait(limit=4)


async def test_the_server_ends_when_the_editor_died_although_its_input_is_held_open() -> None:
    limits = {OURS: 10.0, PLAIN: 5.0}
    ended: dict[tuple[str, ...], int | None] = {}
    for server, limit in limits.items():
        editor = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "import time; time.sleep(60)"
        )
        async with serving(server, process_id=editor.pid) as client:
            editor.kill()
            await editor.wait()
            try:
                ended[server] = await client.wait(limit)
            except TimeoutError:
                ended[server] = None
    assert ended == {OURS: 1, PLAIN: None}


async def test_an_editor_that_cannot_be_seen_is_not_taken_for_dead() -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    async with serving(OURS, process_id=gone.pid) as client:
        with pytest.raises(TimeoutError):
            await client.wait(limit=3)
        assert await client.shutdown() == 0


async def test_child_processes_do_not_get_the_streams_of_the_protocol() -> None:
    async with serving(OURS) as client:
        answer = await client.request("test/child")
        # What a child sees: an empty input, and an output that is not the client's.
        assert answer.result == 0
        await client.shutdown()
        await client.until(lambda: client.closed)
        assert b"printed by a child" in client.stderr
