"""What was completed once is there after a restart, and no model is asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import AUTOMATIC, House, server_for

FILE = "def total(prices):\n    █\n\nprint(total([1]))\n"


async def _text(
    directory: Path, backend: FakeBackend, provider: str = "llama.cpp", uri: str = "", **env: str
) -> tuple[str, list[dict[str, Any]]]:
    """What a server that is started for it says at the place, and how it came about."""
    options = {"inglenook": {"reportTimings": True}}
    async with server_for(
        directory, provider, backend.url, options=options, environment=env
    ) as client:
        home = House(client, backend)
        await home.status("idle")
        home.open(FILE, uri or home.uri)
        text = await home.text(AUTOMATIC)
        await client.until(lambda: bool(client.seen("inglenook/completionReport")))
        return text, client.seen("inglenook/completionReport")


@pytest.mark.parametrize("provider", ["llama.cpp", "ollama"])
async def test_a_restart_does_not_start_from_nothing(tmp_path: Path, provider: str) -> None:
    weights = tmp_path / "qwen2.5-coder.gguf"
    weights.touch()
    os.truncate(weights, 492_000_000)  # the fake's tensors, and what stands before them
    async with fake_backend(text="return sum(prices)", weights=str(weights)) as backend:
        first, reports = await _text(tmp_path, backend, provider)
        assert first == "return sum(prices)"
        assert not reports[0]["cached"]
        backend.reset()
        again, reports = await _text(tmp_path, backend, provider)
        assert again == first
        assert reports[0]["cached"]
        # The next completion may be looked for; this one was not asked again.
        assert all(b"return sum(prices)" in seen.body for seen in backend.generations)


async def test_other_weights_under_the_same_path(tmp_path: Path) -> None:
    """Of the same size even: llama.cpp tells no digest, but its file is of another time."""
    weights = tmp_path / "qwen2.5-coder.gguf"
    weights.touch()
    os.truncate(weights, 492_000_000)
    async with fake_backend(text="return {n}", weights=str(weights)) as backend:
        await _text(tmp_path, backend)
        os.utime(weights, (1, 1))
        _, reports = await _text(tmp_path, backend)
        assert not reports[0]["cached"]
        backend.script.weights = ""  # in a container, say: the file cannot be seen
        for _ in range(2):
            _, reports = await _text(tmp_path, backend)
            assert not reports[0]["cached"]


async def test_another_text_is_asked_for(tmp_path: Path) -> None:
    async with fake_backend(text="return {n}") as backend:
        await _text(tmp_path, backend)
        backend.reset()
        _, reports = await _text(tmp_path, backend, uri="file:///house/other.py")
        assert not reports[0]["cached"]  # another path is shown to the model


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with fake_backend(text="return 1") as backend:
        for _ in range(2):
            _, reports = await _text(tmp_path, backend, INGLENOOK_DISK_CACHE="off")
            assert not reports[0]["cached"]
        assert not (tmp_path / "cache").exists()


async def test_a_cache_that_is_switched_off_while_the_server_runs(tmp_path: Path) -> None:
    """What was kept stays on the disk, nothing comes of it, and it serves again when wanted."""
    async with (
        fake_backend(text="return sum(prices)") as backend,
        server_for(
            tmp_path,
            "ollama",
            backend.url,
            options={"inglenook": {"reportTimings": True}},
        ) as client,
    ):
        home = House(client, backend)
        await home.status("idle")
        file = tmp_path / "config.yaml"
        own = file.read_text()
        switched = own + "inglenook: {diskCache: false}\n"
        home.open(FILE)
        assert await home.text(AUTOMATIC) == "return sum(prices)"
        await _until(lambda: _kept(tmp_path) > 0)
        for number, (text, grows) in enumerate([(switched, False), (own, True)]):
            before = _kept(tmp_path)
            file.write_text(text)
            client.notify("workspace/didChangeConfiguration", {"settings": {"inglenook": {}}})
            await asyncio.sleep(1.5)
            home.open(FILE.replace("total", f"total_{number}"), f"file:///house/{number}.py")
            assert await home.text(AUTOMATIC) == "return sum(prices)"
            if grows:
                await _until(lambda before=before: _kept(tmp_path) > before)
            else:
                await asyncio.sleep(1.0)
                assert _kept(tmp_path) == before


def _kept(directory: Path) -> int:
    """How many answers are on the disk."""
    found = 0
    for file in (directory / "cache").rglob("*.db"):
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            tables = {name for (name,) in opened.execute("select name from sqlite_master")}
            if "Cache" in tables:
                found += opened.execute("select count(*) from Cache").fetchone()[0]
    return found


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.05)
