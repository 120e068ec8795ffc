"""Java: https://github.com/tree-sitter/tree-sitter-java."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """class_body interface_body enum_body enum_body_declarations
    annotation_type_body formal_parameters ERROR"""
_TYPES: Final = """class_declaration interface_declaration enum_declaration record_declaration
    annotation_type_declaration"""

ENTRIES: Final = (
    Grammar(
        language="java",
        module="tree_sitter_java",
        function="language",
        queries=("java",),
        functions=words("""method_declaration constructor_declaration lambda_expression
            compact_constructor_declaration"""),
        classes=words(_TYPES),
        blocks=words("""if_statement for_statement enhanced_for_statement while_statement
            do_statement try_statement try_with_resources_statement catch_clause finally_clause
            switch_expression switch_block_statement_group synchronized_statement
            static_initializer"""),
        strings=words("string_literal character_literal"),
        comments=words("line_comment block_comment"),
        containers=words(f"{_TYPES} {_OUTER}"),
        transparent=words(_OUTER),
        docs=("/**",),
    ),
)
