"""Which variable each name of a piece of TypeScript or JavaScript means.

Everything is bound before anything is looked up, so what is hoisted needs no second walk. Names
that one scope binds more than once (overloads, a class and a namespace, a parameter and a ``var``
of the same function) are one variable: to rename them together is always right.
"""

from __future__ import annotations

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.typescript.binder import Binder
from inglenook_context.refactor.typescript.scopes import Occurrence, Scope
from inglenook_context.refactor.typescript.visits import VISITS


class Names(Binder):
    """The scopes below ``root``, a program, and what occurs in them in the order of the walk."""

    def __init__(self, root: Branch, strict: bool) -> None:
        super().__init__(root, strict, VISITS)
        for each in self.occurrences:
            each.owner = each.scope.owner(each.name, each.meaning)
        self._at = {each.node: each for each in self.occurrences}

    def at(self, node: Branch) -> Occurrence | None:
        """What occurs at an identifier; None if it is no variable (a property, a label)."""
        return self._at.get(node)

    def at_offset(self, offset: int) -> Occurrence | None:
        """What occurs at an offset: first what begins or goes on there, then what ends there."""
        for reach in (0, 1):
            for each in self.occurrences:
                if each.node.start <= offset < each.node.stop + reach:
                    return each
        return None

    def within(self, start: int, stop: int) -> list[Occurrence]:
        return [each for each in self.occurrences if each.node.within(start, stop)]

    def of(self, variable: tuple[Scope | None, str]) -> list[Occurrence]:
        return [each for each in self.occurrences if each.variable == variable]
