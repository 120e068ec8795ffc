"""What an assignment in a script exports: ``module.exports = …`` and ``exports.x = …``."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from inglenook_context.syntax import Syntax

EXPORT: Final = "export="  # the name, as TypeScript calls it, of what a whole module is
_EXPORTS: Final = ("exports", "module.exports")


def exported_name(syntax: Syntax, assignment: Node) -> str | None:
    """The name under which a file exports what it assigns; None if it exports nothing."""
    left = assignment.child_by_field_name("left")
    if left is None or left.end_byte - left.start_byte > 200:
        return None
    owner, _, name = syntax.text_of(left).rpartition(".")
    if owner in _EXPORTS:
        return EXPORT if name == "exports" else name
    return EXPORT if (owner, name) == ("module", "exports") else None
