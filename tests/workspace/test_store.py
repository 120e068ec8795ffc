"""What the store keeps and forgets, and which database is believed."""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from pathlib import Path

import pytest

from inglenook.private import Unusable
from inglenook.workspace import store as store_module
from inglenook.workspace.place import SCHEMA, database_of, make, prepare, tidy
from inglenook.workspace.reader import Reader
from inglenook.workspace.store import Filled, Gone, Seen, Store, digest_of
from inglenook_context.facts import dump, facts_of


@pytest.fixture
def database(tmp_path: Path) -> Path:
    prepare(tmp_path / "store")
    return tmp_path / "store" / "x-y.db"


@pytest.fixture
def store(database: Path) -> Store:
    return Store(database)


def filled(path: str, text: str, read: int = 1, *, known: bool = False) -> Filled:
    digest = digest_of("python", text.encode())
    body = None if known else zlib.compress(dump(facts_of(path, "python", text)))
    return Filled(path, 7, read, digest, not known, body, () if known else (path[-4],))


def names(database: Path, path: str) -> set[str] | None:
    facts, _ = Reader(database).facts(path)
    return None if facts is None else set(facts.defines)


def test_facts_are_found_by_the_path(store: Store, database: Path) -> None:
    store.write([filled("lib/a.py", "def one(): ...\n"), filled("b.py", "two = 1\n")])
    reader = Reader(database)
    assert names(database, "lib/a.py") == {"one"}
    assert names(database, "b.py") == {"two"}
    assert names(database, "a.py") is None
    assert reader.exists("lib/a.py")
    assert not reader.exists("lib")
    assert not reader.exists("\ud800.py")
    assert reader.named("a", 5) == ("lib/a.py",)
    assert reader.named("nothing", 5) == ()


def test_a_directory_has_the_files_that_are_directly_in_it(store: Store, database: Path) -> None:
    odd = ("a%", "a_", "a", "a'b", "A", "a/b", "", "ü\u2028")
    store.write([filled(f"{each}/{n}.py".lstrip("/"), f"x{n} = 1\n") for each in odd for n in "21"])
    reader = Reader(database)
    for each in odd:
        assert reader.listed(each, 9) == ("1.py", "2.py")
        assert reader.listed(each, 1) == ("1.py",)
    for each in ("%", "a/", "/", "a/b/c", "b", "\ud800", "\0"):
        assert reader.listed(each, 9) == ()
    assert Reader(database.with_name("none.db")).listed("a", 9) == ()


def test_a_directory_is_listed_by_the_key_alone(store: Store, database: Path) -> None:
    rows = store._connection.execute(
        "EXPLAIN QUERY PLAN SELECT name FROM file WHERE dir = ? ORDER BY name LIMIT ?", ("a", 9)
    ).fetchall()
    assert [row[3] for row in rows] == ["SEARCH file USING PRIMARY KEY (dir=?)"]


def test_equal_files_share_their_facts_and_a_text_that_comes_back_finds_them(
    store: Store, database: Path
) -> None:
    old, new = "def old(): ...\n", "def new(): ...\n"
    store.write([filled("a.py", old), filled("b.py", old, known=True)])
    assert names(database, "b.py") == {"old"}
    store.write([Seen("a.py", 8, 2)])
    assert store.pending(None, 10) == ["a.py"]
    assert names(database, "a.py") is None
    store.write([filled("a.py", new, 3), Gone("b.py", 3)])
    store.purge()
    assert store.knows(digest_of("python", old.encode()))
    store.write([filled("a.py", old, 4, known=True)])
    assert names(database, "a.py") == {"old"}
    assert not store.unknown()


