"""Which names of a script mean nothing, by ECMAScript's scopes, and which are read amiss.

The tree may have errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_binder import ScriptBinder
from inglenook_context.verify.script_early import Wrong
from inglenook_context.verify.script_globals import is_global
from inglenook_context.verify.script_scopes import TYPE, VALUE, Scope
from inglenook_context.verify.tree import Tree

# What is in these runs never, or stands for a value and a type alike.
_TYPES: Final = frozenset(
    """type_query type_annotation type_arguments type_parameters implements_clause decorator
    extends_type_clause interface_declaration type_alias_declaration export_specifier
    nested_identifier nested_type_identifier import_alias ambient_declaration
    type_predicate_annotation asserts_annotation""".split()
)
_RUNS: Final = frozenset({"statement_block", "class_body", "program"})


class ScriptNames(ScriptBinder):
    """The names that a tree declares and reads."""

    def undefined(self) -> dict[str, int]:
        """Names without a meaning, with the line of the first."""
        found: dict[str, int] = {}
        if self._open:
            return found
        for name, scope, node in self._reads:
            if name not in found and not scope.knows(name) and not is_global(name):
                found[name] = self._side.line_of(node.start)
        return found

    @property
    def local(self) -> frozenset[str]:
        """What is declared anywhere but at the top."""
        return frozenset(name for scope in self._scopes for name in scope.names)

    @property
    def built_in(self) -> dict[str, int]:
        """What is read of the surroundings, with the line of the first."""
        found: dict[str, int] = {}
        for name, scope, node in self._reads:
            if name not in found and not scope.knows(name) and is_global(name):
                found[name] = self._side.line_of(node.start)
        return found

    def amiss(self) -> Iterator[Wrong]:
        """Values that are read before they are there; in TypeScript, types that are read as values
        and values as types. Each name once."""
        typed = self._side.language.startswith("typescript")
        said: set[str] = set()
        for name, scope, node in () if self._open else self._reads:
            if name not in said and (message := _amiss(name, scope, node, typed)):
                said.add(name)
                yield Wrong(message, node)


def _amiss(name: str, scope: Scope, node: Tree, typed: bool) -> str:
    if node.type == "type_identifier":
        if typed and scope.knows(name) and not scope.knows(name, TYPE) and not is_global(name):
            return f"{name} is a value and is used as a type"
    elif not _is_named_only(node):
        if scope.is_early(name, node.start):
            return f"{name} is used before it is declared"
        if typed and scope.knows(name) and not scope.knows(name, VALUE) and not is_global(name):
            return f"{name} is a type and is used as a value"
    return ""


def _is_named_only(node: Tree) -> bool:
    """Whether a name stands where no value is read: in a type, or in what exports it."""
    if node.parent is not None and node.parent.type == "export_statement":
        return True
    for each in node.above():
        if each.type in _TYPES:
            return True
        if each.type in _RUNS:
            return False
    return False
