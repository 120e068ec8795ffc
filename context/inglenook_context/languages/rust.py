"""Rust: https://github.com/tree-sitter/tree-sitter-rust."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """declaration_list field_declaration_list enum_variant_list foreign_mod_item
    ERROR"""
_TYPES: Final = "struct_item enum_item union_item trait_item impl_item"

ENTRIES: Final = (
    Grammar(
        language="rust",
        module="tree_sitter_rust",
        function="language",
        queries=("rust",),
        functions=words("function_item function_signature_item closure_expression"),
        classes=words(_TYPES),
        blocks=words("""if_expression else_clause match_expression match_arm for_expression
            while_expression loop_expression unsafe_block async_block mod_item"""),
        strings=words("string_literal raw_string_literal char_literal"),
        comments=words("line_comment block_comment"),
        containers=words(f"{_TYPES} mod_item {_OUTER}"),
        transparent=words(_OUTER),
        docs=("///", "/**"),
    ),
)
