"""Ten editors on a machine without a model server: real servers, and one real engine for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from inglenook.models.embedded_home import Place
from inglenook.models.embedded_lease import take_lease
from tests.support.engines import engines, files, until
from tests.support.house import AUTOMATIC, House, config_for
from tests.support.lsp_client import start
from tests.support.test_model import obtain

EDITORS = 10
ASKING = 3
LONG = "def in_words(number):\n    if number == 0:\n        return 'zero'\n    █\n"
SHORT = "def add(first, second):\n    return fi█\n\n\nprint(add(1, 2))\n"
PATIENCE = 60  # seconds; ten servers that start at once share a machine's cores with the engine


class Street:
    """Houses with an editor and a server in each, all of one user."""

    def __init__(self, directory: Path) -> None:
        self.runtime = directory / "run"
        # A file without a model, so that the server looks for one, and finds no server of models.
        (directory / "empty.yaml").touch()
        (directory / "models").mkdir()
        (directory / "models" / "qwen2.5-coder.gguf").symlink_to(obtain())
        self._environment = config_for(directory, "llama.cpp", "http://127.0.0.1:9") | {
            "INGLENOOK_CONFIG": str(directory / "empty.yaml"),
            "INGLENOOK_MODELS_DIR": str(directory / "models"),
            "INGLENOOK_DISK_CACHE": "off",
        }

    def engines(self) -> list[int]:
        return engines(self.runtime)

    @contextlib.asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        arguments = [sys.executable, "-m", "inglenook", "serve"]
        async with await start(arguments, self._environment) as client:
            await client.initialize(folders=("file:///house",), limit=PATIENCE)
            no_backend: Any = None
            yield House(client, no_backend)
            assert await client.shutdown(PATIENCE) == 0
            assert b"Traceback" not in client.stderr

    async def streaming(self) -> None:
        """Wait until the engine is in the middle of an answer."""
        (record,) = (self.runtime / "engines").glob("*.json")
        told = Place(record.parent, record.stem).read_record()
        assert told is not None
        lease = await take_lease(told)
        assert lease is not None
        headers = {"Authorization": f"Bearer {lease.key}"}
        async with asyncio.timeout(60), aiohttp.ClientSession(headers=headers) as session:
            while await _decoded(session, f"{lease.address}/slots") < 3:
                await asyncio.sleep(0.02)
        await lease.close()


async def _decoded(session: aiohttp.ClientSession, url: str) -> int:
    """The tokens of the answer that the engine gives now; 0 if it gives none."""
    async with session.get(url) as response:
        (slot,) = await response.json()
    return int(slot["next_token"][0]["n_decoded"]) if slot["is_processing"] else 0


async def answered(house: House) -> str:
    answer = await house.client.answer(house.ask(AUTOMATIC), PATIENCE)
    return str(answer.result["items"][0]["insertText"])


def states(house: House) -> list[str]:
    return [status["state"] for status in house.client.seen("inglenook/status")]


def warnings(house: House) -> list[str]:
    return [each["message"] for each in house.client.seen("window/logMessage") if each["type"] < 3]


async def settled(house: House) -> None:
    await house.client.until(lambda: states(house)[-1:] == ["idle"], PATIENCE)


@pytest.mark.model
async def test_ten_editors_one_engine(tmp_path: Path) -> None:
    street = await asyncio.to_thread(Street, tmp_path)
    most = 0

    async def count() -> None:
        nonlocal most
        while True:
            most = max(most, len(await asyncio.to_thread(street.engines)))
            await asyncio.sleep(0.1)

    async with contextlib.AsyncExitStack() as stack:
        counting = asyncio.create_task(count())
        opening = (stack.enter_async_context(street.house()) for _ in range(EDITORS))
        houses = await asyncio.gather(*opening)
        for house in houses:
            await settled(house)
        counting.cancel()
        assert most == 1
        (engine,) = street.engines()
        houses[0].open(SHORT)
        assert (await answered(houses[0])).startswith("rst + second")
        assert [warnings(house) for house in houses] == [[]] * EDITORS

        # A crash in the middle of an answer.
        asking, quiet = houses[1 : 1 + ASKING], [houses[0], *houses[1 + ASKING :]]
        for house in asking:
            house.open(LONG)
        requests = [house.ask() for house in asking]
        await street.streaming()
        os.kill(engine, signal.SIGKILL)
        for house, asked in zip(asking, requests, strict=True):
            answer = await house.client.answer(asked, PATIENCE)
            assert answer.result["items"] == []
        for house in asking:
            await settled(house)
        for house in asking:
            house.open(SHORT, "file:///house/other.py")
            assert (await answered(house)).startswith("rst + second")
            assert states(house).count("offline") == 1
            (warning,) = warnings(house)
            assert "The embedded engine stopped by itself" in warning
        assert [states(house).count("offline") for house in quiet] == [0] * len(quiet)
        quiet[1].open(SHORT)
        assert (await answered(quiet[1])).startswith("rst + second")
        assert [warnings(house) for house in quiet] == [[]] * len(quiet)
        (after,) = street.engines()
        assert after != engine

    await until(lambda: street.engines() == [])
    assert files(street.runtime / "engines") == []
