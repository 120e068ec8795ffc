"""The expressions of a function as events, in the order of evaluation.

What a lambda, a generator or a function inside uses is captured where it is made, unless the call
that it is handed to is known to use it up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.python.branch import COMPREHENSIONS
from inglenook_context.refactor.python.graph import CAPTURE, NOTHING, Graph
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.scopes import BIND, DECLARE, FUNCTIONS, READ, Occurrence

# Calls that use up a generator or call a function before they return.
_AT_ONCE: Final = frozenset(
    "all any dict extend frozenset join list max min set sort sorted sum tuple update".split()
)
FINAL: Final = "final"
CATCH: Final = "catch"
WITH: Final = "with"
LOOP: Final = "loop"
RETURN: Final = "return"


class Frame:
    """What stands round the statement that is laid out: where errors and jumps go."""

    __slots__ = ("breaks", "hard", "head", "jumps", "kind")

    def __init__(self, kind: str, head: int, hard: bool = True) -> None:
        self.kind = kind
        self.head = head  # where errors go; of a loop, where `continue` goes
        self.hard = hard
        self.breaks: list[int] = []
        self.jumps: set[str] = set()  # that leave a `finally` when it is done


class Evaluation:
    """Lays out the expressions of the function ``node``, and knows where errors and jumps go."""

    def __init__(self, node: Branch, names: Names) -> None:
        self.graph = Graph()
        self.node = node
        self._names = names
        self._scope = names.scopes[node]
        self._frames: list[Frame] = []
        self._last = [self.graph.add(NOTHING, 0, node.start)]
        self.returns: set[int] = set()  # the last event of each `return`
        self.made: dict[Branch, int] = {}  # where nested functions, lambdas, generators are made
        self.stop_event = self.graph.add(NOTHING, 0, node.stop)
        for name in sorted(self._scope.parameters):
            self._emit(BIND, self.graph.bit((self._scope, name)), node.start)

    # Laying out

    def _emit(self, kind: str, bit: int, at: int) -> int:
        new = self.graph.add(kind, bit, at)
        self._link(new)
        self._last = [new]
        event = self.graph.events[new]
        for frame in reversed(self._frames):
            if frame.kind == WITH:
                (event.fails if frame.hard else event.soft).append(frame.head)
            elif frame.kind != LOOP:
                event.fails.append(frame.head)
                break
        return new

    def _link(self, target: int) -> None:
        for at in self._last:
            if target not in self.graph.events[at].next:
                self.graph.events[at].next.append(target)

    def _label(self, at: int) -> int:
        """An event that is reached by jumps only."""
        return self.graph.add(NOTHING, 0, at)

    def _place(self, node: Branch) -> int:
        return self._emit(NOTHING, 0, node.start)

    def _jump(self, kind: str) -> None:
        for frame in reversed(self._frames):
            if frame.kind == FINAL:
                self._link(frame.head)
                frame.jumps.add(kind)
                break
            if frame.kind == LOOP and kind != RETURN:
                if kind == "continue":
                    self._link(frame.head)
                else:
                    frame.breaks += self._last
                break
        else:
            self._link(self.stop_event)
        self._last = []

    def _run(self, node: Branch) -> None:
        if node.type == "identifier":
            if (occurrence := self._names.at(node)) is not None:
                self._happens(occurrence)
            return
        if node.type.endswith(("_statement", "_clause")) or node.type == "block":
            self._place(node)
        self._lay(node)

    def _happens(self, occurrence: Occurrence) -> None:
        if occurrence.kind != DECLARE and self._follows(occurrence):
            bit = self.graph.bit(occurrence.variable)
            self._emit(occurrence.kind, bit, occurrence.node.start)

    def _follows(self, occurrence: Occurrence) -> bool:
        """Whether it is a variable of this function or of one outside."""
        owner = occurrence.owner
        inner = owner is not self._scope and owner.inside(self._scope)
        return owner.kind in FUNCTIONS and not inner

    def _parts(self, node: Branch) -> None:
        for child in node.parts:
            self._run(child)

    def _fork(self, *ways: Callable[[], None]) -> None:
        before, after = self._last, list[int]()
        for way in ways:
            self._last = list(before)
            way()
            after += self._last
        self._last = after

    def _maybe(self, *nodes: Branch) -> None:
        def run() -> None:
            for node in nodes:
                self._run(node)

        self._fork(run, lambda: None)

    def _lay(self, node: Branch) -> None:
        _EXPRESSIONS.get(node.type, Evaluation._parts)(self, node)

    # Expressions

    def _assignment(self, node: Branch) -> None:
        for child in (*node.all("type"), *node.all("right"), *node.all("value")):
            self._run(child)
        if node.one("right") is None and node.one("value") is None:
            for child in node.all("left"):
                if child.type != "identifier":
                    self._run(child)
            return
        for child in (*node.all("left"), *node.all("name")):
            self._run(child)
            if any(each.type in ("attribute", "subscript") for each in child.walk()):
                self._place(child)  # for it may fail when other targets are bound

    def _augmented(self, node: Branch) -> None:
        left, right = node.one("left"), node.one("right")
        if left is not None and right is not None:
            occurrence = self._names.at(left)
            if occurrence is not None:
                read = Occurrence(READ, left, occurrence.scope)
                read.owner = occurrence.owner
                self._happens(read)
            else:
                self._run(left)
            self._run(right)
            if occurrence is not None:
                self._happens(occurrence)

    def _boolean(self, node: Branch) -> None:
        self._run(node.parts[0])
        self._maybe(*node.parts[1:])

    def _comparison(self, node: Branch) -> None:
        for child in node.parts[:2]:
            self._run(child)
        if node.parts[2:]:
            self._maybe(*node.parts[2:])

    def _conditional(self, node: Branch) -> None:
        parts = node.parts
        if len(parts) == 3:
            self._run(parts[1])
            self._fork(lambda: self._run(parts[0]), lambda: self._run(parts[2]))
        else:
            self._parts(node)

    def _comprehension(self, node: Branch) -> None:
        clauses = [child for child in node.parts if child.type in ("for_in_clause", "if_clause")]
        first = clauses[0].all("right") if clauses else []
        for child in first:
            self._run(child)
        if node.type == "generator_expression" and not _at_once(node):
            self._capture(node, {id(each) for part in first for each in part.walk()})
            return
        rest = [child for child in node.parts if child not in clauses]

        def each_round() -> None:
            head = self._place(node)
            for clause in clauses:
                for child in clause.parts:
                    if child not in first:
                        self._run(child)
            for child in rest:
                self._run(child)
            self._link(head)

        self._fork(each_round, lambda: None)

    def _capture(self, node: Branch, but: set[int]) -> None:
        """What a function, lambda or generator at ``node`` uses of the scopes round it."""
        self.made[node] = self._place(node)
        inner = self._names.scopes[node]
        for each in self._names.within(node.start, node.stop):
            if id(each.node) in but or not each.scope.inside(inner) or each.owner.inside(inner):
                continue
            if self._follows(each):
                bit = self.graph.bit(each.variable)
                self._emit(CAPTURE, bit, each.node.start)

    def _lambda(self, node: Branch) -> None:
        self._defaults(node)
        if _at_once(node):
            self.made[node] = self._place(node)
            self._maybe(*node.all("body"))
        else:
            self._capture(node, set())

    def _defaults(self, node: Branch) -> None:
        for parameters in node.all("parameters"):
            for child in parameters.parts:
                for part in child.parts:
                    if part.field in ("value", "type"):
                        self._run(part)

    def _function(self, node: Branch) -> None:
        self._defaults(node)
        for child in node.all("return_type"):
            self._run(child)
        self._capture(node, set())
        for child in node.all("name"):
            self._run(child)

    def _class(self, node: Branch) -> None:
        for child in node.parts:
            if child.field != "name":
                self._run(child)
        for child in node.all("name"):
            self._run(child)

    def _alias(self, node: Branch) -> None:
        for child in node.parts:
            if child.field != "alias":
                self._run(child)
        for child in node.all("alias"):
            self._run(child)


_EXPRESSIONS: Final[dict[str, Callable[[Evaluation, Branch], None]]] = {
    "assignment": Evaluation._assignment,
    "named_expression": Evaluation._assignment,
    "augmented_assignment": Evaluation._augmented,
    "boolean_operator": Evaluation._boolean,
    "comparison_operator": Evaluation._comparison,
    "conditional_expression": Evaluation._conditional,
    "lambda": Evaluation._lambda,
    "function_definition": Evaluation._function,
    "class_definition": Evaluation._class,
    "as_pattern": Evaluation._alias,
    **dict.fromkeys(COMPREHENSIONS, Evaluation._comprehension),
}


def _at_once(node: Branch) -> bool:
    """Whether a generator or lambda is used up by the call that it is an argument of."""
    call = next(
        (
            above
            for above in node.above()
            if above.type not in ("argument_list", "keyword_argument")
        ),
        None,
    )
    if call is None or call.type != "call":
        return False
    function = call.one("function")
    last = function.one("attribute") if function is not None else None
    return (last or function or node).text in _AT_ONCE
