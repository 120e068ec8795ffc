"""An edit as a diff: git is asked whether it is one. A change is drawn as ⟦old│new⟧."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.commands.refactor_diff import diff_of
from inglenook_context.refactor.edits import Change, applied
from inglenook_context.verify.minimal import minimal

_CHANGE: Final = re.compile("⟦([^│]*)│([^⟧]*)⟧")


def drawn(drawing: str) -> tuple[str, tuple[Change, ...]]:
    """The text before, and its changes."""
    before, changes, at = "", [], 0
    for match in _CHANGE.finditer(drawing):
        before += drawing[at : match.start()]
        changes.append(Change(len(before), len(before) + len(match[1]), match[2]))
        before += match[1]
        at = match.end()
    return before + drawing[at:], tuple(changes)


def body(drawing: str) -> str:
    diff = diff_of("a.py", *drawn(drawing))
    head, _, rest = diff.partition("+++ b/a.py\n")
    assert head == "--- a/a.py\n"
    return rest


def applied_by_git(folder: Path, path: str, before: str, diff: str) -> bytes:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before.encode())
    subprocess.run(
        ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"],
        cwd=folder,
        input=diff.encode(),
        check=True,
        capture_output=True,
    )
    return file.read_bytes()


@pytest.mark.parametrize(
    ("drawing", "hunks"),
    [
        ("a\n⟦b│c⟧\nd\n", "@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n"),
        ("a⟦│\nb⟧\nc\n", "@@ -1,2 +1,3 @@\n a\n+b\n c\n"),
        ("a\n⟦│b\n⟧c\n", "@@ -1,2 +1,3 @@\n a\n+b\n c\n"),
        ("a\n⟦b\n│⟧c\n", "@@ -1,3 +1,2 @@\n a\n-b\n c\n"),
        ("a⟦\n│ ⟧b\nc\n", "@@ -1,3 +1,2 @@\n-a\n-b\n+a b\n c\n"),
        ("x = ⟦1│2⟧ + ⟦3│4⟧\n", "@@ -1,1 +1,1 @@\n-x = 1 + 3\n+x = 2 + 4\n"),
        ("⟦│a\n⟧", "@@ -0,0 +1,1 @@\n+a\n"),
        ("⟦a\n│⟧", "@@ -1,1 +0,0 @@\n-a\n"),
        (
            "a\n⟦b│c⟧",
            "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n"
            "+c\n\\ No newline at end of file\n",
        ),
        (
            "a⟦│\nb⟧",
            "@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n"
            "\\ No newline at end of file\n",
        ),
        ("⟦a│b⟧\r\nc\r\n", "@@ -1,2 +1,2 @@\n-a\r\n+b\r\n c\r\n"),
        ("⟦a│b⟧\rc\n", "@@ -1,1 +1,1 @@\n-a\rc\n+b\rc\n"),
        (
            "1\n2\n3\n4\n⟦5│x⟧\n6\n7\n8\n9\n10\n11\n⟦12│y⟧\n",
            "@@ -2,11 +2,11 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n 10\n 11\n-12\n+y\n",
        ),
        (
            "⟦1│x\nx⟧\n2\n3\n4\n5\n6\n7\n8\n⟦9│y⟧\n",
            "@@ -1,4 +1,5 @@\n-1\n+x\n+x\n 2\n 3\n 4\n@@ -6,4 +7,4 @@\n 6\n 7\n 8\n-9\n+y\n",
        ),
        ("--⟦ a│ b⟧\n++ c\n", "@@ -1,2 +1,2 @@\n--- a\n+-- b\n ++ c\n"),
    ],
)
def test_what_a_diff_is(tmp_path: Path, drawing: str, hunks: str) -> None:
    before, changes = drawn(drawing)
    assert body(drawing) == hunks
    after = applied_by_git(tmp_path, "a.py", before, diff_of("a.py", before, changes))
    assert after == applied(before, changes).encode()


def test_without_changes_there_is_none() -> None:
    assert diff_of("a.py", "a\n", ()) == ""
    assert diff_of("a.py", "a\n", (Change(0, 1, "a"),)) == ""


@pytest.mark.parametrize(
    "path",
    ["src/a.py", "my code/a b.py", 'a"b.py', "a\\b.py", "a\tb.py", "a\nb.py", "ä/日本.py", "-a.py"],
)
def test_git_finds_the_file(tmp_path: Path, path: str) -> None:
    before, changes = drawn("a\n⟦b│c⟧\n")
    assert applied_by_git(tmp_path, path, before, diff_of(path, before, changes)) == b"a\nc\n"


def test_it_is_applied_in_a_project_below_the_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    before, changes = drawn("a\n⟦b│c⟧\n")
    folder = tmp_path / "packages" / "one"
    done = applied_by_git(folder, "src/a.py", before, diff_of("src/a.py", before, changes))
    assert done == b"a\nc\n"


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "    x = 1", "é😀", "\x0c", "-- a", "\\ No"]),
        st.sampled_from(["\n", "\r\n", "\n", "\r"]),
    ),
    max_size=24,
)


def texts() -> st.SearchStrategy[str]:
    def text(lines: list[tuple[str, str]], is_open: bool) -> str:
        whole = "".join(line + end for line, end in lines)
        return whole.rstrip("\r\n") if is_open else whole

    return st.builds(text, LINES, st.booleans())


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(texts(), texts(), st.data())
def test_git_makes_of_it_what_the_changes_make(
    tmp_path_factory: pytest.TempPathFactory, before: str, other: str, data: st.DataObject
) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, len(before)), min_size=2, max_size=6)))
    changes = tuple(_changes(ends, other))
    for each in (changes, minimal(before, applied(before, changes))):
        after = applied(before, each)
        diff = diff_of("a.py", before, each)
        assert bool(diff) is (after != before)
        if diff and after:  # git removes a file of which nothing is left
            folder = tmp_path_factory.mktemp("git")
            assert applied_by_git(folder, "a.py", before, diff) == after.encode()


def _changes(ends: list[int], other: str) -> Iterator[Change]:
    """Some that do not touch one another."""
    last = -1
    for number, (start, stop) in enumerate(zip(ends[::2], ends[1::2], strict=False)):
        if start > last:
            yield Change(start, stop, other[number * 5 : number * 5 + 9])
            last = stop
