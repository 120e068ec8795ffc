"""Python: https://github.com/tree-sitter/tree-sitter-python."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """block decorated_definition if_statement elif_clause else_clause
    try_statement except_clause finally_clause with_statement ERROR"""

ENTRIES: Final = (
    Grammar(
        language="python",
        module="tree_sitter_python",
        function="language",
        queries=("python",),
        functions=words("function_definition lambda"),
        classes=words("class_definition"),
        blocks=words("""if_statement elif_clause else_clause for_statement while_statement
            with_statement try_statement except_clause except_group_clause finally_clause
            match_statement case_clause"""),
        strings=words("string"),
        comments=words("comment"),
        containers=words("class_definition " + _OUTER),
        transparent=words(_OUTER),
    ),
)
