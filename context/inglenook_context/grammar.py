"""The grammars: one entry per language, found by name and loaded when first asked for.

A further language is one more grammar wheel, one entry here and its query files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Final

from tree_sitter import Language, Query


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: where its parser comes from, and what its node types stand for."""

    language: str  # LSP language identifier
    module: str  # the import name of the grammar's wheel
    function: str  # what in it returns the language
    queries: tuple[str, ...]  # directories of `queries/` whose files are read one after another
    functions: frozenset[str]
    classes: frozenset[str]
    blocks: frozenset[str]  # compound statements that are neither function nor class
    strings: frozenset[str]
    comments: frozenset[str]
    containers: frozenset[str]  # what can hold definitions that other files see
    transparent: frozenset[str]  # those containers that are no definitions themselves


_BEGINNING: Final = re.compile(r"^\((\w+)(?:[ ]*;(.*))?", re.MULTILINE)  # of a pattern


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PYTHON_OUTER: Final = """block decorated_definition if_statement elif_clause else_clause
    try_statement except_clause finally_clause with_statement ERROR"""
_SCRIPT_OUTER: Final = """class class_body statement_block ambient_declaration
    expression_statement module if_statement else_clause interface_body enum_body object_type
    intersection_type union_type variable_declarator object as_expression satisfies_expression
    ERROR"""
_SCRIPT_HOLDERS: Final = """class_declaration abstract_class_declaration interface_declaration
    enum_declaration type_alias_declaration internal_module lexical_declaration
    variable_declaration export_statement assignment_expression"""

_PYTHON: Final = Grammar(
    language="python",
    module="tree_sitter_python",
    function="language",
    queries=("python",),
    functions=frozenset({"function_definition", "lambda"}),
    classes=frozenset({"class_definition"}),
    blocks=_words("""if_statement elif_clause else_clause for_statement while_statement
        with_statement try_statement except_clause except_group_clause finally_clause
        match_statement case_clause"""),
    strings=frozenset({"string"}),
    comments=frozenset({"comment"}),
    containers=_words("class_definition " + _PYTHON_OUTER),
    transparent=_words(_PYTHON_OUTER),
)


def _ecmascript(
    language: str, module: str, function: str, queries: tuple[str, ...], classes: str = ""
) -> Grammar:
    return Grammar(
        language=language,
        module=module,
        function=function,
        queries=queries,
        functions=_words("""function_declaration function_expression generator_function
            arrow_function generator_function_declaration method_definition"""),
        classes=_words("class_declaration class " + classes),
        blocks=_words("""if_statement else_clause for_statement for_in_statement while_statement
            do_statement try_statement catch_clause finally_clause switch_statement switch_case
            switch_default"""),
        strings=frozenset({"string", "template_string", "regex", "jsx_text"}),
        comments=frozenset({"comment", "hash_bang_line", "html_comment"}),
        containers=_words(f"{_SCRIPT_HOLDERS} {_SCRIPT_OUTER}"),
        transparent=_words(_SCRIPT_OUTER),
    )


_TYPES: Final = "abstract_class_declaration interface_declaration enum_declaration internal_module"
_PLAIN: Final = ("javascript", "ecmascript")
_BOTH: Final = ("javascript", "typescript")
GRAMMARS: Final = {
    grammar.language: grammar
    for grammar in (
        _PYTHON,
        _ecmascript("javascript", "tree_sitter_javascript", "language", _PLAIN),
        _ecmascript("javascriptreact", "tree_sitter_javascript", "language", _PLAIN),
        _ecmascript("typescript", "tree_sitter_typescript", "language_typescript", _BOTH, _TYPES),
        _ecmascript("typescriptreact", "tree_sitter_typescript", "language_tsx", _BOTH, _TYPES),
    )
}


def grammar_of(language: str) -> Grammar | None:
    """The entry of an LSP language identifier; None if there is none."""
    return GRAMMARS.get(language)


@cache
def load(grammar: Grammar) -> Language | None:
    """The parser's tables; None if the wheel is missing or does not fit this tree-sitter."""
    try:
        return Language(getattr(import_module(grammar.module), grammar.function)())
    except (ImportError, AttributeError, ValueError, TypeError):
        return None


@cache
def query(grammar: Grammar, name: str, root: str = "") -> Query | None:
    """The query ``name`` of a language: its directories' ``<name>.scm`` put together.

    With ``root`` only the patterns that begin with a node of that type: each query takes some
    milliseconds to make, and all at once would hold the event loop up. None if there are none,
    if the language cannot be loaded, or if its grammar does not know the query's nodes.
    """
    language = load(grammar)
    source = patterns(grammar.queries, name).get(root) if language is not None else None
    if language is None or not source:
        return None
    try:
        return Query(language, source)
    except ValueError:  # QueryError: a grammar release renamed a node
        return None


@cache
def patterns(directories: tuple[str, ...], name: str) -> Mapping[str, str]:
    """The patterns of a query by the type of their first node, and all under the empty name."""
    found: dict[str, str] = {}
    for directory in directories:
        file = files("inglenook_context") / "queries" / directory / f"{name}.scm"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        for pattern in re.split(r"\n\s*\n", text):
            if begins := _BEGINNING.search(pattern):
                for root in (begins[2] or begins[1]).split():
                    # A query is no good at patterns that begin with `_` and match at a root only.
                    concrete = f"{pattern[: begins.start()]}({root}{pattern[begins.end() :]}\n"
                    for key in ("", root):
                        found[key] = found.get(key, "") + concrete
    return found
