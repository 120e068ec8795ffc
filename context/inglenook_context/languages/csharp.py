"""C#: https://github.com/tree-sitter/tree-sitter-c-sharp."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """declaration_list enum_member_declaration_list parameter_list preproc_if
    preproc_else ERROR"""
_SPACES: Final = "namespace_declaration file_scoped_namespace_declaration"
_TYPES: Final = """class_declaration interface_declaration enum_declaration record_declaration
    struct_declaration"""

ENTRIES: Final = (
    Grammar(
        language="csharp",
        module="tree_sitter_c_sharp",
        function="language",
        queries=("csharp",),
        functions=words("""method_declaration constructor_declaration destructor_declaration
            operator_declaration local_function_statement lambda_expression
            anonymous_method_expression accessor_declaration"""),
        classes=words(_TYPES),
        blocks=words(
            """if_statement for_statement foreach_statement while_statement do_statement
            try_statement catch_clause finally_clause switch_statement switch_section
            using_statement lock_statement checked_statement """
            + _SPACES
        ),
        strings=words("""string_literal verbatim_string_literal raw_string_literal
            interpolated_string_expression character_literal"""),
        comments=words("comment"),
        containers=words(f"{_TYPES} {_SPACES} {_OUTER}"),
        transparent=words(_OUTER),
        spaces=words(_SPACES),
        docs=("///", "/**"),
    ),
)
