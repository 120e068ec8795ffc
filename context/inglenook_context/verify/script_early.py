"""Errors of scripts that their grammars do not know: ECMAScript's "early errors" and TypeScript's.

Each rule looks at one node and at what surrounds it. A statement at the top that the grammar could
not read is not looked at, as its tree says little. Costs time in proportion to the tree's size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from inglenook_context.verify import script_early_classes as classes
from inglenook_context.verify import script_early_expressions as expressions
from inglenook_context.verify import script_early_functions as functions
from inglenook_context.verify import script_early_lists as lists
from inglenook_context.verify import script_early_literals as literals
from inglenook_context.verify import script_early_names as names
from inglenook_context.verify import script_early_statements as statements
from inglenook_context.verify import script_early_types as types
from inglenook_context.verify.script_early_context import (
    FUNCTIONS,
    Context,
    apart,
    context_of,
    in_parameters,
    inside,
)
from inglenook_context.verify.script_early_jsx import attributes, element
from inglenook_context.verify.script_early_scopes import Scopes
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

Rule = Callable[[Side, Tree, Context], Iterator[str]]


class Wrong(NamedTuple):
    """``message`` says what is wrong, without a place, so that it can be compared."""

    message: str
    node: Tree


def early_errors(side: Side, root: Tree) -> tuple[Wrong, ...]:
    """What is wrong in a script's tree, in no order."""
    if root.error or any(each.error for each in root.children):
        return ()  # what stands where cannot be told
    sound = [each for each in root.children if not _is_broken(each)]
    top = context_of(side, root)
    found = [Wrong(message, node) for message, node in Scopes(side, sound, top).wrong]
    for rule in _RULES["program"]:
        found += [Wrong(message, root) for message in rule(side, root, top)]
    stack = [(each, top) for each in sound]
    while stack:
        node, context = stack.pop()
        for rule in _RULES.get(node.type, ()) if node.named else ():  # `number` is a type too
            found += [Wrong(message, node) for message in rule(side, node, context)]
        if node.children:
            inner = inside(side, node, context)
            for child in node.children:
                stack.append((child, _around(node, child, context, inner)))
    return tuple(found)


def _around(node: Tree, child: Tree, outer: Context, inner: Context) -> Context:
    if apart(node, child):
        return outer
    given = child.field in ("parameters", "parameter") and node.type in FUNCTIONS
    return in_parameters(inner) if given else inner


def _is_broken(node: Tree) -> bool:
    return any(each.error or each.missing for each in node.walk())


_WORD: Final = (names.word,)
_FUNCTION: Final = (functions.function,)
_BODY: Final = (statements.body,)
_ASSIGNMENT: Final = (expressions.assignment,)
_OPERAND: Final = (expressions.operand,)
_FIELD: Final = (classes.field, classes.abstract)
_JUMP: Final = (statements.jump,)
_ITEM: Final = (statements.module_item, statements.default)
_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "identifier": _WORD,
    "type_identifier": (names.type_word,),
    "shorthand_property_identifier": _WORD,
    "shorthand_property_identifier_pattern": _WORD,
    "statement_identifier": _WORD,
    "private_property_identifier": (expressions.private,),
    "number": (literals.number,),
    "string": (literals.string,),
    "template_string": (literals.template,),
    "regex": (literals.regex,),
    "program": (functions.overloads, statements.exports),
    "statement_block": (functions.overloads,),
    "class_declaration": (names.named,),
    "abstract_class_declaration": (names.named,),
    "class": (names.named,),
    "extends_clause": (classes.bases,),
    "catch_clause": (names.declared,),
    "as_expression": (expressions.cast,),
    "satisfies_expression": (expressions.cast,),
    "class_body": (functions.overloads, classes.body),
    "array_pattern": (names.rest,),
    "object_pattern": (names.rest, lists.parts),
    "arguments": (lists.parts,),
    "parenthesized_expression": (lists.parentheses,),
    "type_arguments": (lists.type_arguments,),
    "union_type": (lists.choice,),
    "intersection_type": (lists.choice,),
    "flow_maybe_type": (lists.maybe,),
    "interface_body": (types.members,),
    "object_type": (types.members,),
    "type_parameters": (types.parameters,),
    "formal_parameters": (functions.parameters,),
    "function_declaration": _FUNCTION,
    "generator_function_declaration": _FUNCTION,
    "function_expression": _FUNCTION,
    "generator_function": _FUNCTION,
    "arrow_function": _FUNCTION,
    "method_definition": (functions.function, functions.accessor, classes.method),
    "method_signature": (functions.accessor, classes.method),
    "abstract_method_signature": (functions.accessor, classes.abstract),
    "public_field_definition": _FIELD,
    "field_definition": _FIELD,
    "binary_expression": (expressions.binary,),
    "assignment_expression": _ASSIGNMENT,
    "augmented_assignment_expression": _ASSIGNMENT,
    "non_null_expression": (expressions.non_null,),
    "update_expression": (expressions.update,),
    "unary_expression": (expressions.unary,),
    "ternary_expression": _OPERAND,
    "member_expression": _OPERAND,
    "subscript_expression": _OPERAND,
    "call_expression": (expressions.call,),
    "new_expression": (expressions.new,),
    "super": (expressions.super_,),
    "meta_property": (expressions.meta,),
    "await_expression": (expressions.await_, expressions.awaited),
    "yield_expression": (expressions.yield_,),
    "object": (expressions.members, lists.parts),
    "expression_statement": (statements.expression,),
    "break_statement": _JUMP,
    "continue_statement": _JUMP,
    "return_statement": (statements.return_,),
    "throw_statement": (statements.throw,),
    "try_statement": (statements.try_,),
    "switch_body": (statements.switch,),
    "labeled_statement": (statements.label,),
    "if_statement": _BODY,
    "else_clause": _BODY,
    "while_statement": _BODY,
    "do_statement": _BODY,
    "for_statement": _BODY,
    "with_statement": (statements.with_, statements.body),
    "for_in_statement": (statements.loop, expressions.loop_target, names.declared),
    "variable_declarator": (statements.variable, names.declared),
    "import_statement": (statements.module_item, statements.import_type),
    "export_statement": _ITEM,
    "jsx_element": (element,),
    "jsx_opening_element": (attributes,),
    "jsx_self_closing_element": (attributes,),
}
