"""Shell scripts: https://github.com/tree-sitter/tree-sitter-bash."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = "if_statement else_clause list ERROR"

ENTRIES: Final = (
    Grammar(
        language="shellscript",
        module="tree_sitter_bash",
        function="language",
        queries=("bash",),
        functions=words("function_definition"),
        classes=frozenset(),
        blocks=words("""if_statement elif_clause else_clause for_statement c_style_for_statement
            while_statement case_statement case_item"""),
        strings=words("string raw_string ansi_c_string heredoc_body"),
        comments=words("comment"),
        containers=words("declaration_command " + _OUTER),
        transparent=words(_OUTER),
        docs=("#",),
    ),
)
