"""The names that a document's file could have, and so what an edit of it would be an edit of."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.server.paths import paths_of
from inglenook_context.verify.protected import protected


def names(uri: str, *folders: str, shown: str = "shown.py") -> tuple[str, ...]:
    return paths_of(uri, shown, folders).all


@pytest.mark.parametrize(
    ("uri", "folders", "expected"),
    [
        ("file:///a/house/src/x.py", ["file:///a/house"], "a/house/src/x.py"),
        ("file:///a/house/src/x.py", ["file:///a/house"], "src/x.py"),
        ("file:///a/b/house/x%20y.py", ["file:///a/b/house"], "b/house/x y.py"),
        ("file:///elsewhere/x.py", ["file:///a/house"], "/elsewhere/x.py"),
        ("file:///elsewhere/x.py", [], "/elsewhere/x.py"),
        ("untitled:x.py", [], "x.py"),
        ("vscode-remote://host/a/.env?x", [], "//host/a/.env"),
        ("file:///a/house/src/..%2f.vscode/x", ["file:///a/house"], "src/../.vscode/x"),
    ],
)
def test_a_name_is_among_them(uri: str, folders: list[str], expected: str) -> None:
    assert expected in names(uri, *folders)
    assert "shown.py" in names(uri, *folders)


def test_where_a_link_leads(tmp_path: Path) -> None:
    house = tmp_path / "house"
    (house / ".vscode").mkdir(parents=True)
    (house / "link").symlink_to(house / ".vscode")
    (tmp_path / "out.py").write_text("")
    (house / "out.py").symlink_to(tmp_path / "out.py")
    folder = house.as_uri()
    found = paths_of((house / "link" / "settings.json").as_uri(), "link/settings.json", (folder,))
    assert ".vscode/settings.json" in found.below
    assert any(map(protected, found.all))
    found = paths_of((house / "out.py").as_uri(), "out.py", (folder,))
    assert (tmp_path / "out.py").resolve().as_posix() in found.all
    assert found.below == ("out.py",)


@pytest.mark.parametrize(
    ("folder", "path", "is_protected"),
    [
        ("/home/me/.claude/worktrees/fix", "src/x.py", False),  # a copy of a repository
        ("/home/me/.continue/dev", "x.py", True),
        ("/home/me/house/.vscode", "settings.json", True),
        ("/home/me/house/.github/workflows", "ci.yml", True),
        ("/home/me/house/.git", "config", True),
        ("/home/me/house", "src/x.py", False),
    ],
)
def test_a_folder_within_what_is_protected(folder: str, path: str, is_protected: bool) -> None:
    found = names(f"file://{folder}/{path}", f"file://{folder}", shown=path)
    assert any(map(protected, found)) is is_protected


def test_what_no_path_can_be_is_no_error() -> None:
    assert names("file:///a/%00/x.py", "file:///a")
    assert names("", "")
    assert names("file://host/a/x.py", "file://host/a")
