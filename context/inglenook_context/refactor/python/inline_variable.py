"""Inline variable: a local that is assigned once goes, and its value stands where it was read.

The value is evaluated later then, perhaps more often or never; that is refused unless nobody can
tell (`inglenook_context.refactor.python.order` weighs what may be moved).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.lines import rest_of_line, without_lines
from inglenook_context.refactor.python import inner, layout, order
from inglenook_context.refactor.python.branch import statement_of
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.reach import is_constant, is_inside
from inglenook_context.refactor.python.scopes import BIND, READ, Occurrence
from inglenook_context.refactor.python.selection import statement_round
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

KIND: Final = "refactor.inline.variable"
_ATOMS: Final = frozenset(
    """identifier call attribute subscript parenthesized_expression list tuple set dictionary
    string float true false none list_comprehension set_comprehension dictionary_comprehension
    generator_expression""".split()
)
_LITERALS: Final = frozenset({"integer", "float", "string", "concatenated_string", "tuple"})
_WHOLE: Final = frozenset(
    """return_statement expression_statement parenthesized_expression argument_list list tuple set
    keyword_argument pair if_statement elif_clause while_statement""".split()
)
_IN_STRING: Final = re.compile(r"[\w.()\[\], +*-]*")


@dataclass(frozen=True, slots=True)
class _Assigned:
    """``name = value`` as a statement of its own, and where the name is read."""

    bind: Occurrence
    statement: Branch
    value: Branch
    reads: tuple[Occurrence, ...]


def inline_variable(syntax: Syntax, offset: int) -> Refactoring | Refusal:
    """The local variable at ``offset``, read or assigned there, replaced by its value."""
    try:
        root = statement_of(syntax, offset, offset)
        names = Names(root)
        found = _assigned(names, at_offset(names, offset))
        text = syntax.text
        layout.need_own_lines(text, found.statement, found.statement)
        if rest_of_line(text, found.statement.stop).strip():
            raise Refused("The comment beside the assignment would be lost.")
        inner.refuse_lookers(found.bind.owner.node)
        _refuse(syntax, names, found)
        changes = [_removed(text, found.statement)]
        for read in found.reads:
            changes.append(
                Change(read.node.start, read.node.stop, _written(text, read, found.value))
            )
    except Refused as refused:
        return Refusal(refused.reason)
    return Refactoring(KIND, f"Inline variable {found.bind.name}", in_order(changes))


def at_offset(names: Names, offset: int) -> Occurrence:
    for reach in (0, 1):  # first what begins or goes on at the cursor, then what ends there
        for each in names.occurrences:
            if each.node.start <= offset < each.node.stop + reach:
                return each
    raise Refused("There is no variable at the cursor.")


def _assigned(names: Names, at: Occurrence) -> _Assigned:
    if at.owner.kind != "function":
        raise Refused("Only a local variable of a function can be inlined.")
    uses = names.of(at.variable)
    bind = next((use for use in uses if use.kind == BIND), None)
    reads = tuple(use for use in uses if use.kind == READ)
    if bind is None or len(reads) != len(uses) - 1 or at.name in at.owner.parameters:
        raise Refused(f"{at.name} is not assigned exactly once.")
    if not reads:
        raise Refused(f"{at.name} is never read.")
    assignment = bind.node.parent
    statement = assignment.parent if assignment is not None else None
    if (
        assignment is None
        or statement is None
        or assignment.type != "assignment"
        or statement.type != "expression_statement"
        or bind.node.field != "left"
        or assignment.one("type") is not None
    ):
        raise Refused(f"{at.name} is not assigned by a plain assignment.")
    value = assignment.one("right")
    if value is None or value.type in ("assignment", "augmented_assignment", "yield"):
        raise Refused(f"{at.name} is not assigned by a plain assignment.")
    return _Assigned(bind, statement, value, reads)


def _refuse(syntax: Syntax, names: Names, found: _Assigned) -> None:
    block = found.statement.parent
    siblings = block.parts if block is not None else []
    following = [each for each in siblings if each.start > found.statement.start]
    name = found.bind.name
    holders: list[Branch] = []
    for read in found.reads:
        holder = next((each for each in following if read.node.within(each.start, each.stop)), None)
        if holder is None:
            raise Refused(f"{name} is also read where it may not be assigned.")
        holders.append(holder)
    value, stop = found.value, holders[-1].stop
    if any(each.type == "named_expression" for each in value.walk()) or inner.yields([value]):
        raise Refused("The value yields or binds a name.")
    if any(each.name == name for each in names.within(value.start, value.stop)):
        raise Refused(f"The value reads {name} itself.")
    kind = order.weight(value)
    fresh = any(each.type in order.FRESH for each in value.walk())
    if len(found.reads) > 1 and (kind == order.ACTS or fresh):
        raise Refused(f"{name} is read more than once, and its value may differ each time.")
    if changed := order.is_bound_between(names, value, found.statement.stop, stop):
        raise Refused(f"{changed} is assigned again before {name} is read.")
    order.refuse_changing(names, syntax.text, value, [])
    order.refuse_unbound(names, found.bind.owner.node, [value])
    for read, holder in zip(found.reads, holders, strict=True):
        _refuse_read(names, found, read)
        between = [each for each in following if each.start < holder.start]
        _refuse_moved(syntax, names, found, read, [*between, holder])


def _refuse_moved(
    syntax: Syntax, names: Names, found: _Assigned, read: Occurrence, passed: list[Branch]
) -> None:
    """The value must not notice what it is moved over, the last of ``passed`` up to the read, and
    must change nothing of it."""
    *between, holder = passed
    earlier = order.earlier(read.node, holder)
    kind, before = order.weight(found.value), order.weight(*between, *earlier)
    around = statement_round(read.node)
    at_once = around is holder and not order.is_lazy(read.node, around)
    if kind == order.STILL:
        if before == order.ACTS or not at_once:
            order.refuse_unknown(names, syntax, [found.value])
        return
    if not at_once:
        raise Refused(f"{read.name} is read in a place that is not always reached once.")
    if before + kind > order.ACTS or (kind == order.ACTS and between):
        raise Refused(f"Something that may matter happens before {read.name} is read.")
    if kind == order.ACTS:
        order.refuse_changing(names, syntax.text, found.value, earlier)
        order.refuse_unbound(names, found.bind.owner.node, earlier)
        order.refuse_unknown(names, syntax, earlier)


def _refuse_read(names: Names, found: _Assigned, read: Occurrence) -> None:
    """The names of the value must mean the same where it goes, whenever that runs."""
    late = read.scope is not found.bind.scope
    for each in names.within(found.value.start, found.value.stop):
        if is_inside(each.owner.node, found.value):
            continue  # a variable of a comprehension or lambda, which goes along
        if read.scope.owner(each.name) is not each.owner:
            raise Refused(f"{each.name} means something else where {read.name} is read.")
        if late and (each.owner.kind == "module" or not is_constant(each, names)):
            raise Refused(f"A function inside reads {each.name} later, when it may have changed.")


def _removed(text: Text, statement: Branch) -> Change:
    block = statement.parent
    opens = block is not None and block.parts[0] is statement
    return without_lines(text, statement.start, statement.stop, opens)


def _written(text: Text, read: Occurrence, value: Branch) -> str:
    node, parent = read.node, read.node.parent
    written = text.slice(value.start, value.stop)
    if _is_literal(value) and parent is not None and any(map(parent.has, ("is", "is not"))):
        raise Refused("Python warns if a literal is compared with is.")
    strings = [above for above in node.above() if above.type == "interpolation"]
    if strings and (not _IN_STRING.fullmatch(written) or any(each.has("=") for each in strings)):
        raise Refused("The value cannot stand in an f-string.")
    broken = "\n" in written or "\r" in written
    whole = parent is not None and (
        parent.type in _WHOLE or (parent.type == "assignment" and node.field == "right")
    )
    bare = value.type in ("expression_list", "lambda", "named_expression", "conditional_expression")
    if value.type in _ATOMS and not (broken and value.type in ("call", "attribute", "subscript")):
        return written
    if value.type == "integer" and (parent is None or parent.type != "attribute"):
        return written
    return written if whole and not broken and not bare else f"({written})"


def _is_literal(value: Branch) -> bool:
    while value.type in ("parenthesized_expression", "unary_operator") and value.parts:
        value = value.parts[0]
    return value.type in _LITERALS
