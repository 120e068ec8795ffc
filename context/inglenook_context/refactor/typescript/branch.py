"""What of a TypeScript or JavaScript file is copied for a refactor."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from inglenook_context.refactor.branch import Branch, Part
from inglenook_context.syntax import Syntax

LANGUAGES: Final = frozenset(
    {"typescript", "typescriptreact", "javascript", "javascriptreact"}
)  # LSP identifiers
CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
FUNCTIONS: Final = frozenset(
    """function_declaration function_expression generator_function_declaration generator_function
    arrow_function method_definition""".split()
)  # with a body that runs when they are called
_OPENS: Final = frozenset({"program", "export_statement"})


def _one_member(path: list[Node]) -> dict[int, int]:
    """The body of a class at the top of which one member holds the selection, and that member:
    the others do not see its variables."""
    kinds = [each.type for each in path]
    for at, kind in enumerate(kinds[:-2]):
        if kind in CLASSES and kinds[at + 1] == "class_body":
            return {path[at + 1].id: path[at + 2].id}
        if kind not in _OPENS:
            break
    return {}


_SCRIPT: Final = Part(LANGUAGES, "program", 12_000, _one_member)  # a function of some 1,000 lines


def file_of(syntax: Syntax) -> Branch:
    """The whole file."""
    return _SCRIPT.whole(syntax)


def statement_of(syntax: Syntax, start: int, stop: int) -> Branch:
    """A program that holds only the top-level statement round ``start`` to ``stop``.

    Of a class at the top only the member that holds the span is there in full.
    """
    return _SCRIPT.statement(syntax, start, stop)
