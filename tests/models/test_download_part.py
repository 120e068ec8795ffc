"""What stands beside a file that is not whole: nothing of it is trusted, and nothing stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from inglenook.models import download_part
from inglenook.models.catalogue import Entry
from inglenook.models.download_part import Busy, clear_leftovers, held, opened, size_of

ENTRY: Final = Entry("tiny:1b", "tiny[1].gguf", "https://unused.invalid/", 8, "0" * 64, "MIT", "")
PART, RECORD = ".tiny[1].gguf.part", ".tiny[1].gguf.part.json"
FRESH, LOCK = ".tiny[1].gguf.part.json.new", ".tiny[1].gguf.lock"
GOOD: Final[dict[str, Any]] = {
    "format": 1,
    "sha256": ENTRY.sha256,
    "size": ENTRY.size,
    "validator": '"1"',
}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The name of the file, beside which half of it waits."""
    (tmp_path / PART).write_bytes(b"half")
    (tmp_path / PART).chmod(0o600)
    (tmp_path / RECORD).write_text(json.dumps(GOOD), "utf-8")
    return tmp_path / ENTRY.file


def files(directory: Path) -> list[str]:
    return sorted(file.name for file in directory.iterdir())


def test_goes_on_with_what_is_there(target: Path) -> None:
    assert size_of(target, ENTRY) == 4
    with opened(target, ENTRY) as part:
        assert (part.size, part.validator, part.pieced) == (4, '"1"', True)
        part.append(b"more")
    assert (target.parent / PART).read_bytes() == b"halfmore"
    assert files(target.parent) == [PART, RECORD]


def test_a_restart_forgets_the_old_file(target: Path) -> None:
    with opened(target, ENTRY) as part:
        part.restart(None)
        part.append(b"new")
    with opened(target, ENTRY) as part:
        assert (part.size, part.validator) == (3, None)
    assert files(target.parent) == [PART, RECORD]
    if os.name == "posix":
        assert (target.parent / RECORD).stat().st_mode & 0o077 == 0


def test_an_empty_part_does_not_stay(target: Path) -> None:
    with opened(target, ENTRY) as part:
        part.restart('"2"')
    assert files(target.parent) == []


def test_the_name_is_given_once(target: Path) -> None:
    with opened(target, ENTRY) as part:
        part.append(b"more")
        part.take_name()
    assert target.read_bytes() == b"halfmore"
    assert files(target.parent) == [target.name]
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "record",
    [
        GOOD | {"sha256": "1" * 64},
        GOOD | {"size": 9},
        GOOD | {"size": 8.0},
        GOOD | {"format": 2},
        GOOD | {"validator": 'W/"1"'},
        GOOD | {"validator": '"1"\r\nCookie: a'},
        GOOD | {"validator": 1},
        {},
        [],
        "[" * 4000,
        "not JSON",
        "\x00",
    ],
)
def test_a_part_of_something_else_is_begun_again(target: Path, record: Any) -> None:
    written = record if isinstance(record, str) else json.dumps(record)
    (target.parent / RECORD).write_text(written, "utf-8")
    assert size_of(target, ENTRY) == 0
    with opened(target, ENTRY) as part:
        assert (part.size, part.validator, part.pieced) == (0, None, False)
    assert files(target.parent) == []


def test_a_part_that_is_too_long_is_begun_again(target: Path) -> None:
    (target.parent / PART).write_bytes(b"halfmore+")
    with opened(target, ENTRY) as part:
        assert part.size == 0


def test_a_part_without_a_record_is_begun_again(target: Path) -> None:
    (target.parent / RECORD).unlink()
    with opened(target, ENTRY) as part:
        assert part.size == 0


@pytest.mark.parametrize("name", [PART, RECORD, FRESH, LOCK])
@pytest.mark.parametrize("link", ["symbolic", "hard"])
def test_nothing_is_written_through_a_link(target: Path, name: str, link: str) -> None:
    victim = target.parent / "victim"
    # As good as can be, so that nothing else speaks against it.
    victim.write_bytes((target.parent / (RECORD if name == RECORD else PART)).read_bytes())
    victim.chmod(0o600)
    before = victim.read_bytes()
    (target.parent / name).unlink(missing_ok=True)
    if link == "symbolic":
        (target.parent / name).symlink_to(victim)
    else:
        (target.parent / name).hardlink_to(victim)
    with held(target), opened(target, ENTRY) as part:
        part.restart('"2"')
        part.append(b"12345678")
        part.take_name()
    assert victim.read_bytes() == before
    assert target.read_bytes() == b"12345678"
    assert files(target.parent) == sorted([target.name, "victim"])


def test_a_pipe_with_the_name_of_a_part_is_not_waited_for(target: Path) -> None:
    (target.parent / PART).unlink()
    os.mkfifo(target.parent / PART)
    with opened(target, ENTRY) as part:
        assert part.size == 0
    assert files(target.parent) == []


def test_what_older_versions_left_is_removed(target: Path) -> None:
    (target.parent / ".tiny[1].gguf.abc123.part").touch()
    (target.parent / ".tiny1.gguf.abc123.part").touch()  # of another file
    (target.parent / ".tiny[1].gguf.abc.part.gguf").touch()
    with opened(target, ENTRY) as part:
        assert part.size == 4
    others = [".tiny1.gguf.abc123.part", ".tiny[1].gguf.abc.part.gguf"]
    assert files(target.parent) == sorted([PART, RECORD, *others])


def test_nothing_stays_beside_a_file_that_is_whole(target: Path) -> None:
    target.write_bytes(b"halfmore")
    (target.parent / FRESH).touch()
    (target.parent / ".tiny[1].gguf.abc123.part").touch()
    clear_leftovers(target)
    assert files(target.parent) == [target.name]


def test_what_another_process_works_on_is_left_alone(target: Path) -> None:
    with held(target):
        clear_leftovers(target)
        assert files(target.parent) == sorted([LOCK, PART, RECORD])
    assert files(target.parent) == [PART, RECORD]


def test_one_at_a_time(target: Path) -> None:
    with held(target):
        with pytest.raises(Busy), held(target):
            pass
        assert (target.parent / LOCK).exists()
    with held(target):
        pass


HOLDER: Final = """
import os, sys
from pathlib import Path
from inglenook.models.download_part import Busy, held
target, inside = Path(sys.argv[1]), sys.argv[2]
rounds = 0
while rounds < 1000:
    try:
        with held(target):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))  # fails if somebody else is in
            os.unlink(inside)
            rounds += 1
    except Busy:
        pass
"""


def test_no_two_processes_hold_it_while_its_file_comes_and_goes(target: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(target), str(target.parent / "inside")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        _, complaint = process.communicate()
        assert process.returncode == 0, complaint
    assert files(target.parent) == [PART, RECORD]


def test_a_lock_of_a_killed_process_is_no_obstacle(target: Path) -> None:
    (target.parent / LOCK).touch()
    with held(target):
        pass
    assert files(target.parent) == [PART, RECORD]


def test_every_name_is_hidden_and_of_the_target(target: Path) -> None:
    for make in (download_part._part, download_part._record, download_part._fresh):
        assert make(target).name.startswith(f".{target.name}.")
