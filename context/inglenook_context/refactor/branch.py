"""A part of a syntax tree as objects that know their parents and count in code points.

A node of tree-sitter finds its parent by a walk from the root, and counts bytes. The refactors
look upwards often, and at no more than one top-level statement (or one file of a moderate size),
so that part is copied once. What differs from language to language is a `Part`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tree_sitter import Node

from inglenook_context.refactor.edits import Refused
from inglenook_context.syntax import Syntax
from inglenook_context.text import encode

MOST_OF_FILE: Final = 60_000  # nodes, tokens included, where a whole file must be read
DEEPEST: Final = 110  # levels; every walk over the copy is recursive
TRIVIA: Final = frozenset({"comment", "html_comment", "hash_bang_line"})


class Branch:
    """A node: ``start`` and ``stop`` are offsets in the document; tokens are children too."""

    __slots__ = ("children", "field", "named", "parent", "start", "stop", "text", "type")

    def __init__(
        self,
        kind: str,
        field: str,
        named: bool,
        span: tuple[int, int],
        text: str,
        parent: Branch | None,
    ) -> None:
        self.type = kind
        self.field = field  # the name by which the parent knows it, or ""
        self.named = named
        self.start, self.stop = span
        self.text = text  # only of nodes without children
        self.parent = parent
        self.children: list[Branch] = []

    def all(self, field: str) -> list[Branch]:
        return [child for child in self.children if child.field == field]

    def one(self, field: str) -> Branch | None:
        return next((child for child in self.children if child.field == field), None)

    @property
    def parts(self) -> list[Branch]:
        """The named children that are no comments."""
        return [child for child in self.children if child.named and child.type not in TRIVIA]

    def has(self, token: str) -> bool:
        """Whether a child is the token ``token``."""
        return any(child.type == token and not child.named for child in self.children)

    def walk(self) -> Iterator[Branch]:
        """This node and all below it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.children)

    def above(self) -> Iterator[Branch]:
        """The nodes round this one, innermost first, without itself."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, start: int, stop: int) -> bool:
        return start <= self.start and self.stop <= stop


@dataclass(frozen=True, slots=True)
class Part:
    """How a statement of a language is copied: ``languages`` are identifiers of LSP, ``root`` is
    the type of a whole file's node, ``most`` are nodes of one statement, tokens included.

    ``partly`` is given the nodes from a statement down to the selection. It names, by their ids,
    nodes of which one child only is copied in full, and that child; of the others those of a type
    in ``members`` (None: all) have no children in the copy.
    """

    languages: frozenset[str]
    root: str
    most: int
    partly: Callable[[list[Node]], dict[int, int]]
    members: frozenset[str] | None = None

    def whole(self, syntax: Syntax) -> Branch:
        """The whole file."""
        return self._copy(syntax, syntax.tree.root_node, MOST_OF_FILE)

    def statement(self, syntax: Syntax, start: int, stop: int) -> Branch:
        """A file that holds only the top-level statement round ``start`` to ``stop``."""
        text = syntax.text
        low, high = text.byte_at(start), text.byte_at(stop)
        for byte in (low, max(low - 1, 0)):
            cursor = syntax.tree.walk()
            node = cursor.node if cursor.goto_first_child_for_byte(byte) is not None else None
            if node is not None and node.start_byte <= low and high <= node.end_byte:
                break
        else:
            raise Refused("Select code inside one top-level statement.")
        if node.type in TRIVIA:
            raise Refused("Select code inside one top-level statement.")
        root = Branch(self.root, "", True, (0, len(text)), "", None)
        statement = self._copy(syntax, node, self.most, self.partly(_path(node, low, high)))
        statement.parent = root
        root.children.append(statement)
        return root

    def _copy(
        self,
        syntax: Syntax,
        root: Node,
        most: int,
        partly: Mapping[int, int] = MappingProxyType({}),
    ) -> Branch:
        if syntax.grammar.language not in self.languages or not syntax.exact:
            raise Refused("There is no syntax tree of this text yet.")
        if "\0" in str(syntax.text):  # where a grammar may think that the file ends
            raise Refused("The file has a NUL character: remove it first.")
        if root.has_error:
            raise Refused("The code does not parse.")
        whole = syntax.text.slice(syntax.start_of(root), syntax.stop_of(root))
        places = _Places(whole, syntax.start_of(root), root.start_byte)
        cursor = root.walk()
        parent: Branch | None = None
        chosen: dict[Branch, int] = {}
        level = count = 0
        while True:
            node = cursor.node
            count += 1
            if node is None or count > most:
                raise Refused("The code round the selection is too long.")
            start, stop = places.of(node.start_byte), places.of(node.end_byte)
            text = "" if node.child_count else whole[start - places.first : stop - places.first]
            branch = Branch(
                node.type, cursor.field_name or "", node.is_named, (start, stop), text, parent
            )
            if parent is not None:
                parent.children.append(branch)
            if node.id in partly:
                chosen[branch] = partly[node.id]
            member = self.members is None or node.type in self.members
            aside = member and parent is not None and node.id != chosen.get(parent, node.id)
            if not aside and cursor.goto_first_child():
                parent, level = branch, level + 1
                if level > DEEPEST:
                    raise Refused("The code is nested too deep.")
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent() or parent is None:
                    return branch
                if parent.parent is None:
                    return parent
                branch, parent, level = parent, parent.parent, level - 1


def _path(node: Node, low: int, high: int) -> list[Node]:
    """The nodes from ``node`` down that hold the bytes."""
    path = [node]
    while (inner := _child_round(path[-1], low, high)) is not None and len(path) < DEEPEST:
        path.append(inner)
    return path


def _child_round(node: Node, low: int, high: int) -> Node | None:
    for child in node.children:
        if child.start_byte <= low and high <= child.end_byte:
            return child
    return None


class _Places:
    """Offsets in code points of the bytes of one part of a text."""

    __slots__ = ("_table", "first", "first_byte")

    def __init__(self, text: str, first: int, first_byte: int) -> None:
        self.first, self.first_byte = first, first_byte
        self._table: list[int] | None = None
        if not text.isascii():
            table: list[int] = []
            for at, character in enumerate(text):
                table += [at] * len(encode(character))
            self._table = [*table, len(text)]

    def of(self, byte: int) -> int:
        at = byte - self.first_byte
        return self.first + (at if self._table is None else self._table[at])
