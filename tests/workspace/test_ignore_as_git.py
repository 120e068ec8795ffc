"""Drawn at random: which files a walk finds is what git says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random
from typing import Final

import pytest

from inglenook.workspace import walk as walk_module
from tests.workspace.drawn import Walked

_NAMES: Final = ("a", "b", "ab", "abc", "build", "foo", "foo.bar", "a b", "[x]", "!z", "#h", "d-1")
_PARTS: Final = r"""* ** ? a* *b [a-c]* [!a]* *.py foo a ab build \!z \#h [x [[]x] a*b*c f?? **a
    []x]* [a-]* a\ b d-[0-9] [^b] [[:alpha:]] *.*.py a**b \* b\ a\/b""".split()


def _pattern(chance: Random) -> str:
    pattern = "/".join(chance.choices(_PARTS, k=chance.choice((1, 1, 1, 2, 2, 3))))
    starts, ends = ("", "", "/", "!", "!/"), ("", "", "", "/", "  ")
    return chance.choice(starts) + pattern + chance.choice(ends)


def _draw(root: Path, chance: Random) -> None:
    directories = [root]
    for _ in range(10):
        directories.append(chance.choice(directories) / chance.choice(_NAMES))
    for directory in directories:
        directory.mkdir(parents=True, exist_ok=True)
        for name in chance.sample(_NAMES, 4):
            (directory / f"{name}.py").touch()
    for directory in (root, *chance.sample(directories, 2)):
        lines = [_pattern(chance) for _ in range(chance.randint(1, 5))]
        (directory / ".gitignore").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("seed", range(40))
def test_the_same_files_as_git(
    root: Path, walked: Walked, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(walk_module, "is_vendored", lambda name, _inside: name == ".git")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root.parent))
    _draw(root, Random(seed))
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    assert walked() == sorted(name for name in names if name.endswith(".py"))
