"""What the captures of a query say of a definition: its kind, its name, and whether it is one.

Beside what `queries/python/symbols.scm` tells, ``@only.<words>``, ``@first.<words>`` and
``@has.<text>`` restrict a match, and ``@before.<word>`` is a word that a definition has lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tree_sitter import Node

from inglenook_context.commonjs import EXPORT, exported_name
from inglenook_context.languages import STRUCTURE
from inglenook_context.syntax import Syntax

_MARKUP: Final = re.compile(r"[\"'`]|\s+#+\s*$")  # of a key, and at the end of a heading
_LOOSE: Final = ("function", "variable")  # what is no member of a namespace that holds it


class Parent(NamedTuple):
    """What holds a definition, and its kind; without a name nothing does."""

    name: str
    kind: str = ""


NO_PARENT: Final = Parent("")


def holds(syntax: Syntax, captures: Mapping[str, Sequence[Node]]) -> bool:
    """Whether ``@only.<words>`` is one of the words, and ``@has.<text>`` has that text in it;
    where ``@first.<words>`` is one of them, whether the name comes first.

    A query's own predicates are not used: what they read is what the parser's callback gave it.
    """
    for key, nodes in captures.items():
        sort, _, word = key.partition(".")
        if sort == "only" and syntax.text_of(nodes[0], 100) not in word.split("."):
            return False
        if sort == "first" and syntax.text_of(nodes[0], 100) in word.split("."):
            return captures["name"][0].prev_named_sibling is None
        if sort == "has" and word not in syntax.text_of(nodes[0], 200):
            return False
    return True


def word(captures: Mapping[str, Sequence[Node]], prefix: str) -> str:
    return next((key for key in captures if key.startswith(prefix)), "").removeprefix(prefix)


def tells(captures: Mapping[str, Sequence[Node]]) -> tuple[bool, int]:
    """Of two matches of one name the greater tells more."""
    return "body" in captures, len(captures)


def kind_of(
    syntax: Syntax, node: Node, kind: str, captures: Mapping[str, Sequence[Node]], parent: Parent
) -> str:
    """The kind of what has this parent; empty if it is no definition there."""
    if parent.name:
        if syntax.grammar.docs and parent.kind == "namespace" and kind in _LOOSE:
            return kind
        if kind == "function" and node.type in syntax.grammar.functions:
            return "method"
        return "field" if kind == "variable" else kind
    if kind == "method":  # in an object that is a script's exports
        return "function"
    if kind == "field":
        values = captures.get("value", ())
        return "variable" if values and values[0].type != "identifier" else ""
    return kind


def name_of(syntax: Syntax, node: Node, captures: Mapping[str, Sequence[Node]]) -> str:
    """What a match defines; empty if it is no definition."""
    if "owner" in captures:
        name = exported_name(syntax, node) or ""
        is_object = "value" in captures and captures["value"][0].type == "object"
        return "" if name == EXPORT and is_object else name
    if "name" not in captures:
        return "default"
    return name_text(syntax, captures["name"][0])


def name_text(syntax: Syntax, node: Node) -> str:
    """A name: of data without its quotes, of Ruby's symbols without the colon."""
    text = syntax.text_of(node, 200)
    if syntax.grammar.language in STRUCTURE:
        return _MARKUP.sub("", text).strip()
    return text.removeprefix(":") if syntax.grammar.docs else text
