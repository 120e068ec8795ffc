"""What TypeScript learns about variables from a condition, and from an expression in it.

It narrows variables and properties behind a condition that tells something of them, and knows
again a condition that a ``const`` holds, in some forms.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.order import function_of, in_loop
from inglenook_context.refactor.typescript.scopes import BIND, WRITE, Occurrence
from inglenook_context.refactor.typescript.selection import core, is_optional

LOGICAL: Final = ("&&", "||", "??")
KNOWN: Final = frozenset({"Number", "String", "Boolean", "Math", "JSON", "Date", "parseInt"})
_EQUAL: Final = ("===", "!==", "==", "!=", "instanceof", "in")
_GLOBAL: Final = KNOWN | {"Array", "Object", "Symbol", "Promise", "console", "process"}
_REFERENCES: Final = ("identifier", "this", "member_expression", "subscript_expression")
_CONDITIONED: Final = ("if_statement", "switch_statement", "while_statement", "do_statement")
_TELLING: Final = frozenset(
    """parenthesized_expression non_null_expression call_expression unary_expression
    as_expression type_assertion satisfies_expression""".split()
)
_ASSERTS: Final = re.compile(r"assert|invariant|ensure|verify|check|guard|expect", re.IGNORECASE)
_NO_WORDS: Final = frozenset({"?.", "optional_chain", ".", "comment"})


def test_round(node: Branch) -> tuple[Branch, bool] | None:
    """The outermost condition in which TypeScript may learn from ``node``, and whether it is a
    call that tells; None if it cannot."""
    child, called = node, False
    for above in node.above():
        kind = above.type
        if kind in _CONDITIONED:
            return child, called
        if kind == "ternary_expression":
            return (child, called) if child.field == "condition" else None
        if kind == "binary_expression" and has_token(above, LOGICAL):
            if child is above.parts[0]:
                return child, called
        elif kind == "variable_declarator":
            return (child, called) if _is_const(above) and child is not node else None
        elif kind == "return_statement":
            if _may_be_guard(above) and _told(node):
                raise Refused("TypeScript learns from what the function returns.")
            return None
        elif kind == "expression_statement":
            return (child, True) if called and _asserts(child) else None
        elif kind == "arguments":
            called = True
        elif kind in ("member_expression", "subscript_expression"):
            if child is not above.parts[0]:
                return None
        elif not (kind in _TELLING or (kind == "binary_expression" and has_token(above, _EQUAL))):
            return None
        child = above
    return None


def has_token(node: Branch, tokens: tuple[str, ...]) -> bool:
    return any(child.type in tokens for child in node.children)


def _asserts(call: Branch) -> bool:
    called = call.parts[0] if call.type == "call_expression" else call
    last = called.parts[-1] if called.parts else called
    return bool(_ASSERTS.search(last.text))


def _is_const(declarator: Branch) -> bool:
    kind = declarator.parent.one("kind") if declarator.parent is not None else None
    return kind is not None and kind.text == "const"


def _may_be_guard(statement: Branch) -> bool:
    """Whether a function's only statement returns a condition: its callers may learn from it."""
    function = function_of(statement)
    body = function.one("body") if function is not None else None
    alone = body is not None and body.parts == [statement]
    return alone and function is not None and function.one("return_type") is None


def forgets(names: Names, node: Branch, tested: Branch, called: bool) -> bool:
    """Whether something that ``node`` tells about is used behind it."""
    function = function_of(node)
    whole = function if function is not None else names.program.node
    again = in_loop(node)
    aliased = _is_alias(node, tested)
    told_of = _told(node)
    for told in told_of[:1] if called and core(node).type in _REFERENCES else told_of:
        found = names.at(told)
        if aliased and found is not None and _stays(names, found):
            continue
        spelt = _spelt(told)
        for each in whole.walk():
            behind = each.start >= node.stop or (again and each.stop <= node.start)
            if behind and each.type == told.type and _spelt(each) == spelt:
                return True
    return False


def _told(node: Branch) -> list[Branch]:
    """The variables and properties about which a condition says something."""
    node = core(node)
    kind, parts = node.type, node.parts
    if kind in ("identifier", "this"):
        return [node]
    if kind in ("member_expression", "subscript_expression"):
        return [node, *_told(parts[0])]
    if kind == "call_expression":
        called = core(parts[0])
        given = parts[-1].parts if parts[-1].type == "arguments" else []
        found = [core(each) for each in given]
        if called.type in ("member_expression", "subscript_expression"):
            found += _told(called.parts[0]) if is_optional(called) else [core(called.parts[0])]
        return [each for each in found if each.type in _REFERENCES and each.text not in _GLOBAL]
    if kind == "binary_expression" and has_token(node, (*_EQUAL, *LOGICAL)):
        return [*_told(parts[0]), *_told(parts[-1])]
    if kind == "unary_expression" and (node.has("!") or node.has("typeof")):
        return _told(parts[0])
    return []


def _spelt(node: Branch) -> str:
    """The tokens of ``node``, without what is there for the compiler only and ``?.``."""
    if not node.children:
        return node.text
    node = core(node)
    if not node.children:
        return node.text
    return "".join([_spelt(each) + "," for each in node.children if each.type not in _NO_WORDS])


def _is_alias(node: Branch, tested: Branch) -> bool:
    """Whether TypeScript 4.4 and later know a ``const`` that holds ``node`` for the condition."""
    kind = core(node).type
    if kind not in ("binary_expression", "call_expression", "unary_expression"):
        return False
    if kind == "unary_expression" and not core(node).has("!"):
        return False
    outer = node
    while outer is not tested and outer.parent is not None:
        outer = outer.parent
        if outer.type not in ("parenthesized_expression", "unary_expression", "binary_expression"):
            return False
        if outer.type == "unary_expression" and not outer.has("!"):
            return False
        if outer.type == "binary_expression" and not has_token(outer, ("&&", "||")):
            return False
    return tested.parent is None or tested.parent.type != "switch_statement"


def _stays(names: Names, found: Occurrence) -> bool:
    """Whether TypeScript takes a variable for one that is never assigned."""
    uses = names.of(found.variable)
    if any(use.kind == WRITE for use in uses):
        return False
    kinds = {use.how for use in uses if use.kind == BIND}
    return kinds <= {"const", "parameter", "using", "import"}
