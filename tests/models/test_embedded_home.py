"""The directory of shared engines: who may be believed, who holds a lock, and what is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inglenook.file_lock import take
from inglenook.models.embedded_home import Place, Record, sweep
from inglenook.private import Unusable, own
from tests.support.engines import files

KEY = "k" * 43
NAME = "0123456789abcdef"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    directory = tmp_path / "engines"
    own(directory)
    return Place(directory, NAME)


# The directory


def test_it_is_made_and_is_ours_alone(tmp_path: Path) -> None:
    own(tmp_path / "a" / "engines")
    assert (tmp_path / "a" / "engines").stat().st_mode & 0o777 == 0o700


def test_a_mode_that_lets_others_in_is_mended(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    own(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_what_is_no_directory_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("mine")
    for name in ("link", "file"):
        with pytest.raises(Unusable, match=f"{name} is not a directory of its own; remove it"):
            own(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(Unusable, match="cannot be used"):
        own(tmp_path / "file" / "engines")


def test_another_users_directory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(Unusable, match="belongs to another user; remove it"):
        own(tmp_path)


# The record


def test_a_record_is_private_and_comes_back(place: Place) -> None:
    place.write_record(Record(4711, KEY))
    assert place.record.stat().st_mode & 0o777 == 0o600
    assert place.read_record() == Record(4711, KEY)
    place.write_record(Record(4712, KEY))
    assert place.read_record() == Record(4712, KEY)
    assert files(place.directory) == [f"{NAME}.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\x00\xff",
        "[" * 4000,
        json.dumps({"door": 1}),
        json.dumps({"door": "1", "key": KEY}),
        json.dumps({"door": True, "key": KEY}),
        json.dumps({"door": 0, "key": KEY}),
        json.dumps({"door": 65536, "key": KEY}),
        json.dumps({"door": 1, "key": "short"}),
        json.dumps({"door": 1, "key": "é" * 43}),
        json.dumps({"door": 1, "key": [KEY]}),
        json.dumps({"door": 1, "key": KEY, "more": "x" * 5000}),
    ],
)
def test_a_damaged_record_is_none(place: Place, text: str) -> None:
    place.record.write_text(text)
    place.record.chmod(0o600)
    assert place.read_record() is None


def test_a_record_that_others_could_have_written_is_none(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write_record(Record(4711, KEY))
    place.record.chmod(0o640)
    assert place.read_record() is None
    place.record.chmod(0o600)
    place.record.rename(tmp_path / "elsewhere")
    place.record.symlink_to(tmp_path / "elsewhere")
    assert place.read_record() is None
    place.record.unlink()
    os.mkfifo(place.record, 0o600)
    assert place.read_record() is None
    place.record.unlink()
    place.write_record(Record(4711, KEY))
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert place.read_record() is None


def test_a_half_written_record_of_a_killed_engine_is_in_nobodys_way(place: Place) -> None:
    place.record.with_suffix(".json-new").write_text("half")
    place.write_record(Record(4711, KEY))
    assert place.read_record() == Record(4711, KEY)
    assert files(place.directory) == [f"{NAME}.json"]


# Locks

HOLDER = """\
import sys
from pathlib import Path
from inglenook.file_lock import take
assert take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_one_has_it_and_its_file_goes_with_it(place: Place) -> None:
    first = take(place.lock)
    assert first is not None
    assert take(place.lock) is None
    first.drop()
    assert files(place.directory) == []
    second = take(place.lock)
    assert second is not None
    second.drop()


def test_the_kernel_frees_the_lock_of_a_killed_process(place: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(place.lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        place.write_record(Record(4711, KEY))
        assert place.vacate() is None
        assert place.read_record() is not None
        process.kill()
        process.wait()
    assert files(place.directory) == [f"{NAME}.json", f"{NAME}.lock"]
    lock = place.vacate()
    assert lock is not None
    assert files(place.directory) == [f"{NAME}.lock"]
    lock.drop()
    assert files(place.directory) == []


def test_a_lock_on_a_file_that_was_removed_is_none(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody opens the file, and it is removed before he locks it."""
    real, opened = os.open, []

    def slow(path: Path, *rest: int) -> int:
        file = real(path, *rest)
        if not opened:
            opened.append(path)
            Path(path).unlink()
        return file

    monkeypatch.setattr(os, "open", slow)
    assert take(place.lock) is None
    assert not place.lock.exists()
    second = take(place.lock)
    assert second is not None
    assert second.holds()
    second.drop()


def test_dropping_does_not_remove_the_lock_of_another(place: Place) -> None:
    first = take(place.lock)
    assert first is not None
    place.lock.unlink()  # somebody emptied the directory
    second = take(place.lock)
    assert second is not None
    place.write_record(Record(4711, KEY))
    place.leave(first)
    assert second.holds()
    assert place.read_record() is not None
    place.leave(second)
    assert files(place.directory) == []


def test_no_lock_on_what_is_not_ours(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    place.lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        take(place.lock)
    place.lock.unlink()
    place.lock.touch(0o666)
    place.lock.chmod(0o666)
    with pytest.raises(PermissionError):
        take(place.lock)
    place.lock.unlink()
    place.lock.mkdir()
    with pytest.raises(OSError):
        take(place.lock)


# The starts


def test_starts_are_counted_for_a_while(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.recent_starts() == []
    for number in range(3):
        place.note_start(place.recent_starts())
        assert len(place.recent_starts()) == number + 1
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert place.recent_starts() == []


@pytest.mark.parametrize(
    "text", ["", "{}", "[", "null", '["x", null, true]', "[NaN, Infinity, 1, 1e300]", "[" * 4000]
)
def test_damaged_starts_are_none(place: Place, text: str) -> None:
    place.starts.write_text(text)
    place.starts.chmod(0o600)
    assert place.recent_starts() == []
    place.note_start(place.recent_starts())
    assert len(place.recent_starts()) == 1


# What killed engines left


def test_a_sweep_takes_what_is_old_and_dead(place: Place) -> None:
    place.write_record(Record(4711, KEY))
    place.note_start([])
    place.record.with_suffix(".json-new").touch()
    living = Place(place.directory, "f" * 16)
    living.write_record(Record(4712, KEY))
    lock = take(living.lock)
    assert lock is not None
    (place.directory / "package.json").write_text("{}")
    sweep(place.directory)
    assert len(files(place.directory)) == 6
    for file in place.directory.iterdir():
        os.utime(file, (1, 1))
    place.note_start([])  # a start of just now is to be counted
    for file in place.directory.glob(f"{NAME}.j*"):
        os.utime(file, (1, 1))
    sweep(place.directory)
    left = [f"{NAME}.json-new", f"{NAME}.starts", "ffffffffffffffff.json"]
    assert files(place.directory) == [*left, "ffffffffffffffff.lock", "package.json"]
    place.starts.write_text("[1]")
    os.utime(place.starts, (1, 1))
    sweep(place.directory)
    assert files(place.directory) == [*left[2:], "ffffffffffffffff.lock", "package.json"]
    lock.drop()
