"""What may happen after what in one function, and what that says about its variables.

A node is an event: a variable is read, bound or deleted, or nothing is (a place to jump to).
Sets of variables are bits of an integer, so that a function of a thousand lines costs little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python.scopes import BIND, DELETE, READ, Scope

NOTHING: Final = ""
CAPTURE: Final = "capture"  # read whenever a function that is made here is called
MOST_EVENTS: Final = 20_000
Variable = tuple[Scope, str]


@dataclass(slots=True)
class Event:
    """``next`` is where it goes on; ``fails`` where if it raises, before it had its effect;
    ``soft`` where if besides that a ``with`` swallows the error."""

    kind: str
    bit: int
    at: int
    next: list[int] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)
    soft: list[int] = field(default_factory=list)


class Graph:
    """The events of a function; the first is its start."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.bits: dict[Variable, int] = {}

    def bit(self, variable: Variable) -> int:
        return self.bits.setdefault(variable, 1 << len(self.bits))

    def names(self, bits: int) -> list[Variable]:
        return [variable for variable, bit in self.bits.items() if bits & bit]

    def add(self, kind: str, bit: int, at: int) -> int:
        if len(self.events) >= MOST_EVENTS:
            raise Refused("The function is too long.")
        self.events.append(Event(kind, bit, at))
        return len(self.events) - 1

    def entries(self, inside: set[int]) -> list[int]:
        """The events of ``inside`` at which it begins."""
        found = {0} & inside
        for at, event in enumerate(self.events):
            if at not in inside:
                found |= inside.intersection([*event.next, *event.fails])
        return sorted(found)

    def bound(self, inside: set[int] | None = None) -> list[int | None]:
        """What is surely bound before each event; None where nothing leads to.

        With ``inside`` what the events inside alone bind, as if nothing were bound before.
        """
        before: list[int | None] = [None] * len(self.events)
        work = [0] if inside is None else self.entries(inside)
        for at in work:
            before[at] = 0
        while work:
            at = work.pop()
            event, here = self.events[at], before[at]
            if here is None:
                continue
            after = effect(event, here)
            for targets, bits in ((event.next, after), (event.fails, here)):
                for target in targets:
                    old = before[target]
                    new = bits if old is None else old & bits
                    if new != old:
                        before[target] = new
                        if inside is None or target in inside:
                            work.append(target)
        return before

    def live(self, inside: set[int] | None = None) -> list[int]:
        """What may be read after the beginning of each event before it is bound anew; with
        ``inside``, by the events inside."""
        before = [0] * len(self.events)
        every: Iterable[int] = range(len(self.events)) if inside is None else sorted(inside)
        changed = True
        while changed:
            changed = False
            for at in reversed(list(every)):
                event = self.events[at]
                bits = 0
                for target in event.next:
                    bits |= before[target]
                if event.kind == BIND:
                    bits &= ~event.bit
                elif event.kind != NOTHING:
                    bits |= event.bit
                for target in event.fails:
                    bits |= before[target]
                if bits != before[at]:
                    before[at] = bits
                    changed = True
        return before

    def surely_read(self, inside: set[int]) -> list[int]:
        """What the events inside read, each in any case, before they bind it or end."""
        every = (1 << len(self.bits)) - 1
        before = [every if at in inside else 0 for at in range(len(self.events))]
        changed = True
        while changed:
            changed = False
            for at in sorted(inside, reverse=True):
                event = self.events[at]
                bits = every
                for target in event.next:
                    bits &= before[target]
                if event.kind == BIND:
                    bits &= ~event.bit
                elif event.kind in (READ, DELETE):
                    bits |= event.bit
                if bits != before[at]:
                    before[at] = bits
                    changed = True
        return before

    def maybe_bound(self, inside: set[int]) -> list[int]:
        """What the events inside may have bound or deleted before each of them."""
        before = [0] * len(self.events)
        work = self.entries(inside)
        seen = set(work)
        while work:
            at = work.pop()
            event = self.events[at]
            after = before[at] | (event.bit if event.kind in (BIND, DELETE) else 0)
            for targets, bits in ((event.next, after), (event.fails, before[at])):
                for target in targets:
                    if target in inside and (bits & ~before[target] or target not in seen):
                        before[target] |= bits
                        seen.add(target)
                        work.append(target)
        return before

    def reached(self, starts: Iterable[int]) -> set[int]:
        """The events that may come after ``starts``, with these themselves only if again."""
        found: set[int] = set()
        work = list(starts)
        while work:
            event = self.events[work.pop()]
            for target in (*event.next, *event.fails, *event.soft):
                if target not in found:
                    found.add(target)
                    work.append(target)
        return found


def effect(event: Event, bound: int) -> int:
    """What is bound after ``event``."""
    if event.kind == BIND:
        return bound | event.bit
    return bound & ~event.bit if event.kind == DELETE else bound
