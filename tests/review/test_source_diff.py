"""Diffs of git, Mercurial, Subversion and diff, of files that are here or are not."""

from __future__ import annotations

import subprocess
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inglenook.review.bad_input import BadInput
from inglenook.review.source import Unwanted
from inglenook.review.source_diff import DiffSource, diff_source
from inglenook.review.values import Changed, Skipped
from tests.support.drawn_repository import (
    Repository,
    as_drawing,
    drawing,
    drawn,
    lines_of,
    read,
    undone,
)
from tests.support.drawn_source import SHOP, edited

IGNORED: Final = Unwanted("It is ignored.", checked=False)
BEFORE: Final = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
AFTER: Final = "one\n2\nthree\nfour\nfive\nsix\nseven\n8\n"
CHANGE: Final = """
  one
- two
+ 2
  three
  four
  five
  six
  seven
+ 8
"""
HUNK: Final = """@@ -1,7 +1,8 @@
 one
-two
+2
 three
 four
 five
 six
 seven
+8
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "src").mkdir(parents=True)
    return tmp_path / "tree"


def opened(diff: str | bytes, root: Path) -> DiffSource:
    data = diff if isinstance(diff, bytes) else diff.encode()
    return diff_source(data, root, lambda path: IGNORED if path.endswith(".ignored") else None)


def expected(path: str = "src/a.py") -> str:
    return as_drawing(f"== {path}{CHANGE}")


HEADERS: Final = {
    "git": "diff --git a/src/a.py b/src/a.py\nindex 1..2 100644\n--- a/src/a.py\n+++ b/src/a.py\n",
    "git, without prefixes": "diff --git src/a.py src/a.py\n--- src/a.py\n+++ src/a.py\n",
    "git, mnemonic": "diff --git i/src/a.py w/src/a.py\n--- i/src/a.py\n+++ w/src/a.py\n",
    "mercurial": (
        "diff -r 1f0c9d2a7b11 src/a.py\n--- a/src/a.py\tThu Jan 01 00:00:00 1970 +0000\n"
        "+++ b/src/a.py\tMon Nov 02 10:00:00 2026 +0100\n"
    ),
    "subversion": (
        "Index: src/a.py\n"
        + "=" * 67
        + "\n--- src/a.py\t(revision 7)\n+++ src/a.py\t(working copy)\n"
    ),
    "diff": (
        "--- src/a.py\t2026-01-01 00:00:00.000000000 +0000\n"
        "+++ src/a.py\t2026-01-02 00:00:00.000000000 +0000\n"
    ),
    "diff, with a dot": "Only in ./src: other.py\n--- ./src/a.py\n+++ ./src/a.py\n",
    "a mail": (
        "From 0123456789abcdef Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\n"
        "Subject: [PATCH] x\n\nWords.\n---\n src/a.py | 3 ++-\n\n"
        "diff --git a/src/a.py b/src/a.py\n--- a/src/a.py\n+++ b/src/a.py\n"
    ),
}


@pytest.mark.parametrize("here", ["after", "before", "nowhere"])
@pytest.mark.parametrize("kind", HEADERS)
def test_each_program_s_diff(tree: Path, kind: str, here: str) -> None:
    if here != "nowhere":
        (tree / "src" / "a.py").write_text(AFTER if here == "after" else BEFORE)
    tail = "-- \n2.39.5\n\n" if kind == "a mail" else ""
    (change,) = read(source := opened(HEADERS[kind] + HUNK + tail, tree))
    assert isinstance(change, Changed)
    assert change.text == AFTER
    partial = " (partial)" if here == "nowhere" else ""
    assert drawing(source) == expected("src/a.py" + partial)


@pytest.mark.parametrize("here", ["after", "before"])
def test_real_diffs_of_git(tmp_path: Path, here: str) -> None:
    repository = Repository.made(tmp_path / "tree")
    files = drawn(SHOP)
    repository.before(files)
    repository.after(files)
    repository.git("add", "-A")
    diff = repository.git("diff", "--cached", "-M")
    if here == "before":
        repository.git("reset", "-q", "--hard")
    assert drawing(opened(diff, repository.root)) == as_drawing(SHOP)


@pytest.mark.parametrize("here", ["after", "before", "nowhere"])
@pytest.mark.parametrize("context", [0, 1, 3])
@pytest.mark.parametrize("seed", range(12))
def test_random_diffs_of_diff(tree: Path, seed: int, context: int, here: str) -> None:
    chance = Random(seed)
    before = edited(chance, [f"line {n}" for n in range(chance.randint(0, 40))])
    after = edited(chance, before)
    texts = ["\n".join(each) + chance.choice(("\n", "")) for each in (before, after)]
    for name, text in zip(("old", "new"), texts, strict=True):
        (tree.parent / name).write_bytes(text.encode())
    done = subprocess.run(
        ["diff", "-a", f"-U{context}", "--label", "src/a.py", "--label", "src/a.py", "old", "new"],
        cwd=tree.parent,
        capture_output=True,
        check=False,
    )
    if here != "nowhere":
        (tree / "src/a.py").write_bytes(texts[here == "after"].encode())
    changes = read(opened(done.stdout, tree))
    if texts[0] == texts[1]:
        assert changes == []
        return
    (change,) = changes
    if isinstance(change, Skipped):  # without a line of what stands there now
        assert (here, context, change.missed) == ("nowhere", 0, True)
        return
    if here == "nowhere":
        new = {n for h in change.hunks for n in range(h.start, h.start + h.count)}
        lines = lines_of(change.text)
        after = lines_of(texts[1])
        assert {n: lines[n - 1] for n in new} == {n: after[n - 1] for n in new}
    else:
        assert not change.partial or texts[0] == ""
        assert lines_of(change.text) == lines_of(texts[1])
        assert undone(change) == lines_of(texts[0])


def test_of_a_file_that_is_another_only_the_lines_of_the_diff_are_known(tree: Path) -> None:
    (tree / "src" / "a.py").write_text("something\nelse\n")
    diff = HEADERS["git"] + "@@ -10,3 +10,3 @@ def f():\n x\n-y\n+z\n w\n"
    assert drawing(opened(diff, tree)) == "== src/a.py (partial)\n  x\n- y\n+ z\n  w"
    (change,) = read(opened(diff, tree))
    assert isinstance(change, Changed)
    assert change.text.split("\n")[9:12] == ["x", "z", "w"]
    assert "something" not in change.text


def test_what_git_says_besides_lines(tree: Path) -> None:
    diff = """diff --git a/old.py b/new.py
