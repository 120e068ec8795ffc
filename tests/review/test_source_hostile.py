"""Hostile repositories: nothing of them is run, nothing outside is read, nothing crashes."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from inglenook.review.bad_input import BadInput
from inglenook.review.source import Source
from inglenook.review.source_files import files_source
from inglenook.review.source_git import git_source
from inglenook.review.values import Changed, Skipped
from inglenook.workspace import git
from inglenook.workspace.staged import NoDiff, staged_files
from tests.support import hostile_places, hostile_programs
from tests.support.drawn_repository import Repository, read
from tests.support.hostile_trap import CASES, SECRET, Trap
from tests.support.hostile_trap import trap as made


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return made(tmp_path)


def _everything(path: str) -> None:
    return None


def sources(directory: Path, root: Path) -> dict[str, Callable[[], Source]]:
    """Every way to review what is there."""
    return {
        "staged": lambda: git_source(directory, staged=True, left_out=_everything),
        "worktree": lambda: git_source(directory, left_out=_everything),
        "HEAD": lambda: git_source(directory, revisions="HEAD", left_out=_everything),
        "commits": lambda: git_source(directory, revisions="HEAD~1..HEAD", left_out=_everything),
        "parted": lambda: git_source(directory, revisions="HEAD~1...HEAD", left_out=_everything),
        "files": lambda: files_source(root, directory, ["."], _everything),
        "named": lambda: files_source(root, root, ["app.py", "kept.py"], _everything),
    }


def reviewed(
    directory: Path, root: Path
) -> tuple[dict[str, list[Changed | Skipped]], dict[str, str]]:
    """What each source reads, and what each that refuses says."""
    found, refused = {}, {}
    for name, opened in sources(directory, root).items():
        try:
            found[name] = read(opened())
        except BadInput as error:
            refused[name] = str(error)
    return found, refused


def test_there_are_at_least_25() -> None:
    assert len(CASES) >= 25
    modules = {each.make.__module__ for each in CASES.values()}
    assert modules == {hostile_places.__name__, hostile_programs.__name__}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_run_and_nothing_outside_is_read(trap: Trap, name: str) -> None:
    CASES[name].make(trap)
    trap.mark.unlink(missing_ok=True)
    before = sorted(trap.outside.rglob("*"))
    directory = trap.root / "bare" if name == "a_bare_repository_in_the_tree" else trap.root
    found, refused = reviewed(directory, trap.root)
    with contextlib.suppress(NoDiff):
        assert SECRET not in repr([each.diff for each in staged_files(directory)])
    assert trap.sang == ""
    assert SECRET not in repr((found, refused))
    assert sorted(trap.outside.rglob("*")) == before
    assert not (trap.root / "out.py").exists()
    for said in refused.values():
        assert said
        assert said.isprintable(), said
    for each in (each for changes in found.values() for each in changes):
        assert each.path.isprintable()
        parts = Path(each.path).parts
        assert isinstance(each, Skipped) or (".." not in parts and ".git" not in parts), each.path
        assert not Path(each.path).is_absolute()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.bait])
def test_the_trick_works_on_plain_git(trap: Trap, name: str) -> None:
    # Else the canary's silence above would mean nothing.
    CASES[name].make(trap)
    trap.mark.unlink(missing_ok=True)
    later = (trap.root / "app.py").stat().st_mtime + 5
    os.utime(trap.root / "kept.py", (later, later))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", *CASES[name].bait],
        cwd=trap.root,
        env=clean,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert str(trap.canary.name) in trap.sang or "hooks" in name
    assert trap.sang


# What can be read in spite of the trick is read: a repository cannot have itself passed over.
READ: Final = {
    "staged": [("app.py", "a = 2\n")],
    "HEAD": [("app.py", "a = 3\n")],
    "commits": [("app.py", "a = 1\n")],
}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.bait])
def test_what_can_be_read_is_read(trap: Trap, name: str) -> None:
    CASES[name].make(trap)
    found, _ = reviewed(trap.root, trap.root)
    for mode, expected in READ.items():
        if mode == "commits" and "promise" in name:
            assert mode not in found  # half of it is not here: not even a part is clean
            continue
        texts = [(each.path, each.text) for each in found[mode] if isinstance(each, Changed)]
        assert expected[0] in texts, mode


@pytest.mark.parametrize("name", [name for name in CASES if "promise" in name])
def test_a_git_that_knows_no_word_against_fetching(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delitem(git._ENVIRONMENT, "GIT_NO_LAZY_FETCH")  # it came with 2.45
    CASES[name].make(trap)
    found, _ = reviewed(trap.root, trap.root)
    assert trap.sang == ""
    assert "staged" in found
    assert "commits" not in found


def test_replaced_objects_do_not_hide_what_was_committed(trap: Trap) -> None:
    CASES["replaced_objects"].make(trap)
    (change,) = read(git_source(trap.root, revisions="HEAD~1..HEAD", left_out=_everything))
    assert isinstance(change, Changed)
    assert (change.text, change.old_text) == ("a = 1\n", "a = 0\n")


@pytest.mark.parametrize("attributes", ["* -diff", "* binary", "*.py -diff -text", "app.py diff=e"])
def test_no_attribute_hides_source_text(trap: Trap, attributes: str) -> None:
    trap.repository.commit({"app.py": "a = 4\n", ".gitattributes": f"{attributes}\n"})
    trap.config('[diff "e"]\n\tbinary = true\n')
    trap.repository.write({"app.py": "a = 5\n"})
    for revisions, text in (("HEAD~1..HEAD", "a = 4\n"), ("", "a = 5\n")):
        found = read(git_source(trap.root, revisions=revisions, left_out=_everything))
        assert ("app.py", text) in [(e.path, e.text) for e in found if isinstance(e, Changed)]


def test_no_setting_of_the_repository_hides_source_text(trap: Trap) -> None:
    before = "".join(f"line {n}\n" for n in range(9))
    trap.repository.commit({"app.py": before})
    after = before.replace("line 1\n", "one\n").replace("line 5\n", "five\n")
    trap.repository.write({"app.py": after})
    trap.config("[core]\n\tbigFileThreshold = 1\n\tautocrlf = true\n\tquotePath = false\n")
    trap.config("[diff]\n\tnoprefix = true\n\tinterHunkContext = 9\n\torderFile = OUT/none\n")
    trap.config("[diff]\n\trenames = copies\n\trelative = true\n\tsrcPrefix = x\n")
    trap.config("[color]\n\tui = always\n[diff]\n\twsErrorHighlight = all\n\tsubmodule = log\n")
    (change,) = (
        each
        for each in read(git_source(trap.root, revisions="HEAD", left_out=_everything))
        if isinstance(each, Changed) and each.path == "app.py"
    )
    assert change.text == after
    assert [(h.start, h.count, h.removed) for h in change.hunks] == [
        (2, 1, ("line 1",)),
        (6, 1, ("line 5",)),
    ]


def test_every_strange_name_is_read_or_named(trap: Trap) -> None:
    CASES["names_that_mean_something"].make(trap)
    found = read(git_source(trap.root, staged=True, left_out=_everything))
    assert len([each for each in found if each.path != "app.py"]) == len(hostile_places.NAMES)
    plain = {each.path for each in found if isinstance(each, Changed)}
    assert {"--output=out.py", ":(top)x.py", "*.py", "a b.py", " lead.py", "é.py"} <= plain
    assert {'quo"te.py', "back\\slash.py", "a -> b.py", "diff --git a b/x.py"} <= plain


@pytest.mark.parametrize("path", [":(top)x.py", "*.py", "--output=out.py", "-p.py"])
def test_a_path_is_no_pattern_and_no_option(trap: Trap, path: str) -> None:
    CASES["names_that_mean_something"].make(trap)
    found = read(git_source(trap.root, staged=True, paths=[path], left_out=_everything))
    assert [each.path for each in found] == [path]


def test_a_program_called_git_in_the_tree(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    # An empty part of PATH, as a stray colon makes it, means the current directory.
    (trap.root / "git").symlink_to(trap.canary)
    monkeypatch.chdir(trap.root)
    monkeypatch.setenv("PATH", f":.:{os.environ['PATH']}")
    found, refused = reviewed(trap.root, trap.root)
    diff = "".join(each.diff for each in staged_files(trap.root))
    assert trap.sang == ""
    assert "staged" in found, refused
    assert "+a = 2" in diff


def test_the_environment_of_whoever_started_us(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Repository.made(trap.outside / "other")
    other.commit({"app.py": f'key = "{SECRET}"\n'})
    for name, value in {
        "GIT_DIR": f"{other.root}/.git",
        "GIT_WORK_TREE": str(other.root),
        "GIT_OBJECT_DIRECTORY": f"{other.root}/.git/objects",
        "GIT_NAMESPACE": "x",
        "GIT_EXTERNAL_DIFF": str(trap.canary),
        "GIT_PAGER": str(trap.canary),
        "GIT_SSH_COMMAND": str(trap.canary),
        "GIT_EXEC_PATH": str(trap.outside),
        "GIT_DIFF_OPTS": "-U9",
        "GIT_TRACE": f"{trap.outside}/trace",
        "GIT_TRACE2": f"{trap.outside}/trace",
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor={trap.canary}'",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.external",
        "GIT_CONFIG_VALUE_0": str(trap.canary),
        "GIT_LITERAL_PATHSPECS": "0",
        "GIT_GLOB_PATHSPECS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    found, refused = reviewed(trap.root, trap.root)
    assert trap.sang == ""
    assert not refused
    assert SECRET not in repr(found)
    assert not (trap.outside / "trace").exists()
    for mode, expected in READ.items():
        texts = [(e.path, e.text) for e in found[mode] if isinstance(e, Changed)]
        assert expected[0] in texts
