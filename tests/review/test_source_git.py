"""Changes of real repositories: drawn in, and drawn again from what a review reads."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

import pytest

from inglenook.review.source import BadInput
from inglenook.review.source_git import GitSource, git_source
from inglenook.review.values import Changed, Skipped
from tests.support.drawn_repository import (
    File,
    Repository,
    as_drawing,
    drawing,
    drawn,
    lines_of,
    read,
    undone,
)

SHOP: Final = """
    == cart.py
      def total(prices):
    -     return sum(prices)
    +     return round(sum(prices), 2)

      def first(prices):
    +     if not prices:
    +         return None
          return prices[0]
    -
    - def last(prices):
    -     return prices[-1]
    == gone.py
    - a = 1
    - b = 2
    == new.py
    + c = 3
    == old/name.py -> new/name.py
      one = 1
      two = 2
      three = 3
      four = 4
    - five = 5
    + five = "five"
      six = 6
      seven = 7
"""
MODES: Final = ("commits", "staged", "worktree", "revision")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.made(tmp_path / "tree")


def opened(
    repository: Repository,
    revisions: str = "",
    *,
    staged: bool = False,
    paths: Sequence[str] = (),
    directory: str = ".",
) -> GitSource:
    return git_source(
        repository.root / directory,
        revisions=revisions,
        staged=staged,
        paths=paths,
        left_out=lambda path: "It is ignored." if path.endswith(".ignored") else None,
    )


def source_of(repository: Repository, files: Sequence[File], mode: str) -> GitSource:
    """A source of a drawing that is read in one of four ways."""
    repository.before(files)
    repository.after(files)
    if mode == "worktree":
        return opened(repository)
    repository.git("add", "-A")
    if mode == "staged":
        return opened(repository, staged=True)
    if mode == "revision":
        return opened(repository, "HEAD")
    repository.git("commit", "-qm", "x")
    return opened(repository, "HEAD~1..HEAD")


@pytest.mark.parametrize("mode", MODES)
def test_the_same_change_is_read_from_wherever_it_lies(repository: Repository, mode: str) -> None:
    if mode == "worktree":  # git knows of no rename to a file that was never added
        expected = [part for part in SHOP.split("    == ") if "name.py" not in part]
        shop = "    == ".join(expected)
    else:
        shop = SHOP
    assert drawing(source_of(repository, drawn(shop), mode)) == as_drawing(shop)


@pytest.mark.parametrize("mode", MODES)
def test_both_sides_are_there_as_they_are(repository: Repository, mode: str) -> None:
    files = {each.path: each for each in drawn(SHOP)}
    for change in read(source_of(repository, list(files.values()), mode)):
        assert isinstance(change, Changed)
        if "name.py" in change.path and mode == "worktree":
            continue
        assert change.text == (files[change.path].after or "")
        assert change.old_text == files[change.path].before


def edited(chance: Random, text: Sequence[str]) -> list[str]:
    """The lines with some of them changed, taken out, or put in."""
    lines = list(text)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(lines))
        put = chance.choices(_LINES, k=chance.choice((0, 0, 1, 2, 5)))
        lines[at : at + chance.choice((0, 0, 1, 3))] = put
    return lines


_LINES: Final = (
    *("", "x = 1", "    y", "\tz", "@@ -1 +1 @@", "-- a", "++ b", "--- a/x.py", "+++ b/x.py"),
    *("diff --git a/x b/x", "\\ No newline at end of file", "é", "日本", " ", "a\rb", "a\u2028b"),
    *("a\x0cb", "a\x85b", "Binary files a/x and b/x differ", "* Unmerged path x", "c\r"),
)


@pytest.mark.parametrize("mode", MODES)
def test_300_random_changes_can_be_undone_from_their_hunks(
    repository: Repository, mode: str
) -> None:
    chance = Random(9)
    files = []
    for number in range(300):
        before = edited(chance, chance.choices(_LINES, k=chance.randint(0, 30)))
        ends = [chance.choice(("\n", "\n", "")) for _ in range(2)]
        texts = ["\n".join(each) + end for each, end in zip((before, edited(chance, before)), ends)]
        files.append(File(f"f{number}.py", f"f{number}.py", *texts))
    changes = read(source_of(repository, files, mode))
    sides = {each.path: each for each in files}
    differing = {each.path for each in files if each.before != each.after}
    assert {each.path for each in changes} == differing
    for change in changes:
        assert isinstance(change, Changed), change
        side = sides[change.path]
        assert (change.text, change.old_text) == (side.after, side.before)
        assert undone(change) == lines_of(side.before or ""), change.path


def test_what_is_staged_is_not_what_lies_in_the_work_tree(repository: Repository) -> None:
    repository.commit({"a.py": "x = 1\n"})
    repository.write({"a.py": "x = 2\n"})
    repository.git("add", "a.py")
    repository.write({"a.py": "x = 3\n"})
    staged = "== a.py\n- x = 1\n+ x = 2"
    assert drawing(opened(repository, staged=True)) == staged
    assert drawing(opened(repository)) == staged.replace("2", "3")


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        ("main..side", "== a.py\n- m\n+ s"),
        ("main...side", "== a.py\n- 0\n+ s"),
        ("side..", "== a.py\n- s\n+ m"),
        ("..side", "== a.py\n- m\n+ s"),
        ("HEAD~1..HEAD", "== a.py\n- 0\n+ m"),
        ("HEAD~1", "== a.py\n- 0\n+ work"),
        ("v1..main", "== a.py\n- 0\n+ m"),
    ],
)
def test_revisions_are_read_as_git_reads_them(
    repository: Repository, revisions: str, expected: str
) -> None:
    repository.commit({"a.py": "0\n"})
    repository.git("tag", "-a", "-m", "x", "v1")
    repository.git("checkout", "-qb", "side")
    repository.commit({"a.py": "s\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"a.py": "m\n"})
    repository.write({"a.py": "work\n"})
    assert drawing(opened(repository, revisions)) == expected


@pytest.mark.parametrize(
    "revisions",
    [
        *("--output=out.txt", "--output=out.txt..HEAD", "HEAD..--output=out.txt", "-p", "--"),
        *("nothing", "nothing..HEAD", "HEAD..nothing", "HEAD...nothing", "a b", "", "..", "..."),
        *("HEAD:a.py", "HEAD^{tree}", "\x1b[31m", "a\0b", "\udcff", ":/x\n", "@{upstream}"),
    ],
)
def test_what_is_no_revision_is_refused_in_one_sentence(
    repository: Repository, revisions: str
) -> None:
    repository.commit({"a.py": "0\n"})
    before = sorted(repository.root.rglob("*"))
    if revisions in ("", "..", "..."):  # the work tree, and a commit with itself
        assert read(opened(repository, revisions)) == []
        return
    with pytest.raises(BadInput) as raised:
        read(opened(repository, revisions))
    said = str(raised.value)
    assert said
    assert said.isprintable()
    assert sorted(repository.root.rglob("*")) == before


def test_commits_that_share_nothing_are_told(repository: Repository) -> None:
    repository.commit({"a.py": "0\n"})
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"a.py": "1\n"})
    with pytest.raises(BadInput, match="no commit in common"):
        opened(repository, "main...other")


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
    assert "== b.py\n- 0\n+ 1" in drawing(opened(repository, staged=True))


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


# -- which files -------------------------------------------------------------------------------


def test_paths_are_seen_from_where_the_user_is(repository: Repository) -> None:
    repository.commit({"a/x.py": "0\n", "b/x.py": "0\n", "x.py": "0\n"})
    repository.write({"a/x.py": "1\n", "b/x.py": "1\n", "x.py": "1\n", "a/new.py": "1\n"})

    def paths(*wanted: str, directory: str = ".") -> list[str]:
        return [each.path for each in read(opened(repository, paths=wanted, directory=directory))]

    assert paths() == ["a/x.py", "b/x.py", "x.py", "a/new.py"]
    assert paths(directory="a") == paths()  # the change is the repository's
    assert paths("a") == paths(".", directory="a") == ["a/x.py", "a/new.py"]
    assert paths("x.py", directory="a") == ["a/x.py"]
    assert paths("../b/x.py", directory="a") == ["b/x.py"]
    with pytest.raises(BadInput, match=r"\.\./outside"):
        paths("../outside")


def test_what_is_ignored_is_named(repository: Repository) -> None:
    repository.commit({"a.py": "0\n", "b.ignored": "0\n", ".gitignore": "*.log\n"})
    repository.write({"a.py": "1\n", "b.ignored": "1\n", "c.log": "1\n"})
    assert drawing(opened(repository)) == "== a.py\n- 0\n+ 1\n!! b.ignored: It is ignored."


# -- what the user's own settings change -------------------------------------------------------

OWN: Final = """
[diff]
    noprefix = true
    mnemonicPrefix = true
    interHunkContext = 5
    context = 7
    renames = false
    algorithm = patience
    submodule = log
    colorMoved = zebra
    wsErrorHighlight = all
    suppressBlankEmpty = true
    relative = true
    orderFile = /nonexistent/order
    ignoreSubmodules = all
    srcPrefix = x/