similarity index 100%
rename from old.py
rename to new.py
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/x.png b/x.png
index 1..2 100644
Binary files a/x.png and b/x.png differ
diff --git a/y.bin b/y.bin
index 1..2 100644
GIT binary patch
literal 3
Kcmeyd000000

literal 3
Kcmeyd000000

diff --git a/link b/link
new file mode 120000
index 0000000..1
--- /dev/null
+++ b/link
@@ -0,0 +1 @@
+/etc/passwd
\\ No newline at end of file
diff --git a/module b/module
index 1..2 160000
--- a/module
+++ b/module
@@ -1 +1 @@
-Subproject commit 1
+Subproject commit 2
diff --git a/b.ignored b/b.ignored
--- a/b.ignored
+++ b/b.ignored
@@ -1 +1 @@
-x
+y
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1,2 +0,0 @@
-a
-b
diff --git a/e.py b/e.py
new file mode 100644
--- /dev/null
+++ b/e.py
@@ -0,0 +1 @@
+e
"""
    found = read(opened(diff, tree))
    assert sorted(each.path for each in found if isinstance(each, Skipped)) == [
        *("b.ignored", "link", "module", "new.py", "run.sh", "x.png", "y.bin")
    ]
    assert [(e.path, e.deleted, e.old_path) for e in found if isinstance(e, Changed)] == [
        ("gone.py", True, "gone.py"),
        ("e.py", False, None),
    ]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ('"b/\\303\\251 \\"q\\" \\\\.py"', 'é "q" \\.py'),
        ("b/a b.py\t", "a b.py"),
        ("b/a b.py", "a b.py"),
        ('"b/quote\\".py"', 'quote".py'),
        ("b/é.py", "é.py"),
    ],
)
def test_quoted_and_spaced_names(tree: Path, written: str, path: str) -> None:
    (tree / path).write_text(AFTER)
    old = written.replace("b/", "a/", 1)
    diff = f"diff --git {old.rstrip()} {written.rstrip()}\n--- {old}\n+++ {written}\n{HUNK}"
    assert drawing(opened(diff, tree)) == expected(path)


def test_a_directory_that_is_called_as_a_prefix(tree: Path) -> None:
    # Without prefixes both sides name the same file; with them they differ.
    (tree / "b").mkdir()
    (tree / "b" / "x.py").write_text(AFTER)
    assert drawing(opened(f"--- b/x.py\n+++ b/x.py\n{HUNK}", tree)) == expected("b/x.py")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "/etc/passwd",
            "../secret.py",
            "b/../../secret.py",
            "b//../../secret.py",
            "b/.git/config",
        ),
        *('"b/\\056\\056/secret.py"', "b/src/../../secret.py", '"b/a\\000b"', "b/./../secret.py"),
        *("b/link/secret.py", "C:\\x.py/../../../secret.py"),
    ],
)
def test_no_path_leads_out(tree: Path, written: str) -> None:
    (tree.parent / "secret.py").write_text(AFTER.replace("three", "SECRET"))
    (tree / "link").symlink_to(tree.parent)
    (tree / ".git").mkdir()
    (tree / ".git" / "config").write_text("SECRET\n")
    source = opened(f"--- {written}\n+++ {written}\n{HUNK}", tree)
    for each in read(source):
        assert "SECRET" not in repr(each)
        assert each.path.isprintable()
        if isinstance(each, Changed):
            assert ".." not in Path(each.path).parts
            assert ".git" not in Path(each.path).parts
            assert not each.path.startswith("/")


@pytest.mark.parametrize("new", ["b/../secret.py", "b/src/../../secret.py", "/etc/passwd"])
def test_a_path_that_leads_out_is_not_called_deleted(tree: Path, new: str) -> None:
    source = opened(f"--- a/src/a.py\n+++ {new}\n{HUNK}", tree)
    assert source.skipped == [Skipped(new, "Its path leads out of the folder.", missed=True)]
    assert not source.listed


def test_no_link_is_followed(tree: Path) -> None:
    (tree.parent / "secret.py").write_text(AFTER)
    (tree / "src" / "a.py").symlink_to(tree.parent / "secret.py")
    (change,) = read(opened(HEADERS["git"] + HUNK, tree))
    assert isinstance(change, Skipped) or change.partial


HEAD = "diff --git a/{0} b/{0}\n"


@pytest.mark.parametrize(
    ("name", "told", "is_missed"),
    [
        ("a.py", "index 1..2 100644\nBinary files a/a.py and b/a.py differ\n", True),
        ("a.png", "index 1..2 100644\nBinary files a/a.png and b/a.png differ\n", False),
        ("a.py", "index 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQz\n\n", True),
        ("a.py", "old mode 100644\nnew mode 100755\n", False),
    ],
)
def test_source_that_a_diff_does_not_show_is_missed(
    tree: Path, name: str, told: str, is_missed: bool
) -> None:
    [skipped] = opened(HEAD.format(name) + told, tree).skipped
    assert skipped.missed == is_missed


def test_the_diff_of_a_merge_is_refused(tree: Path) -> None:
    diff = "diff --cc a.py\n--- a/a.py\n+++ b/a.py\n@@@ -1,1 -1,1 +1,2 @@@\n  a\n++b\n"
    with pytest.raises(BadInput, match="the diff of a merge"):
        opened(diff, tree)


# -- what is none, and what is hostile ---------------------------------------------------------


@pytest.mark.parametrize("data", ["hello\n", "{}", "\0\1\2", "--- a\n", "@@ -1 +1 @@\n-a\n+b\n"])
def test_what_is_no_diff_is_refused(tree: Path, data: str) -> None:
    with pytest.raises(BadInput, match="no unified diff"):
        opened(data, tree)


@pytest.mark.parametrize("data", ["", "\n", "  \n"])
def test_an_empty_diff_has_no_files(tree: Path, data: str) -> None:
    assert read(opened(data, tree)) == []


@pytest.mark.parametrize("head", HEADERS.values(), ids=list(HEADERS))
def test_a_diff_that_was_cut_is_refused_and_not_half_reviewed(tree: Path, head: str) -> None:
    diff = head + HUNK
    with pytest.raises(BadInput):
        opened(diff[: -len("+8\n")], tree)


@pytest.mark.parametrize(
    "header",
    ["@@ -1,1 +999999999,1 @@", "@@ -999999999999999999999,1 +1,1 @@", "@@ -0,1 +0,1 @@"],
)
def test_a_line_number_costs_nothing(tree: Path, header: str) -> None:
    (tree / "src" / "a.py").write_text(AFTER)
    tracemalloc.start()
    try:
        found = read(opened(HEADERS["git"] + f"{header}\n-a\n+b\n", tree))
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    except BadInput:
        return
    finally:
        tracemalloc.stop()
    assert [each.path for each in found] == ["src/a.py"]


def test_the_same_file_twice_and_hunks_that_overlap(tree: Path) -> None:
    (tree / "src" / "a.py").write_text(BEFORE)
    source = opened(HEADERS["git"] + HUNK + HEADERS["git"] + HUNK, tree)
    found = read(source)
    assert [type(each) for each in found] == [Changed, Skipped]
    for change in read(opened(HEADERS["git"] + HUNK + HUNK, tree)):
        if isinstance(change, Changed):
            _is_sound(change)


def _is_sound(change: Changed) -> None:
    lines = lines_of(change.text)
    last = 0
    for hunk in sorted(change.hunks, key=lambda hunk: hunk.start):
        assert last <= hunk.start <= len(lines) + 1
        assert hunk.start + hunk.count <= len(lines) + 1
        last = hunk.start + hunk.count


_LINE: Final = st.sampled_from(
    [
        *("--- a/x.py", "+++ b/x.py", "--- /dev/null", "+++ /dev/null", "diff --git a/x.py b/x.py"),
        *("@@ -1,2 +1,2 @@", "@@ -1 +1 @@", "@@ -0,0 +1,3 @@", "@@ -1,3 +0,0 @@", "@@ @@", " ctx"),
        *("-old", "+new", "\\ No newline at end of file", "", "rename from x.py", "rename to y.py"),
        *("+++ b/../x", '--- "a/\\777"', "new file mode 120000", "@@ -5,1 +5,1 @@", "Index: x"),
        *(
            "Binary files a/x and b/x differ",
            "--- ",
            "+++ ",
            "GIT binary patch",
            "\x1b[31m",
            "\ufeff",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@example(["--- ", "+++ "])
@given(st.lists(_LINE, max_size=25))
def test_no_text_crashes_it(tmp_path_factory: pytest.TempPathFactory, lines: Sequence[str]) -> None:
    root = tmp_path_factory.getbasetemp()
    try:
        found = read(opened("\n".join(lines), root))
    except BadInput:
        return
    for each in found:
        assert each.path
        assert each.path.isprintable()
        if isinstance(each, Changed) and not each.deleted:
            _is_sound(each)
