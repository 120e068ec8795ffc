"""Which spellings of a URI are one document, and where it lies below the folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.server.folders import Folders
from inglenook.server.uris import key_of, name_of, path_of, scheme_of


@pytest.mark.parametrize(
    "spellings",
    [
        ["file:///c%3A/x.py", "file:///c:/x.py", "file:///C:/x.py", "FILE:///C%3a/x.py"],
        ["file:///a%20b", "file:///a b", "file://localhost/a%20b", "file:/a b"],
        ["file:///%C3%A9", "file:///é", "file:///%c3%a9"],
        ["file:///a%23b", "file:///a#b"],
        ["untitled:Untitled-1", "UNTITLED:Untitled-1"],
        ["git:/x.py?%7B%22ref%22%3A%22~%22%7D", 'git:/x.py?{"ref":"~"}'],
    ],
)
def test_spellings_of_one_document(spellings: list[str]) -> None:
    assert len({key_of(uri) for uri in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file:///a", "file:///A"),
        ("file:///a%2525", "file:///a%25"),
        ("untitled:a%2Fb", "untitled:a/b"),
        ("untitled:a%3Fb", "untitled:a?b"),
        ("vscode-notebook-cell:/n.ipynb#a", "vscode-notebook-cell:/n.ipynb#b"),
        ("file:///a.py", "git:/a.py"),
        ("file://host/a", "file:///a"),
    ],
)
def test_different_documents(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "uri", ["", ":", "%", "%zz", "file:", "file://", "\0", "\ud800", "a" * 9999]
)
def test_any_string_is_a_uri(uri: str) -> None:
    assert isinstance(key_of(uri), str)
    assert isinstance(name_of(uri), str)
    assert isinstance(scheme_of(uri), str)
    assert path_of(uri) is None
    assert Folders().relative_path(uri) is None


def test_only_a_file_uri_names_a_path() -> None:
    assert path_of("file:///a%20b/%C3%A9.py") == Path("/a b/é.py")
    assert path_of("git:/a.py") is None
    assert path_of("untitled:/a.py") is None
    assert path_of("file:///a%00b") is None


def test_a_relative_path_is_below_the_innermost_folder() -> None:
    folders = Folders()
    folders.add(["file:///shop", "file:///shop/inner%20one/"])
    assert folders.relative_path("file:///shop/a/b.py") == "a/b.py"
    assert folders.relative_path("file:///shop/inner one/b%2520.py") == "b%20.py"
    assert folders.relative_path("file:///shops/b.py") is None
    assert folders.relative_path("untitled:b.py") is None
    folders.remove(["file:///shop/inner one"])
    assert folders.relative_path("file:///shop/inner one/b.py") == "inner one/b.py"
    assert list(folders) == ["file:///shop"]


def test_a_root_behind_a_symbolic_link_is_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "real" / "src").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    folders = Folders()
    folders.add([(tmp_path / "link").as_uri()])
    uri = (tmp_path / "real" / "src" / "a.py").as_uri()
    assert folders.relative_path(uri) == "src/a.py"


def test_a_document_is_in_the_innermost_folder_however_long_its_real_path(tmp_path: Path) -> None:
    outer, inner, short = tmp_path / "outer/long", tmp_path / "outer/long/inner", tmp_path / "s"
    outer.mkdir(parents=True)
    short.mkdir()
    inner.symlink_to(short)
    (tmp_path / "link").symlink_to(tmp_path / "outer")
    folders = Folders()
    folders.add([outer.as_uri(), inner.as_uri()])
    places = {
        "outer/long/a.py": (outer, "a.py"),
        "outer/long/inner/a.py": (inner, "a.py"),
        "s/b/a.py": (inner, "b/a.py"),
        "link/long/a.py": (outer, "a.py"),
        "link/long/inner/a.py": (inner, "a.py"),
    }
    for path, (folder, below) in places.items():
        assert folders.placed((tmp_path / path).as_uri()) == (folder.as_uri(), below)
    assert folders.placed((tmp_path / "link/a.py").as_uri()) is None
