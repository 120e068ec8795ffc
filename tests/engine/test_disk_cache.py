"""Answers on the disk: they survive, they are whole, and a poisoned database does nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from inglenook.engine import disk_cache, safe_disk
from inglenook.engine.cache import Kept
from inglenook.engine.disk_cache import DiskCache, decode, encode

KEPT = Kept(("return 1", "é 𝄞 \ud800"), complete=True)


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


@contextlib.asynccontextmanager
async def cache_in(directory: Path) -> AsyncIterator[DiskCache]:
    cache = DiskCache(directory)
    try:
        yield cache
    finally:
        await cache.close()


async def stored(directory: Path, *numbers: int) -> None:
    async with cache_in(directory) as cache:
        for number in numbers:
            cache.put(key(number), Kept((f"answer {number}",), complete=False))


async def answers(directory: Path, *numbers: int) -> list[str | None]:
    async with cache_in(directory) as cache:
        found = [await cache.get(key(number)) for number in numbers]
    return [kept.texts[0] if kept else None for kept in found]


async def test_an_answer_survives(tmp_path: Path) -> None:
    async with cache_in(tmp_path / "c") as cache:
        assert await cache.get(key(1)) is None
        cache.put(key(1), KEPT)
    async with cache_in(tmp_path / "c") as cache:
        assert await cache.get(key(1)) == KEPT
        assert await cache.get(key(2)) is None


async def test_servers_share_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_cache, "_NEWS_SECONDS", 0.02)
    async with cache_in(tmp_path / "c") as one, cache_in(tmp_path / "c") as other:
        assert await other.get(key(1)) is None
        one.put(key(1), KEPT)
        async with asyncio.timeout(5):
            while await other.get(key(1)) != KEPT:
                await asyncio.sleep(0.01)


async def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        await stored(tmp_path / "c", 1)
    finally:
        os.umask(umask)
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "c").iterdir()} == {0}


def test_a_value_is_for_its_key_only() -> None:
    value = encode(key(1), KEPT)
    assert value is not None
    assert decode(key(1), value) == KEPT
    assert decode(key(2), value) is None
    for at in range(len(value)):
        assert decode(key(1), value[:at]) is None
        assert decode(key(1), value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]) is None


def test_what_is_too_long_is_not_stored() -> None:
    assert encode(key(1), Kept(("x" * 100_000,), complete=True)) is None


# A database that somebody else has written.


class _Bomb:
    def __init__(self, *args: object, **kwargs: object) -> None:
        raise AssertionError("something was unpickled")


@pytest.fixture
def bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be unpickled without failing the test."""
    import _pickle

    import diskcache.core

    for module in (pickle, _pickle, diskcache.core.pickle):
        for name in ("load", "loads", "Unpickler"):
            monkeypatch.setattr(module, name, _Bomb)


class _Evil:
    def __init__(self, file: Path) -> None:
        self._file = str(file)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (self._file,)


