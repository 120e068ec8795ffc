"""The rules of ignore files, drawn; where git says something, it is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.workspace.ignore import Layers, rules
from tests.workspace.drawn import Draw, Walked


def excluded(text: str, path: str, *, directory: bool = False) -> bool:
    layers = Layers().below("", {".gitignore": text}.get)
    return layers.excludes(path, directory)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a.py", "a.py d/a.py d/e/a.py", "b.py aa.py a.pyi a.py.b"),
        ("/a.py", "a.py", "d/a.py"),
        ("d/a.py", "d/a.py", "e/d/a.py"),
        ("*.py", "a.py d/a.py .py", "a.pyi"),
        ("a*b*c", "abc axbxc abbcc d/aabbcc", "ab acb abcd"),
        ("a?c", "abc d/axc", "ac a/c abbc"),
        ("[a-c]x", "ax d/cx", "dx -x"),
        ("[!a-c]x", "dx", "ax /x"),
        ("[]x]1", "]1 x1", "a1"),
        ("[a-]x", "ax -x", "bx"),
        ("[[:digit:]]x", "1x", "ax :x"),
        ("[ax", "", "ax [ax"),
        (r"\#a", "#a", "a"),
        (r"\!a", "!a d/!a", "a"),
        (r"a\*", "a*", "ab"),
        ("a  ", "a", "a\\ "),
        (r"a\ ", "a ", "a"),
        ("**/a", "a d/a d/e/a", "ab"),
        ("a/**", "a/b a/b/c", "a d/a/b"),
        ("a/**/b", "a/b a/d/b a/d/e/b", "ab a/d/c d/a/b"),
        ("a/*", "a/b", "a/b/c a"),
        ("a/*/c", "a/b/c", "a/c a/b/b/c"),
        ("a**b", "ab axb d/axb", "a/b"),
        ("*", "a d/a", ""),
        ("# a", "", "a"),
        ("", "", "a"),
        ("/", "", "a"),
        ("é*", "éa", "ea"),
    ],
)
def test_a_pattern_excludes(pattern: str, yes: str, no: str) -> None:
    for path in yes.split(" ") if "\\ " not in pattern else [yes]:
        assert not path or excluded(pattern, path), path
    for path in no.split(" "):
        assert not path or not excluded(pattern, path), path


def test_a_slash_at_the_end_means_directories() -> None:
    assert excluded("out/", "out", directory=True)
    assert excluded("out/", "a/out", directory=True)
    assert not excluded("out/", "out")
    assert excluded("a/out/", "a/out", directory=True)
    assert not excluded("/*/*", "a", directory=True)


def test_the_last_rule_wins() -> None:
    text = "*.py\n!keep.py\nlib/*.ts\n!lib/a.ts\nlib/a.ts\n"
    assert excluded(text, "x.py")
    assert not excluded(text, "d/keep.py")
    assert excluded(text, "lib/b.ts")
    assert excluded(text, "lib/a.ts")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_and_a_mark_at_the_start(ends: str) -> None:
    assert excluded(f"\ufeffa{ends}b{ends}", "a")
    assert excluded(f"\ufeffa{ends}b{ends}", "b")


@pytest.mark.parametrize(
    "pattern",
    [
        "a*" * 30 + "b",
        "a*" * 300 + "b",
        "**/" * 300 + "b",
        "*a/**/" * 150 + "b",
        "[" * 900,
        "?*" * 400 + "b",
        "*" * 900 + "b",
        "/".join(["**", "*a*"] * 100),
    ],
)
def test_a_hostile_pattern_costs_little(pattern: str) -> None:
    # A matcher that backtracks takes longer than the universe has been there.
    assert not rules([pattern]).verdict("/".join(["a" * 200] * 20), "a" * 200, False)


def test_a_long_file_of_rules_is_cut_and_the_rest_holds() -> None:
    lines = [f"file{number}.py" for number in range(20_000)]
    assert rules(lines).verdict("file1.py", "file1.py", False) is True
    assert rules(["x" * 100_000, "a"]).verdict("a", "a", False) is True


def test_many_rules_are_matched_some_at_a_time_and_the_last_wins() -> None:
    """While an expression is matched every other thread waits, such as that of the editor."""
    lines = [f"*-{number}.py" for number in range(120)]
    lines += [f"a/{line}" for line in lines]
    for taken in (0, 49, 50, 119):
        found = rules([*lines, f"!*-{taken}.py", "*.pyc"])
        sizes = [len(each.numbers) for each in (*found.name_globs, *found.path_globs)]
        assert (sum(sizes), max(sizes)) == (242, 50)
        for number in range(120):
            name = f"x-{number}.py"
            assert found.verdict(name, name, False) is (number != taken)
            assert found.verdict(f"a/{name}", name, False) is (number != taken)
        assert found.verdict("x-120.py", "x-120.py", False) is None


def test_nested_files_of_rules(draw: Draw, walked: Walked) -> None:
    draw(
        {
            ".gitignore": "*.js\nout/\n/top.py\n",
            "a.py": "",
            "a.js": "",
            "top.py": "",
            "out/a.py": "",
            "lib/.gitignore": "!keep.js\nlocal.py\n/deep/only.py\n",
            "lib/keep.js": "",
            "lib/b.js": "",
            "lib/local.py": "",
            "lib/top.py": "",
            "lib/deep/only.py": "",
            "lib/deep/local.py": "",
            "lib/deep/keep.js": "",
            "lib/deeper/deep/only.py": "",
            "lib/out/.gitignore": "!*\n",
            "lib/out/a.py": "",
        }
    )
    assert walked() == [
        "a.py",
        "lib/deep/keep.js",
        "lib/deeper/deep/only.py",
        "lib/keep.js",
        "lib/top.py",
    ]


def test_what_one_kind_of_file_excludes_no_other_takes_back(draw: Draw, walked: Walked) -> None:
    draw(
        {
            ".gitignore": "git.py\n",
            ".continueignore": "continue.py\n!git.py\n",
            ".inglenookignore": "own.py\n!git.py\n!continue.py\n",
            "git.py": "",
            "continue.py": "",
            "own.py": "",
            "a.py": "",
        }
    )
    assert walked() == ["a.py"]


def test_the_rules_of_the_repository_above_the_root(draw: Draw, walked: Walked, root: Path) -> None:
    top = root.parent
    draw({"a.py": "", "b.py": "", "c.py": "", "lib/a.py": ""})
    (top / ".gitignore").write_text("/tree/a.py\nc.py\n")
    assert walked() == ["a.py", "b.py", "c.py", "lib/a.py"]  # not known to be a repository
    (top / ".git/info").mkdir(parents=True)
    (top / ".git/info/exclude").write_text("/tree/lib/\n")
    assert walked() == ["b.py"]


def test_a_link_is_no_file_of_rules(draw: Draw, walked: Walked, root: Path) -> None:
    draw({"a.py": ""})
    (root.parent / "rules").write_text("*.py\n")
    (root / ".gitignore").symlink_to(root.parent / "rules")
    assert walked() == ["a.py"]
