"""The two texts of an edit, each with what changed in it, read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from inglenook_context.grammar import Grammar, grammar_of
from inglenook_context.style import to_model
from inglenook_context.syntax import Syntax
from inglenook_context.verify.task import Task
from inglenook_context.verify.tree import Tree, syntax_of, tree_of


class Leaf(NamedTuple):
    """A token; a string or a comment is one. ``kind`` is the node's type, or one of those two."""

    kind: str
    text: str
    start: int
    stop: int


@dataclass(frozen=True)
class Side:
    """One text; from ``start`` to ``stop`` is what may have changed."""

    text: str
    language: str
    start: int
    stop: int

    @property
    def target(self) -> str:
        return self.text[self.start : self.stop]

    @property
    def is_script(self) -> bool:
        return self.language.startswith(("javascript", "typescript"))

    @cached_property
    def lines(self) -> list[str]:
        """The target's lines, without their ends."""
        return to_model(self.target).split("\n")

    @cached_property
    def grammar(self) -> Grammar | None:
        return grammar_of(self.language)

    @cached_property
    def syntax(self) -> Syntax | None:
        return syntax_of(self.text, self.language)

    @cached_property
    def tree(self) -> Tree | None:
        """Of a script all of it, of others what the target touches."""
        if self.syntax is None:
            return None
        if self.is_script:
            return tree_of(self.syntax)
        return tree_of(self.syntax, self.start, self.stop)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The tokens that are in the target, even in part."""
        if self.tree is None or self.grammar is None:
            return ()
        return tuple(self._leaves(self.tree, self.grammar))

    def of_kind(self, kind: str) -> list[Leaf]:
        return [leaf for leaf in self.leaves if leaf.kind == kind]

    def written(self, node: Tree) -> str:
        return self.text[node.start : node.stop]

    def touches(self, node: Tree) -> bool:
        """Whether a node shares characters with the target, or the target is empty within it."""
        if self.start == self.stop:
            return node.start <= self.start <= node.stop
        return node.start < self.stop and self.start < node.stop

    def line_of(self, offset: int) -> int:
        """The number, from 1, of the line that holds ``offset``."""
        return to_model(self.text[:offset]).count("\n") + 1

    def _leaves(self, root: Tree, grammar: Grammar) -> Iterator[Leaf]:
        stack = [root]
        while stack:
            node = stack.pop()
            if not self.touches(node):
                continue
            kind = "comment" if node.type in grammar.comments else ""
            kind = "string" if node.type in grammar.strings else kind
            if kind or not node.children:
                if node.stop > node.start:
                    yield Leaf(kind or node.type, self.written(node), node.start, node.stop)
            else:
                stack += reversed(node.children)


@dataclass(frozen=True)
class Edit:
    """What was and what it became; ``outside`` tells whether the target was left."""

    before: Side
    after: Side
    task: Task
    outside: bool


def edit_of(before: str, after: str, task: Task) -> Edit:
    """The two sides. If the edit left its target, both are widened to hold all that changed."""
    start = min(max(task.target[0], 0), len(before))
    stop = min(max(task.target[1], start), len(before))
    tail = len(before) - stop
    head = common_head(before, after)
    end = common_tail(before[head:], after[head:])
    fits = len(after) >= start + tail
    outside = not (fits and after[:start] == before[:start] and after.endswith(before[stop:]))
    if outside:
        start, tail = min(start, head), min(tail, end)
        tail = min(tail, len(after) - start)
    language = task.language
    return Edit(
        Side(before, language, start, len(before) - tail),
        Side(after, language, start, len(after) - tail),
        task,
        outside,
    )


def common_head(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_tail(one: str, other: str) -> int:
    """How many characters two texts end with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
