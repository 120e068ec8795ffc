"""What is staged, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.workspace.staged import NoDiff, staged_files
from tests.support.chat_command import git


def test_each_file_has_its_own_diff(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.py").write_text("old\n")
    (tmp_path / "b.py").write_text("kept\n" * 9)
    (tmp_path / "gone.py").write_text("gone\n")
    (tmp_path / "link").symlink_to("a.py")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "x")
    (tmp_path / "a.py").write_text("new\ndiff --git a/no b/no\n")
    git(tmp_path, "mv", "b.py", 'c "d\n.py')
    git(tmp_path, "rm", "--quiet", "gone.py")
    (tmp_path / "link").unlink()
    (tmp_path / "link").write_text("a file now\n")
    (tmp_path / "pixels.png").write_bytes(b"\0\1\2")
    git(tmp_path, "add", ".")
    (tmp_path / "a.py").write_text("not staged\n")
    found = {each.path: each for each in staged_files(tmp_path)}
    assert list(found) == ["a.py", 'c "d\n.py', "gone.py", "link", "pixels.png"]
    assert "+diff --git a/no b/no" in found["a.py"].diff
    assert "not staged" not in found["a.py"].diff
    assert "rename from b.py" in found['c "d\n.py'].diff
    assert "-gone" in found["gone.py"].diff
    assert "-a.py" in found["link"].diff
    assert "+a file now" in found["link"].diff
    assert "Binary files" in found["pixels.png"].diff
    assert found["a.py"].file == tmp_path / "a.py"


def test_nothing_is_staged(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.py").write_text("x\n")
    with pytest.raises(NoDiff, match="git add"):
        staged_files(tmp_path)
