"""``inglenook cache``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inglenook.cli import main
from inglenook.engine.safe_disk import open_cache


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INGLENOOK_CONFIG", str(tmp_path / "config.yaml"))
    (tmp_path / "config.yaml").write_text("")
    monkeypatch.setenv("INGLENOOK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "completions"


def test_info_and_clear(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = open_cache(directory, 1.0)
    cache.set(b"k" * 16, b"v")
    assert main(["cache", "info", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["directory"] == str(directory)
    assert told["entries"] == 1
    assert 0 < told["bytes"] < told["limit"]
    assert main(["cache"]) == 0
    assert "1 answers" in capsys.readouterr().out
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out.startswith("1 answers removed")
    assert cache.get(b"k" * 16) is None
    cache.close()


def test_nothing_is_made_to_be_shown(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 0
    assert main(["cache", "clear"]) == 0
    assert not directory.exists()


def test_what_cannot_be_used_is_said(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory.parent.mkdir()
    directory.write_text("a file")
    assert main(["cache", "info"]) == 3
    assert "is not a directory" in capsys.readouterr().err


def test_what_was_kept_before_it_was_switched_off_can_be_removed(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = open_cache(directory, 1.0)
    cache.set(b"k" * 16, b"v")
    assert main(["cache", "info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on"] is True
    monkeypatch.setenv("INGLENOOK_DISK_CACHE", "off")
    assert main(["cache", "info", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["on"], told["entries"], told["directory"]) == (False, 1, str(directory))
    assert main(["cache"]) == 0
    told = capsys.readouterr()
    assert "1 answers" in told.out
    assert "INGLENOOK_DISK_CACHE is off" in told.err
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out.startswith("1 answers removed")
    assert cache.get(b"k" * 16) is None
    cache.close()


def test_switched_off_from_the_start(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INGLENOOK_DISK_CACHE", "off")
    for command in (["cache"], ["cache", "info", "--json"], ["cache", "clear"]):
        assert main(command) == 0
    assert not directory.exists()
    assert "off" in capsys.readouterr().err
