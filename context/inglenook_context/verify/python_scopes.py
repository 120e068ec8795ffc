"""Scopes of Python and the names in them, as values; `python_binder` fills them."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from typing import Final

KNOWN: Final = frozenset(dir(builtins)) | frozenset(
    """__file__ __name__ __doc__ __path__ __builtins__ __spec__ __loader__ __package__ __debug__
    __annotations__ __dict__ __cached__ WindowsError reveal_type reveal_locals _ __class__
    __module__ __qualname__ __firstlineno__ __static_attributes__ __conditional_annotations__
    """.split()
)
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)


@dataclass(eq=False)
class Name:
    """A name at a place; ``loops`` are those round it in its scope."""

    name: str
    at: tuple[int, int]
    loops: tuple[ast.AST, ...]
    until: tuple[int, int] | None = None  # where what was bound ends: behind its `except`
    again: bool = False  # it is bound to what it was itself: `x += 1`, `x = x + 1`
    called: bool = False


@dataclass(eq=False)
class Scope:
    kind: str  # module, class, function, comprehension
    parent: Scope | None
    bound: dict[str, list[Name]] = field(default_factory=dict)
    reads: list[Name] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)  # parameters

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def owner(self, name: str) -> Scope | None:
        """The scope in which ``name`` is bound as it is read here."""
        if name in self.globals:
            return self.module if name in self.module.bound else None
        if name in self.bound and name not in self.outer:
            return self
        scope = self.parent
        while scope is not None:
            if scope.kind != "class" and name in scope.bound and name not in scope.outer:
                return scope
            if name in scope.globals:
                return self.module if name in self.module.bound else None
            scope = scope.parent
        return None


def unbound(scope: Scope, read: Name) -> bool:
    """Whether all that binds a name in its own scope comes later than the read, or is over."""
    if scope.kind not in ("function", "module") or read.name in scope.fixed | scope.outer:
        return False
    if scope.kind == "module" and read.name in KNOWN:
        return False
    bound = scope.bound[read.name]
    if not all(each.again for each in bound):
        bound = [each for each in bound if not each.again]
    elif any(each.loops for each in bound):
        return not any(not isinstance(loop, _LOOPS) for loop in read.loops)
    for each in bound:
        if each.until is not None:
            if each.at <= read.at <= each.until:
                return False
            continue
        if each.at <= read.at or set(each.loops) & set(read.loops):
            return False
    return not any(not isinstance(loop, _LOOPS) for loop in read.loops)


def arguments_of(args: ast.arguments) -> list[ast.arg]:
    more = [each for each in (args.vararg, args.kwarg) if each is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *more]


def is_globals(node: ast.AST | None, kind: str) -> bool:
    """Whether it is the dictionary of the module's names."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
        return False
    return node.func.id == "globals" or (node.func.id in ("vars", "locals") and kind != "function")


def words_of(node: ast.AST) -> set[str]:
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in ast.walk(node)
        if isinstance(each, (ast.Name, ast.Attribute))
    }


def start_of(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def stop_of(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0
