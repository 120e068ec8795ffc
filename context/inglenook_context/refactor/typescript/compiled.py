"""What the compiler of TypeScript would notice when an expression gets a variable of its own.

A value keeps its value; its type may change: a literal's is worked out from its place, a call's
type arguments may be, and what a condition says is forgotten when it is no longer said there.
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.branch import FUNCTIONS
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.narrowing import (
    KNOWN,
    LOGICAL,
    forgets,
    has_token,
    test_round,
)
from inglenook_context.refactor.typescript.order import function_of, in_loop
from inglenook_context.refactor.typescript.scopes import WRITE

LITERALS: Final = FUNCTIONS | {"object", "array", "class"}
_TRANSPARENT: Final = frozenset(
    """parenthesized_expression non_null_expression await_expression ternary_expression
    spread_element""".split()
)


def confirmations(names: Names, node: Branch, statement: Branch) -> list[str]:
    """Refuse what would not compile, and say what may not."""
    _refuse_literal(node)
    _refuse_circular(names, node, statement)
    tested = test_round(node)
    if tested is not None and forgets(names, node, *tested):
        raise Refused("TypeScript learns about a variable from the expression at its place.")
    if statement.type == "expression_statement" and statement.parts == [node]:
        if node.type == "call_expression":
            return ["If the call asserts something or never returns, TypeScript no longer sees it."]
        return []
    if has_context(node):
        return _by_context(node)
    return []


def _refuse_literal(node: Branch) -> None:
    """Refuse literals from which TypeScript learns only where they stand."""
    parent = node.parent
    if parent is None or node.type not in ("string", "number", "template_string"):
        return
    typeof = any(each.type == "unary_expression" and each.has("typeof") for each in parent.children)
    index = parent.type == "subscript_expression" and node is not parent.parts[0]
    if index or typeof or has_token(parent, ("in",)):
        raise Refused("TypeScript learns about a variable from the expression at its place.")


def has_context(node: Branch) -> bool:
    """Whether the place of ``node`` may give it a type."""
    child = node
    for above in node.above():
        kind = above.type
        logical = kind == "binary_expression" and has_token(above, LOGICAL)
        if kind == "ternary_expression" and child.field == "condition":
            return False
        if kind in _TRANSPARENT or logical:
            if kind == "spread_element":
                return True
            child = above
            continue
        if kind == "variable_declarator":
            name = above.one("name")
            return above.one("type") is not None or name is None or name.type != "identifier"
        if kind == "return_statement":
            return _return_has_context(above)
        if kind in ("member_expression", "subscript_expression", "call_expression"):
            return False
        return kind not in (
            *("binary_expression", "unary_expression", "template_substitution"),
            *("new_expression", "expression_statement", "throw_statement", "if_statement"),
            *("switch_statement", "for_in_statement", "export_statement"),
        )
    return True


def _return_has_context(node: Branch) -> bool:
    function = function_of(node)
    if function is None or function.one("return_type") is not None:
        return True
    if function.type in ("function_declaration", "generator_function_declaration"):
        return False
    in_class = function.parent is not None and function.parent.type == "class_body"
    return function.type != "method_definition" or not in_class


def _by_context(node: Branch) -> list[str]:
    found: list[str] = []
    for each in results(node):
        if each.type in LITERALS:
            raise Refused("TypeScript works the type of the expression out from its place.")
        if each.type in ("call_expression", "new_expression") and not _is_known(each):
            if _depends(each):
                raise Refused("TypeScript works the type of the call out from its place.")
            found = ["TypeScript may infer another type for the call at its new place."]
        if each.type == "template_string" and any(
            child.type == "template_substitution" for child in each.children
        ):
            found = found or ["TypeScript takes the template for any string at its new place."]
    return found


def results(node: Branch) -> list[Branch]:
    """The nodes of which one gives the value of ``node``."""
    if node.type in ("parenthesized_expression", "non_null_expression", "await_expression"):
        return results(node.parts[0])
    if node.type == "ternary_expression":
        return [*results(node.parts[1]), *results(node.parts[2])]
    if node.type == "binary_expression" and has_token(node, LOGICAL):
        return [*results(node.parts[0]), *results(node.parts[-1])]
    return [node]


def _is_known(call: Branch) -> bool:
    if call.one("type_arguments") is not None:
        return True
    called = call.parts[0]
    while called.type == "member_expression":
        called = called.parts[0]
    return called.text in KNOWN or called.type in ("string", "template_string")


def _depends(call: Branch) -> bool:
    """Whether what is given to a call leaves room for what is wanted from it."""
    arguments = call.one("arguments")
    given = arguments.parts if arguments is not None else []
    if call.type == "new_expression" and not given:
        return True
    return any(each.type in LITERALS for child in given for each in child.walk())


def _refuse_circular(names: Names, node: Branch, statement: Branch) -> None:
    """Refuse what would need its own type to work its type out."""
    for function in (node, *node.above()):
        if function.type in FUNCTIONS and function.one("return_type") is None:
            name = _name_of(function)
            for each in node.walk():
                if name and each.text == name and not _is_of_base(each):
                    raise Refused(f"The type of {name} would depend on itself.")
    if not in_loop(statement):
        return
    read = {each.variable for each in names.within(node.start, node.stop)}
    for found in names.within(statement.start, statement.stop):
        if found.kind == WRITE and found.variable in read:
            raise Refused(f"The type of {found.name} would depend on itself.")


def _is_of_base(name: Branch) -> bool:
    parent = name.parent
    return parent is not None and any(each.type == "super" for each in parent.children)


def _name_of(function: Branch) -> str:
    name = function.one("name")
    if name is None and function.parent is not None:
        name = function.parent.one("name") or function.parent.one("key")
    return name.text if name is not None else ""
