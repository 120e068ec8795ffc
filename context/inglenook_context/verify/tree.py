"""The syntax tree of a whole text as objects that know their parents and count in code points.

Made at once and with errors in it, of any language that has a grammar: for a worker, not for the
event loop. (`inglenook_context.refactor` copies parts of correct Python, within a budget.)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from inglenook_context.grammar import Grammar
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text, encode

_MOST: Final = 400_000  # nodes
DEEPEST: Final = 250  # levels; walks over the copy may be recursive
_SLICE: Final = 500  # ms
_BEGINS: Final = bytes((byte & 0xC0) != 0x80 for byte in range(256))  # a character of UTF-8
_SLICES: Final = 20


class Tree:
    """A node; what is below `DEEPEST` levels is left out."""

    __slots__ = (
        "children",
        "error",
        "field",
        "missing",
        "named",
        "parent",
        "start",
        "stop",
        "type",
    )

    def __init__(self, kind: str, field: str, named: bool, parent: Tree | None) -> None:
        self.type = kind
        self.field = field  # the name by which the parent knows it, or ""
        self.named = named
        self.parent = parent
        self.start = self.stop = 0
        self.error = self.missing = False
        self.children: list[Tree] = []

    @property
    def parts(self) -> list[Tree]:
        """The named children that are no comments."""
        return [each for each in self.children if each.named and each.type != "comment"]

    def one(self, field: str) -> Tree | None:
        return next((each for each in self.children if each.field == field), None)

    def all(self, field: str) -> list[Tree]:
        return [each for each in self.children if each.field == field]

    def has(self, token: str) -> bool:
        return any(each.type == token for each in self.children)

    def walk(self) -> Iterator[Tree]:
        """This node and all below it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.children)

    def above(self) -> Iterator[Tree]:
        """The nodes round this one, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def syntax_of(text: str, language: str) -> Syntax | None:
    """The syntax of a text; None without a grammar, and of a text on which a parser could stall."""
    parse = Parse(language, Text.of(text))
    for _ in range(_SLICES):
        if parse.advance(_SLICE):
            break
    syntax = parse.tree()
    return syntax if syntax is not None and syntax.exact else None


def tree_of(
    syntax: Syntax,
    start: int = 0,
    stop: int | None = None,
    *,
    members: bool = False,
    glued: frozenset[str] = frozenset(),
) -> Tree | None:
    """The copy of a tree; None if it has too many nodes.

    With ``start`` and ``stop`` statements at the top that lie elsewhere are copied without what is
    in them, if they have no errors; with ``members`` also those of classes outside of functions.
    What stands behind a node of a ``glued`` type lies where that one does.
    """
    grammar = syntax.grammar
    low = syntax.text.byte_at(start)
    high = syntax.text.byte_at(len(syntax.text) if stop is None else stop)
    places = _places(str(syntax.text))
    cursor = syntax.tree.walk()
    parent: Tree | None = None
    stuck: Tree | None = None  # the last one of a glued type that is not aside
    depth = 0
    for _ in range(_MOST):
        node = cursor.node
        if node is None:
            return None
        copy = Tree(node.type, cursor.field_name or "", node.is_named, parent)
        copy.start, copy.stop = node.start_byte, node.end_byte
        if places is not None:
            copy.start, copy.stop = places[copy.start], places[copy.stop]
        copy.error, copy.missing = node.is_error, node.is_missing
        if parent is not None:
            parent.children.append(copy)
        near = node.start_byte <= high and low <= node.end_byte
        if not near and stuck is not None and parent is not None:
            near = parent.children[-2:-1] == [stuck]
        stuck = copy if near and node.type in glued else stuck
        aside = not near and (depth == 1 or (members and _is_member(copy, grammar)))
        down = depth < DEEPEST and (not aside or node.has_error)
        if down and cursor.goto_first_child():
            parent, depth = copy, depth + 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent() or parent is None:
                return copy
            copy, parent, depth = parent, parent.parent, depth - 1
            if parent is None:
                return copy
    return None


def _is_member(node: Tree, grammar: Grammar) -> bool:
    """Whether it stands in the body of a class, and that in no function."""
    body = node.parent
    holder = body.parent if body is not None else None
    if holder is None or holder.type not in grammar.classes:
        return False
    return not any(each.type in grammar.functions for each in holder.above())


def _places(text: str) -> list[int] | None:
    """The code point of each byte; None if they are the same."""
    if text.isascii():
        return None
    table = [*accumulate(encode(text).translate(_BEGINS), initial=-1)][1:]
    return [*table, len(text)]


def is_string(node: Tree, grammar: Grammar) -> bool:
    return node.type in grammar.strings


def is_comment(node: Tree, grammar: Grammar) -> bool:
    return node.type in grammar.comments
