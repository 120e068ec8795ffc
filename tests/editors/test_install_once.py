"""An editor is installed once, and a half-done installation is done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editors_cache import InstallationError, install_once, run


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGLENOOK_TEST_CACHE", str(tmp_path))


def test_what_is_whole_is_not_installed_again() -> None:
    installed: list[Path] = []
    first = install_once("editor-1", installed.append)
    assert install_once("editor-1", installed.append) == first
    assert installed == [first]


def test_what_is_half_done_is_thrown_away() -> None:
    def break_off(folder: Path) -> None:
        (folder / "half").touch()
        raise InstallationError("Install something.")

    def finish(folder: Path) -> None:
        (folder / "whole").touch()

    with pytest.raises(InstallationError):
        install_once("editor-1", break_off)
    folder = install_once("editor-1", finish)
    assert sorted(path.name for path in folder.iterdir()) == ["installed", "whole"]


def test_a_failing_command_says_in_one_sentence_what_to_do() -> None:
    with pytest.raises(InstallationError, match=r"^Install it by hand \(no-such-program .*\)\.$"):
        run(["no-such-program"], advice="Install it by hand")
