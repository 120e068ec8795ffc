"""Scopes of a script and the names in them, as values; `script_binder` fills them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inglenook_context.verify.tree import Tree

VALUE, TYPE = frozenset({"value"}), frozenset({"type"})
BOTH = VALUE | TYPE


class Lexical(NamedTuple):
    """Where a `let`, a `const` or a `class` says its name, and the code that runs before that name
    has a value."""

    start: int
    value: Tree | None


class Scope:
    """``later``: what is in it runs some other time than what is round it; ``body``: where the
    parameters of a function end."""

    __slots__ = ("body", "function", "later", "lexical", "names", "parent")

    def __init__(self, parent: Scope | None, function: bool, later: bool = False) -> None:
        self.parent = parent
        self.function = function
        self.later = later or function
        self.body = 0
        self.names: dict[str, frozenset[str]] = {}
        self.lexical: dict[str, Lexical] = {}

    def add(self, name: str, meaning: frozenset[str] = BOTH) -> None:
        self.names[name] = self.names.get(name, frozenset()) | meaning

    def knows(self, name: str, meaning: frozenset[str] = BOTH) -> bool:
        return any(scope.names.get(name, frozenset()) & meaning for scope in self.outwards())

    def outwards(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def is_early(self, name: str, at: int) -> bool:
        """Whether a value is read at ``at`` before it is there, in every run of the code."""
        later = False
        for scope in self.outwards():
            if "value" in scope.names.get(name, ()):
                found = scope.lexical.get(name)
                if found is None or later or at < scope.body:
                    return False
                value = found.value
                own = value is not None and value.start <= at < value.stop
                return own or at < found.start
            later = later or scope.later
        return False

    @property
    def of_vars(self) -> Scope:
        scope = self
        while not scope.function and scope.parent is not None:
            scope = scope.parent
        return scope
