"""Scopes of Python and the names that occur in them, as values (language reference, 4.2)."""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch

READ: Final = "read"
BIND: Final = "bind"
DELETE: Final = "delete"
DECLARE: Final = "declare"  # in `global` and `nonlocal`
FUNCTIONS: Final = frozenset({"function", "lambda", "comprehension"})


class Scope:
    """``kind`` is module, class, function, lambda or comprehension."""

    __slots__ = ("bound", "kind", "module_names", "node", "outer_names", "parameters", "parent")

    def __init__(self, kind: str, node: Branch, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.bound: set[str] = set()
        self.parameters: set[str] = set()
        self.module_names: set[str] = set()  # declared `global` here
        self.outer_names: set[str] = set()  # declared `nonlocal` here

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def inside(self, other: Scope) -> bool:
        """Whether this is ``other`` or a scope in it."""
        scope: Scope | None = self
        while scope is not None and scope is not other:
            scope = scope.parent
        return scope is not None

    def owner(self, name: str) -> Scope:
        """The scope whose variable ``name`` means here; the module's for globals, builtins and
        unknown names."""
        if name in self.module_names:
            return self.module
        if name in self.bound and name not in self.outer_names:
            return self
        scope = self.parent
        while scope is not None and scope.parent is not None:
            if scope.kind in FUNCTIONS:
                if name in scope.module_names:
                    return self.module
                if name in scope.bound and name not in scope.outer_names:
                    return scope
            scope = scope.parent
        return self.module


class Occurrence:
    """A name at a place; ``scope`` is where it stands, ``owner`` whose variable it is."""

    __slots__ = ("kind", "name", "node", "owner", "scope")

    def __init__(self, kind: str, node: Branch, scope: Scope, name: str = "") -> None:
        self.kind = kind
        self.name = name or node.text
        self.node = node
        self.scope = scope
        self.owner = scope

    @property
    def variable(self) -> tuple[Scope, str]:
        return self.owner, self.name
