"""The walk that finds the scopes of a tree and what occurs in them; `visits` knows the nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.typescript.scopes import (
    BIND,
    READ,
    TYPE,
    VALUE,
    WRITE,
    Occurrence,
    Scope,
)

_LEAVES: Final = {
    "identifier": VALUE,
    "shorthand_property_identifier": VALUE,
    "shorthand_property_identifier_pattern": VALUE,
    "type_identifier": TYPE,
}
_LISTS: Final = frozenset({"object_pattern", "array_pattern", "rest_pattern", "object", "array"})
_WRAPS: Final = frozenset(
    {"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"}
)


class Binder:
    """``strict`` says that a function in a block is the block's; else it is its function's as
    well. ``visits`` says what to do with a node of a type, if that is not to visit its children."""

    def __init__(self, root: Branch, strict: bool, visits: Mapping[str, Visit]) -> None:
        self.program = Scope("program", root, None, hoists=True)
        self.scopes: list[Scope] = [self.program]
        self.occurrences: list[Occurrence] = []
        self.strict = strict
        self._visits = visits
        self.children(root, self.program)

    def scope(self, kind: str, node: Branch, parent: Scope, hoists: bool = False) -> Scope:
        self.scopes.append(Scope(kind, node, parent, hoists))
        return self.scopes[-1]

    def add(self, kind: str, node: Branch, scope: Scope, meaning: int, how: str = "") -> None:
        self.occurrences.append(Occurrence(kind, node, scope, meaning, how))

    def bind(self, node: Branch, scope: Scope, how: str, meaning: int = VALUE) -> None:
        name, owner = node.text, scope
        while how == "var" and not owner.hoists and owner.parent is not None:
            if name in owner.bound:  # of a catch clause, or a mistake
                owner.odd.add(name)
                self._hoisting(owner).odd.add(name)
            owner = owner.parent
        if how == "function" and not self.strict and not owner.hoists:
            owner.odd.add(name)  # ECMAScript, B.3.2
            self._hoisting(owner).odd.add(name)
        if owner.kind == "body" and owner.parent is not None and name in owner.parent.bound:
            owner = owner.parent
        owner.bound[name] = owner.bound.get(name, 0) | meaning
        self.add(BIND, node, owner, meaning, how)

    def _hoisting(self, scope: Scope) -> Scope:
        while not scope.hoists and scope.parent is not None:
            scope = scope.parent
        return scope

    def visit(self, node: Branch, scope: Scope) -> None:
        if (meaning := _LEAVES.get(node.type)) is not None:
            self.add(READ, node, scope, meaning)
        elif node.children:
            self._visits.get(node.type, Binder.children)(self, node, scope)

    def children(self, node: Branch, scope: Scope) -> None:
        for child in node.children:
            self.visit(child, scope)

    def but(self, node: Branch, scope: Scope, *fields: str) -> None:
        """What is below ``node`` but in ``fields``."""
        for child in node.children:
            if child.field not in fields:
                self.visit(child, scope)

    def target(self, node: Branch, scope: Scope, how: str = "") -> None:
        """What is bound as ``how`` says, or assigned if that is empty."""
        if _LEAVES.get(node.type) == VALUE:
            if how:
                self.bind(node, scope, how)
            else:
                self.add(WRITE, node, scope, VALUE)
        elif node.type in _LISTS:
            for child in node.children:
                self.target(child, scope, how)
        elif node.type in ("pair_pattern", "pair"):
            self.but(node, scope, "value")
            for child in node.all("value"):
                self.target(child, scope, how)
        elif node.type.endswith("assignment_pattern") or node.type == "assignment_expression":
            self.assign(node, scope, how)
        elif node.type in _WRAPS and node.parts:
            self.target(node.parts[0], scope, how)
            for child in node.parts[1:]:
                self.visit(child, scope)
        else:
            self.visit(node, scope)

    def assign(self, node: Branch, scope: Scope, how: str = "") -> None:
        for child in node.children:
            if child.field in ("left", "argument"):
                self.target(child, scope, how)
            else:
                self.visit(child, scope)


Visit = Callable[[Binder, Branch, Scope], None]
