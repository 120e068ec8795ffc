"""Whether a file itself says that a global name is bound."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from inglenook_context.refactor.python.branch import COMPREHENSIONS
from inglenook_context.syntax import DEEPEST_WALK, Syntax

_BUILTIN: Final = frozenset(dir(builtins))
_DEFINITIONS: Final = frozenset({"function_definition", "class_definition"})
_INSIDE: Final = COMPREHENSIONS | {"lambda"}  # what they bind is their own


def is_known(syntax: Syntax, name: str) -> bool:
    """Whether ``name`` is built in, or the code of the module itself has it.

    That code has run before any function of the module is called, so also a name that it only
    reads is bound. A star import may bind any name.
    """
    if name in _BUILTIN or (name.startswith("__") and name.endswith("__")):
        return True
    wanted = len(name.encode("utf-8", "surrogatepass"))
    for node, field in _of_module(syntax):
        if node.type == "wildcard_import":
            return True
        usable = node.type == "identifier" and field != "attribute"
        if usable and node.end_byte - node.start_byte == wanted and syntax.text_of(node) == name:
            return True
    return False


def _of_module(syntax: Syntax) -> Iterator[tuple[Node, str]]:
    """The nodes that run with the module, each with the field by which its parent knows it."""
    cursor = syntax.tree.walk()
    level = 0
    while (node := cursor.node) is not None:
        field = cursor.field_name or ""
        if node.type in _DEFINITIONS:
            if (name := node.child_by_field_name("name")) is not None:
                yield name, "name"
        else:
            yield node, field
        keyword = node.type == "keyword_argument"  # its name is the other function's
        aside = node.type in _DEFINITIONS or node.type in _INSIDE or keyword
        if not aside and level < DEEPEST_WALK and cursor.goto_first_child():
            level += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            level -= 1
