"""What becomes of ghost texts is counted on this machine, and other extensions are named once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from inglenook.engine.counters import totals
from inglenook.engine.other_providers import load
from tests.support.fake_backend import fake_backend
from tests.support.house import AUTOMATIC, House, config_for, house, server_for

CODE = "def total(prices):\n    █\n\nprint(total([1]))\n"


def accept(home: House, text: str) -> None:
    """Put the text in as an editor does when its user accepts it."""
    here = {"line": home.line, "character": home.character}
    home.version += 1
    home.client.change(
        home.uri, home.version, {"range": {"start": here, "end": here}, "text": text}
    )
    home.character += len(text)


def counted(directory: Path) -> list[tuple[int, int, int]]:
    return [(each.shown, each.accepted, each.rejected) for each in totals(directory / "state")]


async def test_shown_accepted_and_rejected(tmp_path: Path) -> None:
    async with house(tmp_path, text="return {n}") as home:
        home.open(CODE)
        text = await home.text(AUTOMATIC)
        assert text
        accept(home, text)
        home.open(CODE.replace("total", "other"), "file:///house/b.py")
        assert await home.text(AUTOMATIC)
        home.type("x")
    assert counted(tmp_path) == [(2, 1, 1)]
    database = tmp_path / "state" / "counters" / "counters.db"
    assert b"house" not in database.read_bytes()
    assert b"prices" not in database.read_bytes()


async def test_switched_off_nothing_is_counted(tmp_path: Path) -> None:
    async with fake_backend(text="return {n}") as backend:
        config_for(tmp_path, "llama.cpp", backend.url)
        file = tmp_path / "quiet.yaml"
        own = (tmp_path / "config.yaml").read_text()
        file.write_text(own + "inglenook: {counters: false}\n")
        quiet = {"INGLENOOK_CONFIG": str(file)}
        async with server_for(tmp_path, "llama.cpp", backend.url, environment=quiet) as client:
            home = House(client, backend)
            await home.status("idle")
            home.open(CODE)
            assert await home.text(AUTOMATIC)
            home.type("x")
    assert counted(tmp_path) == []
    assert not (tmp_path / "state" / "counters").exists()


async def test_another_extension_is_named_once_and_remembered(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        told = {"providers": ["GitHub Copilot", "Tabnine"]}
        home.client.notify("inglenook/otherProviders", told)
        home.client.notify("inglenook/otherProviders", told)
        await home.client.until(lambda: home.client.seen("window/showMessage"))
        async with asyncio.timeout(10):
            while not load(tmp_path / "state", datetime.now(UTC)):
                await asyncio.sleep(0.02)
        said = [each["message"] for each in home.client.seen("window/showMessage")]
    assert len(said) == 1
    assert "GitHub Copilot" in said[0]
    assert "Tabnine" in said[0]
