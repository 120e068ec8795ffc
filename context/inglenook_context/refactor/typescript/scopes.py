"""Scopes of TypeScript and JavaScript and the names that occur in them, as values.

A name can mean a value, a type and a namespace at once, each declared elsewhere (the TypeScript
handbook calls it declaration merging), so a scope binds a name *as* something.
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch

READ: Final = "read"
WRITE: Final = "write"  # assigned, counted up, or both read and written
BIND: Final = "bind"

VALUE: Final = 1
TYPE: Final = 2
SPACE: Final = 4  # what may stand before the dot of a type
ANY: Final = VALUE | TYPE | SPACE

FIXED: Final = frozenset({"const", "function", "class", "import", "enum", "namespace", "using"})


class Scope:
    """``kind`` is program, function (its parameters), body, block, class, types, namespace,
    enum or catch. ``node`` is where its names are seen; a body's is its function's, for the two
    may not declare the same name."""

    __slots__ = ("bound", "hoists", "kind", "node", "odd", "parent")

    def __init__(self, kind: str, node: Branch, parent: Scope | None, hoists: bool = False) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.hoists = hoists  # `var` below it is its
        self.bound: dict[str, int] = {}
        self.odd: set[str] = set()  # names that an old rule binds in two scopes at once

    def owner(self, name: str, meaning: int) -> Scope | None:
        """The scope whose variable ``name`` means here; None for globals and unknown names."""
        scope: Scope | None = self
        while scope is not None and not scope.bound.get(name, 0) & meaning:
            scope = scope.parent
        return scope


class Occurrence:
    """A name at a place; ``scope`` is where it stands, ``owner`` whose variable it is.

    ``how`` says of a binding what declares it: const, let, var, using, function, class, import,
    enum, namespace, parameter, property (a parameter that is one), catch, type, member, label.
    """

    __slots__ = ("how", "kind", "meaning", "name", "node", "owner", "scope")

    def __init__(self, kind: str, node: Branch, scope: Scope, meaning: int, how: str = "") -> None:
        self.kind = kind
        self.name = node.text
        self.node = node
        self.scope = scope
        self.meaning = meaning
        self.how = how
        self.owner: Scope | None = scope

    @property
    def variable(self) -> tuple[Scope | None, str]:
        return self.owner, self.name

    @property
    def is_odd(self) -> bool:
        """Whether a scope from here to its variable's binds the name by an old rule."""
        scope: Scope | None = self.scope
        while scope is not None:
            if self.name in scope.odd:
                return True
            scope = scope.parent if scope is not self.owner else None
        return False
