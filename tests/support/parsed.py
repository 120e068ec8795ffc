"""The syntax of a drawn cursor's document."""

from __future__ import annotations

from inglenook_context.document import Cursor
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text


def parsed(text: Text, language: str = "python") -> Syntax | None:
    """The exact tree of ``text``; None where there is none."""
    parse = Parse(language, text)
    while not parse.advance(1_000):
        pass
    return parse.tree()


def syntax_of(cursor: Cursor) -> Syntax:
    syntax = parsed(cursor.document.text, cursor.document.language)
    assert syntax is not None
    return syntax


def nodes(syntax: Syntax) -> list[tuple[str, int, int]]:
    """Type and byte range of every node, in the order of the text."""
    cursor = syntax.tree.walk()
    found = []
    while True:
        node = cursor.node
        assert node is not None
        found.append((node.type, node.start_byte, node.end_byte))
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return found
