"""Whether a function of a script gives a promise, `async` or not: that is what its callers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import CLASSES, FUNCTIONS
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_TYPE: Final = re.compile(r":\s*Promise\b\s*(?:<.*>)?\s*", re.DOTALL)
_CHAIN: Final = frozenset({"then", "catch", "finally"})


def gives_promise(side: Side, node: Tree) -> bool:
    """Always: it is `async`, its type says so, or all that it returns is plainly a promise."""
    kind, body = node.one("return_type"), node.one("body")
    if node.has("async"):
        return True
    if kind is not None:
        return _TYPE.fullmatch(side.written(kind)) is not None
    if body is None or node.has("*") or "generator" in node.type:
        return False
    if body.type != "statement_block":
        return _is_promise(side, body)
    # What may come to its end without `return` gives nothing.
    last = body.parts[-1:]
    given = [each.parts[0] if each.parts else each for each in _returns(body)]
    ends = bool(last) and last[0].type in ("return_statement", "throw_statement")
    return ends and bool(given) and all(_is_promise(side, each) for each in given)


def _returns(body: Tree) -> Iterator[Tree]:
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == "return_statement":
            yield node
        elif node.type not in FUNCTIONS and node.type not in CLASSES:
            stack += node.children


def _is_promise(side: Side, node: Tree) -> bool:
    if node.type == "new_expression":
        made = node.one("constructor")
        return made is not None and side.written(made) == "Promise"
    function = node.one("function") if node.type == "call_expression" else None
    if function is None or function.type != "member_expression":
        return False
    holder, member = function.one("object"), function.one("property")
    called = side.written(member) if member is not None else ""
    return called in _CHAIN or (holder is not None and side.written(holder) == "Promise")
