"""What is selected: one whole expression, at a place where a name may stand instead of it."""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.branch import CLASSES, statement_of
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

EXPRESSIONS: Final = frozenset(
    """array arrow_function as_expression await_expression binary_expression call_expression class
    function_expression generator_function instantiation_expression jsx_element
    jsx_self_closing_element member_expression meta_property new_expression non_null_expression
    number object parenthesized_expression regex satisfies_expression string subscript_expression
    template_string ternary_expression type_assertion unary_expression""".split()
)
BODIES: Final = frozenset({"program", "statement_block", "switch_case", "switch_default"})
_SMALL: Final = frozenset({"identifier", "this", "super", "null", "true", "false", "undefined"})
WRAPS: Final = frozenset(
    """parenthesized_expression non_null_expression as_expression satisfies_expression
    type_assertion instantiation_expression""".split()
)  # what is there for the compiler only
_CHAINS: Final = frozenset({"member_expression", "subscript_expression", "call_expression"})
_NO_VALUES: Final = frozenset(
    """type_annotation type_arguments type_parameters type_query implements_clause asserts
    type_alias_declaration interface_declaration enum_declaration ambient_declaration
    import_statement import_alias decorator class_heritage namespace_export export_clause
    computed_property_name with_statement""".split()
)
_CHANGES: Final = frozenset(
    """assignment_expression augmented_assignment_expression update_expression
    yield_expression""".split()
)
_TYPED: Final = ("as_expression", "satisfies_expression", "instantiation_expression")
_KEYS: Final = ("key", "name", "property", "source", "label")


def expression_of(syntax: Syntax, start: int, stop: int) -> Branch:
    """The expression between two offsets."""
    text = syntax.text
    start, stop = _trimmed(text, max(start, 0), min(stop, len(text)))
    root = statement_of(syntax, start, stop)
    exact = [
        each for each in root.walk() if each.named and (each.start, each.stop) == (start, stop)
    ]
    for node in exact:
        if node.type in EXPRESSIONS:
            return _bare(node)
        if node.type in _SMALL:
            raise Refused("The expression is a name or a constant already.")
        if node.type in _CHANGES:
            raise Refused("The expression yields or assigns.")
    for node in root.walk():  # a statement, with or without its semicolon
        parts = node.parts
        if node.type != "expression_statement" or not parts or parts[0].type not in EXPRESSIONS:
            continue
        if node.start == start and stop in (node.stop, parts[0].stop):
            return parts[0]
    raise Refused("Select one whole expression.")


def _trimmed(text: Text, start: int, stop: int) -> tuple[int, int]:
    inside = text.slice(start, stop)
    stripped = inside.lstrip()
    start += len(inside) - len(stripped)
    stop = start + len(stripped.rstrip(" \t\r\n\f;"))
    if start >= stop:
        raise Refused("Select the code first.")
    return start, stop


def _bare(node: Branch) -> Branch:
    """What stands in the parentheses that belong to a statement."""
    parent = node.parent
    owns = parent is not None and parent.type.endswith("_statement")
    if node.type == "parenthesized_expression" and owns and node.field in ("condition", "value"):
        node = node.parts[0]
        if node.type not in EXPRESSIONS:
            raise Refused("The expression is a name or a constant already.")
    return node


def statement_round(node: Branch) -> Branch:
    """The statement of a block in which ``node`` stands."""
    found = node
    while found.parent is not None and found.parent.type not in BODIES:
        found = found.parent
    if found.parent is not None and found.parent.type == "switch_case" and found.field != "body":
        raise Refused("A case is compared only if no case before it was.")
    return found


def core(node: Branch) -> Branch:
    """``node`` without what is there for the compiler only."""
    while node.type in WRAPS and node.parts:
        node = node.parts[-1] if node.type == "type_assertion" else node.parts[0]
    return node


def refuse_place(node: Branch) -> None:
    """Refuse what is no value at its place, or means more there than its value."""
    if not is_value(node):
        raise Refused("No variable can stand in the place of the expression.")
    outer = unwrapped(node)
    parent = outer.parent
    called = parent is not None and parent.type == "call_expression" and outer.field == "function"
    if called and core(node).type in ("member_expression", "subscript_expression"):
        raise Refused("A method that is called by a variable loses its object.")
    if goes_on(node):
        raise Refused("The rest of the optional chain is left out only with its beginning.")


def is_value(node: Branch) -> bool:
    """Whether ``node`` is an expression whose value alone counts at its place."""
    child = node
    parent = node.parent
    if parent is None or node.type not in EXPRESSIONS or node.field in _KEYS:
        return False
    if _is_odd(node, parent):
        return False
    for above in node.above():
        if above.type in BODIES:
            break
        if above.type in _NO_VALUES or above.type in CLASSES or above.type.endswith("_pattern"):
            return False
        if above.type.endswith("_type") or above.type.endswith("_type_clause"):
            return False
        if above.type in _TYPED and child is not above.parts[0]:
            return False
        child = above
    outer = unwrapped(node)
    parent = outer.parent
    if parent is None or parent.type == "update_expression":
        return False
    if parent.type == "unary_expression" and parent.has("delete"):
        return False
    return outer.field != "left" or parent.type not in (
        "assignment_expression",
        "augmented_assignment_expression",
        "for_in_statement",
    )


def _is_odd(node: Branch, parent: Branch) -> bool:
    if node.type in ("template_string", "string") and (
        node.field == "arguments" or parent.type in ("expression_statement", "jsx_attribute")
    ):
        return True
    if parent.type == "as_expression" and parent.has("const"):
        return True
    if node.type == "string" and parent.type == "arguments" and parent.parent is not None:
        called = parent.parent.parts[0]
        return called.type == "import" or called.text in ("import", "require")
    return False


def unwrapped(node: Branch) -> Branch:
    """The outermost node round ``node`` that has its value and its place."""
    while node.parent is not None and node.parent.type in WRAPS:
        node = node.parent
    return node


def goes_on(node: Branch) -> bool:
    """Whether ``node`` is the beginning of a longer optional chain."""
    outer = node
    while outer.parent is not None and outer.parent.type == "non_null_expression":
        outer = outer.parent
    parent = outer.parent
    longer = parent is not None and parent.type in _CHAINS and outer is parent.parts[0]
    return longer and is_optional(node)


def is_optional(node: Branch) -> bool:
    """Whether a chain of members and calls has a ``?.`` in it."""
    while node.type in _CHAINS or node.type == "non_null_expression":
        if any(child.type in ("optional_chain", "?.") for child in node.children):
            return True
        node = node.parts[0]
    return False
