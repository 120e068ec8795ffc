"""Draws the sites: for each kind one function after the other, the packages in turn.

A function gives one site at most. A place at which the refactor is refused, or asks the user to
confirm something, stays in the list and is counted as such; then the next function is asked, until
there are 25 of the kind that are offered without a question.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Final

from benchmarks.refactors.candidates import Covered, Source
from benchmarks.refactors.packages import PACKAGES, Package
from benchmarks.refactors.runs import tree_of
from benchmarks.refactors.sites import KINDS, Site, refactored
from inglenook_context.refactor.edits import Refactoring

OF_EACH_KIND: Final = 25
_SEED: Final = "inglenook-refactors-1"


class _File:
    """A file, its text, and its functions that tests run."""

    def __init__(self, package: Package, path: str, text: str, source: Source) -> None:
        self.package, self.path, self.text, self.source = package, path, text, source

    def site(self, kind: str, function: Covered) -> Site | None:
        places = self.source.places(kind, function.node)
        if not places:
            return None
        key = f"{_SEED}:{kind}:{self.package.label}:{self.path}:{function.name}"
        chosen = random.Random(key).choice(places)
        node = function.node
        lines = (node.lineno, node.end_lineno or node.lineno)
        about = (kind, self.package.name, self.package.version, self.path, function.name)
        return Site(*about, lines, chosen.start, chosen.stop, function.tests)


def chosen() -> list[Site]:
    """The sites of each kind, refused ones with them."""
    functions = {package.name: _functions(package) for package in PACKAGES}
    used: set[tuple[str, str, int]] = set()
    found: list[Site] = []
    for kind in KINDS:
        offered = 0
        for file, function in _in_turn(kind, functions):
            key = (file.package.name, file.path, function.node.lineno)
            site = file.site(kind, function) if key not in used else None
            if site is None:
                continue
            found.append(site)
            used.add(key)
            result = refactored(site, file.text)
            offered += isinstance(result, Refactoring) and not result.confirm
            if offered == OF_EACH_KIND:
                break
    return found


def _functions(package: Package) -> list[tuple[_File, Covered]]:
    found = []
    with tree_of(package) as tree:
        for path, lines in sorted(tree.covered().items()):
            text = (tree.root / path).read_bytes().decode()
            source = Source(text, lines)
            file = _File(package, path, text, source)
            found += [(file, function) for function in source.functions()]
    print(f"{package.label}: {len(found)} functions that tests run", flush=True)
    return found


def _in_turn(
    kind: str, functions: dict[str, list[tuple[_File, Covered]]]
) -> Iterator[tuple[_File, Covered]]:
    rows = []
    for name, each in functions.items():
        row = list(each)
        random.Random(f"{_SEED}:{kind}:{name}").shuffle(row)
        rows.append(row)
    return (one for one in chain.from_iterable(zip_longest(*rows)) if one is not None)
