"""Which directories and files can be used; nothing is left behind by finding out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from inglenook.commands.doctor_disk import unreadable, unwritable


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_what_can_be_used(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("models: []")
    assert list(unreadable([file, tmp_path / "not there", file / "below a file"])) == []
    assert list(unwritable([tmp_path, tmp_path / "a" / "b" / "c"])) == []
    assert list(tmp_path.iterdir()) == [file]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.yaml")
    assert list(unreadable([tmp_path / "config.yaml"])) == []


def test_a_loop_of_links(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.symlink_to(file)
    (blocked,) = unreadable([file])
    assert (blocked.path, blocked.at, blocked.mine) == (file, file, True)
    assert "symbolic links" in blocked.why


def test_hardly_any_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 2_000_000))
    (blocked,) = unwritable([tmp_path / "state", tmp_path / "cache"])
    assert (blocked.path, blocked.full, blocked.why) == (tmp_path / "state", True, "2 MB are free")


def test_a_file_where_a_directory_belongs(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    (blocked,) = unwritable([tmp_path / "state" / "probes"])
    assert blocked.at == tmp_path / "state"
    assert not blocked.full
