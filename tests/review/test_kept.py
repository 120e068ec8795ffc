"""What a review keeps of answers: found again, and nothing of a database that is not ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from inglenook.review.kept import Kept, Said, digest

KEY = digest("question")
SAID = Said("answer", 3, 2)


def place(directory: Path) -> Path:
    (file,) = directory.glob("*.sqlite")
    return file


def test_what_was_said_is_found_again(tmp_path: Path) -> None:
    first = Kept(tmp_path / "kept")
    first.put(KEY, SAID)
    first.close()
    second = Kept(tmp_path / "kept")
    assert second.get(KEY) == SAID
    second.close()


HOSTILE = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON answers BEGIN DELETE FROM answers; END",
    "view": "DROP TABLE answers; CREATE VIEW answers AS SELECT 1 AS key, 2 AS value, 3 AS used",
    "table": "CREATE TABLE more (x)",
    "columns": "DROP TABLE answers; CREATE TABLE answers (key, value, used, more)",
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_a_strange_database_is_begun_anew(tmp_path: Path, script: str) -> None:
    first = Kept(tmp_path / "kept")
    first.put(KEY, SAID)
    first.close()
    with sqlite3.connect(place(tmp_path / "kept")) as database:
        database.executescript(script)
    database.close()
    second = Kept(tmp_path / "kept")
    assert second.get(KEY) is None
    second.put(KEY, SAID)
    assert second.get(KEY) == SAID
    second.close()
    with sqlite3.connect(place(tmp_path / "kept")) as database:
        names = database.execute("SELECT name FROM sqlite_master").fetchall()
    database.close()
    assert names == [("answers",)]


def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path) -> None:
    Kept(tmp_path / "kept").close()
    place(tmp_path / "kept").write_bytes(b"no database" * 1000)
    second = Kept(tmp_path / "kept")
    second.put(KEY, SAID)
    assert second.get(KEY) == SAID
    second.close()