def test_facts_that_nothing_has_had_for_long_go(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write([filled("a.py", "one = 1\n"), filled("b.py", "two = 2\n"), Gone("a.py", 2)])
    store.purge()
    later = time.time() + 40 * 86_400
    monkeypatch.setattr(store_module.time, "time", lambda: later)
    store.purge()
    assert not store.knows(digest_of("python", b"one = 1\n"))
    assert Reader(database).named("a", 5) == ()
    assert names(database, "b.py") == {"two"}
    # What was purged in the meantime waits to be parsed again.
    store.write([filled("c.py", "one = 1\n", known=True)])
    assert store.pending(None, 10) == ["c.py"]


def test_only_so_many_facts_are_kept_that_nothing_has(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_MOST_LEFT", 3)
    texts = [f"x{number} = 1\n" for number in range(10)]
    for read, text in enumerate(texts):
        store.write([filled("a.py", text, read)])
    store.purge()
    known = [text for text in texts if store.knows(digest_of("python", text.encode()))]
    assert known == texts[6:]


def test_what_was_read_last_wins(store: Store, database: Path) -> None:
    store.write([filled("a.py", "new = 1\n", 10)])
    store.write([filled("a.py", "old = 1\n", 9), Gone("a.py", 8), Seen("a.py", 1, 9)])
    assert names(database, "a.py") == {"new"}
    # A clock that was set back must not freeze what is known.
    future = time.time_ns() + 10**12
    store.write([filled("b.py", "future = 1\n", future)])
    store.write([filled("b.py", "now = 1\n", time.time_ns())])
    assert names(database, "b.py") == {"now"}


def test_what_waits_is_found_from_near_to_far(store: Store) -> None:
    paths = ["a.py", "lib/b.py", "lib/deep/c.py", "lib0/d.py", "other/e.py"]
    store.write([Seen(path, 1, 1) for path in paths])
    assert store.pending("lib", 10) == ["lib/b.py", "lib/deep/c.py"]
    assert store.pending("lib/deep", 10) == ["lib/deep/c.py"]
    assert store.pending("", 10)[0] == "a.py"
    assert sorted(set(store.pending("", 10))) == paths
    assert store.pending("lib", 1) == ["lib/b.py"]
    assert sorted(store.directories("lib")) == ["lib", "lib/deep"]
    store.write([Gone("lib/", 2)])
    assert sorted(store.pending(None, 10)) == ["a.py", "lib0/d.py", "other/e.py"]


def test_all_or_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Seen("\ud800.py", 1, 1)
    with pytest.raises(UnicodeEncodeError):
        store.write([Seen("a.py", 1, 1), bad])
    assert store.files("") == {}


def test_a_writer_keeps_no_reader_waiting(store: Store, database: Path) -> None:
    store.write([filled("a.py", "one = 1\n")])
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("DELETE FROM file")
    assert names(database, "a.py") == {"one"}
    writer.execute("ROLLBACK")
    writer.close()


def test_facts_that_are_damaged_are_none(store: Store, database: Path) -> None:
    store.write([filled("a.py", "one = 1\n"), filled("b.py", "two = 1\n")])
    writer = sqlite3.connect(database, isolation_level=None)
    for body, damaged in (
        (b"no facts", True),
        ("text", True),
        (zlib.compress(b"{}"), False),
        (zlib.compress(b"{}")[:-1], True),
        (zlib.compress(b"[" * 50_000_000), True),
        (None, False),
    ):
        writer.execute("UPDATE facts SET body = ?", (body,))
        reader = Reader(database)
        assert reader.facts("a.py")[0] is None
        assert reader.is_damaged is damaged
    writer.close()


@pytest.mark.parametrize(
    "spoil",
    [
        "DROP TABLE name",
        "CREATE TRIGGER t AFTER INSERT ON file BEGIN DELETE FROM facts; END",
        "CREATE TABLE more(x)",
        "CREATE VIEW v AS SELECT 1",
        "ALTER TABLE facts ADD COLUMN more",
    ],
)
def test_a_database_that_is_not_as_we_make_it_is_begun_anew(
    store: Store, database: Path, spoil: str
) -> None:
    store.write([Seen("a.py", 1, 1)])
    store.close()
    other = sqlite3.connect(database)
    other.execute(spoil)
    other.close()
    assert Store(database).files("") == {}


@pytest.mark.parametrize("how", ["junk", "empty", "cut", "others may read it", "link", "hard link"])
def test_a_file_that_is_no_database_of_ours_is_begun_anew(
    store: Store, database: Path, how: str
) -> None:
    store.write([Seen("a.py", 1, 1)])
    store.close()
    precious = database.parent.parent / "precious"
    if how == "junk":
        database.write_bytes(b"junk" * 5_000)
    elif how == "empty":
        database.write_bytes(b"")
    elif how == "cut":
        os.truncate(database, 5_000)
    elif how == "others may read it":
        database.chmod(0o644)
    elif how == "link":
        database.rename(precious)
        database.symlink_to(precious)
    else:
        precious.hardlink_to(database)
    assert Store(database).files("") == {}
    assert database.lstat().st_mode & 0o777 == 0o600
    assert how not in ("link", "hard link") or precious.stat().st_size > 0


def test_a_directory_that_others_could_write_in_is_not_believed(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    directory.mkdir(mode=0o777)
    directory.chmod(0o777)
    make(directory / "a-b.db")
    prepare(directory)
    assert list(directory.glob("*.db")) == []
    assert directory.stat().st_mode & 0o777 == 0o700


def test_where_there_can_be_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dir").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "dir", target_is_directory=True)
    for place in (tmp_path / "file", tmp_path / "file/store", tmp_path / "link"):
        with pytest.raises(Unusable, match=r"\.$"):
            prepare(place)


def test_databases_that_nobody_uses_go(tmp_path: Path) -> None:
    prepare(tmp_path / "store")
    root = tmp_path / "root"
    current = database_of(tmp_path / "store", root)
    other_root = database_of(tmp_path / "store", tmp_path)
    assert current != other_root
    digest = current.name.partition("-")[0]
    versions = [current.with_name(f"{digest}-{number}.db") for number in range(4)]
    forgotten = current.with_name("0-0.db")
    for age, path in enumerate([*versions, other_root, forgotten, current]):
        make(path)
        os.utime(path, (time.time() - 100 + age,) * 2)
    os.utime(forgotten, (1, 1))
    tidy(current)
    left = {path.name for path in current.parent.glob("*.db")}
    assert left == {current.name, versions[3].name, other_root.name}


def test_the_schema_is_written_down_as_sqlite_keeps_it(store: Store, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
    assert sorted(sql for (sql,) in found) == sorted(SCHEMA)
    connection.close()
