"""States that a repository can be in, and kinds of files in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.review.bad_input import BadInput
from inglenook.review.values import Changed, Skipped
from tests.support.drawn_repository import (
    Repository,
    as_drawing,
    drawing,
    lines_of,
    read,
    undone,
)
from tests.support.drawn_source import MODES, opened

# -- states of a repository --------------------------------------------------------------------


def test_before_the_first_commit_everything_is_new(repository: Repository) -> None:
    repository.write({"a.py": "x\n", "b.py": "y\n"})
    repository.git("add", "a.py")
    assert drawing(opened(repository, staged=True)) == "== a.py\n+ x"
    assert drawing(opened(repository)) == "== a.py\n+ x\n== b.py\n+ y"
    with pytest.raises(BadInput, match="HEAD"):
        opened(repository, "HEAD")


def test_where_objects_have_long_names_too(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    repository = Repository(root)
    repository.git("init", "-q", "--object-format=sha256", "-b", "main")
    repository.write({"a.py": "x\n"})
    repository.git("add", "a.py")
    assert drawing(opened(repository, staged=True)) == "== a.py\n+ x"
    repository.commit()
    repository.write({"a.py": "y\n"})
    assert drawing(opened(repository)) == "== a.py\n- x\n+ y"


def test_nothing_changed(repository: Repository) -> None:
    repository.commit({"a.py": "x\n"})
    assert drawing(opened(repository)) == drawing(opened(repository, staged=True)) == ""


def test_in_the_middle_of_a_conflict_the_work_tree_is_read(repository: Repository) -> None:
    repository.commit({"a.py": "0\n", "b.py": "0\n"})
    repository.git("checkout", "-qb", "side")
    repository.commit({"a.py": "s\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"a.py": "m\n"})
    repository.git("merge", "side", check=False)
    repository.write({"b.py": "1\n"})
    expected = """
        == a.py
        + <<<<<<< HEAD
          m
        + =======
        + s
        + >>>>>>> side
        == b.py
        - 0
        + 1
    """
    assert drawing(opened(repository)) == as_drawing(expected)
    repository.git("add", "b.py")
    conflict = "!! a.py: It is in a conflict that is not resolved."
    assert drawing(opened(repository, staged=True)) == f"{conflict}\n== b.py\n- 0\n+ 1"


def test_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.py": "0\n"})
    repository.commit({"a.py": "1\n"})
    repository.git("clone", "-q", "--depth=1", repository.root.as_uri(), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    clone.write({"a.py": "2\n"})
    assert drawing(opened(clone)) == "== a.py\n- 1\n+ 2"
    with pytest.raises(BadInput, match="HEAD~1"):
        opened(clone, "HEAD~1..HEAD")


def test_a_second_work_tree_a_submodule_and_a_repository_kept_apart(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.py": "0\n"})
    repository.git("worktree", "add", "-q", str(tmp_path / "second"))
    second = Repository(tmp_path / "second")
    second.write({"a.py": "1\n"})
    assert drawing(opened(second)) == "== a.py\n- 0\n+ 1"
    outer = Repository.made(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
              str(repository.root), "inner")  # fmt: skip
    inner = Repository(outer.root / "inner")
    inner.write({"a.py": "2\n"})
    assert drawing(opened(inner)) == "== a.py\n- 0\n+ 2"
    (tmp_path / "apart").mkdir()
    apart = Repository(tmp_path / "apart")
    apart.git("init", "-q", "--separate-git-dir", str(tmp_path / "kept"))
    apart.write({"a.py": "3\n"})
    with pytest.raises(BadInput, match=r"git config core\.worktree"):  # it names no work tree
        opened(apart)
    apart.git("config", "core.worktree", str(apart.root))
    assert drawing(opened(apart)) == "== a.py\n+ 3"


def test_a_sparse_work_tree_has_lost_nothing(repository: Repository) -> None:
    repository.commit({"in/a.py": "0\n", "out/b.py": "0\n"})
    repository.git("sparse-checkout", "set", "in")
    repository.write({"in/a.py": "1\n"})
    assert not (repository.root / "out").exists()
    assert drawing(opened(repository)) == "== in/a.py\n- 0\n+ 1"


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not in the work tree of a git repository"):
        opened(Repository(tmp_path))


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.root))
    with pytest.raises(BadInput, match="git is not installed"):
        opened(repository)


# -- kinds of files ----------------------------------------------------------------------------


def test_what_is_no_text_is_named_and_left_out(repository: Repository) -> None:
    repository.commit({"a.bin": b"\0\1\n", "b.py": "x\n", "c.py": "x\n"})
    repository.commit({"a.bin": b"\0\2\n", "b.py": "y\n", "new.bin": b"\0"})
    source = opened(repository, "HEAD~1..HEAD")
    kept = [(each.path, isinstance(each, Changed)) for each in read(source)]
    assert sorted(kept) == [("a.bin", False), ("b.py", True), ("new.bin", False)]


def test_a_mode_alone_is_named_and_one_with_a_change_is_read(repository: Repository) -> None:
    repository.commit({"a.py": "x\n", "b.py": "x\n"})
    for name in ("a.py", "b.py"):
        (repository.root / name).chmod(0o755)
    repository.write({"b.py": "y\n"})
    shown = drawing(opened(repository))
    assert shown.startswith("!! a.py: ")
    assert shown.endswith("== b.py\n- x\n+ y")


def test_links_and_submodules_are_named_and_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"real.py": "x\n", "file-then-link": "x\n", "a.py": "0\n"})
    other = Repository.made(tmp_path / "other")
    name = other.commit({"x.py": "secret\n"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},module")
    (repository.root / "link.py").symlink_to("real.py")
    (repository.root / "file-then-link").unlink()
    (repository.root / "file-then-link").symlink_to("real.py")
    repository.git("add", "link.py", "file-then-link")
    repository.write({"a.py": "1\n"})
    repository.git("add", "a.py")
    shown = drawing(opened(repository, staged=True))
    assert "== a.py\n- 0\n+ 1" in shown
    for path in ("link.py", "file-then-link", "module"):
        assert f"!! {path}: " in shown
    repository.git("commit", "-qm", "x")
    assert drawing(opened(repository, "HEAD~1..HEAD")) == shown


def test_what_was_a_link_and_is_a_file_is_new(repository: Repository) -> None:
    (repository.root / "a.py").symlink_to("b.py")
    repository.commit({"b.py": "x\n"})
    (repository.root / "a.py").unlink()
    repository.commit({"a.py": "y\n", "b.py": "z\n"})
    assert drawing(opened(repository, "HEAD~1..HEAD")) == "== a.py\n+ y\n== b.py\n- x\n+ z"


def test_an_empty_file_is_not_lost(repository: Repository) -> None:
    repository.commit({"a.py": "x\n"})
    repository.commit({"a.py": "", "b.py": ""})
    assert [each.path for each in read(opened(repository, "HEAD~1..HEAD"))] == ["a.py", "b.py"]


@pytest.mark.parametrize("mode", MODES)
def test_other_line_ends_and_encodings(repository: Repository, mode: str) -> None:
    before = {"crlf.py": b"a\r\nb\r\n", "latin.py": b"x = '\xe9'\n", "bom.py": b"\xef\xbb\xbfa\n"}
    after = {"crlf.py": b"a\r\nc\r\n", "latin.py": b"y = '\xe9'\n", "bom.py": b"\xef\xbb\xbfb\n"}
    repository.commit(before)
    repository.write(after)
    if mode in ("staged", "commits"):
        repository.git("add", "-A")
    if mode == "commits":
        repository.git("commit", "-qm", "x")
    source = opened(
        repository,
        {"commits": "HEAD~1..HEAD", "revision": "HEAD"}.get(mode, ""),
        staged=mode == "staged",
    )
    found = {each.path: each for each in read(source) if isinstance(each, Changed)}
    assert {path: [h.removed for h in each.hunks] for path, each in found.items()} == {
        "bom.py": [("\ufeffa",)],
        "crlf.py": [("b",)],
        "latin.py": [("x = '\ufffd'",)],
    }
    assert found["crlf.py"].text == "a\r\nc\r\n"
    assert found["latin.py"].text == "y = '\ufffd'\n"


def test_a_file_of_three_megabytes_is_named(repository: Repository) -> None:
    repository.commit({"a.py": "x\n"})
    repository.commit({"a.py": "y\n", "big.py": "x = 1\n" * 500_000})
    big, small = sorted(read(opened(repository, "HEAD~1..HEAD")), key=lambda e: e.path != "big.py")
    assert isinstance(big, Skipped)
    assert isinstance(small, Changed)


def test_a_copy_and_a_swap_of_names(repository: Repository) -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    repository.commit({"a.py": text, "b.py": text.replace("line", "row")})
    repository.commit({"a.py": text.replace("line", "row"), "b.py": text})
    for change in read(opened(repository, "HEAD~1..HEAD")):
        if isinstance(change, Changed):
            assert undone(change) == lines_of(change.old_text or "")
