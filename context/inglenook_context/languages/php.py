"""PHP, also in HTML: https://github.com/tree-sitter/tree-sitter-php."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """declaration_list enum_declaration_list compound_statement if_statement
    const_declaration ERROR"""
_TYPES: Final = """class_declaration interface_declaration trait_declaration enum_declaration"""

ENTRIES: Final = (
    Grammar(
        language="php",
        module="tree_sitter_php",
        function="language_php",
        queries=("php",),
        functions=words("""function_definition method_declaration anonymous_function
            arrow_function"""),
        classes=words(_TYPES),
        blocks=words("""if_statement else_clause else_if_clause for_statement foreach_statement
            while_statement do_statement try_statement catch_clause finally_clause
            switch_statement case_statement default_statement match_expression"""),
        strings=words("string encapsed_string heredoc nowdoc text"),
        comments=words("comment"),
        containers=words(f"{_TYPES} namespace_definition {_OUTER}"),
        transparent=words(_OUTER),
        spaces=words("namespace_definition"),
        docs=("/**", "//", "#"),
    ),
)
