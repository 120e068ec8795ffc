"""What was completed once is there after a restart, and no model is asked."""

from __future__ import annotations

import os
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
