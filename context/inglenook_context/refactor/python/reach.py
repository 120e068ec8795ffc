"""Whether and when a place is reached: bound before, later, once, or only sometimes."""

from __future__ import annotations

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.python.branch import COMPREHENSIONS
from inglenook_context.refactor.python.flow import Flow
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.scopes import BIND, DELETE, READ, Occurrence


def is_bound(each: Occurrence, names: Names, flow: Flow | None) -> bool:
    """Whether a variable is surely bound where it occurs."""
    owner = each.owner
    uses = names.of(each.variable)
    if each.name in owner.parameters and not any(map(_unbinds, uses)):
        return True
    if owner.kind in ("comprehension", "lambda"):
        return True
    if owner.kind != "function":
        return False
    if flow is not None:
        if flow.node is owner.node:
            return _bound_at(flow, flow.inside(each.node.start, each.node.stop), each)
        made = next(
            (
                child
                for child in _functions(each.node)
                if child.parent and _round(child) is owner.node
            ),
            None,
        )
        if made is None:
            return False
        binds = [use for use in uses if use.kind in (BIND, DELETE)]
        if len(binds) == 1 and binds[0].node.parent is made:
            return True  # it is called by its own name
        outer = Flow(owner.node, names)
        return _bound_at(outer, {outer.made[made]} if made in outer.made else set(), each)
    return False


def _unbinds(use: Occurrence) -> bool:
    """Whether a name is unbound there: by ``del``, or at the end of its ``except``."""
    return use.kind == DELETE or any(
        above.type.startswith("except_")
        and use.node.parent is not None
        and use.node.parent.type == "as_pattern_target"
        for above in use.node.above()
    )


def is_constant(each: Occurrence, names: Names) -> bool:
    """Whether a variable is bound once and stays so, for whatever reads it later."""
    binds = [use for use in names.of(each.variable) if use.kind != READ]
    return len(binds) == 1 and not _unbinds(binds[0]) and not in_loop(binds[0].node)


def _bound_at(flow: Flow, places: set[int], each: Occurrence) -> bool:
    bound = flow.graph.bound()
    bit = flow.graph.bits.get(each.variable, 0)
    states = [bound[at] for at in places]
    return bool(states) and all(state is None or state & bit for state in states)


def _functions(node: Branch) -> list[Branch]:
    return [above for above in node.above() if above.type == "function_definition"]


def _round(node: Branch) -> Branch | None:
    return next((above for above in node.above() if above.type == "function_definition"), None)


def is_inside(node: Branch, other: Branch) -> bool:
    return node is other or any(above is other for above in node.above())


def is_late(node: Branch, stop: Branch) -> bool:
    """Whether ``node`` runs when a function made in the expression ``stop`` is called."""
    child = node
    while child is not stop and child.parent is not None:
        above = child.parent
        if above.type == "lambda" and child.field == "body":
            return True
        if above.type == "generator_expression" and not is_first_clause(child, above):
            return True
        child = above
    return False


def is_conditional(node: Branch, stop: Branch) -> bool:
    """Whether ``node`` is not evaluated each time that ``stop`` is."""
    child = node
    while child is not stop and child.parent is not None:
        above = child.parent
        if above.type == "boolean_operator" and child is not above.parts[0]:
            return True
        if above.type == "conditional_expression" and child is not above.parts[1]:
            return True
        if above.type == "comparison_operator" and child not in above.parts[:2]:
            return True
        if above.type == "lambda" and child.field == "body":
            return True
        if above.type in COMPREHENSIONS and not is_first_clause(child, above):
            return True
        if above.type == "for_in_clause" and child.field != "right":
            return True
        child = above
    return False


def is_first_clause(child: Branch, comprehension: Branch) -> bool:
    clauses = [each for each in comprehension.parts if each.type == "for_in_clause"]
    return bool(clauses) and child is clauses[0]


def in_loop(node: Branch) -> bool:
    for above in node.above():
        if above.type in ("for_statement", "while_statement", "for_in_clause"):
            return True
        if above.type in ("function_definition", "lambda"):
            return False
    return False
