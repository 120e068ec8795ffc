"""The labelled set: 60 seeded bugs and 60 clean changes of 20 functions of public packages.

`cases.toml` holds the changes alone; the functions come out of the packages' source archives. Of a
docstring the first paragraph is kept, so that a small model's window and patience hold it.
"""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.refactors.packages import PACKAGES, Package, sources_of
from inglenook.review.values import Changed, Hunk

_FILE: Final = Path(__file__).with_name("cases.toml")
_HALVES: Final[tuple[Literal["tune"], Literal["test"]]] = ("tune", "test")


@dataclass(frozen=True, slots=True)
class Case:
    """A change of one function; ``calls`` show whether it does another thing than before."""

    name: str
    half: Literal["tune", "test"]
    is_bug: bool
    package: str
    module: str
    function: str
    before: str
    after: str
    calls: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.module.replace('.', '/')}.py"

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        old, new = self.before.splitlines(), self.after.splitlines()
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return tuple(
            Hunk(start + 1, stop - start, tuple(old[first:last]), first + 1)
            for tag, first, last, start, stop in matcher.get_opcodes()
            if tag != "equal"
        )

    @property
    def changed(self) -> Changed:
        return Changed(self.path, self.after, self.hunks, self.path, self.before)

    @property
    def lines(self) -> frozenset[int]:
        """Where a finding speaks of the bug: the new lines, and both beside what only went."""
        found: set[int] = set()
        for hunk in self.hunks:
            found |= set(range(hunk.start, hunk.start + hunk.count))
            if not hunk.count:
                found |= {hunk.start - 1, hunk.start}
        return frozenset(found)


@cache
def cases() -> tuple[Case, ...]:
    """In an order of which four in a row have both halves and both kinds, so that a run that ends
    early is of the same mixture."""
    entries = tomllib.loads(_FILE.read_text("utf-8"))["functions"]
    found = [list(_of(entry, _HALVES[at % 2])) for at, entry in enumerate(entries)]
    places = range(len(found[0]))
    return tuple(mine[at ^ (n // 2 % 2)] for at in places for n, mine in enumerate(found))


def package_of(case: Case) -> Package:
    [found] = [each for each in PACKAGES if each.name == case.package]
    return found


def _of(entry: Mapping[str, Any], half: Literal["tune", "test"]) -> Iterator[Case]:
    before = _function(entry)
    for bug, clean in zip(entry["bugs"], entry["clean"], strict=True):
        for is_bug, change in ((True, bug), (False, clean)):
            kind = "bug" if is_bug else "clean"
            name = f"{entry['name']}-{kind}-{change['name']}"
            if before.count(change["old"]) != 1:
                raise ValueError(f"{name}: its old text does not stand there once")
            after = before.replace(change["old"], change["new"])
            yield Case(
                name,
                half,
                is_bug,
                entry["package"],
                entry["module"],
                entry["name"],
                before,
                after,
                tuple(entry["calls"]),
            )


def _function(entry: Mapping[str, Any]) -> str:
    """A function's text, its docstring cut to the first paragraph."""
    [package] = [each for each in PACKAGES if each.name == entry["package"]]
    file = sources_of(package) / package.source / f"{entry['module'].replace('.', '/')}.py"
    text = file.read_text("utf-8")
    [node] = [
        each
        for each in ast.parse(text).body
        if isinstance(each, ast.FunctionDef) and each.name == entry["name"]
    ]
    lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
    doc = ast.get_docstring(node, clean=False)
    if doc is not None:
        first = inspect.cleandoc(doc).partition("\n\n")[0].split("\n")
        place = node.body[0]
        start, stop = place.lineno - node.lineno, (place.end_lineno or 0) - node.lineno + 1
        indent = " " * place.col_offset
        first[0] = f'"""{first[0]}'
        first[-1] = f'{first[-1]}"""'
        lines[start:stop] = [f"{indent}{line}" for line in first]
    return "\n".join(lines) + "\n"
