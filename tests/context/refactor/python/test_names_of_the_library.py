"""Scopes and new functions against `symtable`, over modules of the standard library."""

from __future__ import annotations

import ast
import random
import symtable
import sys
import sysconfig
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from inglenook_context.refactor.edits import Refactoring, applied
from inglenook_context.refactor.python.branch import file_of
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.names import Names
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.context.refactor.python.spans import Spans
from tests.support.parsed import parsed

_LIBRARY: Final = Path(sysconfig.get_paths()["stdlib"])
_MODULES: Final = """
    bisect bdb calendar cmd codeop contextlib copy csv dis fileinput fractions functools glob
    graphlib gzip heapq linecache netrc numbers pprint queue quopri random sched shlex string
    tabnanny textwrap timeit trace types uuid weakref zipapp asyncio/tasks asyncio/queues
    asyncio/streams email/header json/decoder json/encoder
"""
_FILES: Final = [name for name in _MODULES.split() if (_LIBRARY / f"{name}.py").is_file()]
_COMPREHENSIONS: Final = ("listcomp", "setcomp", "dictcomp", "genexpr")
_IMPLICIT: Final = {".0", "__class__", "__classdict__"}


def read(name: str) -> tuple[str, Syntax]:
    source = (_LIBRARY / f"{name}.py").read_text(encoding="utf-8")
    syntax = parsed(Text.of(source))
    assert syntax is not None
    return source, syntax


Row = tuple[str, int, str, str]  # kind of scope, its line, name, local or free or global


def ours(source: str, syntax: Syntax) -> Counter[Row]:
    rows: set[tuple[int, Row]] = set()
    names = Names(file_of(syntax))
    for each in names.occurrences:
        scope = each.scope
        meant = "local" if each.owner is scope else "free"
        meant = "global" if each.owner is names.module else meant
        line = source.count("\n", 0, scope.node.start) + 1
        if scope.kind != "module":
            rows.add((id(scope), (scope.kind, line, each.name, meant)))
    return Counter(row for _, row in rows)


def theirs(source: str) -> Counter[Row]:
    rows: Counter[Row] = Counter()

    def go(table: symtable.SymbolTable, class_name: str) -> None:
        name = table.get_name()
        kind = str(table.get_type())
        class_name = name if kind == "class" else class_name
        kind = "lambda" if name == "lambda" else kind
        kind = "comprehension" if name in _COMPREHENSIONS else kind
        for symbol in table.get_symbols() if kind != "module" else ():
            own = symbol.get_name()
            mangled = f"_{class_name.lstrip('_')}__"
            own = own[len(mangled) - 2 :] if class_name and own.startswith(mangled) else own
            meant = "local" if symbol.is_local() else "free" if symbol.is_free() else "global"
            if own not in _IMPLICIT:
                rows[(kind, table.get_lineno(), own, meant)] += 1
        for child in table.get_children():
            go(child, class_name)

    own_scopes = with_generators(source) if sys.version_info >= (3, 12) else source
    go(symtable.symtable(own_scopes, "<library>", "exec"), "")
    return rows


def with_generators(source: str) -> str:
    """The source with generators for its comprehensions, line by line as it was.

    From Python 3.12 on other comprehensions lie in the table of the function round them.
    """
    spans = Spans(source)
    edits: list[tuple[int, int, str]] = []
    for node in ast.walk(spans.tree):
        if not isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
            continue
        start, stop = spans.span(node, node)
        edits += [(start, start + 1, "("), (stop - 1, stop, ")")]
        if isinstance(node, ast.DictComp):
            target = node.generators[0].target
            loop = source.rindex("for", start, spans.span(target, target)[0])
            if node.generators[0].is_async:
                loop = source.rindex("async", start, loop)
            edits += [(start + 1, start + 1, "{"), (loop, loop, "}")]
    for start, stop, new in sorted(edits, reverse=True):
        source = source[:start] + new + source[stop:]
    return source


@pytest.mark.parametrize("name", _FILES)
def test_every_name_means_what_python_means(name: str) -> None:
    source, syntax = read(name)
    mine, python = ours(source, syntax), theirs(source)
    passed_through = {row for row in python - mine if row[3] == "free"}
    assert not mine - python
    assert set(python - mine) <= passed_through  # used only by a function inside the scope


def used_globals(source: str) -> set[str]:
    """The global names that any part of a module reads."""
    found: set[str] = set()

    def go(table: symtable.SymbolTable) -> None:
        module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (module or symbol.is_global()):
                found.add(symbol.get_name())
        for child in table.get_children():
            go(child)

    go(symtable.symtable(source, "<library>", "exec"))
    return found


@pytest.mark.parametrize("name", _FILES)
def test_nothing_becomes_undefined(name: str) -> None:
    """A variable that was not handed over would be read as a global."""
    source, syntax = read(name)
    chance = random.Random(name)
    spans = Spans(source)
    before = used_globals(source) | _IMPLICIT
    for function in chance.sample(list(spans.functions()), min(6, len(list(spans.functions())))):
        results = [
            extract_function(syntax, *span)
            for span in (*spans.runs(function, 3, chance), *spans.expressions(function, 1, chance))
        ]
        results += [
            extract_variable(syntax, *span) for span in spans.expressions(function, 1, chance)
        ]
        for result in results:
            if isinstance(result, Refactoring):
                after = applied(source, result.changes)
                compile(after, "<library>", "exec", dont_inherit=True)
                assert used_globals(after) <= before | {result.name}
                assert kept(source) - kept(after) == Counter()


def kept(source: str) -> Counter[str]:
    """The strings and comments of a source, and how often they stand there."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[node.value] += 1
    found.update(row.strip() for row in source.splitlines() if row.strip().startswith("#"))
    return found
