"""Statements and definitions of a file in whole lines, in every language that has a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inglenook_context.document import Document
from inglenook_context.grammar import Grammar, words
from inglenook_context.languages import STRUCTURE
from inglenook_context.rewrite.rows import end_of_line, trimmed, whole_lines
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from inglenook_context.verify.tree import Tree, syntax_of, tree_of

# What statements and members stand in, one after another.
_BODIES: Final = words(
    """module block program statement_block class_body switch_body switch_case switch_default
    interface_body source_file statement_list declaration_list field_declaration_list
    translation_unit compound_statement compilation_unit body_statement block_body then do
    constructor_body enum_body_declarations annotation_type_body do_group colon_block
    switch_block switch_section"""
)
_GLUED: Final = words("decorator attribute_item attribute_list marker_annotation")
# What a function stands in that is the value of something with a name.
_WRAPPERS: Final = words(
    """decorated_definition export_statement variable_declarator lexical_declaration
    variable_declaration assignment_expression expression_statement pair public_field_definition
    field_definition parenthesized_expression as_expression satisfies_expression
    ambient_declaration template_declaration"""
)
_NAMES: Final = ("name", "key", "property", "left")
_INLINE: Final = words("lambda arrow_function function_expression generator_function class")
_LONE_CR: Final = re.compile(r"\r(?!\n)")


class Broken(Exception):
    """The tree says nothing of the place."""


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A document's tree; of statements at the top, and of members of classes, that were not asked
    for only the outline."""

    text: Text
    grammar: Grammar
    root: Tree

    def written(self, node: Tree, limit: int = 4_096) -> str:
        return self.text.slice(node.start, min(node.stop, node.start + limit))


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A function or class. ``outer`` is the statement or member that it is, ``start`` to ``stop``
    are its whole lines with its decorators, ``kind`` is ``function`` or ``class``. A callback is a
    function within the expression of a statement."""

    node: Tree
    outer: Tree
    start: int
    stop: int
    kind: str
    name: str
    is_callback: bool = False


def structure_of(
    document: Document,
    syntax: Syntax | None,
    start: int = 0,
    stop: int | None = None,
    *,
    members: bool = False,
) -> Structure | None:
    """What is known of the lines between two offsets; None without an exact tree.

    ``members``: all members of a class round them are known.
    """
    text = document.text
    if syntax is None or not syntax.exact or syntax.grammar.language in STRUCTURE:
        return None
    if syntax.text is not text and str(syntax.text) != str(text):
        return None
    start = text.line_start(text.line_at(start))
    if stop is not None:
        line = text.line_at(stop)
        stop = text.line_start(line) + len(text.line(line))
    return _structure(syntax, document.language, start, stop, members)


@lru_cache(maxsize=2)  # several things are asked of one place
def _structure(
    syntax: Syntax, language: str, start: int, stop: int | None, members: bool
) -> Structure | None:
    source, text, read = str(syntax.text), syntax.text, syntax
    if "\0" in source:  # where a grammar may think that the file ends
        return None
    if _LONE_CR.search(source):  # which no grammar knows as a line end
        anew = syntax_of(_LONE_CR.sub("\n", source), language)
        if anew is None:
            return None
        read = anew
    root = tree_of(read, start, stop, members=not members, glued=_GLUED)
    return Structure(text, read.grammar, root) if root is not None else None


# Statements


def grown(structure: Structure, start: int, stop: int) -> tuple[int, int]:
    """The whole lines from ``start`` to ``stop``, and more where a statement would be cut.

    Raises `Broken` where statements cannot be told.
    """
    text = structure.text
    while True:
        start, stop = whole_lines(text, start, stop)
        low, high = _uncut(structure, structure.root, *trimmed(text, start, stop))
        if start <= low and high <= stop:
            return start, stop
        start, stop = min(start, low), max(stop, high)


def statements(structure: Structure, body: Tree) -> Iterator[tuple[int, int, Tree]]:
    """What stands in a body: each with the decorators that stand before it."""
    first, _ = _region(structure.text, body)
    begin: int | None = None
    for part in body.children:
        if not part.named or part.type in structure.grammar.comments or part.start < first:
            continue
        begin = part.start if begin is None else begin
        if part.type not in _GLUED:
            yield begin, trimmed(structure.text, part.start, part.stop)[1], part
            begin = None


def _uncut(structure: Structure, body: Tree, start: int, stop: int) -> tuple[int, int]:
    if body.error:
        raise Broken
    low, high = start, stop
    for begin, end, part in statements(structure, body):
        is_apart = end <= start or stop <= begin
        if is_apart and not (start == stop and begin <= start <= end):
            continue
        if part.error:
            raise Broken
        if start <= begin and end <= stop:
            continue
        inner = _inner(structure, part, start, stop)
        if inner is not None:
            return _uncut(structure, inner, start, stop)
        low, high = min(low, begin), max(high, end)
    return low, high


def _inner(structure: Structure, part: Tree, start: int, stop: int) -> Tree | None:
    """The outermost body in ``part`` that holds the span with all that belongs to it."""
    stack = [part]
    while stack:
        node = stack.pop()
        if _is_body(node):
            first, last = _region(structure.text, node)
            if first <= start and stop <= last:
                return node
        near = [each for each in node.children if each.start <= stop and start <= each.stop]
        stack += [*near, *(each for each in node.children if _is_body(each))]
    return None


def _is_body(node: Tree) -> bool:
    return node.named and node.type in _BODIES


def _region(text: Text, body: Tree) -> tuple[int, int]:
    """Where statements and comments may stand in a body."""
    if body.parent is None:
        return 0, len(text)
    brace = next((each for each in body.children if each.type == "{"), None)
    if brace is not None:
        last = body.children[-1]
        return brace.stop, last.start if last.type == "}" else body.stop
    before = [each for each in body.parent.children if each.start < body.start]
    colons = [each for each in [*before, *body.children] if each.type == ":"]
    start = colons[-1].stop if colons else body.start
    return start, end_of_line(text, trimmed(text, body.start, body.stop)[1])


# Definitions


def definitions(structure: Structure, offset: int) -> list[Definition]:
    """The functions and classes in whose lines ``offset`` stands, outermost first."""
    text = structure.text
    start, stop = whole_lines(text, offset, offset)
    found: list[Definition] = []
    stack = [structure.root]
    while stack:
        node = stack.pop()
        stack += reversed(list(_near(node, start, stop)))
        definition = definition_of(structure, node)
        if definition is None:
            continue
        if definition.start <= offset <= definition.stop:
            found.append(definition)
    return found


def _near(node: Tree, start: int, stop: int) -> Iterator[Tree]:
    """The children that a span touches, and what a decorator that it touches belongs to."""
    is_glued = False
    for each in node.children:
        touches = each.start <= stop and start <= each.stop
        if touches or is_glued:
            yield each
        is_glued = each.type in _GLUED and (touches or is_glued)


def definition_of(structure: Structure, node: Tree) -> Definition | None:
    """The definition that a function or class is; None for others, and within expressions."""
    grammar = structure.grammar
    kind = "function" if node.type in grammar.functions else ""
    kind = "class" if node.type in grammar.classes else kind
    if not kind or not node.named or node.type == "lambda":
        return None
    outer, name = node, _name(structure, node)
    while outer.parent is not None and outer.parent.type in _WRAPPERS:
        outer = outer.parent
        name = name or _name(structure, outer)
    holder = outer.parent
    if holder is None:
        return None
    try:
        if holder.type == "object":
            if not _has_own_lines(structure, outer):
                return None
            start, stop = whole_lines(structure.text, outer.start, outer.stop)
        elif _is_body(holder) or node.type not in _INLINE:
            begin = next((b for b, _, part in statements(structure, holder) if part is outer), None)
            start, stop = grown(structure, outer.start if begin is None else begin, outer.stop)
        elif kind == "function" and _is_long(structure, node):  # a callback
            while outer.parent is not None and not _is_body(outer.parent):
                outer = outer.parent
            start, stop = grown(structure, outer.start, outer.stop)
            return Definition(node, outer, start, stop, kind, "", is_callback=True)
        else:
            return None
    except Broken:
        start, stop = whole_lines(structure.text, outer.start, outer.stop)
    return Definition(node, outer, start, stop, kind, name)


def _name(structure: Structure, node: Tree) -> str:
    for field in _NAMES:
        if (named := node.one(field)) is not None:
            return structure.written(named, 200)
    inner = node
    while (declarator := inner.one("declarator")) is not None:
        inner = declarator
    if inner is not node:
        return structure.written(inner, 200).partition("(")[0].strip()
    implemented = node.one("type") if node.type == "impl_item" else None
    return structure.written(implemented, 200) if implemented is not None else ""


def _has_own_lines(structure: Structure, node: Tree) -> bool:
    start, stop = whole_lines(structure.text, node.start, node.stop)
    before = structure.text.slice(start, node.start)
    after = structure.text.slice(node.stop, stop)
    return not before.strip() and after.strip() in ("", ",")


def _is_long(structure: Structure, node: Tree) -> bool:
    start, stop = structure.text.line_at(node.start), structure.text.line_at(node.stop)
    body = node.one("body")
    return stop > start and body is not None and _is_body(body)