@contextlib.contextmanager
def poisoner(directory: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(directory / "cache.db")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def _row(connection: sqlite3.Connection, where: bytes, **columns: object) -> None:
    row = {"key": where, "raw": 1, "store_time": time.time(), "mode": 1, "value": b"x"} | columns
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    statement = f"INSERT OR REPLACE INTO Cache({names}, access_time) VALUES ({marks}, 0)"
    connection.execute(statement, tuple(row.values()))


POISONS: dict[str, Callable[[sqlite3.Connection, bytes, str], object]] = {
    **{
        f"value in mode {mode}": lambda c, evil, out, mode=mode: _row(  # type: ignore[misc]
            c, key(9), mode=mode, value=evil
        )
        for mode in range(6)
    },
    "pickled key": lambda c, evil, out: _row(c, evil, raw=0),
    "file outside": lambda c, evil, out: _row(c, key(9), mode=2, filename=out, value=None),
    "file above": lambda c, evil, out: _row(
        c, key(9), mode=3, filename=f"../{Path(out).name}", value=None, expire_time=1.0
    ),
    "huge value": lambda c, evil, out: _row(c, key(9), value=bytes(1 << 20)),
    "text value": lambda c, evil, out: _row(c, key(9), value="text"),
    "trigger": lambda c, evil, out: c.execute(
        "CREATE TRIGGER t AFTER INSERT ON Cache BEGIN UPDATE Cache SET value = x'00'; END"
    ),
    "view": lambda c, evil, out: c.execute("CREATE VIEW v AS SELECT * FROM Cache"),
    "table": lambda c, evil, out: c.execute("CREATE TABLE t(x)"),
    "setting": lambda c, evil, out: c.execute("INSERT INTO Settings VALUES ('_disk', 1)"),
    "pragma": lambda c, evil, out: c.execute(
        "INSERT INTO Settings VALUES ('sqlite_temp_store_directory', ?)", (out,)
    ),
    "disk setting": lambda c, evil, out: c.execute("INSERT INTO Settings VALUES ('disk_x', 1)"),
    "size limit": lambda c, evil, out: c.execute(
        "UPDATE Settings SET value = 'x' WHERE key = 'size_limit'"
    ),
    "count": lambda c, evil, out: c.execute(
        "UPDATE Settings SET value = ? WHERE key = 'count'", (evil,)
    ),
    "no settings": lambda c, evil, out: c.execute("DROP TABLE Settings"),
}


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.usefixtures("bombs")
async def test_a_poisoned_database_does_nothing(tmp_path: Path, poison: str) -> None:
    directory, outside = tmp_path / "c", tmp_path / "outside"
    outside.write_text("precious")
    await stored(directory, 1, 2)
    evil = pickle.dumps(_Evil(tmp_path / "run"))
    with poisoner(directory) as connection:
        POISONS[poison](connection, evil, str(outside))
    assert await answers(directory, 9) == [None]
    await stored(directory, 3)
    assert await answers(directory, 3, 9) == ["answer 3", None]
    cache = safe_disk.open_cache(directory, 1.0)
    assert key(3) in list(cache)
    cache.expire(now=time.time() + 1e9)
    cache.cull()
    cache.clear()
    cache.close()
    assert outside.read_text() == "precious"
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("bombs")
async def test_rows_that_are_poisoned_while_it_is_open(tmp_path: Path) -> None:
    """Then no look before the opening helps, but the disk does."""
    directory, outside = tmp_path / "c", tmp_path / "outside"
    outside.write_text("precious")
    await stored(directory, 1)
    cache = safe_disk.open_cache(directory, 1.0)
    evil = pickle.dumps(_Evil(tmp_path / "run"))
    with poisoner(directory) as connection:
        for mode in range(6):
            _row(connection, key(10 + mode), mode=mode, value=evil)
            _row(connection, evil + bytes([mode]), raw=0, mode=mode, filename=str(outside))
            _row(connection, key(20 + mode), mode=mode, filename="../outside", expire_time=1.0)
    assert b"" in list(cache)
    list(cache.iterkeys())
    for number in range(30):
        value = cache.get(key(number), default=b"")
        assert decode(key(number), value) is None or number == 1
    cache.set(key(12), b"new")
    cache.evict(None)
    cache.expire()
    cache.cull()
    cache.check()
    cache.clear()
    cache.close()
    assert outside.read_text() == "precious"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 5000, 20_000])
async def test_a_truncated_database_begins_again(tmp_path: Path, size: int) -> None:
    await stored(tmp_path / "c", *range(40))
    os.truncate(tmp_path / "c" / "cache.db", size)
    (found,) = await answers(tmp_path / "c", 1)
    assert found in (None, "answer 1")
    await stored(tmp_path / "c", 99)
    assert await answers(tmp_path / "c", 99) == ["answer 99"]


