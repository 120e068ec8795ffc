"""When an expression is evaluated, and what it can notice or change: may it be moved?

Three weights. What is STILL gives the same wherever it stands (names, literals). What READS
depends on objects that others may change, and may raise (attributes, items, operators). What
ACTS may change anything (calls, iteration, awaiting).
"""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python.branch import COMPREHENSIONS
from inglenook_context.refactor.python.flow import Flow
from inglenook_context.refactor.python.inner import own
from inglenook_context.refactor.python.known import is_known
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.reach import is_bound, is_first_clause
from inglenook_context.refactor.python.scopes import BIND, DECLARE, DELETE, FUNCTIONS
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

STILL: Final = 0
READS: Final = 1
ACTS: Final = 2
_ACTS: Final = COMPREHENSIONS | {
    *("call", "await", "yield", "named_expression", "list_splat", "dictionary_splat"),
    *("for_statement", "with_statement", "import_statement", "import_from_statement"),
    *("delete_statement", "function_definition", "class_definition", "match_statement"),
    *("try_statement", "raise_statement", "assert_statement", "augmented_assignment"),
}
_READS: Final = frozenset(
    """attribute subscript binary_operator unary_operator not_operator comparison_operator
    boolean_operator conditional_expression interpolation list dictionary set lambda""".split()
)
_FIRST: Final = ("assignment", "for_statement", "for_in_clause", "named_expression")
FRESH: Final = frozenset({"list", "dictionary", "set", "lambda"})  # another object each time


def weight(*nodes: Branch) -> int:
    """The weight of what runs when ``nodes`` do."""
    return max((weight_of(node) for node in own(nodes)), default=STILL)


def weight_of(node: Branch) -> int:
    """The weight of one node, without what is below it."""
    if not node.named:
        return STILL
    if node.type in _ACTS or (node.field == "left" and _is_store(node)):
        return ACTS
    return READS if node.type in _READS else STILL


def _is_store(node: Branch) -> bool:
    parent = node.parent
    assigns = parent is not None and parent.type == "assignment"
    return assigns and any(each.type in ("attribute", "subscript") for each in node.walk())


def earlier(node: Branch, statement: Branch) -> list[Branch]:
    """The pieces of ``statement`` that are evaluated before ``node``.

    The look-up of a method on a name (``self.add`` in ``self.add(node)``) is left out: it gives
    the same method after whatever ``node`` does, as long as nobody exchanges methods.
    """
    found: list[Branch] = []
    child = node
    while child is not statement and child.parent is not None:
        above = child.parent
        if above.type in ("assignment", "augmented_assignment") and child.field == "left":
            found += above.all("right")
            found += [
                each for each in above.parts if each.field == "left" and each.start < child.start
            ]
        elif above.type == "augmented_assignment":
            found += above.all("left")
        elif above.type in _FIRST or above.type in COMPREHENSIONS:
            pass  # `node` is what is evaluated first
        elif above.type == "conditional_expression":
            found += [] if child is above.parts[1] else [above.parts[1]]
        else:
            found += [
                each
                for each in above.parts
                if each.start < child.start and not _is_lookup(each, above)
            ]
        child = above
    return found


def _is_lookup(node: Branch, call: Branch) -> bool:
    if call.type != "call" or node.field != "function":
        return call.type == "keyword_argument"
    while node.type == "attribute":
        node = node.parts[0]
    return node.type == "identifier"


def is_lazy(node: Branch, statement: Branch) -> bool:
    """Whether ``node`` is not evaluated exactly once whenever ``statement`` begins."""
    child = node
    while child is not statement and child.parent is not None:
        above = child.parent
        parts = above.parts
        kind = above.type
        if (
            (kind == "boolean_operator" and child is not parts[0])
            or (kind == "conditional_expression" and child is not parts[1])
            or (kind == "comparison_operator" and child not in parts[:2])
            or (kind in COMPREHENSIONS and not is_first_clause(child, above))
            or (kind == "for_in_clause" and child.field != "right")
            or (kind == "with_clause" and child is not parts[0])
            or kind == "assert_statement"  # which is not there with `python -O`
            or (kind in ("while_statement", "lambda", "function_definition", "class_definition"))
            or (kind in ("decorated_definition", "try_statement", "block", "format_specifier"))
            or (kind.endswith("_clause") and kind not in ("for_in_clause", "with_clause"))
            or (kind == "for_statement" and child.field != "right")
            or (kind == "with_statement" and child.type != "with_clause")
            or (kind == "if_statement" and child.field != "condition")
            or (kind == "match_statement" and child.field != "subject")
        ):
            return True
        child = above
    return False


def refuse_changing(names: Names, text: Text, moved: Branch, others: list[Branch]) -> None:
    """Refuse names that some other function may assign while the moved code runs."""
    for node in (moved, *others):
        for each in names.within(node.start, node.stop):
            if each.owner.kind == "module":
                if re.search(rf"\bglobal\b[^\n]*\b{re.escape(each.name)}\b", str(text)):
                    raise Refused(f"A function assigns the global {each.name}.")
            elif any(use.kind == DECLARE for use in names.of(each.variable)):
                raise Refused(f"An inner function assigns {each.name}.")


def is_bound_between(names: Names, node: Branch, start: int, stop: int) -> str:
    """A name that ``node`` reads and that is bound or deleted between two offsets, or ""."""
    for each in names.within(node.start, node.stop):
        for use in names.of(each.variable):
            if use.kind in (BIND, DELETE) and start <= use.node.start < stop:
                return each.name
    return ""


def refuse_unbound(names: Names, function: Branch, pieces: list[Branch]) -> None:
    """Refuse variables that may be unbound where ``pieces`` read them: the error would move."""
    flow: Flow | None = None
    for each in (each for piece in pieces for each in names.within(piece.start, piece.stop)):
        if each.kind != DECLARE and each.owner.kind in FUNCTIONS:
            flow = flow or Flow(function, names)
            if not is_bound(each, names, flow):
                raise Refused(f"{each.name} may not be bound where it is read.")


def refuse_unknown(names: Names, syntax: Syntax, pieces: list[Branch]) -> None:
    """Refuse global names of ``pieces`` that this file does not have: likewise."""
    occurrences = [each for piece in pieces for each in names.within(piece.start, piece.stop)]
    for name in sorted({each.name for each in occurrences if each.owner.kind == "module"}):
        if not is_known(syntax, name):
            raise Refused(f"{name} may not be bound where it is read.")