[core]
    quotePath = false
    abbrev = 4
    bigFileThreshold = 1
    pager = false
    commentChar = +
[color]
    ui = always
    diff = always
[submodule]
    recurse = true
"""


def test_settings_of_the_user_change_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(repository, drawn(SHOP), "commits")
    expected = drawing(source)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(OWN)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert drawing(opened(repository, "HEAD~1..HEAD", directory="new")) == expected


def test_trust_that_git_refuses_is_refused_and_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": "0\n"})
    run = subprocess.run

    def other_owner(command: list[str], **options: object) -> object:
        options["env"] = {**options["env"], "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # type: ignore[dict-item]
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", other_owner)
    with pytest.raises(BadInput, match=r"safe\.directory"):
        opened(repository)


def test_trust_that_the_user_named_in_a_file_of_the_environment_counts(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # CI systems name their configuration so (actions/checkout does).
    repository.commit({"a.py": "0\n"})
    own = tmp_path / "own"
    own.write_text("[safe]\n\tdirectory = *\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    run = subprocess.run

    def other_owner(command: list[str], **options: object) -> object:
        options["env"] = {**options["env"], "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # type: ignore[dict-item]
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", other_owner)
    assert drawing(opened(repository)) == ""


def test_in_a_hook_the_index_of_the_commit_is_read(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": "0\n", "b.py": "0\n"})
    repository.write({"a.py": "1\n", "b.py": "1\n"})
    repository.git("add", "b.py")
    index = repository.root / ".git" / "next-index-1.lock"
    repository.environment = {"GIT_INDEX_FILE": str(index)}
    repository.git("read-tree", "HEAD")
    repository.git("add", "a.py")
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", os.path.relpath(index))
    assert drawing(opened(repository, staged=True)) == "== a.py\n- 0\n+ 1"


# -- cost --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_however_many_files_git_is_started_a_few_times(
    repository: Repository, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [File(f"f{n}.py", f"f{n}.py", f"{n}\n", f"{n} + 1\n") for n in range(50)]
    started: list[list[str]] = []
    begin = subprocess.Popen.__init__

    def counted(self: subprocess.Popen[bytes], command: list[str], **options: object) -> None:
        started.append(command)
        begin(self, command, **options)  # type: ignore[call-overload]

    repository.before(files)
    repository.after(files)
    repository.git("add", "-A")
    if mode == "commits":
        repository.git("commit", "-qm", "x")
    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    revisions = {"commits": "HEAD~1..HEAD", "revision": "HEAD"}.get(mode, "")
    assert len(read(opened(repository, revisions, staged=mode == "staged"))) == 50
    assert len(started) <= 7, started