async def test_bytes_that_are_damaged(tmp_path: Path) -> None:
    """No damage gives another answer than the one that was stored."""
    await stored(tmp_path / "whole", *range(60))
    chance = random.Random(5)
    whole = (tmp_path / "whole" / "cache.db").read_bytes()
    for _ in range(40):
        (tmp_path / "c").mkdir(mode=0o700)
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        (tmp_path / "c" / "cache.db").write_bytes(damaged)
        (tmp_path / "c" / "cache.db").chmod(0o600)
        for number, found in enumerate(await answers(tmp_path / "c", *range(60))):
            assert found in (None, f"answer {number}")
        shutil.rmtree(tmp_path / "c")


async def test_a_foreign_file_begins_again(tmp_path: Path) -> None:
    directory = tmp_path / "c"
    directory.mkdir(mode=0o700)
    (directory / "cache.db").write_bytes(b"no database " * 1000)
    (directory / "notes.txt").write_text("mine")
    await stored(directory, 1)
    assert await answers(directory, 1) == ["answer 1"]
    assert (directory / "notes.txt").read_text() == "mine"


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim.db"
    sqlite3.connect(victim).execute("CREATE TABLE precious(x)").connection.close()
    before = victim.read_bytes()
    directory = tmp_path / "c"
    directory.mkdir(mode=0o700)
    (directory / "cache.db").symlink_to(victim)
    await stored(directory, 1)
    assert victim.read_bytes() == before
    (tmp_path / "link").symlink_to(directory)
    with pytest.raises(safe_disk.Unusable, match="not a directory"):
        safe_disk.open_cache(tmp_path / "link", 1.0)
    assert await answers(tmp_path / "link", 1) == [None]


async def test_a_directory_that_others_could_write_in(tmp_path: Path) -> None:
    await stored(tmp_path / "c", 1)
    (tmp_path / "c").chmod(0o777)
    assert await answers(tmp_path / "c", 1) == [None]
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700


async def test_a_directory_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await stored(tmp_path / "c", 1)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with pytest.raises(safe_disk.Unusable, match="another user"):
        safe_disk.open_cache(tmp_path / "c", 1.0)
    assert await answers(tmp_path / "c", 1) == [None]
    monkeypatch.undo()
    assert await answers(tmp_path / "c", 1) == ["answer 1"]


async def test_the_directory_goes_while_it_is_used(tmp_path: Path) -> None:
    async with cache_in(tmp_path / "c") as cache:
        cache.put(key(1), KEPT)
        await cache.get(key(1))
        shutil.rmtree(tmp_path / "c")
        for number in range(2, 30):
            cache.put(key(number), KEPT)
            await cache.get(key(number))
    await stored(tmp_path / "c", 50)
    assert await answers(tmp_path / "c", 50) == ["answer 50"]


async def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own limit of pages raises what a full disk does."""
    directory = tmp_path / "c"
    await stored(directory, 1)
    opened = safe_disk.open_cache

    def small(*args: object) -> object:
        cache = opened(*args)  # type: ignore[arg-type]
        cache._sql("PRAGMA max_page_count = 12")
        return cache

    monkeypatch.setattr(safe_disk, "open_cache", small)
    long = Kept(("x" * 20_000,), complete=True)
    async with cache_in(directory) as cache:
        for number in range(2, 40):
            cache.put(key(number), long)
            assert await cache.get(key(number)) in (None, long)
    monkeypatch.undo()
    assert await answers(directory, 1) == ["answer 1"]


def test_it_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(safe_disk._SETTINGS, "size_limit", 1 << 20)
    cache = safe_disk.open_cache(tmp_path / "c", 1.0)
    for number in range(400):
        cache.set(key(number), bytes(10_000))
    assert cache.volume() < 2 << 20
    assert cache.get(key(399)) is not None
    assert cache.get(key(0)) is None
    cache.close()


WRITER = """\
import asyncio, random, sys
from pathlib import Path
from inglenook.engine.cache import Kept
from inglenook.engine.disk_cache import DiskCache

