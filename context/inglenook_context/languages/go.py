"""Go: https://github.com/tree-sitter/tree-sitter-go."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """const_declaration var_declaration var_spec_list type_declaration struct_type
    interface_type field_declaration_list ERROR"""

ENTRIES: Final = (
    Grammar(
        language="go",
        module="tree_sitter_go",
        function="language",
        queries=("go",),
        functions=words("function_declaration method_declaration func_literal"),
        classes=words("type_spec"),
        blocks=words("""if_statement for_statement expression_switch_statement
            type_switch_statement select_statement expression_case type_case default_case
            communication_case"""),
        strings=words("interpreted_string_literal raw_string_literal rune_literal"),
        comments=words("comment"),
        containers=words("type_spec " + _OUTER),
        transparent=words(_OUTER),
        docs=("//", "/*"),
    ),
)
