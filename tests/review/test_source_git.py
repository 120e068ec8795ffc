"""Changes of real repositories: drawn in, and drawn again from what a review reads."""

from __future__ import annotations

from random import Random

import pytest

from inglenook.review.bad_input import BadInput
from inglenook.review.values import Changed
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
from tests.support.drawn_source import LINES, MODES, SHOP, edited, opened, source_of


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


@pytest.mark.parametrize("mode", MODES)
def test_300_random_changes_can_be_undone_from_their_hunks(
    repository: Repository, mode: str
) -> None:
    chance = Random(9)
    files = []
    for number in range(300):
        before = edited(chance, chance.choices(LINES, k=chance.randint(0, 30)))
        ends = [chance.choice(("\n", "\n", "")) for _ in range(2)]
        sides = zip((before, edited(chance, before)), ends, strict=True)
        texts = ["\n".join(each) + end for each, end in sides]
        files.append(File(f"f{number}.py", f"f{number}.py", *texts))
    changes = read(source_of(repository, files, mode))
    drawings = {each.path: each for each in files}
    differing = {each.path for each in files if each.before != each.after}
    assert {each.path for each in changes} == differing
    for change in changes:
        assert isinstance(change, Changed), change
        side = drawings[change.path]
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


@pytest.mark.parametrize("revisions", ["main..", "main...", "HEAD..HEAD"])
def test_what_is_not_ahead_has_no_change(repository: Repository, revisions: str) -> None:
    repository.commit({"a.py": "0\n"})
    assert read(opened(repository, revisions)) == []
    for empty in ("..main", "...main"):
        with pytest.raises(BadInput, match="was a variable empty"):
            opened(repository, empty)


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
    if not revisions:  # the work tree
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
