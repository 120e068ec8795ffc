"""What a piece of code does to the scope that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.branch import FUNCTIONS
from inglenook_context.syntax import Syntax


def own(nodes: Iterable[Branch]) -> Iterator[Branch]:
    """The nodes that run when the code runs: without the functions in it."""
    stack = list(reversed(list(nodes)))
    while stack:
        node = stack.pop()
        yield node
        if node.type not in FUNCTIONS:
            stack += reversed(node.children)


def refuse_lookers(root: Branch) -> None:
    """Refuse code that looks its variables up by name."""
    for node in root.walk():
        if node.type == "with_statement":
            raise Refused("A with statement may mean another object's property.")
        if node.type == "call_expression":
            function = node.one("function")
            if function is not None and function.type == "identifier" and function.text == "eval":
                raise Refused("The code calls eval(), which sees its local variables.")


def is_typed(syntax: Syntax) -> bool:
    """Whether a compiler checks the types of this file."""
    return syntax.grammar.language.startswith("typescript")


def is_module(syntax: Syntax) -> bool:
    """Whether the file imports or exports, so that its variables are its own."""
    cursor = syntax.tree.walk()
    if not cursor.goto_first_child():
        return False
    while (node := cursor.node) is not None:
        if node.type in ("import_statement", "export_statement"):
            return True
        if not cursor.goto_next_sibling():
            break
    return False
