"""What a declaration of C or C++ declares: the name stands inside of what is done with it.

``int *(*f)(int)``, ``Box<T>::~Box()`` and ``a[3]`` are told apart by the nodes round the name.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tree_sitter import Node

from inglenook_context.syntax import Syntax

_DEPTH: Final = 12
_POINTERS: Final = ("pointer_declarator", "reference_declarator")
_NAMES: Final = (
    *("identifier", "field_identifier", "type_identifier", "destructor_name"),
    *("operator_name", "operator_cast", "template_function", "template_method"),
    *("primitive_type", "structured_binding_declarator"),  # typedef int bool;
)


class Declared(NamedTuple):
    """``parent`` is the class before ``::``, or empty."""

    name: str
    parent: str
    is_function: bool


def declared(syntax: Syntax, node: Node) -> Declared | None:
    """What a declarator declares; None if that is no name."""
    parent = ""
    is_function = False
    for _ in range(_DEPTH):
        if node.type in _NAMES:
            return Declared(_named(syntax, node), parent, is_function or _is_cast(node))
        inner = node.child_by_field_name("declarator")
        if node.type == "function_declarator":
            is_function = True
        elif node.type == "qualified_identifier":
            scope = node.child_by_field_name("scope")
            parent = syntax.text_of(scope, 200).partition("<")[0] if scope is not None else ""
            inner = node.child_by_field_name("name")
        elif inner is None:  # in parentheses, or behind `&` and attributes
            inner = node.named_child(node.named_child_count - 1) if node.named_child_count else None
            if inner is not None and inner.type in _POINTERS:
                is_function = False  # a pointer to a function
        if inner is None:
            return None
        node = inner
    return None


def _named(syntax: Syntax, node: Node) -> str:
    if node.type == "structured_binding_declarator":
        return ""
    if _is_cast(node):
        type_ = node.child_by_field_name("type")
        return f"operator {syntax.text_of(type_, 100)}" if type_ is not None else ""
    if node.type.startswith("template_"):
        node = node.child_by_field_name("name") or node
    return re.sub(r"\s+", " ", syntax.text_of(node, 200))


def _is_cast(node: Node) -> bool:
    return node.type == "operator_cast"
