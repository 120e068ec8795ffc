"""Ruby: https://github.com/tree-sitter/tree-sitter-ruby."""

from __future__ import annotations

from typing import Final

from inglenook_context.grammar import Grammar, words

_OUTER: Final = "body_statement argument_list begin_block if unless then else ERROR"

ENTRIES: Final = (
    Grammar(
        language="ruby",
        module="tree_sitter_ruby",
        function="language",
        queries=("ruby",),
        functions=words("method singleton_method lambda"),
        classes=words("class module singleton_class"),
        blocks=words("""if elsif else unless while until for case when case_match in_clause begin
            rescue ensure do_block block"""),
        strings=words("""string string_array symbol_array heredoc_body regex subshell
            delimited_symbol character"""),
        comments=words("comment"),
        containers=words(f"class module singleton_class call {_OUTER}"),
        transparent=words(_OUTER),
        spaces=words("call"),  # private def name
        docs=("#",),
    ),
)
