"""What a new function must be given and must give back, decided by the flow of variables.

Every rule here answers one question: would a copy of the variable, handed over when the new
function is called and handed back when it returns, be the same as the variable itself?
"""

from __future__ import annotations

from dataclasses import dataclass

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python import order
from inglenook_context.refactor.python.flow import Flow
from inglenook_context.refactor.python.graph import CAPTURE, Variable
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.reach import (
    is_bound,
    is_conditional,
    is_constant,
    is_inside,
    is_late,
)
from inglenook_context.refactor.python.scopes import (
    BIND,
    DECLARE,
    DELETE,
    FUNCTIONS,
    READ,
    Occurrence,
)

_SWALLOWED = "A with statement may swallow an error, and {} would then keep its older value."
_EARLIER = "If {} is not bound, the error comes before what stands in front of it has run."


@dataclass(frozen=True, slots=True)
class Passing:
    """Names of parameters and results, in the order of their first occurrence.

    ``returns`` tells whether the code ends the function round it wherever it ends.
    """

    parameters: tuple[str, ...]
    results: tuple[str, ...] = ()
    returns: bool = False
    confirm: tuple[str, ...] = ()


def of_expression(node: Branch, names: Names, function: Branch | None) -> Passing:
    """What an expression reads of the scopes round it."""
    uses: dict[str, Occurrence] = {}
    for each in names.within(node.start, node.stop):
        if each.owner.kind == "module" or is_inside(each.owner.node, node):
            continue
        if each.kind != READ:
            raise Refused(f"The expression binds {each.name}.")
        uses.setdefault(each.name, each)
        _need_copy(each, names)
        if is_late(each.node, node):
            _need_constant(each, names)
    flow = Flow(function, names) if function is not None else None
    confirm: list[str] = []
    for each in uses.values():
        surely = [
            other
            for other in names.within(node.start, node.stop)
            if other.variable == each.variable and not is_conditional(other.node, node)
        ]
        late = all(order.weight(*order.earlier(other.node, node)) for other in surely)
        if late and not is_bound(each, names, flow):
            if not surely:
                raise Refused(f"{each.name} may not be bound there, and is read only sometimes.")
            confirm.append(_EARLIER.format(each.name))
    return Passing(tuple(uses), confirm=tuple(confirm))


def of_statements(
    nodes: tuple[Branch, ...], names: Names, function: Branch, *, returning: bool
) -> Passing:
    """What statements of the body of ``function`` read, and what of theirs is read afterwards."""
    start, stop = nodes[0].start, nodes[-1].stop
    occurrences = names.within(start, stop)
    _refuse_declared(occurrences, names, function)
    flow = Flow(function, names)
    work = _Work(flow, flow.inside(start, stop))
    results = work.results(returning=returning)
    _refuse_deleted(work, occurrences, names, results)
    wanted = work.wanted(results)
    seen: dict[Variable, Occurrence] = {}
    for each in occurrences:
        seen.setdefault(each.variable, each)
    confirm = list(work.swallowed())
    for variable, each in seen.items():
        bit = flow.graph.bits.get(variable, 0)
        if bit & (wanted | results | work.binds):
            _need_copy(each, names, (start, stop))
        # Of the function's own variables the flow knows what is bound where the code begins.
        other = None if each.owner.node is function else flow
        if bit & wanted and not work.bound & bit and not is_bound(each, names, other):
            elsewhere = any(
                use.kind == BIND and not use.node.within(start, stop) for use in names.of(variable)
            )
            if not work.surely & bit or not elsewhere:
                raise Refused(f"{each.name} may not be bound when the code is reached.")
            confirm.append(_EARLIER.format(each.name))
    _refuse_lost(work, names, function, (start, stop), results)
    _refuse_captured(work, names, function)
    given = [
        each.name for variable, each in seen.items() if flow.graph.bits.get(variable, 0) & wanted
    ]
    back = [
        each.name for variable, each in seen.items() if flow.graph.bits.get(variable, 0) & results
    ]
    first = [name for name in given if name in ("self", "cls")]
    return Passing(
        tuple(first + [name for name in given if name not in first]),
        tuple(back),
        returning,
        tuple(confirm),
    )


