"""Places to refactor, as references into public packages: never their text. How they are drawn.

For each kind one function after the other, the packages in turn, by a seed. A function gives one
site at most. A place at which the refactor is refused, or asks the user to confirm something,
stays in the list and is counted as such; then the next function is asked, until there are twenty
of the kind that are offered without a question.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final

from benchmarks.refactors.sites import new_name
from benchmarks.refactors_typescript.packages import PACKAGES, Tree, tree_of
from inglenook_context.languages import language_of
from inglenook_context.parse import Parse
from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.typescript.extract_variable import extract_variable
from inglenook_context.refactor.typescript.inline_variable import inline_variable
from inglenook_context.refactor.typescript.rename_local import rename_local
from inglenook_context.text import Text

KINDS: Final = ("extract variable", "rename", "inline variable")
OF_EACH_KIND: Final = 20
_SITES: Final = Path(__file__).with_name("sites.json")
_SEED: Final = "inglenook-refactors-typescript-1"


@dataclass(frozen=True, slots=True)
class Site:
    """``start`` and ``stop`` are code points of the file; of a rename and inline they are the same.
    ``given`` says what the function takes, if it is exported and values for it can be made up."""

    kind: str
    package: str
    version: str
    path: str
    function: str
    line: int
    start: int
    stop: int
    given: tuple[Any, ...] | None


def refactored(site: Site, source: str) -> Refactoring | Refusal:
    """What is offered at a site."""
    parse = Parse(language_of(site.path) or "typescript", Text.of(source))
    while not parse.advance(1_000):
        pass
    syntax = parse.tree()
    if syntax is None:
        return Refusal("There is no syntax tree.")
    if site.kind == "extract variable":
        return extract_variable(syntax, site.start, site.stop)
    if site.kind == "inline variable":
        return inline_variable(syntax, site.start)
    return rename_local(syntax, site.start, new_name(source))


def load() -> list[Site]:
    rows = json.loads(_SITES.read_text(encoding="utf-8"))
    return [Site(**{**row, "given": row["given"] and tuple(row["given"])}) for row in rows]


def store(sites: list[Site]) -> None:
    rows = ",\n".join(json.dumps(asdict(site)) for site in sites)
    _SITES.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def chosen(of_each: int = OF_EACH_KIND, seed: str = _SEED, pure: bool = False) -> list[Site]:
    """The sites of each kind, refused ones with them; ``pure`` ones can be run on values."""
    every: dict[str, list[Site]] = {}
    texts: dict[tuple[str, str], str] = {}
    for package in PACKAGES:
        with tree_of(package) as tree:
            found = list(_places(tree, seed))
            every[package.name] = [site for site in found if site.given or not pure]
            texts.update({(package.name, path): tree.text(path) for path in tree.files})
        print(f"{package.name}: {len(every[package.name])} places", flush=True)
    used: set[tuple[str, str, int]] = set()
    sites: list[Site] = []
    for kind in KINDS:
        offered = 0
        for site in _in_turn(kind, every, seed):
            key = (site.package, site.path, site.line)
            if key in used:
                continue
            used.add(key)
            sites.append(site)
            result = refactored(site, texts[site.package, site.path])
            offered += isinstance(result, Refactoring) and not result.confirm
            if offered == of_each:
                break
    return sites


def _places(tree: Tree, seed: str) -> Iterator[Site]:
    """One place of each kind for each function."""
    for path, functions in tree.asked("typescript.mjs", command="places").items():
        for each in functions:
            about = (tree.package.name, tree.version, path, each["name"], each["line"])
            given = tuple(each["given"]) if each["given"] else None
            chance = random.Random(f"{seed}:{about}")
            if each["expressions"]:
                start, stop = chance.choice(each["expressions"])
                yield Site("extract variable", *about, start, stop, given)
            if each["names"]:
                start = chance.choice(each["names"])
                yield Site("rename", *about, start, start, given)
            if each["locals"]:
                start = chance.choice(each["locals"])
                yield Site("inline variable", *about, start, start, given)


def _in_turn(kind: str, every: dict[str, list[Site]], seed: str) -> Iterator[Site]:
    rows = []
    for name, sites in every.items():
        row = [site for site in sites if site.kind == kind]
        random.Random(f"{seed}:{kind}:{name}").shuffle(row)
        rows.append(row)
    return (one for one in chain.from_iterable(zip_longest(*rows)) if one is not None)
