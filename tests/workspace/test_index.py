"""The index as the server has it: a process builds it, and follows what happens to the files."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from inglenook.workspace.index import Index
from tests.workspace.drawn import SECRET, Begin, Draw

_PATIENCE = 30.0  # seconds; nothing here takes one


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


async def settled(index: Index) -> Index:
    async with asyncio.timeout(_PATIENCE):
        await index.settled()
    return index


def names(index: Index, path: str) -> set[str] | None:
    facts = index.facts(path)
    return None if facts is None else set(facts.defines)


def workers() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "inglenook.workspace.worker" in child.cmdline():
                found.append(child)
    return found


async def test_it_knows_the_files_of_a_directory(
    begin: Begin, draw: Draw, root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "shop").mkdir(parents=True)
    (other / "shop" / "c.py").write_text("c = 1\n")
    draw(
        {
            "shop/b.py": "b = 1\n",
            "shop/a.py": "a = 1\n",
            "shop/in/d.py": "d = 1\n",
            "e.py": "e = 1\n",
        }
    )
    index = begin(roots=[root, other])
    assert index.listed("shop") == ()  # nothing waits
    await settled(index)
    assert index.listed("shop") == ("shop/a.py", "shop/b.py", "shop/c.py")
    assert index.listed("") == ("e.py",)
    assert index.listed("shop/") == index.listed("none") == index.listed("site-packages/x") == ()
    assert index.listed("shop") is index.listed("shop")  # kept
    (root / "shop" / "a.py").unlink()
    index.changed([root / "shop" / "a.py"])
    await settled(index)
    await until(lambda: index.listed("shop") == ("shop/b.py", "shop/c.py"))


async def test_it_knows_what_files_define(begin: Begin, draw: Draw) -> None:
    draw(
        {
            "shop/orders.py": "from shop.money import Cents\n\nclass Order:\n    id: int\n",
            "shop/money.py": "class Cents: ...\n",
            "web/cart.ts": "export class Cart { total(): number { return 1 } }\n",
            "notes.txt": "class Nothing: ...\n",
            "made.py": "# Generated. DO NOT EDIT.\nclass Made: ...\n",
        }
    )
    told: list[tuple[int, int]] = []
    index = begin(progress=lambda done, total: told.append((done, total)))
    assert index.facts("shop/orders.py") is None  # nothing waits
    await settled(index)
    facts = index.facts("shop/orders.py")
    assert facts is not None
    assert facts.path == "shop/orders.py"
    assert [each.module for each in facts.imports] == ["shop.money"]
    assert "Order" in facts.defines
    assert names(index, "web/cart.ts") == {"Cart", "total"}
    assert index.named("Cents") == ("shop/money.py",)
    assert index.exists("shop/money.py")
    assert not index.exists("shop/nothing.py")
    assert not index.exists("notes.txt")
    assert names(index, "made.py") is None
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)
    assert index.facts("shop/orders.py") is facts  # kept


async def test_it_follows_what_is_told(begin: Begin, draw: Draw, root: Path) -> None:
    draw({"a.py": "old = 1\n", "lib/b.py": "b = 1\n", "lib/deep/c.py": "c = 1\n"})
    index = await settled(begin())
    assert names(index, "a.py") == {"old"}
    before = index.generation

    draw({"a.py": "new = 1\n", "made.py": "made = 1\n"})
    index.changed([root / "a.py", root / "made.py"])
    await settled(index)
    assert names(index, "a.py") == {"new"}
    assert names(index, "made.py") == {"made"}
    assert index.generation > before

    (root / "a.py").unlink()
    (root / "lib").rename(root / "moved")
    index.changed([root / "a.py", root / "lib", root / "moved"])
    await settled(index)
    assert not index.exists("a.py")
    assert index.facts("a.py") is None
    assert not index.exists("lib/b.py")
    assert not index.exists("lib/deep/c.py")
    assert names(index, "moved/b.py") == {"b"}
    assert names(index, "moved/deep/c.py") == {"c"}

    draw({".gitignore": "moved/\n"})
    index.changed([root / ".gitignore"])
    await settled(index)
    assert not index.exists("moved/b.py")
    assert index.exists("made.py")

    draw({"moved/d.py": "d = 1\n", "node_modules/e.js": "", ".env.py": "", "made.py": "x\0y"})
    outside = root.parent / "outside.py"
    outside.write_text("outside = 1\n")
    index.changed(
        [root / each for each in ("moved/d.py", "node_modules/e.js", ".env.py", "made.py")]
        + [outside, root / "../outside.py", Path("relative.py"), Path("/nul\0/a.py")]
        + [root / name for name in ("\n.py", "\ud800.py", "\udcff.py", "\0.py", "\udcff/a.py")]
    )
    await settled(index)
    for path in ("moved/d.py", "node_modules/e.js", ".env.py", "../outside.py", "outside.py"):
        assert not index.exists(path)
    assert index.exists("made.py")
    assert index.facts("made.py") is None


async def test_very_many_changes_at_once(begin: Begin, draw: Draw, root: Path) -> None:
    draw({"a.py": "old = 1\n"})
    index = await settled(begin())
    draw({"a.py": "new = 1\n"})
    index.changed([root / f"gone{number}.py" for number in range(5_000)])
    await settled(index)
    assert names(index, "a.py") == {"new"}


async def test_a_restart_needs_only_what_changed(begin: Begin, draw: Draw, root: Path) -> None:
    draw({f"f{number}.py": f"x{number} = 1\n" for number in range(40)})
    old = root / "f7.py"
    for path in root.iterdir():
        os.utime(path, (1_600_000_000,) * 2)
    await asyncio.sleep(0.06)  # files that are just written are read twice
    index = await settled(begin())
    await index.close()
    assert index.facts("f1.py") is None

    told: list[tuple[int, int]] = []
    status = old.stat()
    old.write_text("y7 = 1\n")  # as long as before, and
    os.utime(old, ns=(status.st_atime_ns, status.st_mtime_ns))  # the time is a lie
    (root / "f8.py").unlink()
    (root / "f9.py").rename(root / "moved.py")
    draw({"new.py": "new = 1\n"})
    index = await settled(begin(progress=lambda done, total: told.append((done, total))))
    assert names(index, "f1.py") == {"x1"}
    assert names(index, "f7.py") == {"y7"}
    assert not index.exists("f8.py")
    assert not index.exists("f9.py")
    assert names(index, "moved.py") == {"x9"}
    assert names(index, "new.py") == {"new"}
    await until(lambda: told[-1] == (3, 3))


async def test_another_branch_is_seen(begin: Begin, draw: Draw) -> None:
    draw({".git/HEAD": "ref: one\n", "a.py": "one = 1\n", "b.py": "same = 1\n"})
    index = await settled(begin())
    draw({"a.py": "two = 1\n", "c.py": "", ".git/HEAD": "ref: two\n"})  # nobody tells
    await until(lambda: names(index, "a.py") == {"two"})
    assert index.exists("c.py")


async def test_what_is_near_comes_first(begin: Begin, draw: Draw, root: Path) -> None:
    near = [f"near/deep/f{each}.py" for each in range(20)]
    far = [f"far{number}/f{each}.py" for number in range(40) for each in range(50)]
    draw({path: f"x = {number}\n" for number, path in enumerate([*far, *near])})
    index = begin()
    index.prefer([root / "near/deep/f3.py"])
    await until(lambda: all(index.facts(path) for path in near))
    assert sum(index.facts(path) is not None for path in far) < len(far) / 2
    await settled(index)
    assert all(index.facts(path) for path in far)


async def test_a_worker_that_is_killed_is_started_again(begin: Begin, draw: Draw) -> None:
    draw({f"d{number % 20}/f{number}.py": f"x{number} = 1\n" for number in range(800)})
    index = begin()
    async with asyncio.timeout(_PATIENCE):
        await index.walked()
    [worker] = workers()
    parsers = worker.children()
    worker.send_signal(signal.SIGKILL)
    await until(lambda: any(each.pid != worker.pid for each in workers()))
    await until(lambda: all(index.facts(f"d{n % 20}/f{n}.py") for n in range(800)))
    await until(lambda: not any(parser.is_running() for parser in parsers))


async def test_a_database_that_breaks_is_begun_anew(
    begin: Begin, draw: Draw, root: Path, tmp_path: Path
) -> None:
    draw({f"f{number}.py": f"x{number} = {number}\n" * 20 for number in range(50)})
    index = await settled(begin())
    [database] = (tmp_path / "store").glob("*.db")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE facts SET body = x'00'")
        connection.commit()
    index.generation += 1
    index._forget(0, None)
    assert index.facts("f1.py") is None
    await until(lambda: index.facts("f1.py") is not None)
    await index.close()

    [database] = (tmp_path / "store").glob("*.db")
    for path in (tmp_path / "store").glob("*.db*"):
        path.write_bytes(b"\xff" * 40_000)
    index = await settled(begin())
    assert names(index, "f1.py") == {"x1"}


async def test_a_store_that_vanishes_while_it_is_used(
    begin: Begin, draw: Draw, tmp_path: Path
) -> None:
    draw({"a.py": "a = 1\n"})
    index = await settled(begin())
    shutil.rmtree(tmp_path / "store")
    assert index.exists("a.py") in (True, False)
    await until(lambda: any((tmp_path / "store").glob("*.db")))
    await until(lambda: names(index, "a.py") == {"a"})


async def test_the_store_is_locked_for_a_while(
    begin: Begin, draw: Draw, root: Path, tmp_path: Path
) -> None:
    draw({"a.py": "a = 1\n"})
    index = await settled(begin())
    [database] = (tmp_path / "store").glob("*.db")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    draw({"a.py": "b = 1\n"})
    index.changed([root / "a.py"])
    await asyncio.sleep(0.2)
    assert names(index, "a.py") == {"a"}  # it is read meanwhile
    other.execute("ROLLBACK")
    other.close()
    await settled(index)
    assert names(index, "a.py") == {"b"}


async def test_two_servers_share_a_root(begin: Begin, draw: Draw, root: Path) -> None:
    draw({f"d{number % 9}/f{number}.py": f"x{number} = 1\n" for number in range(300)})
    first, second = begin(), begin()
    await settled(first)
    await settled(second)
    for index in (first, second):
        assert all(index.facts(f"d{number % 9}/f{number}.py") for number in range(300))
    draw({"d0/f0.py": "y = 1\n"})
    second.changed([root / "d0/f0.py"])
    await settled(second)
    assert names(second, "d0/f0.py") == {"y"}
    await until(lambda: names(first, "d0/f0.py") == {"y"})


async def test_several_roots(begin: Begin, draw: Draw, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("b = 1\n")
    draw({"a.py": "a = 1\n"})
    index = await settled(begin(roots=[root, other, tmp_path / "gone"]))
    assert names(index, "a.py") == {"a"}
    assert names(index, "b.py") == {"b"}
    (other / "b.py").write_text("c = 1\n")
    index.changed([other / "b.py"])
    await settled(index)
    assert names(index, "b.py") == {"c"}
    assert index.named("not_there") == ()


async def test_the_root_is_removed(begin: Begin, draw: Draw, root: Path) -> None:
    draw({"a.py": "a = 1\n", "lib/b.py": "b = 1\n"})
    index = await settled(begin())
    shutil.rmtree(root)
    index.changed([root])
    await settled(index)
    assert not index.exists("a.py")
    assert not index.exists("lib/b.py")
    root.mkdir()
    draw({"a.py": "c = 1\n"})
    index.look()
    await settled(index)
    assert names(index, "a.py") == {"c"}


async def test_without_a_place_for_the_store_there_is_no_index(
    begin: Begin, draw: Draw, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    draw({"a.py": "a = 1\n"})
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        index = await settled(begin("file"))
    assert index.facts("a.py") is None
    assert not index.exists("a.py")
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path / 'file'} is not a directory of its own; remove it."
    ]


async def test_closing_ends_every_process(begin: Begin, draw: Draw) -> None:
    draw({f"f{number}.py": f"x{number} = 1\n" for number in range(500)})
    index = begin()
    async with asyncio.timeout(_PATIENCE):
        await index.walked()
    [worker] = workers()
    processes = [worker, *worker.children()]
    await index.close()
    assert workers() == []
    await until(lambda: not any(process.is_running() for process in processes))
    await index.close()
    index.changed([Path("/x.py")])


async def test_closing_before_anything_was_started(tmp_path: Path, root: Path) -> None:
    index = Index([root], tmp_path / "store", secret=SECRET)
    await index.close()
    index.start()
    await asyncio.sleep(0)
    await index.close()
    assert workers() == []


def test_the_worker_dies_with_its_server(draw: Draw, root: Path, tmp_path: Path) -> None:
    draw({"a.py": "a = 1\n"})
    program = f"""
import asyncio, sys
from pathlib import Path
from inglenook.workspace.index import Index
async def main():
    index = Index([Path({str(root)!r})], Path({str(tmp_path / "store")!r}), secret="x")
    index.start()
    await index.settled()
    print(index._process.pid, flush=True)
    await asyncio.sleep(1000)
asyncio.run(main())
"""
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    worker = psutil.Process(int(server.stdout.readline()))
    parsers = worker.children()
    server.kill()
    server.wait()
    server.stdout.close()
    until_then = time.monotonic() + _PATIENCE
    for process in (worker, *parsers):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.wait(max(0.1, until_then - time.monotonic()))
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_the_worker_is_modest(begin: Begin, draw: Draw) -> None:
    draw({"a.py": "a = 1\n"})
    await settled(begin())
    [worker] = workers()
    await until(lambda: len(worker.children()) == 1)  # one parser waits for the next save
    assert {process.nice() for process in (worker, *worker.children())} == {10}
