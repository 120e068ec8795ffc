"""Scopes of a script and the names in them, as values; `script_binder` fills them."""

from __future__ import annotations


class Scope:
    __slots__ = ("function", "names", "parent")

    def __init__(self, parent: Scope | None, function: bool) -> None:
        self.parent = parent
        self.function = function
        self.names: set[str] = set()

    def knows(self, name: str) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    @property
    def of_vars(self) -> Scope:
        scope = self
        while not scope.function and scope.parent is not None:
            scope = scope.parent
        return scope
