"""Where a developer could ask for a refactor, by rules that know nothing of our own code.

`ast` finds the functions and the places; coverage says that the tests run them. A place counts if
the tests run every line of it, and its function if they run four lines of five.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.refactors.runs import Lines

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SHARE: Final = 0.8
_LONGEST_RUN: Final = 6  # statements
_NO_VALUES: Final = (ast.Name, ast.Constant, ast.Starred, ast.Slice, ast.FormattedValue)


class Place(NamedTuple):
    start: int
    stop: int


class Covered(NamedTuple):
    """A function or method that tests run, and the test files that do."""

    name: str
    node: Function
    tests: tuple[str, ...]


class Source:
    """A file as lines that count as `ast` counts them."""

    def __init__(self, text: str, lines: Lines) -> None:
        self.tree = ast.parse(text)
        self._lines = lines
        self._rows = text.split("\n")
        self._starts = [0]
        for row in self._rows:
            self._starts.append(self._starts[-1] + len(row) + 1)

    def functions(self) -> Iterator[Covered]:
        """The functions of the module and methods of its classes, not those inside functions."""
        yield from self._functions(self.tree, "")

    def _functions(self, holder: ast.AST, prefix: str) -> Iterator[Covered]:
        for node in ast.iter_child_nodes(holder):
            if isinstance(node, Function):
                if tests := self._tests(node):
                    yield Covered(prefix + node.name, node, tests)
            elif isinstance(node, ast.ClassDef):
                yield from self._functions(node, f"{prefix}{node.name}.")
            elif isinstance(node, ast.If | ast.Try):
                yield from self._functions(node, prefix)

    def _tests(self, node: Function) -> tuple[str, ...]:
        body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
        possible = [line for line in body if line in self._lines.possible]
        ran = [line for line in possible if self._lines.tests.get(line)]
        if len(ran) < 3 or len(ran) < _SHARE * len(possible):
            return ()
        return tuple(sorted(frozenset[str]().union(*(self._lines.tests[line] for line in ran))))

    def places(self, kind: str, function: Function) -> list[Place]:
        """The places of a kind, in the order of the text."""
        find = {
            "extract function": self._runs,
            "extract variable": self._values,
            "inline variable": self._assigned_once,
            "rename": self._locals,
        }[kind]
        return sorted(set(find(function)))

    def _runs(self, function: Function) -> Iterator[Place]:
        """Two to six statements of one block that are not all of the function."""
        for node in _own(function):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if not isinstance(block, list) or not all(isinstance(s, ast.stmt) for s in block):
                    continue
                if node is function and _is_docstring(block[0]):
                    block = block[1:]
                for size in range(2, _LONGEST_RUN + 1):
                    for at in range(len(block) - size + 1):
                        run = block[at : at + size]
                        if (node is not function or size < len(block)) and self._ran(run):
                            yield self._place(run[0], run[-1])

    def _values(self, function: Function) -> Iterator[Place]:
        """Expressions in statements of the function that are more than a name or literal."""
        for node in _own(function):
            if not isinstance(node, ast.expr) or isinstance(node, _NO_VALUES):
                continue
            loads = isinstance(getattr(node, "ctx", None) or ast.Load(), ast.Load)
            if loads and not _is_docstring(node) and self._ran([node]):
                yield self._place(node, node)

    def _assigned_once(self, function: Function) -> Iterator[Place]:
        """Variables that are assigned once and read once."""
        stores = _stores(function)
        for node in _own(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                [target] = node.targets
                if not isinstance(target, ast.Name) or stores.count(target.id) != 1:
                    continue
                reads = [
                    each
                    for each in ast.walk(function)
                    if isinstance(each, ast.Name)
                    and each.id == target.id
                    and isinstance(each.ctx, ast.Load)
                ]
                if len(reads) == 1 and self._ran([node, *reads]):
                    yield self._place(target, target)

    def _locals(self, function: Function) -> Iterator[Place]:
        """Where variables and parameters of the function are bound."""
        given = function.args
        arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        for argument in arguments:
            if argument.arg not in ("self", "cls"):
                yield self._place(argument, argument)
        for node in _own(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and self._ran([node]):
                yield self._place(node, node)

    def _ran(self, nodes: Sequence[ast.AST]) -> bool:
        ran = 0
        for node in nodes:
            low, high = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0) or 0
            for line in range(low, high + 1):
                if line in self._lines.possible:
                    if not self._lines.tests.get(line):
                        return False
                    ran += 1
        return ran > 0

    def _place(self, first: ast.AST, last: ast.AST) -> Place:
        start = self._offset(getattr(first, "lineno", 1), getattr(first, "col_offset", 0))
        stop = self._offset(getattr(last, "end_lineno", 1), getattr(last, "end_col_offset", 0))
        return Place(start, stop)

    def _offset(self, line: int, column: int) -> int:
        row = self._rows[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(row)


def _own(function: Function) -> Iterator[ast.AST]:
    """The function and what is in its body, without functions and classes inside it."""
    yield function
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, Function | ast.ClassDef | ast.Lambda):
            continue
        yield node
        stack += ast.iter_child_nodes(node)


def _stores(function: Function) -> list[str]:
    """Every name that is bound anywhere in the function, as often as it is."""
    found: list[str] = []
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            found.append(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.append(node.id)
    return found


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
