"""What is counted: kept for one user, by many servers, in bounds; and never in anybody's way."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from inglenook.engine import counters
from inglenook.engine.counters import Counters, Event, Total, totals
from tests.support.clinic import without_space
from tests.support.layers import CLONE

# A server that counts one event many times, and writes after each ten.
SERVER = """
import asyncio, sys
from pathlib import Path
from inglenook.engine.counters import Counters, Event

async def main():
    counters = Counters(Path(sys.argv[1]))
    for number in range(100):
        counters.count(Event.SHOWN, "m", "python")
        if number % 10 == 0:
            await counters.flush()
    await counters.close()

asyncio.run(main())
"""


async def counted(state: Path, *events: tuple[Event, str, str]) -> tuple[Total, ...]:
    keeper = Counters(state)
    for event in events:
        keeper.count(*event)
    await keeper.close()
    return totals(state)


def database(state: Path) -> Path:
    return state / "counters" / "counters.db"


async def test_sums_by_model_and_language(tmp_path: Path) -> None:
    found = await counted(
        tmp_path,
        (Event.SHOWN, "a", "python"),
        (Event.SHOWN, "a", "python"),
        (Event.ACCEPTED, "a", "python"),
        (Event.REJECTED, "a", "python"),
        (Event.SHOWN, "a", "go"),
        (Event.ASKED, "b", "go"),
        (Event.CACHED, "b", "go"),
    )
    assert found == (
        Total("a", "python", shown=2, accepted=1, rejected=1),
        Total("a", "go", shown=1),
        Total("b", "go", asked=1, cached=1),
    )
    assert [each.rate for each in found] == [0.5, 0.0, None]


async def test_a_later_server_adds(tmp_path: Path) -> None:
    for _ in range(3):
        await counted(tmp_path, (Event.SHOWN, "a", "python"))
    assert totals(tmp_path) == (Total("a", "python", shown=3),)


async def test_it_writes_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "SECONDS", 0.01)
    keeper = Counters(tmp_path)
    for number in (1, 2):
        keeper.count(Event.SHOWN, "a", "python")
        async with asyncio.timeout(10):
            while totals(tmp_path) != (Total("a", "python", shown=number),):
                await asyncio.sleep(0.01)
    await keeper.close()


async def test_nothing_is_written_before_it_is_time(tmp_path: Path) -> None:
    keeper = Counters(tmp_path)
    keeper.count(Event.SHOWN, "a", "python")
    await asyncio.sleep(0)
    assert list(tmp_path.iterdir()) == []
    await keeper.close()


async def test_switched_off(tmp_path: Path) -> None:
    keeper = Counters(None)
    keeper.count(Event.SHOWN, "a", "python")
    await keeper.flush()
    await keeper.close()


def test_several_servers_at_once_lose_nothing(tmp_path: Path) -> None:
    servers = [
        subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], cwd=CLONE) for _ in range(4)
    ]
    assert [server.wait(60) for server in servers] == [0, 0, 0, 0]
    assert totals(tmp_path) == (Total("m", "python", shown=400),)


async def test_who_waits_too_long_tries_again(tmp_path: Path) -> None:
    await counted(tmp_path, (Event.SHOWN, "a", "python"))
    other = sqlite3.connect(database(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    keeper = Counters(tmp_path)
    keeper.count(Event.SHOWN, "a", "python")
    await keeper.flush()
    other.execute("ROLLBACK")
    other.close()
    await keeper.close()
    assert totals(tmp_path) == (Total("a", "python", shown=2),)


async def test_it_is_for_its_user_alone(tmp_path: Path) -> None:
    await counted(tmp_path, (Event.SHOWN, "a", "python"))
    assert (tmp_path / "counters").stat().st_mode & 0o777 == 0o700
    assert database(tmp_path).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "counters").iterdir()] == ["counters.db"]


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xff" * 8000, b""])
async def test_a_damaged_one_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    await counted(tmp_path, (Event.SHOWN, "old", "python"))
    database(tmp_path).write_bytes(damage)
    assert totals(tmp_path) == ()
    assert await counted(tmp_path, (Event.SHOWN, "a", "go")) == (Total("a", "go", shown=1),)


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 7",
        "CREATE TRIGGER more AFTER INSERT ON counts BEGIN DELETE FROM counts; END",
        "DROP TABLE counts",
        "CREATE TABLE more (n)",
    ],
)
async def test_a_strange_one_is_begun_anew(tmp_path: Path, change: str) -> None:
    await counted(tmp_path, (Event.SHOWN, "old", "python"))
    strange = sqlite3.connect(database(tmp_path))
    strange.execute(change)
    strange.commit()
    strange.close()
    assert await counted(tmp_path, (Event.SHOWN, "a", "go")) == (Total("a", "go", shown=1),)


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "counters").mkdir(mode=0o700)
    database(tmp_path).symlink_to(victim)
    assert totals(tmp_path) == ()
    assert await counted(tmp_path, (Event.SHOWN, "a", "go")) == (Total("a", "go", shown=1),)
    assert victim.read_text() == "precious"


def test_on_a_full_disk_nothing_is_counted_and_nothing_breaks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVER, str(tmp_path)],
        cwd=CLONE,
        preexec_fn=without_space,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert totals(tmp_path) == ()


async def test_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    assert await counted(tmp_path / "state", (Event.SHOWN, "a", "python")) == ()


async def test_models_and_languages_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "MODELS", 3)
    monkeypatch.setattr(counters, "LANGUAGES", 4)
    often = [(Event.SHOWN, "often", "python")] * 5
    many = [(Event.SHOWN, f"m{number}", f"l{number}") for number in range(10)]
    found = await counted(tmp_path, *often, *many)
    assert len({each.model for each in found}) == 3
    assert len({each.language for each in found}) <= 4
    assert found[0] == Total("often", "python", shown=5)


async def test_old_days_go(tmp_path: Path) -> None:
    await counted(tmp_path, (Event.SHOWN, "a", "python"))
    old = sqlite3.connect(database(tmp_path))
    for days in (399, 401):
        day = (date.today() - timedelta(days=days)).isoformat()
        old.execute("INSERT INTO counts VALUES (?, 'a', 'python', 'shown', 10)", (day,))
    old.commit()
    old.close()
    assert await counted(tmp_path, (Event.SHOWN, "a", "python")) == (
        Total("a", "python", shown=12),
    )


async def test_what_waits_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_WAITING", 5)
    found = await counted(tmp_path, *((Event.SHOWN, f"m{number}", "go") for number in range(9)))
    assert len(found) == 5


@pytest.mark.parametrize(
    ("model", "language", "kept"),
    [
        ("/home/me/secret-project/qwen.gguf", "python", ("qwen.gguf", "python")),
        ("C:\\Users\\me\\qwen.gguf", "python", ("qwen.gguf", "python")),
        ("hf.co/unsloth/Qwen:Q4", "c++", ("hf.co/unsloth/Qwen:Q4", "c++")),
        ("m" * 200, "python", ("m" * 100, "python")),
        ("m", "my notes on Anna", ("m", "other")),
        ("m", "", ("m", "other")),
        ("m\ud800", "x" * 41, ("m?", "other")),
    ],
)
async def test_no_path_and_no_text_is_kept(
    tmp_path: Path, model: str, language: str, kept: tuple[str, str]
) -> None:
    (found,) = await counted(tmp_path, (Event.SHOWN, model, language))
    assert (found.model, found.language) == kept
    assert b"secret-project" not in database(tmp_path).read_bytes()
    assert b"Anna" not in database(tmp_path).read_bytes()
