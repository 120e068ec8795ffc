"""What of a Python file is copied for a refactor."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from inglenook_context.refactor.branch import Branch, Part
from inglenook_context.syntax import Syntax

COMPREHENSIONS: Final = frozenset(
    {
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    }
)


def _one_method(path: list[Node]) -> dict[int, int]:
    """The bodies of classes of which one method's body holds the selection, and that method: the
    other methods do not see its names.

    A class in a function is none: all its methods can use the variables of the function.
    """
    kinds = [each.type for each in path]
    found: dict[int, int] = {}
    for at in range(1, len(path) - 2):
        if "function_definition" in kinds[: at + 1]:
            break
        function = at + 2 if kinds[at + 1] == "decorated_definition" else at + 1
        if kinds[at - 1] == "class_definition" and kinds[function : function + 2] == [
            "function_definition",
            "block",
        ]:
            found[path[at].id] = path[at + 1].id
    return found


_PYTHON: Final = Part(
    frozenset({"python"}),
    "module",
    9_000,  # a function of about 1,000 lines
    _one_method,
    frozenset({"function_definition", "decorated_definition"}),
)


def file_of(syntax: Syntax) -> Branch:
    """The whole file."""
    return _PYTHON.whole(syntax)


def statement_of(syntax: Syntax, start: int, stop: int) -> Branch:
    """A module that holds only the top-level statement round ``start`` to ``stop``.

    Of a class round a function that holds the span only this function is there in full.
    """
    return _PYTHON.statement(syntax, start, stop)
