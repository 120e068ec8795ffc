"""Data and documents: what an outline of them shows. None of it is looked for by other files."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words


def _outline(
    language: str,
    module: str,
    queries: str,
    holders: str,
    *,
    outer: str = "",
    strings: str = "",
    comments: str = "comment",
    levels: int = 16,
) -> Grammar:
    return Grammar(
        language=language,
        module=module,
        function="language",
        queries=(queries,),
        functions=frozenset(),
        classes=frozenset(),
        blocks=frozenset(),
        strings=words(strings),
        comments=words(comments),
        containers=words(f"{holders} {outer} ERROR"),
        transparent=words(outer + " ERROR"),
        levels=levels,
    )


# Of JSON, TOML and YAML two levels of keys are shown: `levels` counts the nodes round them.
ENTRIES: Final = (
    *(
        _outline(
            language,
            "tree_sitter_json",
            "json",
            "pair",
            outer="object",
            strings="string",
            levels=4,
        )
        for language in ("json", "jsonc")
    ),
    _outline(
        "html",
        "tree_sitter_html",
        "html",
        "element",
        strings="quoted_attribute_value text raw_text",
    ),
    _outline(
        "css",
        "tree_sitter_css",
        "css",
        "media_statement supports_statement at_rule rule_set",
        outer="block",
        strings="string_value",
    ),
    _outline(
        "toml",
        "tree_sitter_toml",
        "toml",
        "table table_array_element pair",
        outer="inline_table",
        strings="string",
        levels=2,
    ),
    _outline(
        "yaml",
        "tree_sitter_yaml",
        "yaml",
        "block_mapping_pair flow_pair",
        outer="document block_node block_mapping flow_node flow_mapping",
        strings="single_quote_scalar double_quote_scalar block_scalar",
        levels=7,
    ),
    _outline(
        "markdown",
        "tree_sitter_markdown",
        "markdown",
        "section",
        strings="fenced_code_block html_block",
        comments="",
    ),
)
