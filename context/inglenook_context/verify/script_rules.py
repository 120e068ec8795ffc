"""Rules of scripts that their grammars do not know: where `await`, `break` and others may stand."""

from __future__ import annotations

from typing import Final

from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

FUNCTIONS: Final = frozenset(
    """function_declaration generator_function_declaration function_expression generator_function
    arrow_function method_definition function_signature method_signature abstract_method_signature
    function_type constructor_type call_signature construct_signature""".split()
)
_LOOPS: Final = frozenset(
    {"for_statement", "for_in_statement", "while_statement", "do_statement", "switch_statement"}
)
_RULES: Final = {
    "await_expression": (frozenset[str](), "await stands in a function that is not async"),
    "yield_expression": (frozenset[str](), "yield stands in a function that is no generator"),
    "return_statement": (frozenset[str](), "return stands outside of a function"),
    "break_statement": (_LOOPS | {"labeled_statement"}, "break stands outside of a loop"),
    "continue_statement": (_LOOPS, "continue stands outside of a loop"),
}


def broken_rule(node: Tree) -> str | None:
    """What is wrong with where a node stands; None if nothing is."""
    rule = _RULES.get(node.type)
    if rule is None:
        return None
    allowed, message = rule
    for above in node.above():
        if above.type in FUNCTIONS or above.type == "class_static_block":
            return message if _is_wrong_in(node, above, allowed) else None
        if above.type in allowed or above.error:
            return None
    return None if node.type == "await_expression" else message  # a module may wait


def broken_tag(side: Side, node: Tree) -> str | None:
    """An element of JSX whose closing tag has another name; the grammar takes any."""
    if node.type != "jsx_element":
        return None
    names = [
        side.written(name) if (name := tag.one("name")) is not None else ""
        for tag in (node.children[0], node.children[-1])
    ]
    return None if names[0] == names[1] else f"<{names[0]}> is closed by </{names[1]}>"


def _is_wrong_in(node: Tree, function: Tree, allowed: frozenset[str]) -> bool:
    if node.type == "await_expression":
        return not function.has("async")
    if node.type == "yield_expression":
        return "generator" not in function.type and not function.has("*")
    return bool(allowed)  # a loop outside of the function does not count