class _Work:
    """The graph seen from the selected events ``inside``."""

    def __init__(self, flow: Flow, inside: set[int]) -> None:
        self.flow, self.inside = flow, inside
        graph = self.graph = flow.graph
        self.entries = graph.entries(inside)
        self.live = graph.live()
        self.binds = 0
        for at in inside:
            if graph.events[at].kind in (BIND, DELETE):
                self.binds |= graph.events[at].bit
        bound = graph.bound()
        exposed, within = 0, graph.live(inside)
        self.bound = self.surely = -1
        surely = graph.surely_read(inside)
        for at in self.entries:
            exposed |= within[at]
            self.surely &= surely[at]
            before = bound[at]
            self.bound &= -1 if before is None else before
        self.exposed = exposed
        self.exits = [
            (at, target)
            for at in inside
            for target in graph.events[at].next
            if target not in inside
        ]

    def results(self, *, returning: bool) -> int:
        """The variables bound inside that are read afterwards."""
        found = 0
        for at, target in self.exits:
            found |= self.live[target]
            ends = at in self.flow.returns or target == self.flow.stop_event
            if returning and not ends:
                raise Refused("The code returns in some cases and goes on in others.")
        found &= self.binds
        if returning and found:
            raise Refused(f"{self._name(found)} is used in a finally clause afterwards.")
        self._refuse_failed()
        return found

    def wanted(self, results: int) -> int:
        """The variables that must be known inside."""
        bound = self.graph.bound(self.inside)
        surely = -1
        for _, target in self.exits:
            before = bound[target]
            surely &= -1 if before is None else before
        return self.exposed | (results & ~surely)

    def _refuse_failed(self) -> None:
        """What was bound before an error must be known where the error is handled."""
        maybe = self.graph.maybe_bound(self.inside)
        for at in self.inside:
            for target in self.graph.events[at].fails:
                lost = 0 if target in self.inside else maybe[at] & self.live[target]
                if lost:
                    raise Refused(f"{self._name(lost)} is used after an error in the code.")

    def swallowed(self) -> list[str]:
        maybe = self.graph.maybe_bound(self.inside)
        lost = 0
        for at in self.inside:
            for target in self.graph.events[at].soft:
                lost |= 0 if target in self.inside else maybe[at] & self.live[target]
        return [_SWALLOWED.format(name) for _, name in self.graph.names(lost)]

    def _name(self, bits: int) -> str:
        return next(name for _, name in self.graph.names(bits))


def _refuse_declared(occurrences: list[Occurrence], names: Names, function: Branch) -> None:
    scope = names.scopes[function]
    for each in occurrences:
        if each.kind == READ or not _runs_here(each, names, function):
            continue
        if each.kind == DECLARE or each.owner.kind == "module":
            raise Refused(f"The code assigns {each.name}, a variable of the module or outside.")
        if each.owner is not scope and scope.inside(each.owner):
            raise Refused(f"The code assigns {each.name}, a variable of the function outside.")


def _runs_here(each: Occurrence, names: Names, function: Branch) -> bool:
    """Whether it is the function itself that binds, and not one inside it."""
    scope = each.scope
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope is names.scopes[function]


def _refuse_deleted(work: _Work, occurrences: list[Occurrence], names: Names, results: int) -> None:
    deleted = 0
    for at in work.inside:
        event = work.graph.events[at]
        deleted |= event.bit if event.kind == DELETE else 0
    for _, name in work.graph.names(deleted & results):
        raise Refused(f"The code deletes {name}, which is used afterwards.")
    explicit = {each.variable for each in occurrences if each.kind == DELETE}
    for variable in explicit:
        if any(each.kind == BIND and each not in occurrences for each in names.of(variable)):
            raise Refused(f"The code deletes {variable[1]}, which is bound outside it.")


def _need_copy(each: Occurrence, names: Names, span: tuple[int, int] = (0, 0)) -> None:
    """Refuse a variable that another function changes: a copy would miss that."""
    uses = names.of(each.variable)
    if any(above.type == "type_parameter" for other in uses for above in other.node.above()):
        raise Refused(f"{each.name} is a type parameter, which no other function can have.")
    if all(other.node.within(*span) for other in uses):
        return
    for other in uses:
        if other.kind == DECLARE and each.owner.kind in FUNCTIONS:
            raise Refused(f"{each.name} is shared with an inner function that assigns it.")


def _need_constant(each: Occurrence, names: Names) -> None:
    """Refuse a variable that changes, where a function in the code reads it later."""
    if each.owner.kind in ("comprehension", "class") or not is_constant(each, names):
        raise Refused(f"A function in the code reads {each.name} later, when it may have changed.")


def _refuse_lost(
    work: _Work, names: Names, function: Branch, span: tuple[int, int], results: int
) -> None:
    """A name that is read outside must still be bound in the function."""
    scope = names.scopes[function]
    bound = {each.variable for each in names.within(*span) if each.kind in (BIND, DELETE)}
    kept = work.graph.names(results)
    for variable in bound:  # also by an annotation alone, which is no event
        if variable[0] is not scope or variable in kept:
            continue
        outside = [each for each in names.of(variable) if not each.node.within(*span)]
        if outside and not any(each.kind in (BIND, DELETE) for each in outside):
            raise Refused(f"{variable[1]} is also read where it is not bound.")


def _refuse_captured(work: _Work, names: Names, function: Branch) -> None:
    """Functions made inside or outside the code must go on seeing one and the same variable."""
    graph = work.graph
    scope = names.scopes[function]
    after = graph.reached([target for _, target in work.exits])
    after |= {target for _, target in work.exits}
    later = 0
    for at in after:
        if graph.events[at].kind in (BIND, DELETE):
            later |= graph.events[at].bit
    for at, event in enumerate(graph.events):
        if event.kind != CAPTURE:
            continue
        ((owner, name),) = graph.names(event.bit)
        changes = later & event.bit
        if at in work.inside and owner is not scope:
            changes = not is_constant(names.of((owner, name))[0], names)
        if at in work.inside and changes:
            raise Refused(
                f"A function in the code uses {name}, which is assigned again afterwards."
            )
        stale = at not in work.inside and event.bit & work.binds
        if stale and graph.reached([at]).intersection(work.entries):
            raise Refused(f"A function made before the code uses {name}, which it assigns.")
