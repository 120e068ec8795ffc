"""Inline variable: a local that is never assigned again goes, and its value stands where it was.

The value is evaluated later then, perhaps more often or never; that is refused unless nobody can
tell (`inglenook_context.refactor.typescript.order` weighs what may be moved). The type that the
variable had is lost: what is checked more strictly in the new place is to be confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook_context.refactor.branch import TRIVIA, Branch
from inglenook_context.refactor.edits import Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.lines import begins_line, rest_of_line, without_lines
from inglenook_context.refactor.typescript import fitting, inlined_types, inner, layout, order
from inglenook_context.refactor.typescript.branch import FUNCTIONS, file_of, statement_of
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.scopes import BIND, FIXED, READ, WRITE, Occurrence
from inglenook_context.refactor.typescript.selection import BODIES, core, statement_round
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

KIND: Final = "refactor.inline.variable"
_PLAIN: Final = frozenset({"const", "let", "var"})
_ITS_FUNCTIONS: Final = frozenset({"this", "super", "meta_property"})  # of the function round it


@dataclass(frozen=True, slots=True)
class Assigned:
    """``const name = value`` as a statement of its own, and where the name is read."""

    bind: Occurrence
    statement: Branch
    declarator: Branch
    value: Branch
    reads: tuple[Occurrence, ...]


def inline_variable(syntax: Syntax, offset: int) -> Refactoring | Refusal:
    """The local variable at ``offset``, read or declared there, replaced by its value."""
    try:
        root = statement_of(syntax, offset, offset)
        names = Names(root, inner.is_typed(syntax) or inner.is_module(syntax))
        at = names.at_offset(offset)
        if at is None:
            raise Refused("There is no variable at the cursor.")
        found = _assigned(names, at)
        _refuse_lines(syntax.text, found)
        inner.refuse_lookers(found.bind.owner.node if found.bind.owner is not None else root)
        _refuse(syntax, names, found)
        confirm = inlined_types.confirmations(found) if inner.is_typed(syntax) else []
        if core(found.value).type in FUNCTIONS and core(found.value).one("name") is None:
            confirm.append(f"The function is called {at.name} in the traces of errors until now.")
        block = found.statement.parent
        opens = block is not None and block.parts[0] is found.statement
        start, stop = found.statement.start, found.statement.stop
        changes = [without_lines(syntax.text, start, stop, opens)]
        changes += [fitting.instead(syntax.text, found, read) for read in found.reads]
    except Refused as refused:
        return Refusal(refused.reason)
    return Refactoring(
        KIND, f"Inline variable {found.bind.name}", in_order(changes), confirm=tuple(confirm)
    )


def _assigned(names: Names, at: Occurrence) -> Assigned:
    owner = at.owner
    if owner is None or owner.kind not in ("function", "body", "block"):
        raise Refused("Only a local variable can be inlined.")
    uses = names.of(at.variable)
    reads = tuple(use for use in uses if use.kind == READ)
    binds = [use for use in uses if use.kind == BIND]
    if len(binds) != 1 or len(reads) != len(uses) - 1 or any(use.is_odd for use in uses):
        raise Refused(f"{at.name} is not assigned exactly once.")
    if not reads:
        raise Refused(f"{at.name} is never read.")
    bind = binds[0]
    declarator = bind.node.parent
    statement = declarator.parent if declarator is not None else None
    if (
        declarator is None
        or statement is None
        or declarator.type != "variable_declarator"
        or bind.node.field != "name"
        or bind.how not in _PLAIN
        or statement.parent is None
        or statement.parent.type not in BODIES
        or len(statement.parts) != 1
    ):
        raise Refused(f"{at.name} is not declared by a statement of its own.")
    value = declarator.one("value")
    if value is None:
        raise Refused(f"{at.name} is not assigned where it is declared.")
    return Assigned(bind, statement, declarator, value, reads)


def _refuse_lines(text: Text, found: Assigned) -> None:
    statement = found.statement
    if not begins_line(text, statement.start):
        raise Refused("The declaration shares a line with other code.")
    rest = rest_of_line(text, statement.stop).strip()
    if rest:
        comment = rest.startswith(("//", "/*"))
        beside = "The comment beside the declaration would be lost."
        raise Refused(beside if comment else "The declaration shares a line with other code.")
    inside = [each for each in statement.walk() if each.type in TRIVIA]
    value = found.value
    if any(not each.within(value.start, value.stop) for each in inside):
        raise Refused("The comment in the declaration would be lost.")
    above = text.line(text.line_at(statement.start) - 1) if text.line_at(statement.start) else ""
    is_comment = above.strip().startswith(("//", "/*", "*")) or above.rstrip().endswith("*/")
    said = [each.text for each in inside] + ([above] if is_comment else [])
    if any(layout.SPEAKS.search(each) for each in said):
        raise Refused("A comment speaks to a tool about the declaration.")
    if (joined := layout.joins(text, statement)) is not None:
        raise Refused(f"The line before would go on with {joined}: end it with a semicolon first.")


def _refuse(syntax: Syntax, names: Names, found: Assigned) -> None:
    block = found.statement.parent
    siblings = block.parts if block is not None else []
    following = [each for each in siblings if each.start > found.statement.start]
    name, value = found.bind.name, found.value
    _refuse_value(names, found)
    holders: list[Branch] = []
    for read in found.reads:
        holder = next((each for each in following if read.node.within(each.start, each.stop)), None)
        if holder is None:
            raise Refused(f"{name} is also read where it may not be assigned.")
        holders.append(holder)
        fitting.refuse_place(read.node, value)
    stop = max(each.stop for each in holders)
    if order.is_bound_between(names, value, found.statement.stop, stop):
        raise Refused(f"What the value reads is assigned again before {name} is read.")
    for read, holder in zip(found.reads, holders, strict=True):
        _refuse_read(syntax, names, found, read)
        between = [each for each in following if each.start < holder.start]
        _refuse_moved(syntax, names, found, read, [*between, holder])


def _refuse_value(names: Names, found: Assigned) -> None:
    value, name = found.value, found.bind.name
    for each in inner.own([value]):
        if each.type in ("yield_expression", "update_expression") or "assignment" in each.type:
            raise Refused("The value yields or assigns.")
    if any(each.variable == found.bind.variable for each in names.within(value.start, value.stop)):
        raise Refused(f"The value reads {name} itself.")
    fresh = any(each.type in order.FRESH for each in value.walk())
    if len(found.reads) > 1 and (order.weight(value) == order.ACTS or fresh):
        raise Refused(f"{name} is read more than once, and its value may differ each time.")


def _refuse_moved(
    syntax: Syntax, names: Names, found: Assigned, read: Occurrence, passed: list[Branch]
) -> None:
    """The value must not notice what it is moved over, the last of ``passed`` up to the read, and
    must change nothing of it."""
    *between, holder = passed
    value = found.value
    around = statement_round(read.node)
    at_once = around is holder and not order.is_lazy(read.node, around)
    over = [*between, *order.earlier(read.node, around)] if at_once else passed
    kind, before = order.weight(value), order.weight(*over)
    if kind == order.STILL:
        if before == order.ACTS:
            for each in over:
                order.refuse_changed(syntax, names, each, [value])
        return
    if not at_once:
        raise Refused(f"{read.name} is read in a place that is not always reached once.")
    if before + kind > order.ACTS or (kind == order.ACTS and between):
        raise Refused(f"Something that may matter happens before {read.name} is read.")
    if kind == order.ACTS:
        order.refuse_changed(syntax, names, value, over)


def _refuse_read(syntax: Syntax, names: Names, found: Assigned, read: Occurrence) -> None:
    """The names of the value must mean the same where it goes, whenever that runs."""
    value, start = found.value, found.statement.start
    here, there = order.function_of(found.statement), order.function_of(read.node)
    late = here is not there
    if late and found.bind.how == "var" and order.in_loop(found.statement):
        raise Refused(f"Each function inside reads the last value of {read.name}.")
    if any(_changes_this(above, start) for above in read.node.above()):
        for node in inner.own([value]):
            if node.type in _ITS_FUNCTIONS or node.text == "arguments":
                raise Refused(f"{node.text or 'The value'} means something else where it is read.")
    whole: Names | None = None
    for each in names.within(value.start, value.stop):
        if each.owner is not None and each.owner.node.within(value.start, value.stop):
            continue  # a variable of a function in the value, which goes along
        if read.scope.owner(each.name, each.meaning) is not each.owner:
            raise Refused(f"{each.name} means something else where {read.name} is read.")
        if not late:
            continue
        seen = each
        if each.owner is None or each.owner is names.program:
            whole = whole or Names(file_of(syntax), names.strict)
            seen = next(one for one in whole.occurrences if one.node.start == each.node.start)
        if not _is_constant(names if whole is None or seen is each else whole, seen):
            raise Refused(f"A function inside reads {each.name} later, when it may have changed.")


def _is_constant(names: Names, found: Occurrence) -> bool:
    uses = names.of(found.variable)
    if found.owner is None or any(use.kind == WRITE for use in uses):
        return False
    hows = {use.how for use in uses if use.kind == BIND}
    return hows <= FIXED | {"parameter", "let", "catch"}


def _changes_this(node: Branch, start: int) -> bool:
    """Whether ``this`` is another inside ``node``, which begins behind ``start``."""
    if node.start < start:
        return False
    return node.type == "class_body" or (node.type in FUNCTIONS and node.type != "arrow_function")
