"""The fake backend tells the truth about what it saw, also from a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from tests.support.fake_backend import fake_backend


async def _ask(client: HttpClient, url: str) -> list[Body]:
    body = {"prompt": "x", "stream": True}
    stream = client.stream(client.check(url), "/completion", body, Framing.EVENTS)
    return [event async for event in stream]


async def test_overlaps_are_seen() -> None:
    client = HttpClient()
    async with fake_backend(first_token_ms=30) as backend:
        await asyncio.gather(*[_ask(client, backend.url) for _ in range(3)])
        assert backend.max_open() == 3
        assert len(backend.overlaps_ms()) == 3
        assert all(0 < overlap < 10_000 for overlap in backend.overlaps_ms())
        backend.reset()
        for _ in range(3):
            await _ask(client, backend.url)
        assert backend.max_open() == 1
        assert backend.overlaps_ms() == []
        for seen in backend.generations:
            assert seen.first_byte_ns is not None
            assert seen.finished_ns is not None
            assert seen.accepted_ns <= seen.read_ns <= seen.first_byte_ns <= seen.finished_ns
    await client.close()


@pytest.fixture
def process() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.support.fake_backend", "--script", '{"text": "a{n}"}']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        yield f"http://127.0.0.1:{json.loads(running.stdout.readline())['port']}"
        running.stdin.close()
        assert running.wait(timeout=20) == 0


async def test_control(process: str) -> None:
    client = HttpClient()
    target = client.check(process)
    assert [(await _ask(client, process))[0]["content"] for _ in range(2)] == ["a1", "a2"]
    seen = await client.get(target, "/_control")
    assert [request["number"] for request in seen["requests"]] == [1, 2]
    assert json.loads(seen["requests"][0]["body"]) == {"prompt": "x", "stream": True}
    await client.post(target, "/_control", {"text": "b", "reset": True})
    assert (await _ask(client, process))[0]["content"] == "b"
    lean = await client.get(target, "/_control?bodies=0")
    assert [request["body"] for request in lean["requests"]] == [""]
    await client.close()
