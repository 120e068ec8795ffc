"""Words of a script that may be no names where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import SIGNATURES, Context
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_RESERVED: Final = frozenset(
    """break case catch class const continue debugger default delete do else enum export extends
    false finally for function if import in instanceof new null return super switch this throw
    true try typeof var void while with""".split()
)
_STRICT: Final = frozenset(
    "implements interface let package private protected public static yield".split()
)
_NO_TYPES: Final = _RESERVED - frozenset(
    "class const false function import new null super this true typeof void".split()
)
_WRITTEN: Final = frozenset({"eval", "arguments"})
_TAGS: Final = frozenset(
    {"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element", "nested_identifier"}
)
_PATTERNS: Final = frozenset(
    """object_pattern array_pattern assignment_pattern object_assignment_pattern pair_pattern
    rest_pattern required_parameter optional_parameter formal_parameters""".split()
)


def word(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """ECMAScript 13.1.1: Identifiers, Static Semantics: Early Errors."""
    if node.missing or _is_free(node):
        return
    name = side.written(node)
    called = node.field == "function"  # `await (a)(b)` is read as a call of `await`
    if name in _RESERVED:
        yield f"{name} is a reserved word"
    elif name in _STRICT and context.strict and not (context.ambient or called):
        yield f"{name} is a reserved word in strict code"
    elif name == "yield" and context.yields and not called:
        yield "yield is a reserved word in a generator"
    elif name == "await" and _reserves_await(context) and not (called and context.awaits):
        yield "await is a reserved word in modules and in async functions"
    elif name == "arguments" and context.no_arguments:
        yield "arguments stands in the initialiser of a class"


def type_word(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """A word that begins a statement is no type; behind a dot all words are names."""
    name = side.written(node)
    if name in _NO_TYPES and not side.text[: node.start].rstrip().endswith("."):
        yield f"{name} is a reserved word"


def _reserves_await(context: Context) -> bool:
    return context.reserves_await and not context.ambient


def declared(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """`eval` and `arguments` are not declared in strict code, `let` never by `let` or `const`."""
    pattern = node.one("name") or node.one("left") or node.one("parameter")
    names = {side.written(each) for each in bound(pattern)}
    if context.strict and not context.ambient:
        for name in sorted(names & _WRITTEN):
            yield f"{name} is declared in strict code"
    parent = node.parent
    lexical = node.one("kind") or (parent.one("kind") if parent is not None else None)
    if not context.strict and lexical is not None and lexical.type != "var" and "let" in names:
        yield "let is declared by let or const"


def named(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """The name of a class or a function."""
    name = node.one("name")
    text = side.written(name) if name is not None and node.type != "method_definition" else ""
    strict = context.strict or node.type == "class_declaration"
    if strict and not context.ambient and text in _WRITTEN:
        yield f"{text} is declared in strict code"
    elif name is not None and name.type == "type_identifier" and text in _STRICT | _RESERVED:
        yield f"{text} is a reserved word in strict code"


def rest(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """What a pattern takes of the rest is the last."""
    found = [each for each in node.children if each.type in ("rest_pattern", ",")]
    if any(each.type == "rest_pattern" for each in found[:-1]):
        yield "a rest element is not the last"


def written(side: Side, target: Tree | None, context: Context) -> Iterator[str]:
    """`eval` and `arguments` are not assigned in strict code."""
    if not context.strict:
        return
    for each in bound(target):
        if (name := side.written(each)) in _WRITTEN:
            yield f"{name} is assigned in strict code"


def bound(pattern: Tree | None) -> Iterator[Tree]:
    """The identifiers that a pattern binds or writes, in the order of the text."""
    stack = [pattern] if pattern is not None else []
    while stack:
        node = stack.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield node
        elif node.type in _PATTERNS:
            kept = [
                each
                for each in node.children
                if each.named
                and each.field not in ("key", "type", "decorator")
                and not (each.field in ("right", "value") and node.type != "pair_pattern")
                and each.type not in ("decorator", "computed_property_name", "comment")
            ]
            stack += reversed(kept)


def _is_free(node: Tree) -> bool:
    """Whether any word may stand there: names of what others export, tags, types."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "import_specifier":
        return node.field == "name" and parent.one("alias") is not None
    if parent.type == "export_specifier":
        clause = parent.parent
        other = clause.parent.one("source") if clause is not None and clause.parent else None
        return node.field == "alias" or other is not None
    if parent.type in ("required_parameter", "optional_parameter"):
        above = parent.parent.parent if parent.parent is not None else None
        return above is not None and above.type in SIGNATURES
    return parent.type in _TAGS or parent.type in ("namespace_export", "type_predicate", "asserts")
