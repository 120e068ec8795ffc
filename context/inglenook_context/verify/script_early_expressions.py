"""Expressions that ECMAScript refuses though a grammar without context takes them (section 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import Context, name_of
from inglenook_context.verify.script_early_names import written
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_LOGICAL: Final = frozenset({"||", "&&"})
_PLACES: Final = frozenset({"identifier", "member_expression", "subscript_expression", "undefined"})
_SHELLS: Final = frozenset(
    {"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"}
)
_CHAIN: Final = frozenset(
    {"member_expression", "subscript_expression", "call_expression", "non_null_expression"}
)
_LOW: Final = {
    "arrow_function": "an arrow function",
    "yield_expression": "yield",
    "assignment_expression": "an assignment",
    "augmented_assignment_expression": "an assignment",
}
_MEMBERS: Final = frozenset({"pair", "method_definition", "shorthand_property_identifier"})


def binary(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    operator, left, right = _operator(node), node.one("left"), node.one("right")
    sides = [each for each in (left, right) if each is not None]
    inner = {_operator(each) for each in sides if each.type == "binary_expression"}
    if (operator == "??" and inner & _LOGICAL) or (operator in _LOGICAL and "??" in inner):
        yield "?? is mixed with || or && without parentheses"
    if operator == "**" and left is not None and left.type == "unary_expression":
        yield f"{_operator(left)} stands before ** without parentheses"
    generic = left is not None and left.type == "instantiation_expression"
    if generic and operator in ("<", ">", "+", "-"):
        yield "type arguments stand before an operator"
    private = left is not None and left.type == "private_property_identifier"
    if private and operator != "in":
        yield "a private name stands alone"
    if operator not in ("<", ">"):  # type arguments before a template are read as these
        yield from _low(sides)


def operand(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """What binds less than its place asks for: `() => {}()`, `-yield`."""
    fields = ("argument", "condition", "function", "object", "constructor")
    yield from _low([each for each in node.children if each.field in fields])


def cast(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`() => {} as T` casts what cannot be cast there."""
    first = node.parts[:1]
    body = first[0].one("body") if first and first[0].type == "arrow_function" else None
    if body is not None and body.type == "statement_block":
        yield from _low(first)


def non_null(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`a as T!` would say it of the type."""
    if node.parts and node.parts[0].type in ("as_expression", "satisfies_expression"):
        yield "! stands behind a type"


def assignment(side: Side, node: Tree, context: Context) -> Iterator[str]:
    left = node.one("left")
    if left is None:
        return
    yield from _target(side, left, context, node.type == "assignment_expression")


def update(side: Side, node: Tree, context: Context) -> Iterator[str]:
    argument = node.one("argument")
    if argument is not None:
        yield from _target(side, argument, context, False)


def loop_target(side: Side, node: Tree, context: Context) -> Iterator[str]:
    left = node.one("left")
    if left is not None and node.one("kind") is None:
        yield from _target(side, left, context, True)


def unary(side: Side, node: Tree, context: Context) -> Iterator[str]:
    yield from operand(side, node, context)
    if _operator(node) != "delete" or (argument := node.one("argument")) is None:
        return
    while argument.type == "parenthesized_expression" and argument.parts:
        argument = argument.parts[0]
    if argument.type == "identifier" and context.strict:
        yield "delete is used on a name in strict code"
    name = argument.one("property")
    if name is not None and name.type == "private_property_identifier":
        yield "delete is used on a private name"


def call(side: Side, node: Tree, context: Context) -> Iterator[str]:
    function, arguments = node.one("function"), node.one("arguments")
    yield from operand(side, node, context)
    if arguments is not None and arguments.type == "template_string" and _is_optional(function):
        yield "a template stands in an optional chain"


def new(side: Side, node: Tree, context: Context) -> Iterator[str]:
    yield from operand(side, node, context)
    constructor = node.one("constructor")
    if _is_optional(constructor):
        yield "new stands before an optional chain"
    if constructor is not None and constructor.type == "import":
        yield "new stands before import"


def super_(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    parent = node.parent
    if parent is None:
        return
    if parent.type == "call_expression" and node.field == "function":
        if not context.super_call:
            yield "super is called outside of the constructor of a class that extends another"
    elif parent.type in ("member_expression", "subscript_expression") and node.field == "object":
        if not context.super_member:
            yield "super stands outside of a method"
        if parent.one("optional_chain") is not None:
            yield "super begins an optional chain"
    else:
        yield "super stands without a member or a call"


def meta(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    if node.has("new") and not context.new_target:
        yield "new.target stands outside of a function"


def await_(_side: Side, _node: Tree, context: Context) -> Iterator[str]:
    if not context.awaits:
        yield "await stands in a function that is not async"


def awaited(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    yield from _low(node.parts[:1])


def yield_(_side: Side, _node: Tree, context: Context) -> Iterator[str]:
    if not context.yields:
        yield "yield stands in a function that is no generator"


def private(side: Side, node: Tree, context: Context) -> Iterator[str]:
    if node.field == "name" or context.privates is None:
        return
    if (name := side.written(node)) not in context.privates:
        yield f"{name} is declared in no class around"


def members(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """An object with two prototypes; in TypeScript, with two members of one name."""
    seen: set[str] = set()
    for each in node.children:
        if each.type == "spread_element":
            seen.clear()
        accessor = each.has("get") or each.has("set")
        if each.type not in _MEMBERS or (each.type == "method_definition" and accessor):
            continue
        shorthand = each.type == "shorthand_property_identifier"
        name = side.written(each) if shorthand else name_of(side, each)
        if name in seen and (context.typed or (name == "__proto__" and each.type == "pair")):
            yield f"an object has two members {name}"
        if name != "__proto__" or each.type == "pair":
            seen |= {name} - {""}


def _target(side: Side, node: Tree, context: Context, patterns: bool) -> Iterator[str]:
    """ECMAScript 13.15.1: what may stand on the left of an assignment."""
    plain = node
    while plain.type in _SHELLS and plain.parts and not any(e.missing for e in plain.children):
        plain = plain.parts[0]
    pattern = plain.type in ("object_pattern", "array_pattern")
    if pattern and (not patterns or plain is not node):
        yield "a pattern is assigned where only a place may be"
    elif not pattern and plain.type not in _PLACES:
        yield "what is assigned is no place"
    elif _is_optional(plain):
        yield "an optional chain is assigned"
    yield from written(side, plain, context)


def _is_optional(node: Tree | None) -> bool:
    while node is not None and node.type in _CHAIN:
        if node.one("optional_chain") is not None or node.has("?."):
            return True
        shell = node.type == "non_null_expression" and node.parts
        node = node.parts[0] if shell else node.one("object") or node.one("function")
    return False


def _low(nodes: list[Tree]) -> Iterator[str]:
    for each in nodes:
        kind, body = _LOW.get(each.type), each.one("body")
        # `() => tag<T>` before a template is no function that is called
        generic = body is not None and body.type == "instantiation_expression"
        if kind is not None and not generic:
            yield f"{kind} stands without parentheses in an expression"


def _operator(node: Tree) -> str:
    operator = node.one("operator")
    return operator.type if operator is not None else ""
