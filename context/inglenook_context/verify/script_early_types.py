"""What TypeScript refuses in types: members and type parameters of one name, and modifiers."""

from __future__ import annotations

from collections.abc import Iterator

from inglenook_context.verify.script_early_context import Context, name_of
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree


def members(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    seen: set[str] = set()
    for each in node.children:
        if any(part.type == "accessibility_modifier" for part in each.children):
            yield "a member of a type is public, private or protected"
        name = name_of(side, each) if each.type == "property_signature" else ""
        if name and name in seen:
            yield f"{name} is declared twice in one type"
        seen.add(name)


def parameters(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    seen: set[str] = set()
    for each in node.parts:
        name = name_of(side, each) if each.type == "type_parameter" else ""
        if name and name in seen:
            yield f"two type parameters have the name {name}"
        seen.add(name)
