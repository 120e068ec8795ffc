"""Whole files: named, in directories, or by a glob."""

from __future__ import annotations

import contextlib
import os
import tracemalloc
from pathlib import Path

import pytest

from inglenook.review.bad_input import BadInput
from inglenook.review.source import Unwanted
from inglenook.review.source_files import FilesSource, files_source
from inglenook.review.values import Changed, Skipped
from tests.support.drawn_repository import Repository, read

IGNORED = Unwanted("It is ignored.", checked=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repository = Repository.made(tmp_path / "tree")
    repository.write(
        {
            "a.py": "a = 1\n",
            "src/b.py": "b = 1\n",
            "src/deep/c.py": "c = 1\n",
            "src/deep/d.ts": "let d = 1\n",
            "notes.unknown": "words\n",
            "data.bin": b"\0\1",
            "left.ignored": "x\n",
            "build/out.py": "o = 1\n",
            ".gitignore": "build/\n",
            "[x].py": "x = 1\n",
            "empty.py": "",
            "end.py": "no end",
        }
    )
    return repository.root


def opened(root: Path, *paths: str, here: str = ".") -> FilesSource:
    return files_source(
        root,
        root / here,
        paths,
        lambda path: IGNORED if path.endswith(".ignored") else None,
    )


def names(source: FilesSource) -> list[str]:
    return sorted(each.path for each in read(source) if isinstance(each, Changed))


@pytest.mark.parametrize(
    ("paths", "here", "expected"),
    [
        (["a.py"], ".", ["a.py"]),
        (["src"], ".", ["src/b.py", "src/deep/c.py", "src/deep/d.ts"]),
        (["src/"], ".", ["src/b.py", "src/deep/c.py", "src/deep/d.ts"]),
        (["."], "src", ["src/b.py", "src/deep/c.py", "src/deep/d.ts"]),
        ([".."], "src/deep", ["src/b.py", "src/deep/c.py", "src/deep/d.ts"]),
        (["../a.py"], "src", ["a.py"]),
        (["src/*.py"], ".", ["src/b.py"]),
        (["src/**/*.py"], ".", ["src/b.py", "src/deep/c.py"]),
        (["**/*.ts"], ".", ["src/deep/d.ts"]),
        (["*.py"], "src", ["src/b.py"]),
        (["deep/*"], "src", ["src/deep/c.py", "src/deep/d.ts"]),
        (["[x].py"], ".", ["[x].py"]),
        (["notes.unknown"], ".", ["notes.unknown"]),
        (["build/out.py"], ".", ["build/out.py"]),
        (["a.py", "a.py", "./a.py", "*.py"], ".", ["[x].py", "a.py", "empty.py", "end.py"]),
    ],
)
def test_which_files(root: Path, paths: list[str], here: str, expected: list[str]) -> None:
    assert names(opened(root, *paths, here=here)) == expected


def test_a_folder_by_an_absolute_path_and_through_a_link(root: Path) -> None:
    assert names(opened(root, str(root / "src/b.py"))) == ["src/b.py"]
    (root.parent / "link").symlink_to(root)
    assert names(opened(root, str(root.parent / "link/src/b.py"))) == ["src/b.py"]


@pytest.mark.parametrize("path", ["none.py", "*.rs", "../outside.py", "/etc/passwd", "a\0b", ""])
def test_what_is_not_there_is_told(root: Path, path: str) -> None:
    (root.parent / "outside.py").write_text("x\n")
    with pytest.raises(BadInput) as raised:
        opened(root, path)
    assert str(raised.value).isprintable()


def test_a_file_is_whole_and_all_of_its_lines_count(root: Path) -> None:
    for path, count in (("src/b.py", 1), ("end.py", 1), ("empty.py", 0)):
        (change,) = read(opened(root, path))
        assert isinstance(change, Changed)
        assert change.whole
        assert sum(hunk.count for hunk in change.hunks) == count


def test_what_is_left_out_is_named(root: Path) -> None:
    found = read(opened(root, "left.ignored", "data.bin"))
    assert sorted(each.path for each in found if isinstance(each, Skipped)) == [
        *("data.bin", "left.ignored")
    ]


def test_links_pipes_and_what_cannot_be_read(root: Path) -> None:
    (root.parent / "secret.py").write_text("SECRET\n")
    (root / "link.py").symlink_to(root.parent / "secret.py")
    (root / "away").symlink_to(root.parent)
    os.mkfifo(root / "pipe.py")
    assert names(opened(root, ".")) == names(opened(root, "*.py", "**/*.py", "**/*.ts"))
    for path in ("link.py", "pipe.py", "away/secret.py", "away"):
        with contextlib.suppress(BadInput):
            assert names(opened(root, path)) == []


def test_a_file_that_goes_while_it_is_reviewed_is_named(root: Path) -> None:
    source = opened(root, "src")
    (root / "src" / "b.py").unlink()
    assert [each.path for each in read(source) if isinstance(each, Skipped)] == ["src/b.py"]


def test_2000_files_are_not_held_in_memory(root: Path) -> None:
    for number in range(2_000):
        place = root / "many" / f"d{number % 40}" / f"f{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"x = {number}\n" * 2_000)
    tracemalloc.start()
    try:
        source = opened(root, "many")
        assert len(source.listed) == 2_000
        for listed in source.listed:
            assert isinstance(source.read(listed), Changed)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20  # all of them have 40 MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("paths", "subject"),
    [
        (["."], "this folder"),
        (["a.py", "src"], "a.py, src"),
        (
            ["a.py", "src", ".", "src", "a.py", "a.py", "src"],
            "a.py, src, this folder, src, a.py, 2 more",
        ),
    ],
)
def test_what_is_said_to_be_reviewed(root: Path, paths: list[str], subject: str) -> None:
    assert opened(root, *paths).subject == subject
