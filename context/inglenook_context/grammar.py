"""The grammars: one entry per language, found by name and loaded when first asked for.

The entries are in `languages`; a further one is a grammar wheel, an entry there and its queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Final

from tree_sitter import Language, Query

from inglenook_context.languages import FAMILIES


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: where its parser comes from, and what its node types stand for."""

    language: str  # LSP language identifier
    module: str  # the import name of the grammar's wheel
    function: str  # what in it returns the language
    queries: tuple[str, ...]  # directories of `queries/` whose files are read one after another
    functions: frozenset[str]
    classes: frozenset[str]
    blocks: frozenset[str]  # compound statements that are neither function nor class
    strings: frozenset[str]
    comments: frozenset[str]
    containers: frozenset[str]  # what can hold definitions that other files see
    transparent: frozenset[str]  # those containers that are no definitions themselves
    spaces: frozenset[str] = frozenset()  # those whose definitions are not their members
    docs: tuple[str, ...] = ()  # what begins a comment above a definition that documents it
    levels: int = 16  # of the tree, below which no definition is looked for


_BEGINNING: Final = re.compile(r"^\((\w+)(?:[ ]*;(.*))?", re.MULTILINE)  # of a pattern


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Grammars(Mapping[str, Grammar]):
    """Every entry by its LSP language identifier, imported when it is first asked for."""

    def __getitem__(self, language: str) -> Grammar:
        return _entries(FAMILIES[language])[language]

    def __iter__(self) -> Iterator[str]:
        return iter(FAMILIES)

    def __len__(self) -> int:
        return len(FAMILIES)


@cache
def _entries(family: str) -> Mapping[str, Grammar]:
    entries: tuple[Grammar, ...] = import_module(f"inglenook_context.languages.{family}").ENTRIES
    return {grammar.language: grammar for grammar in entries}


GRAMMARS: Final = _Grammars()


def grammar_of(language: str) -> Grammar | None:
    """The entry of an LSP language identifier; None if there is none."""
    return GRAMMARS.get(language)


@cache
def load(grammar: Grammar) -> Language | None:
    """The parser's tables; None if the wheel is missing or does not fit this tree-sitter."""
    try:
        return Language(getattr(import_module(grammar.module), grammar.function)())
    except (ImportError, AttributeError, ValueError, TypeError):
        return None


@cache
def query(grammar: Grammar, name: str, root: str = "") -> Query | None:
    """The query ``name`` of a language: its directories' ``<name>.scm`` put together.

    With ``root`` only the patterns that begin with a node of that type: each query takes some
    milliseconds to make, and all at once would hold the event loop up. None if there are none,
    if the language cannot be loaded, or if its grammar does not know the query's nodes.
    """
    language = load(grammar)
    source = patterns(grammar.queries, name).get(root) if language is not None else None
    if language is None or not source:
        return None
    try:
        return Query(language, source)
    except ValueError:  # QueryError: a grammar release renamed a node
        return None


@cache
def patterns(directories: tuple[str, ...], name: str) -> Mapping[str, str]:
    """The patterns of a query by the type of their first node, and all under the empty name."""
    found: dict[str, str] = {}
    for directory in directories:
        file = files("inglenook_context") / "queries" / directory / f"{name}.scm"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        for pattern in re.split(r"\n\s*\n", text):
            if begins := _BEGINNING.search(pattern):
                for root in (begins[2] or begins[1]).split():
                    # A query is no good at patterns that begin with `_` and match at a root only.
                    concrete = f"{pattern[: begins.start()]}({root}{pattern[begins.end() :]}\n"
                    for key in ("", root):
                        found[key] = found.get(key, "") + concrete
    return found
