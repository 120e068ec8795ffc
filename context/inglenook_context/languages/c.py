"""C and C++: https://github.com/tree-sitter/tree-sitter-c, -cpp."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """preproc_if preproc_ifdef preproc_else preproc_elif preproc_elifdef
    linkage_specification declaration_list field_declaration_list enumerator_list
    template_declaration ERROR"""
_TYPES: Final = "struct_specifier union_specifier enum_specifier class_specifier"
_HOLDERS: Final = "type_definition declaration field_declaration namespace_definition"
_BLOCKS: Final = """if_statement else_clause for_statement while_statement do_statement
    switch_statement case_statement for_range_loop try_statement catch_clause
    namespace_definition"""


def _of_c(language: str, module: str, queries: tuple[str, ...]) -> Grammar:
    return Grammar(
        language=language,
        module=module,
        function="language",
        queries=queries,
        functions=words("function_definition lambda_expression"),
        classes=words(_TYPES),
        blocks=words(_BLOCKS),
        strings=words("string_literal raw_string_literal char_literal system_lib_string"),
        comments=words("comment"),
        containers=words(f"{_TYPES} {_HOLDERS} {_OUTER}"),
        transparent=words(_OUTER),
        spaces=words("declaration field_declaration namespace_definition"),
        docs=("///", "//!", "//", "/*"),
    )


ENTRIES: Final = (
    _of_c("c", "tree_sitter_c", ("c", "c_only")),
    _of_c("cpp", "tree_sitter_cpp", ("c", "cpp")),
)
