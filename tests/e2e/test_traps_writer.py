"""Traps of pygls in writing: a client that does not read must not stop the server."""

from __future__ import annotations

import pytest

from tests.support.servers import OURS, PLAIN, held_text, serving

URI = "file:///shop/a.py"
FLOOD = {"count": 40, "size": 100_000}  # four megabytes: no pipe holds that


async def test_messages_are_handled_while_the_client_does_not_read() -> None:
    async with serving(OURS) as client:
        client.stop_reading()
        client.begin("test/flood", FLOOD)
        client.begin("shutdown")
        client.notify("exit")
        assert await client.wait() == 0  # so the loop has handled `shutdown`
    async with serving(PLAIN) as client:
        client.stop_reading()
        client.begin("test/flood", FLOOD)
        client.begin("shutdown")
        client.notify("exit")
        with pytest.raises(TimeoutError):
            await client.wait(limit=1.5)


async def test_a_client_that_reads_late_gets_everything_in_order() -> None:
    async with serving(OURS) as client:
        client.stop_reading()
        flood = client.begin("test/flood", FLOOD)
        client.open(URI, "abc")
        client.resume_reading()
        assert await held_text(client, URI) == "abc"
        assert (await client.answer(flood)).result == FLOOD["count"]
        numbers = [params["number"] for params in client.seen("test/drop")]
        assert numbers == list(range(FLOOD["count"]))


async def test_a_client_that_never_reads_is_given_up() -> None:
    async with serving(OURS) as client:
        client.stop_reading()
        client.begin("test/flood", {"count": 700, "size": 100_000})
        assert await client.wait(limit=20) == 1
