"""The graph of a function: its statements and expressions in the order of evaluation.

``finally`` is laid out twice, once for the normal way and once for all others, so that what the
body of a ``try`` binds is known to be bound behind it. A ``with`` may swallow an error; that way
is kept apart (`Event.soft`) unless its name says that it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.python.evaluation import (
    CATCH,
    FINAL,
    LOOP,
    RETURN,
    WITH,
    Evaluation,
    Frame,
)
from inglenook_context.refactor.python.graph import NOTHING
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.scopes import BIND, DELETE, Occurrence

_KEEPS: Final = ("open", "closing", "TemporaryDirectory", "NamedTemporaryFile", "Lock", "lock")
_SWALLOWS: Final = ("suppress", "raises", "assertRaises", "assertRaisesRegex", "ignored")


class Flow(Evaluation):
    """``graph`` of the function ``node``; ``stop_event`` is where every return and the end of
    the body lead."""

    def __init__(self, node: Branch, names: Names) -> None:
        super().__init__(node, names)
        for child in node.all("body"):
            self._run(child)
        self._link(self.stop_event)

    def inside(self, start: int, stop: int) -> set[int]:
        """The events of the text from ``start`` to ``stop``."""
        return {at for at, event in enumerate(self.graph.events) if start <= event.at < stop} - {
            0,
            self.stop_event,
        }

    def _lay(self, node: Branch) -> None:
        if (run := _STATEMENTS.get(node.type)) is not None:
            run(self, node)
        else:
            super()._lay(node)

    def _return(self, node: Branch) -> None:
        self._parts(node)
        self.returns.add(self._place(node))
        self._jump(RETURN)

    def _raise(self, node: Branch) -> None:
        self._parts(node)
        self._place(node)
        self._last = []

    def _leap(self, node: Branch) -> None:
        self._jump(node.type.removesuffix("_statement"))

    def _assert(self, node: Branch) -> None:
        self._run(node.parts[0])
        self._maybe(*node.parts[1:])

    def _if(self, node: Branch) -> None:
        done: list[int] = []
        for child in node.parts:
            if child.type in ("elif_clause", "else_clause"):
                self._place(child)
            if child.type == "else_clause":
                self._parts(child)
                done += self._last
                self._last = []
                continue
            holder = child if child.type == "elif_clause" else node
            if child is not holder and child.field != "condition":
                continue
            for condition in holder.all("condition"):
                self._run(condition)
            otherwise = list(self._last)
            for body in holder.all("consequence"):
                self._run(body)
            done += self._last
            self._last = otherwise
        self._last += done

    def _for(self, node: Branch) -> None:
        for child in node.all("right"):
            self._run(child)
        head = self._place(node)
        frame = self._enter(LOOP, head)
        for child in (*node.all("left"), *node.all("body")):
            self._run(child)
        self._link(head)
        self._frames.pop()
        self._last = [head]
        self._ending(node, frame)

    def _while(self, node: Branch) -> None:
        head = self._place(node)
        frame = self._enter(LOOP, head)
        condition = node.one("condition")
        if condition is not None:
            self._run(condition)
        leaves = list(self._last)
        for child in node.all("body"):
            self._run(child)
        self._link(head)
        self._frames.pop()
        always = condition is not None and (condition.type == "true" or condition.text == "1")
        self._last = [] if always else leaves
        self._ending(node, frame)

    def _ending(self, node: Branch, frame: Frame) -> None:
        for child in node.all("alternative"):
            self._run(child)
        self._last += frame.breaks

    def _enter(self, kind: str, head: int, hard: bool = True) -> Frame:
        self._frames.append(Frame(kind, head, hard))
        return self._frames[-1]

    def _with(self, node: Branch) -> None:
        hard, soft = False, True
        for child in node.parts:
            if child.type == "with_clause":
                self._parts(child)
                hard = any(_is_named(each, _SWALLOWS) for each in child.walk())
                soft = not all(_is_kept(each) for each in child.parts)
        if hard or soft:
            frame = self._enter(WITH, self._label(node.start), hard)
        else:
            frame = Frame(WITH, self._label(node.start))
        for child in node.all("body"):
            self._run(child)
        self._place(node)
        if hard or soft:
            self._frames.pop()
        self._link(frame.head)
        self._last = [frame.head]

    def _try(self, node: Branch) -> None:
        final = next((child for child in node.parts if child.type == "finally_clause"), None)
        handlers = [child for child in node.parts if child.type.startswith("except")]
        last = self._enter(FINAL, self._label(final.start)) if final is not None else None
        catch = self._enter(CATCH, self._label(handlers[0].start)) if handlers else None
        for child in node.all("body"):
            self._run(child)
        if catch is not None:
            self._frames.pop()
        for child in node.parts:
            if child.type == "else_clause":
                self._run(child)
        if catch is not None:
            self._handlers(handlers, catch)
        if last is not None and final is not None:
            self._finally(final, last)

    def _handlers(self, handlers: list[Branch], catch: Frame) -> None:
        done = self._last
        self._last = [catch.head]
        self._place(handlers[0])  # whence an error that nothing here catches goes on
        start = self._last
        for handler in handlers:
            self._last = list(start)
            self._parts(handler)
            for each in handler.walk():
                if each.field == "alias" and (found := self._names.at(each.children[0])):
                    self._forget(found, handler)
                if each.type == "block":
                    break
            done = done + self._last
        self._last = done

    def _forget(self, caught: Occurrence, handler: Branch) -> None:
        """``except E as e`` ends with ``e = None; del e``; its own statements do not do that, so
        that it happens at the word ``except``."""
        if caught.owner.kind == "module":
            self._emit(NOTHING, 0, handler.start)
            return
        for kind in (BIND, DELETE):
            self._emit(kind, self.graph.bit(caught.variable), handler.start)

    def _finally(self, final: Branch, frame: Frame) -> None:
        self._frames.pop()
        self._run_block(final)
        after = self._last
        self._last = [frame.head]
        self._run_block(final)
        ends = self._last
        for outer in reversed(self._frames):  # the error goes on
            if outer.kind in (CATCH, FINAL) or (outer.kind == WITH and outer.hard):
                self._link(outer.head)
                break
        for kind in sorted(frame.jumps):
            self._last = list(ends)
            self._jump(kind)
        self._last = after

    def _run_block(self, clause: Branch) -> None:
        self._place(clause)
        for child in clause.parts:
            self._run(child)

    def _match(self, node: Branch) -> None:
        for child in node.all("subject"):
            self._run(child)
        done: list[int] = []
        for case in (each for body in node.all("body") for each in body.parts):
            before = list(self._last)
            for child in case.parts:
                if child.field != "consequence":
                    self._run(child)
            if case.one("guard") is not None:
                before += self._last
            for child in case.all("consequence"):
                self._run(child)
            done += self._last
            self._last = [] if _catches_all(case) else before
        self._last += done


_STATEMENTS: Final[dict[str, Callable[[Flow, Branch], None]]] = {
    "return_statement": Flow._return,
    "raise_statement": Flow._raise,
    "break_statement": Flow._leap,
    "continue_statement": Flow._leap,
    "assert_statement": Flow._assert,
    "if_statement": Flow._if,
    "for_statement": Flow._for,
    "while_statement": Flow._while,
    "with_statement": Flow._with,
    "try_statement": Flow._try,
    "match_statement": Flow._match,
}


def _is_named(node: Branch, names: tuple[str, ...]) -> bool:
    return node.type == "identifier" and node.text in names


def _is_kept(item: Branch) -> bool:
    """Whether an item of a ``with`` is known to swallow no error: a file, a lock."""
    value = item.one("value") or item
    if value.type == "as_pattern":
        value = value.parts[0]
    value = value.one("function") or value
    return _is_named(value.one("attribute") or value, _KEEPS)


def _catches_all(case: Branch) -> bool:
    """Whether a case is ``_`` or a lone name without a guard."""
    patterns = [child for child in case.parts if child.type == "case_pattern"]
    if case.one("guard") is not None or len(patterns) != 1:
        return False
    inner = patterns[0].parts
    return not inner or (inner[0].type == "dotted_name" and len(inner[0].parts) == 1)
