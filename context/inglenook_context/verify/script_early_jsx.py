"""What JSX refuses: elements whose tags differ, attributes without a value or given twice."""

from __future__ import annotations

from collections.abc import Iterator

from inglenook_context.verify.script_early_context import Context
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree


def element(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    names = [
        side.written(name) if (name := tag.one("name")) is not None else ""
        for tag in (node.children[0], node.children[-1])
    ]
    if names[0] != names[1]:
        yield f"<{names[0]}> is closed by </{names[1]}>"


def attributes(side: Side, node: Tree, context: Context) -> Iterator[str]:
    seen: set[str] = set()
    for each in node.children:
        if each.type == "jsx_expression" and [e.type for e in each.parts] != ["spread_element"]:
            yield "an element has code without an attribute"
        if each.type != "jsx_attribute" or not each.parts:
            continue
        name = side.written(each.parts[0])
        if name in seen and context.typed:
            yield f"an element has two attributes {name}"
        seen.add(name)
        value = each.parts[-1]
        if value.type == "jsx_expression" and not value.parts:
            yield f"the attribute {name} has no value"
