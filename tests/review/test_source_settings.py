"""Which files are asked for, what the user's own settings change, and how often git is started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from inglenook.review.bad_input import BadInput
from tests.support.drawn_repository import (
    File,
    Repository,
    drawing,
    drawn,
    read,
)
from tests.support.drawn_source import MODES, SHOP, opened, source_of

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


def test_a_submodule_that_is_to_be_shown_as_a_log_is_one_file(repository: Repository) -> None:
    first = repository.commit({"a.py": "0\n"})
    second = repository.commit({"a.py": "1\n"})
    for name in (first, second):
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},b")
        repository.git("commit", "-qm", "x")
    repository.write({"c.py": "2\n"})
    repository.git("add", "c.py")
    repository.git("config", "diff.submodule", "log")
    expected = "!! b: It is a submodule.\n== c.py\n+ 2"
    repository.git("commit", "-q", "--amend", "-m", "x")
    assert drawing(opened(repository, "HEAD~1..HEAD")) == expected


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