async def main(directory, first, count):
    cache = DiskCache(Path(directory))
    print("ready", flush=True)
    numbers = range(first, first + count) if count else iter(lambda: random.randrange(300), -1)
    for number in numbers:
        key = number.to_bytes(16, "big")
        cache._keys.discard(key)
        cache.put(key, Kept((f"answer {number}",), complete=False))
        found = await cache.get(key)
        assert found is None or found.texts == (f"answer {number}",), found
        await asyncio.sleep(0)
    await cache.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def _writer(directory: Path, first: int, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(directory), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


async def test_ten_writers_at_once(tmp_path: Path) -> None:
    writers = [_writer(tmp_path / "c", 100 * number, 20) for number in range(10)]
    for writer in writers:
        await asyncio.to_thread(writer.communicate)
        assert writer.returncode == 0
    found = await answers(tmp_path / "c", *range(1000))
    wrong = [n for n, text in enumerate(found) if text not in (None, f"answer {n}")]
    assert wrong == []
    assert sum(text is not None for text in found) > 100


async def test_killed_at_random_moments(tmp_path: Path) -> None:
    """What was killed while it wrote has stored whole answers or none."""
    directory, chance = tmp_path / "c", random.Random(3)
    writers = [_writer(directory, 0, 0) for _ in range(2)]
    seen = 0
    for _ in range(int(os.environ.get("INGLENOOK_TEST_KILLS", "12"))):
        victim = writers.pop(0)
        assert victim.stdout is not None
        await asyncio.to_thread(victim.stdout.readline)
        await asyncio.sleep(chance.random() * 0.15)
        victim.send_signal(signal.SIGKILL)
        await asyncio.to_thread(victim.communicate)
        writers.append(_writer(directory, 0, 0))
        for number, text in enumerate(await answers(directory, *range(300))):
            assert text in (None, f"answer {number}")
            seen += text is not None
    for writer in writers:
        writer.kill()
        writer.communicate()
    assert seen


async def test_what_was_cleared_is_stored_again(tmp_path: Path) -> None:
    """And two servers go on learning of each other's answers."""
    async with cache_in(tmp_path / "c") as one, cache_in(tmp_path / "c") as other:
        for _ in range(2):
            one.put(key(1), KEPT)
            async with asyncio.timeout(10):
                while await one.get(key(1)) is None:
                    await asyncio.sleep(0.01)
            await asyncio.to_thread(other._worker.look_for_news)
            assert await other.get(key(1)) == KEPT
            with contextlib.closing(safe_disk.open_cache(tmp_path / "c", 1.0)) as cache:
                cache.clear()
            assert await one.get(key(1)) is None


def test_a_locked_database_is_left_alone_and_had_later(tmp_path: Path) -> None:
    directory = tmp_path / "c"
    safe_disk.open_cache(directory, 1.0).close()
    inode = (directory / "cache.db").stat().st_ino
    worker = disk_cache._Worker(directory, set())
    with contextlib.closing(sqlite3.connect(directory / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(safe_disk.InUse):
            safe_disk.open_cache(directory, 0.1)
        worker.open()
        assert worker.read(key(1)) is None
        other.execute("ROLLBACK")
    worker.look_for_news()
    worker.write(key(1), encode(key(1), KEPT) or b"")
    assert worker.read(key(1)) == KEPT
    worker.close()
    assert (directory / "cache.db").stat().st_ino == inode


def test_a_database_with_another_name_elsewhere_is_not_ours(tmp_path: Path) -> None:
    """What is written here would be written there too."""
    directory = tmp_path / "c"
    safe_disk.open_cache(directory, 1.0).close()
    (tmp_path / "elsewhere").hardlink_to(directory / "cache.db")
    inode = (directory / "cache.db").stat().st_ino
    safe_disk.open_cache(directory, 1.0).close()
    assert (directory / "cache.db").stat().st_ino != inode
