"""A function that gave a value still does: small models drop the last line, and it still parses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.verify.readings import Read
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Failure
from inglenook_context.verify.tree import Tree

_GOES_ON: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Pass, ast.Import)
_VALUES: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BinOp, ast.Name)
_SIMPLE: Final = frozenset({"expression_statement", "lexical_declaration", "variable_declaration"})
_FUNCTIONS: Final = frozenset(
    """function_declaration generator_function_declaration method_definition function_expression
    arrow_function""".split()
)


def results(read: Read) -> Iterator[Failure]:
    """Of functions that both sides have; a changed signature may want it so."""
    if read.edit.task.signature_may_change or not read.has_scopes:
        return
    if read.before.is_python:
        old, new = dict(_python(read.before.body)), dict(_python(read.after.body))
    else:
        old, new = dict(_script(read.edit.before)), dict(_script(read.edit.after))
    for name, gave in old.items():
        if gave and new.get(name) is False:
            short = name.rpartition(".")[2]
            yield Failure("results", f"{short} gave a value at its end and does not any more.")


def _python(body: Iterable[ast.stmt], outer: str = "") -> Iterator[tuple[str, bool | None]]:
    """Functions by their whole names: whether they end with a value (True), surely without one
    (False), or it cannot be told."""
    for each in body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = f"{outer}.{each.name}"
            yield name, _python_end(each.body[-1])
            yield from _python(each.body, name)
        elif isinstance(each, ast.ClassDef):
            yield from _python(each.body, f"{outer}.{each.name}")


def _python_end(last: ast.stmt) -> bool | None:
    if isinstance(last, ast.Return):
        value = last.value
        return value is not None and not (isinstance(value, ast.Constant) and value.value is None)
    if isinstance(last, ast.Expr) and not isinstance(last.value, (ast.Compare, *_VALUES)):
        return None  # a call may never return
    return False if isinstance(last, _GOES_ON) else None


def _script(side: Side) -> Iterator[tuple[str, bool | None]]:
    for node in side.tree.walk() if side.tree is not None else ():
        if node.type not in _FUNCTIONS or not side.touches(node):
            continue
        body, name = node.one("body"), _script_name(side, node)
        if not name or body is None:
            continue
        if body.type != "statement_block":
            yield name, True
            continue
        parts = [each for each in body.parts if each.type != "comment"]
        yield name, _script_end(parts[-1]) if parts else False


def _script_end(last: Tree) -> bool | None:
    if last.type == "return_statement":
        return bool(last.parts)
    if last.type == "expression_statement":
        calls = {"call_expression", "await_expression", "yield_expression"}
        return None if any(each.type in calls for each in last.parts) else False  # it may throw
    return False if last.type in _SIMPLE else None


def _script_name(side: Side, node: Tree) -> str:
    name = node.one("name")
    if name is None and node.parent is not None and node.parent.type == "variable_declarator":
        name = node.parent.one("name")
    return side.written(name) if name is not None else ""
