"""The syntax tree of a text, as a value that can be asked about places in the text.

Deep trees are cheap to make and costly to walk upwards: 2,000 steps of ``Node.parent`` in a
deep nest take 10 s, and ``str(node)`` overflows the C stack. So every walk goes down from the
root with a cursor, and never further than `DEEPEST_WALK`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node, Tree

from inglenook_context.grammar import Grammar
from inglenook_context.text import Text

DEEPEST_WALK: Final = 2_000  # levels


@dataclass(frozen=True, slots=True, eq=False)
class Syntax:
    """A tree and the text whose places it shows.

    If ``exact`` is false the tree is that of an earlier text, shifted by the edits since: what
    was edited is missing in it or stands there as it was, everything else is in its place.
    """

    tree: Tree
    text: Text
    grammar: Grammar
    exact: bool

    def start_of(self, node: Node) -> int:
        """The offset of a node's first character."""
        return self.text.offset_of_byte(node.start_byte)

    def stop_of(self, node: Node) -> int:
        """The offset behind a node's last character."""
        return self.text.offset_of_byte(node.end_byte)

    def text_of(self, node: Node, limit: int = 4_096) -> str:
        """The first ``limit`` characters of what a node spans."""
        start = self.start_of(node)
        return self.text.slice(start, min(self.stop_of(node), start + limit))

    def around(self, offset: int) -> Iterator[Node]:
        """The nodes that hold ``offset``, outermost first; a node holds its two ends too, and
        where two nodes meet it is the left one that is followed."""
        byte = self.text.byte_at(min(max(offset, 0), len(self.text)))
        cursor = self.tree.walk()
        for _ in range(DEEPEST_WALK):
            node = cursor.node
            if node is None:
                return
            yield node
            if cursor.goto_first_child_for_byte(max(byte - 1, 0)) is None:
                return
            node = cursor.node
            if node is None or node.start_byte > byte:
                return
