"""The way of a message from the reading thread to the loop."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

from inglenook.server.frames import Lost
from inglenook.server.framing import Inbox, start_reader


async def test_a_task_takes_its_first_step_before_the_next_message() -> None:
    seen: list[str] = []
    state = ["before"]
    tasks = []

    async def handler() -> None:
        seen.append(state[0])

    def receive(item: str) -> None:
        if item == "request":
            tasks.append(asyncio.ensure_future(handler()))
        else:
            state[0] = item

    inbox = Inbox(asyncio.get_running_loop(), receive)
    for item in ("request", "after", "request"):
        inbox.put(item, 1)
    while len(seen) < 2:
        await asyncio.sleep(0)
    assert seen == ["before", "after"]


async def test_a_reader_that_is_too_fast_waits_for_the_loop() -> None:
    received: list[int] = []
    inbox = Inbox(asyncio.get_running_loop(), received.append)
    put: list[int] = []

    def flood() -> None:
        for number in range(5_000):
            inbox.put(number, 1)
            put.append(number)

    thread = threading.Thread(target=flood)
    thread.start()
    thread.join(0.2)  # the loop does not turn meanwhile
    assert len(put) <= 1024
    while len(received) < 5_000:
        await asyncio.sleep(0)
    thread.join()
    assert received == list(range(5_000))


async def test_a_failing_message_does_not_stop_those_after_it() -> None:
    received: list[int] = []

    def receive(item: int) -> None:
        received.append(item)
        if item == 0:
            raise ValueError("told to the loop")

    loop = asyncio.get_running_loop()
    told: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _loop, context: told.append(context))
    inbox = Inbox(loop, receive)
    for number in range(3):
        inbox.put(number, 1)
    while len(received) < 3:
        await asyncio.sleep(0)
    assert received == [0, 1, 2]
    assert len(told) == 1


def test_the_thread_reads_until_the_end_and_says_so_once() -> None:
    reader, end = os.pipe()
    items: list[Any] = []
    ended: list[bool] = []
    os.write(end, b"Content-Length: 7\r\n\r\n[1,2,3]Content-Length: 1\r\n\r\n{" + b"rest")
    os.close(end)
    thread = start_reader(
        reader, lambda item, _size: items.append(item), lambda: ended.append(True)
    )
    thread.join(10)
    os.close(reader)
    assert items == [[1, 2, 3], Lost(b"{", is_body=True)]
    assert ended == [True]
