"""How a value is written where a name of it stood: parentheses, shorthand properties, places in
which only a name can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refused
from inglenook_context.refactor.typescript import layout
from inglenook_context.refactor.typescript.branch import FUNCTIONS
from inglenook_context.refactor.typescript.scopes import Occurrence
from inglenook_context.refactor.typescript.selection import core, is_optional, unwrapped
from inglenook_context.text import Text

if TYPE_CHECKING:
    from inglenook_context.refactor.typescript.inline_variable import Assigned

_PRIMARY: Final = frozenset(
    """identifier this undefined null true false string number template_string regex array object
    member_expression subscript_expression call_expression parenthesized_expression
    function_expression generator_function meta_property non_null_expression""".split()
)
_WHOLE: Final = frozenset(
    """arguments array return_statement throw_statement parenthesized_expression spread_element
    template_substitution jsx_expression expression_statement yield_expression
    computed_property_name""".split()
)  # where any value but a comma's can stand
_WHOLE_FIELDS: Final = frozenset(
    """variable_declarator:value assignment_expression:right augmented_assignment_expression:right
    pair:value subscript_expression:index ternary_expression:consequence
    ternary_expression:alternative assignment_pattern:right object_assignment_pattern:right
    required_parameter:value for_in_statement:right arrow_function:body
    public_field_definition:value""".split()
)
_CHAINS: Final = frozenset(
    {"member_expression", "subscript_expression", "call_expression", "non_null_expression"}
)
_TAGS: Final = frozenset({"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"})
_NO_VALUES: Final = frozenset(
    """type_query type_annotation type_arguments type_parameters type_predicate asserts
    class_heritage extends_clause decorator export_specifier""".split()
)
_OPENS: Final = ("{", "function", "class", "async", "let")  # a statement of its own kind


def refuse_place(node: Branch, value: Branch) -> None:
    """Refuse a place in which a name stands for more than its value."""
    child = node
    for above in node.above():
        if above.type in _NO_VALUES or (above.type in _TAGS and child.field == "name"):
            raise Refused("Only a name can stand where the variable is used.")
        child = above
    outer = unwrapped(node)
    parent, plain = outer.parent, core(value)
    if parent is None:
        return
    if parent.type == "call_expression" and outer.field == "function":
        if plain.type in ("member_expression", "subscript_expression"):
            raise Refused("The method would be called on its object, and is called without.")
        if plain.text == "eval":
            raise Refused("A call of eval() by its name sees the variables round it.")
    if parent.type == "unary_expression" and parent.has("delete"):
        raise Refused("Only a name can stand where the variable is used.")


def instead(text: Text, found: Assigned, read: Occurrence) -> Change:
    node, value = read.node, found.value
    written = text.slice(value.start, value.stop)
    if node.type == "shorthand_property_identifier":
        return Change(node.start, node.stop, f"{node.text}: {written}")
    opening = _opening(node)
    bare = _fits(node, value) and (opening is None or not _opens(written, value, opening))
    written = written if bare else f"({written})"
    if opening is not None and _joins(written, opening, found.statement):
        raise Refused("The line before would go on with the value: end it with a semicolon.")
    return Change(node.start, node.stop, layout.spaced(text, node.start, node.stop, written))


def _fits(node: Branch, value: Branch) -> bool:
    """Whether the value needs no parentheses in the place of ``node``."""
    parent = node.parent
    if parent is None or (_has_in(value) and any(a.type == "for_statement" for a in node.above())):
        return False
    whole = parent.type in _WHOLE or f"{parent.type}:{node.field}" in _WHOLE_FIELDS
    if whole:
        return True
    if value.type not in _PRIMARY:
        return False
    if parent.type in _CHAINS:
        first = node is parent.parts[0]
        return not first or not (is_optional(value) or value.type == "number")
    if parent.type == "new_expression" and node.field == "constructor":
        return not is_optional(value) and not any("call" in each.type for each in value.walk())
    return True


def _has_in(value: Branch) -> bool:
    return any(each.type == "binary_expression" and each.has("in") for each in value.walk())


def _opening(node: Branch) -> Branch | None:
    """The statement or arrow function's body that begins with ``node``: some tokens mean something
    else there."""
    for above in node.above():
        if above.type == "arrow_function":
            body = above.one("body")
            return above if body is not None and body.start == node.start else None
        if above.start != node.start:
            return None
        if above.type == "expression_statement":
            return above
    return None


def _joins(written: str, opening: Branch, removed: Branch) -> bool:
    if opening.type == "arrow_function" or not layout.GOES_ON.match(written):
        return False
    return not layout.is_ended(opening, removed)


def _opens(written: str, value: Branch, opening: Branch) -> bool:
    if opening.type == "arrow_function":
        return written.startswith("{")
    directive = value.type == "string" and opening.type == "expression_statement"
    return directive or written.startswith(_OPENS) or value.type in FUNCTIONS
