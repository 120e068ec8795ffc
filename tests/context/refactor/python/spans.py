"""Statements and expressions of a source, found by `ast`, as spans of code points."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator

Span = tuple[int, int]


class Spans:
    """Where the nodes of one source stand."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self._rows = source.splitlines(keepends=True)
        self._starts = [0]
        for row in self._rows:
            self._starts.append(self._starts[-1] + len(row))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def runs(self, function: ast.AST, most: int, chance: random.Random) -> Iterator[Span]:
        """Some runs of up to four statements of one block."""
        found: list[Span] = []
        for node in ast.walk(function):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if not isinstance(block, list) or not block or not isinstance(block[0], ast.stmt):
                    continue
                for at in range(len(block)):
                    found += [self._run(block[at : at + size]) for size in range(1, 5)]
        yield from chance.sample(found, min(most, len(found)))

    def expressions(self, function: ast.AST, most: int, chance: random.Random) -> Iterator[Span]:
        """Some expressions that are more than a name."""
        found = [
            self.span(node, node)
            for node in ast.walk(function)
            if isinstance(node, ast.expr) and not isinstance(node, ast.Name | ast.Constant)
        ]
        yield from chance.sample(found, min(most, len(found)))

    def names(self, most: int, chance: random.Random) -> Iterator[tuple[str, int]]:
        """Some names and where they begin."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name)]
        for node in chance.sample(found, min(most, len(found))):
            yield node.id, self._at(node.lineno, node.col_offset)

    def _run(self, statements: list[ast.stmt]) -> Span:
        first: ast.stmt | ast.expr = statements[0]
        start, stop = self.span(first, statements[-1])
        if decorators := getattr(first, "decorator_list", []):
            start = self._at(decorators[0].lineno, decorators[0].col_offset - 1)
        return start, stop

    def span(self, first: ast.stmt | ast.expr, last: ast.stmt | ast.expr) -> Span:
        assert last.end_lineno is not None
        assert last.end_col_offset is not None
        start = self._at(first.lineno, first.col_offset)
        return start, self._at(last.end_lineno, last.end_col_offset)

    def _at(self, line: int, column: int) -> int:
        row = self._rows[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(row)
