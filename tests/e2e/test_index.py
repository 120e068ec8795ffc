"""What the files of the workspace define is in the prompt, though no editor has them open."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.fake_backend import fake_backend
from tests.support.house import AUTOMATIC, House, config_for
from tests.support.lsp_client import start

FILE = "from shop.prices import vat_of\n\ndef total(price):\n    return vat_of(█\n"
PRICES = "def vat_of(price: float, country: str) -> float:\n    return price\n"


@asynccontextmanager
async def workspace(folder: Path, home: Path, **more: str) -> AsyncIterator[House]:
    """A server whose one folder is ``folder``."""
    async with fake_backend(text="{n}") as backend:
        env = {**os.environ, **config_for(home, "llama.cpp", backend.url), **more}
        async with await start([sys.executable, "-m", "inglenook", "serve"], env) as client:
            await client.initialize(folders=(folder.as_uri(),))
            house = House(client, backend)
            house.uri = (folder / "shop" / "cart.py").as_uri()
            await house.status("idle")
            yield house
            assert await client.shutdown() == 0
            assert b"Traceback" not in client.stderr


async def shown(house: House, wanted: str) -> str:
    """The first prompt that holds ``wanted``; what is known already is not asked for again."""
    async with asyncio.timeout(30):
        while True:
            await house.items(AUTOMATIC)
            for seen in house.backend.generations:
                if wanted in str(seen.json.get("prompt", "")):
                    return str(seen.json["prompt"])
            await asyncio.sleep(0.05)


async def test_files_that_nobody_has_open(tmp_path: Path) -> None:
    """At first, after a save, and after another program removed what was there."""
    shop = tmp_path / "work" / "shop"
    shop.mkdir(parents=True)
    (shop / "prices.py").write_text(PRICES)
    async with workspace(tmp_path / "work", tmp_path) as house:
        house.open(FILE, house.uri)
        prompt = await shown(house, "def vat_of(price: float, country: str) -> float")
        assert "shop/prices.py" in prompt
        (shop / "prices.py").write_text(PRICES.replace("country", "land"))
        changes = [{"uri": (shop / "prices.py").as_uri(), "type": 2}]
        house.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await shown(house, "def vat_of(price: float, land: str) -> float")
        house.client.open((shop / "prices.py").as_uri(), PRICES.replace("country", "nation"))
        await shown(house, "def vat_of(price: float, nation: str) -> float")


async def test_a_restart_knows_what_was_indexed(tmp_path: Path) -> None:
    shop = tmp_path / "work" / "shop"
    shop.mkdir(parents=True)
    (shop / "prices.py").write_text(PRICES)
    for _ in range(2):
        async with workspace(tmp_path / "work", tmp_path) as house:
            house.open(FILE, house.uri)
            await shown(house, "def vat_of(price: float, country: str) -> float")
    assert list((tmp_path / "cache" / "index").glob("*.db"))


async def test_secrets_and_ignored_files_are_not_shown(tmp_path: Path) -> None:
    shop = tmp_path / "work" / "shop"
    shop.mkdir(parents=True)
    (shop / "prices.py").write_text(PRICES)
    (shop / "hidden.py").write_text("def key_of(word='hunter2'): ...\n")
    (tmp_path / "work" / ".inglenookignore").write_text("hidden.py\n")
    drawing = "from shop.hidden import key_of\n" + FILE
    async with workspace(tmp_path / "work", tmp_path) as house:
        # It is not shown when it is open beside either, neither its names nor its text.
        house.client.open((shop / "hidden.py").as_uri(), (shop / "hidden.py").read_text())
        house.open(drawing, house.uri)
        assert "def key_of" not in await shown(house, "def vat_of(")
        assert "hunter2" not in str([seen.json for seen in house.backend.generations])


async def test_without_a_cache_there_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    async with workspace(tmp_path / "work", tmp_path, INGLENOOK_DISK_CACHE="off") as house:
        house.open(FILE, house.uri)
        await asyncio.sleep(1.5)
        assert await house.items(AUTOMATIC)
    assert not (tmp_path / "cache").exists()


async def test_a_file_that_the_user_leaves_out_while_it_is_open(tmp_path: Path) -> None:
    """From then on nothing of it is shown on behalf of another file."""
    folder = tmp_path / "house"
    folder.mkdir()
    code = "from private import confidential\nx = confidential(█)\n"
    async with workspace(folder, tmp_path) as house:
        secret = "def confidential(told: int) -> int: ...\n"
        house.client.open((folder / "private.py").as_uri(), secret)
        await asyncio.sleep(0.3)
        house.open(code, (folder / "a.py").as_uri())
        await shown(house, "told: int")
        file = tmp_path / "config.yaml"
        file.write_text(file.read_text() + "inglenook: {ignore: [private.py]}\n")
        house.client.notify("workspace/didChangeConfiguration", {"settings": {"inglenook": {}}})
        await asyncio.sleep(1.5)
        before = len(house.backend.generations)
        house.open(code.replace("x =", "other ="), (folder / "b.py").as_uri())
        await house.items(AUTOMATIC)
        later = house.backend.generations[before:]
        assert later
        assert not any("told: int" in str(seen.json) for seen in later)
