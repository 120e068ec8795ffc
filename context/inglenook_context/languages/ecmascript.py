"""JavaScript and TypeScript: https://github.com/tree-sitter/tree-sitter-javascript, -typescript."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = """class class_body statement_block ambient_declaration
    expression_statement module if_statement else_clause interface_body enum_body object_type
    intersection_type union_type variable_declarator object as_expression satisfies_expression
    ERROR"""
_HOLDERS: Final = """class_declaration abstract_class_declaration interface_declaration
    enum_declaration type_alias_declaration internal_module lexical_declaration
    variable_declaration export_statement assignment_expression"""
_TYPES: Final = "abstract_class_declaration interface_declaration enum_declaration internal_module"
_PLAIN: Final = ("javascript", "ecmascript")
_BOTH: Final = ("javascript", "typescript")


def _script(
    language: str, module: str, function: str, queries: tuple[str, ...], classes: str = ""
) -> Grammar:
    return Grammar(
        language=language,
        module=module,
        function=function,
        queries=queries,
        functions=words("""function_declaration function_expression generator_function
            arrow_function generator_function_declaration method_definition"""),
        classes=words("class_declaration class " + classes),
        blocks=words("""if_statement else_clause for_statement for_in_statement while_statement
            do_statement try_statement catch_clause finally_clause switch_statement switch_case
            switch_default"""),
        strings=words("string template_string regex jsx_text"),
        comments=words("comment hash_bang_line html_comment"),
        containers=words(f"{_HOLDERS} {_OUTER}"),
        transparent=words(_OUTER),
    )


ENTRIES: Final = (
    _script("javascript", "tree_sitter_javascript", "language", _PLAIN),
    _script("javascriptreact", "tree_sitter_javascript", "language", _PLAIN),
    _script("typescript", "tree_sitter_typescript", "language_typescript", _BOTH, _TYPES),
    _script("typescriptreact", "tree_sitter_typescript", "language_tsx", _BOTH, _TYPES),
)
