"""Places to refactor, as references into public packages: never their text."""

from __future__ import annotations

import ast
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from inglenook_context.parse import Parse
from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.python.rename_local import rename_local
from inglenook_context.text import Text

KINDS: Final = ("extract function", "extract variable", "inline variable", "rename")
_SITES: Final = Path(__file__).parent / "sites.json"


@dataclass(frozen=True, slots=True)
class Site:
    """``lines`` are those of the function ``function``, from 1; ``start`` and ``stop`` are code
    points of the file. ``tests`` are the test files that run the function."""

    kind: str
    package: str
    version: str
    path: str
    function: str
    lines: tuple[int, int]
    start: int
    stop: int
    tests: tuple[str, ...]


def refactored(site: Site, source: str) -> Refactoring | Refusal:
    """What is offered at a site."""
    parse = Parse("python", Text.of(source))
    while not parse.advance(1_000):
        pass
    syntax = parse.tree()
    if syntax is None:
        return Refusal("There is no syntax tree.")
    if site.kind == "extract function":
        return extract_function(syntax, site.start, site.stop)
    if site.kind == "extract variable":
        return extract_variable(syntax, site.start, site.stop)
    if site.kind == "inline variable":
        return inline_variable(syntax, site.start)
    return rename_local(syntax, site.start, new_name(source))


def new_name(source: str) -> str:
    """A name that the file does not have."""
    name = "renamed"
    while name in source:
        name += "_"
    return name


def broken(site: Site, source: str) -> str:
    """The file with a function that raises: what its tests must notice."""
    node = next(
        each
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.lineno == site.lines[0]
    )
    rows = source.split("\n")
    first = node.body[0]
    margin = rows[first.lineno - 1][: first.col_offset]
    rows.insert(first.lineno - 1, f"{margin}raise RuntimeError")
    return "\n".join(rows)


def load() -> list[Site]:
    rows = json.loads(_SITES.read_text(encoding="utf-8"))
    return [
        Site(**{**row, "lines": tuple(row["lines"]), "tests": tuple(row["tests"])}) for row in rows
    ]


def store(sites: list[Site]) -> None:
    rows = ",\n".join(json.dumps(asdict(site)) for site in sites)
    _SITES.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
