"""The configuration's patterns mean what they mean in a file, and no path is dear."""

from __future__ import annotations

import re
from random import Random
from typing import Any, Final

import pytest

from inglenook.workspace.ignore import Rules, rules
from inglenook.workspace.patterns import DEEPEST, LONGEST, Patterns, compiled

_NAMES: Final = ("a", "b", "ab", "build", "foo", "a b", "[x]", "!z", "#h", "a.py", "b.py")
_PARTS: Final = r"""* ** ** ? a* *b [a-c]* [!a]* *.py foo a b ab build \!z [x [[]x] a*b*c a**b
    *a*b a\/b \* b\ """.split()


def _line(chance: Random) -> str:
    parts = "/".join(chance.choices(_PARTS, k=chance.choice((1, 1, 2, 3, 4))))
    return chance.choice(("", "", "/", "!", "!/")) + parts + chance.choice(("", "", "/", " "))


def _in_a_file(found: Rules, path: str) -> bool:
    """As a walk that enters no directory that is excluded finds it."""
    names = path.split("/")
    levels = range(1, len(names) + 1)
    return any(
        found.verdict("/".join(names[:level]), names[level - 1], level < len(names))
        for level in levels
    )


@pytest.mark.parametrize("seed", range(20))
def test_they_mean_what_they_mean_in_a_file(seed: int) -> None:
    chance, left_out = Random(seed), 0
    for _ in range(100):
        lines = [_line(chance) for _ in range(chance.randint(1, 5))]
        here, there = compiled(lines), rules(lines)
        for _ in range(5):
            path = "/".join(chance.choices(_NAMES, k=chance.randint(1, 6)))
            assert here.leaves_out(path) is _in_a_file(there, path), (lines, path)
            left_out += here.leaves_out(path)
    assert 50 < left_out < 450


@pytest.mark.parametrize(
    ("lines", "path", "left_out"),
    [
        (["**/x/**/y"], "x/a/b/y", True),
        (["**/x/**/y"], "x/y/z.py", True),
        (["**/x/**/y"], "y/x/a.py", False),
        (["a/**"], "a/b", True),
        (["a/**"], "a", False),
        (["a/**/"], "a/b", False),
        (["a/**/"], "a/b/c", True),
        (["/a/*/c"], "a/b/c/d.py", True),
        (["a/b", "c/d"], "a/d", False),
        (["gen/", "!gen/a.py"], "gen/a.py", True),  # no file of a directory that is left out
        (["gen/*", "!gen/a.py"], "gen/a.py", False),
        (["!gen/a.py", "gen/*"], "gen/a.py", True),
        (["a*a"], "a", False),
        (["a*?a"], "aa", False),
    ],
)
def test_paths(lines: list[str], path: str, left_out: bool) -> None:
    assert compiled(lines).leaves_out(path) is left_out


def test_a_path_that_nobody_has_is_left_out() -> None:
    found = compiled(["*.gen"])
    deep, long = "/".join(["a"] * DEEPEST), "a" * LONGEST
    assert [found.leaves_out(path) for path in (deep, long)] == [False, False]
    assert [found.leaves_out(path) for path in (f"a/{deep}", f"a{long}")] == [True, True]


class Counted:
    """An expression, and how often it was asked."""

    asked = 0

    def __init__(self, expression: re.Pattern[str]) -> None:
        self._expression = expression

    def fullmatch(self, name: str) -> Any:
        Counted.asked += 1
        return self._expression.fullmatch(name)


def test_a_name_is_compared_once_with_a_part_and_a_directory_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = compiled(["**/" + "*a/" * 7 + f"{number}" for number in range(10)])
    globs: Any = [(state, Counted(glob)) for state, glob in made.paths.globs]
    found = Patterns(made.names, made.paths._replace(globs=tuple(globs)), made.takes_back)
    monkeypatch.setattr(re, "compile", None)  # nothing is compiled any more
    Counted.asked = 0
    assert not found.leaves_out("/".join(["aa"] * DEEPEST))
    assert 60 * DEEPEST < Counted.asked <= 70 * DEEPEST
    Counted.asked = 0
    assert not found.leaves_out("/".join(["aa"] * (DEEPEST - 1) + ["ba"]))
    assert 60 < Counted.asked <= 70
