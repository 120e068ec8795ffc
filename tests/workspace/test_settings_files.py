"""Which files of a folder are read for settings: regular ones, inside, few and small."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from inglenook.workspace import settings_files
from inglenook.workspace.settings_files import read_settings_files, settings_stamp
from tests.workspace.drawn import Draw

TREE = {
    ".inglenook/config.yaml": "a: 1\n",
    ".inglenook/other.yaml": "no\n",
    ".continue/config.yaml": "b: 1\n",
    ".continue/config.json": "{}",
    ".continue/config.ts": "no",
    ".continue/.env": "NO=1",
    ".continue/models/b.yaml": "c: 1\n",
    ".continue/models/a.yml": "d: 1\n",
    ".continue/models/a.json": "no",
    ".continue/models/deep/a.yaml": "no",
    ".continue/mcpServers/x.yaml": "e: 1\n",
    ".continue/mcpServers/x.json": "no",
    ".continue/rules/r.md": "Be brief.\n",
    ".continue/rules/.hidden.md": "no\n",
    ".continue/prompts/p.prompt": "Say it.\n",
    ".continue/agents/a.yaml": "f: 1\n",
    ".continuerc.json": "{}",
    ".continuerules": "Be kind.\n",
    "AGENTS.md": "Be.\n",
    "src/AGENTS.md": "no\n",
    ".env": "NO=1",
    ".vscode/settings.json": "no",
}
READ = [
    ".inglenook/config.yaml",
    ".continue/config.yaml",
    ".continue/config.json",
    ".continuerc.json",
    ".continue/agents/a.yaml",
    ".continue/models/a.yml",
    ".continue/models/b.yaml",
    ".continue/mcpServers/x.yaml",
    ".continue/rules/r.md",
    ".continue/prompts/p.prompt",
    ".continuerules",
    "AGENTS.md",
]


def test_what_is_read(draw: Draw) -> None:
    assert read_settings_files(draw(TREE)) == tuple((p, TREE[p].encode()) for p in READ)


def test_a_folder_without_them(root: Path) -> None:
    assert read_settings_files(root) == ()
    assert read_settings_files(root / "nowhere") == ()
    assert settings_stamp(root) == settings_stamp(root / "nowhere") == ()


def test_a_root_that_is_a_link_is_its_target(draw: Draw, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(draw({"AGENTS.md": "Be.\n"}))
    assert read_settings_files(link) == (("AGENTS.md", b"Be.\n"),)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("part", [".continue", ".continue/rules", ".continue/rules/r.md"])
def test_no_link_is_followed(draw: Draw, tmp_path: Path, part: str, inside: bool) -> None:
    """Of a file, its directory or one above it, wherever it leads."""
    root = draw({".continue/rules/r.md": "secret\n"})
    away = (root if inside else tmp_path) / "away"
    (root / part).rename(away)
    (root / part).symlink_to(away)
    assert (root / ".continue/rules/r.md").read_text() == "secret\n"
    assert read_settings_files(root) == ()
    assert settings_stamp(root) == ()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket is short
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)


@pytest.mark.parametrize("make", [Path.mkdir, _fifo, _socket])
def test_only_regular_files_are_opened(root: Path, make: Callable[[Path], None]) -> None:
    make(root / "AGENTS.md")
    assert read_settings_files(root) == ()
    assert settings_stamp(root) == ()


def test_a_link_that_comes_between_is_not_followed(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The directory becomes a link after it was looked at."""
    root = draw({".continue/rules/r.md": "fine\n"})
    away = tmp_path / "away"
    away.mkdir()
    (away / "r.md").write_text("secret\n")
    look = settings_files._status

    def swapped(inside: object, path: str) -> object:
        found = look(inside, path)  # type: ignore[arg-type]
        if path.endswith("r.md") and not (root / ".continue/rules").is_symlink():
            (root / ".continue/rules").rename(root / "was")
            (root / ".continue/rules").symlink_to(away)
        return found

    monkeypatch.setattr(settings_files, "_status", swapped)
    assert read_settings_files(root) == ()
    assert (root / ".continue/rules").is_symlink()


def test_a_file_that_is_too_large_is_named_only(draw: Draw) -> None:
    whole, more = "x" * settings_files.LARGEST, "x" * (settings_files.LARGEST + 1)
    root = draw({"AGENTS.md": whole, "CLAUDE.md": more})
    assert read_settings_files(root) == (("AGENTS.md", whole.encode()), ("CLAUDE.md", None))


def test_many_files_are_bounded(draw: Draw) -> None:
    root = draw({f".continue/rules/{n:04}.md": "x" for n in range(settings_files.MOST + 3)})
    read = read_settings_files(root)
    assert [file.data for file in read] == [b"x"] * settings_files.MOST + [None] * 3


def test_all_files_together_are_bounded(draw: Draw) -> None:
    text = "x" * settings_files.LARGEST
    root = draw({f".continue/rules/{n}.md": text for n in range(5)} | {"AGENTS.md": "x"})
    read = read_settings_files(root)
    assert sum(len(file.data or b"") for file in read) == settings_files.MOST_BYTES
    assert [file.path for file in read if file.data is None] == [
        ".continue/rules/4.md",
        "AGENTS.md",
    ]


def test_bytes_that_are_no_text_are_replaced(root: Path) -> None:
    (root / "AGENTS.md").write_bytes(b"\xef\xbb\xbfa\xff\n")
    assert read_settings_files(root) == (("AGENTS.md", "\ufeffa\ufffd\n".encode()),)


def _old(path: Path, seconds: int = 100) -> None:
    """As if it was written long ago. (The inode's time of change cannot be set.)"""
    before = path.stat()
    os.utime(path, (before.st_atime - seconds, before.st_mtime - seconds))


def test_the_stamp_tells_changes(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_files, "is_racy", lambda status, now: False)
    root = draw({"AGENTS.md": "Be.\n", "other.md": "x"})
    first = settings_stamp(root)
    (root / "other.md").write_text("y")
    assert settings_stamp(root) == first
    _old(root / "AGENTS.md")
    second = settings_stamp(root)
    draw({".continue/rules/r.md": "x"})
    third = settings_stamp(root)
    (root / ".continue/rules/r.md").unlink()
    assert first != second != third
    assert settings_stamp(root) == second


def test_a_file_that_was_just_written_is_not_yet_known(draw: Draw) -> None:
    """It could change again with the same stamp."""
    root = draw({"AGENTS.md": "Be.\n"})
    assert settings_stamp(root) == (("AGENTS.md", 0),)


def test_the_users_own_files_are_none_of_a_folder(draw: Draw, tmp_path: Path) -> None:
    """A home that is opened as a workspace; by whatever path they were read."""
    root = draw(TREE)
    (tmp_path / "home").symlink_to(root)
    users = (
        *(tmp_path / "home/.continue/config.yaml", root / ".continue/rules", root / "gone.yaml"),
        root / ".continue/rules/r.md",
    )
    own = (".continue/config.yaml", ".continue/rules/")
    read = [file.path for file in read_settings_files(root, users)]
    assert read == [path for path in READ if not path.startswith(own)]
    away = tmp_path / "away.yaml"
    away.write_text(TREE[".inglenook/config.yaml"])
    assert [file.path for file in read_settings_files(root, (away,))] == READ
