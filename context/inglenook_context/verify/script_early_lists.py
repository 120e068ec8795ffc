"""Lists that lack a part: of arguments, members and patterns, and of the types of a union.

Grammars that mend what they read take `f(a, , b)` and `A | | B` without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import Context
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_CHOICES: Final = frozenset({"union_type", "intersection_type"})
# What takes a whole type, which may begin with `|`; everything else takes an operand.
_OPERATORS: Final = frozenset({"index_type_query", "readonly_type", "array_type", "lookup_type"})


def parts(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """A comma stands after a part: `f(, a)` and `{ a, , b }` are refused, `[, a]` is not."""
    between = True
    for each in node.children:
        if each.type == "," and between:
            yield "a part of a list is missing before a comma"
        between = each.type == "," or (between and (each.type in ("(", "{") or _is_aside(each)))


def type_arguments(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`Map<string, >`: a comma may not be the last."""
    inner = [each for each in node.children if not _is_aside(each)]
    if len(inner) > 1 and inner[-2].type == ",":
        yield "type arguments end with a comma"


def choice(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`A | | B`: what begins with its sign is a whole type, and no operand of another."""
    if not node.children or node.children[0].type not in ("|", "&"):
        return
    parent = node.parent
    if parent is None:
        return
    if parent.type in _OPERATORS:
        yield "a type is missing before | or &"
    elif parent.type in _CHOICES:
        first = parent.children[0] is node
        wider = parent.type == "union_type" and node.type == "intersection_type"
        narrower = parent.type == "intersection_type" and node.type == "union_type"
        if narrower or not (first or wider):
            yield "a type is missing before | or &"


def maybe(_side: Side, _node: Tree, _context: Context) -> Iterator[str]:
    """`?T` is a type of Flow, another language."""
    yield "? stands before a type"


def parentheses(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`(a: T)` is no expression, but what is before an arrow."""
    if any(each.type == "type_annotation" for each in node.children):
        yield "an expression in parentheses has a type"


def _is_aside(node: Tree) -> bool:
    return node.type in ("comment", "html_comment")
