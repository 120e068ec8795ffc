"""When an expression is evaluated, and what it can notice or change: may it be moved?

Three weights, as for Python. What is STILL gives the same wherever it stands (names, literals).
What READS depends on objects that others may change, and may throw. What ACTS may change
anything (calls, iteration, awaiting, assignment).
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import TRIVIA, Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.branch import CLASSES, FUNCTIONS, file_of
from inglenook_context.refactor.typescript.inner import own
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.scopes import BIND, FIXED, WRITE, Occurrence
from inglenook_context.refactor.typescript.selection import is_optional
from inglenook_context.syntax import Syntax

STILL: Final = 0
READS: Final = 1
ACTS: Final = 2
_ACTS: Final = CLASSES | {
    *("call_expression", "new_expression", "await_expression", "yield_expression"),
    *("assignment_expression", "augmented_assignment_expression", "update_expression"),
    *("spread_element", "for_in_statement", "throw_statement", "array_pattern"),
}
_READS: Final = frozenset(
    """member_expression subscript_expression binary_expression unary_expression ternary_expression
    template_substitution array object regex jsx_element jsx_self_closing_element
    function_expression generator_function arrow_function object_pattern""".split()
)
FRESH: Final = FUNCTIONS | {
    *("array", "object", "regex", "jsx_element", "jsx_self_closing_element", "class"),
}  # another object each time
_LOGICAL: Final = ("&&", "||", "??", "&&=", "||=", "??=")
_CHAINS: Final = ("member_expression", "subscript_expression", "call_expression")
_BRACES: Final = frozenset({"else_clause", "do_statement", "while_statement"})


def weight(*nodes: Branch) -> int:
    """The weight of what runs when ``nodes`` do."""
    return max((weight_of(node) for node in own(nodes)), default=STILL)


def weight_of(node: Branch) -> int:
    """The weight of one node, without what is below it."""
    if not node.named:
        return STILL
    if node.type in _ACTS or (node.type == "unary_expression" and node.has("delete")):
        return ACTS
    return READS if node.type in _READS else STILL


def earlier(node: Branch, statement: Branch) -> list[Branch]:
    """The pieces of ``statement`` that are evaluated before ``node``.

    The look-up of a method on a name (``list.add`` in ``list.add(node)``) is left out: it gives
    the same method after whatever ``node`` does, as long as nobody exchanges methods.
    """
    found: list[Branch] = []
    child = node
    while child is not statement and child.parent is not None:
        above = child.parent
        for each in above.parts:
            if each.start >= child.start:
                continue
            if above.type == "assignment_expression" and each.field == "left":
                found += _evaluated(each)
            elif above.type == "variable_declarator" and each.field in ("name", "type"):
                pass
            elif above.type != "for_in_statement":
                found.append(each.parts[0] if _is_lookup(each, above) else each)
        child = above
    return found


def _evaluated(target: Branch) -> list[Branch]:
    """What is evaluated of a target before what is assigned to it."""
    if target.type in ("member_expression", "subscript_expression"):
        return [each for each in target.parts if each.type != "property_identifier"]
    return []


def _is_lookup(node: Branch, call: Branch) -> bool:
    if call.type != "call_expression" or node.field != "function":
        return False
    return node.type == "member_expression" and node.parts[0].type in ("identifier", "this")


def refuse_lazy(node: Branch, statement: Branch) -> None:
    """Refuse what is not evaluated exactly once whenever ``statement`` begins."""
    child = node
    while child is not statement and child.parent is not None:
        above = child.parent
        if _is_lazy(child, above):
            body = child.field in ("body", "consequence") or above.type in _BRACES
            if above.type in FUNCTIONS and child.field == "body":
                raise Refused("Give the arrow function a body in braces first.")
            if body and child.type.endswith(("_statement", "_declaration")):
                raise Refused("Put the statement in braces first.")
            raise Refused("The expression is not evaluated once whenever its statement is.")
        child = above


def is_lazy(node: Branch, statement: Branch) -> bool:
    """Whether ``node`` is not evaluated exactly once whenever ``statement`` begins."""
    child = node
    while child is not statement and child.parent is not None:
        if _is_lazy(child, child.parent):
            return True
        child = child.parent
    return False


def _is_lazy(child: Branch, above: Branch) -> bool:
    kind, parts = above.type, above.parts
    if kind in ("binary_expression", "augmented_assignment_expression"):
        logical = any(each.type in _LOGICAL for each in above.children)
        return logical and child is not parts[0]
    if kind == "ternary_expression":
        return child.field != "condition"
    if kind in _CHAINS:
        return child is not parts[0] and is_optional(above)
    if kind in ("for_in_statement", "for_statement"):
        return child.field != ("right" if kind == "for_in_statement" else "initializer")
    if kind in ("if_statement", "switch_statement"):
        return child.field not in ("condition", "value")
    return (
        kind in FUNCTIONS
        or kind in CLASSES
        or kind.endswith("_pattern")
        or kind in _BRACES
        or kind in ("try_statement", "catch_clause", "finally_clause", "with_statement")
    )


def refuse_changing(names: Names, moved: Branch, others: list[Branch]) -> None:
    """Refuse variables of ``others`` that ``moved``, or a function that it may call, assigns."""
    for piece in others:
        for each in names.within(piece.start, piece.stop):
            for use in names.of(each.variable):
                if use.kind != WRITE:
                    continue
                if use.node.within(moved.start, moved.stop) or _function(use.node) is not _function(
                    moved
                ):
                    raise Refused(f"A function may assign {each.name} before it is read.")


def refuse_changed(syntax: Syntax, names: Names, moved: Branch, others: list[Branch]) -> None:
    """Likewise; of variables of the file also what the rest of the file does with them."""
    if of_file(names, others):
        whole = Names(file_of(syntax), names.strict)
        refuse_changing(whole, *_same(whole, moved, others))
    refuse_changing(names, moved, others)


def _same(names: Names, node: Branch, pieces: list[Branch]) -> tuple[Branch, list[Branch]]:
    """``node`` and ``pieces`` as they are in another copy of the tree."""
    spans = [(each.start, each.stop, each.type) for each in (node, *pieces)]
    found = {(each.start, each.stop, each.type): each for each in names.program.node.walk()}
    same = [found[span] for span in spans if span in found]
    if len(same) != len(spans):
        raise Refused("The code round the selection is too long.")
    return same[0], same[1:]


def of_file(names: Names, pieces: list[Branch]) -> bool:
    """Whether ``pieces`` read variables of the file that may be assigned elsewhere in it."""
    for piece in pieces:
        for each in names.within(piece.start, piece.stop):
            if each.owner is None or each.owner is names.program:
                return True
    return False


def _function(node: Branch) -> Branch | None:
    return next((above for above in node.above() if above.type in FUNCTIONS), None)


def is_fixed(names: Names, found: Occurrence) -> bool:
    """Whether a variable has the same value for ever, as far as is seen here."""
    uses = names.of(found.variable)
    if found.owner is None or any(use.kind == WRITE for use in uses):
        return False
    return all(use.how in FIXED or use.how == "parameter" for use in uses if use.kind == BIND)


def is_bound_between(names: Names, node: Branch, start: int, stop: int) -> bool:
    """Whether a variable that ``node`` reads is bound or assigned between two offsets."""
    for each in names.within(node.start, node.stop):
        for use in names.of(each.variable):
            if use.kind in (BIND, WRITE) and start <= use.node.start < stop:
                return True
    return False


def is_quiet(first: Branch, last: Branch, start: int, stop: int) -> bool:
    """Whether nothing acts between two offsets; a call does when it ends."""
    for sibling in first.parent.children if first.parent is not None else [first]:
        if sibling.type in TRIVIA or sibling.start < first.start or sibling.start > last.start:
            continue
        for each in sibling.walk():
            begin = (
                each.stop - 1
                if each.type.endswith(("call_expression", "await_expression"))
                else each.start
            )
            if begin < stop and each.stop > start and weight_of(each) == ACTS:
                return False
    return True


def in_loop(node: Branch, limit: Branch | None = None) -> bool:
    """Whether ``node`` runs again and again inside ``limit``, or inside its function."""
    for above in node.above():
        if above.type in ("for_statement", "for_in_statement", "while_statement", "do_statement"):
            return True
        if above is limit or above.type in FUNCTIONS:
            break
    return False


def function_of(node: Branch) -> Branch | None:
    """The function whose body runs when ``node`` does."""
    return _function(node)
