"""Extract variable: an expression is assigned to a name just before its statement.

Only where nothing notices: the expression must be evaluated once whenever the statement is, and
nothing that is evaluated before it may change it or be changed by it.
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.lines import line_end, margin
from inglenook_context.refactor.python import inner, layout, naming, order
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.selection import (
    BRACKETED,
    expression_of,
    statement_round,
    usable,
)
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

KIND: Final = "refactor.extract.variable"
_ONCE: Final = "What is read once now may be a property, with another value each time."


def extract_variable(
    syntax: Syntax, start: int, stop: int, name: str = "", *, everywhere: bool = False
) -> Refactoring | Refusal:
    """The expression from ``start`` to ``stop`` as a new variable ``name``; with ``everywhere``
    also where it stands again in the rest of the block."""
    try:
        chosen = expression_of(syntax, start, stop)
        node = chosen.first
        names = Names(chosen.root)
        statement = statement_round(node)
        text = syntax.text
        _refuse(syntax, names, node, statement)
        again = _again(text, names, node, statement) if everywhere else []
        if everywhere and not again:
            raise Refused("The expression stands nowhere else where it surely has the same value.")
        new = naming.free(name, naming.value_name(node), _taken(text, names, node))
    except Refused as refused:
        return Refusal(refused.reason)
    return _built(text, node, statement, again, new)


def _taken(text: Text, names: Names, node: Branch) -> frozenset[str]:
    """Of a function's variable the names round it; of a module's all words of the file."""
    if names.scope_at(node).kind == "module":
        return naming.words_of(text)
    return frozenset(each.name for each in names.occurrences)


def _built(
    text: Text, node: Branch, statement: Branch, again: list[Branch], name: str
) -> Refactoring:
    value = text.slice(node.start, node.stop)
    if ("\n" in value or "\r" in value) and node.type not in BRACKETED:
        value = f"({value})"
    title = f"Extract variable {name}"
    if statement.type == "expression_statement" and statement.parts == [node]:
        changes = [Change(node.start, node.stop, f"{name} = {value}")]
    else:
        before = f"{name} = {value}{line_end(text, statement.start)}"
        before += margin(text, statement.start)
        changes = [Change(statement.start, statement.start, before)]
        changes.append(Change(node.start, node.stop, name))
    changes += [Change(other.start, other.stop, name) for other in again]
    confirm: tuple[str, ...] = ()
    if again:
        title += f" ({len(again) + 1} places)"
        if any(each.type in ("attribute", "subscript") for each in node.walk()):
            confirm = (_ONCE,)
    return Refactoring(KIND, title, in_order(changes), name, confirm)


def _refuse(syntax: Syntax, names: Names, node: Branch, statement: Branch) -> None:
    if node.type == "identifier":
        raise Refused("The expression is a name already.")
    layout.need_own_lines(syntax.text, statement, statement)
    holder = next(
        (
            above
            for above in statement.above()
            if above.type in ("class_definition", "function_definition")
        ),
        None,
    )
    if holder is not None and holder.type == "class_definition":
        raise Refused("A variable of a class body would be an attribute of the class.")
    inner.refuse_lookers(holder if holder is not None else statement)
    if inner.yields([node]) or any(each.type == "named_expression" for each in node.walk()):
        raise Refused("The expression yields or binds a name.")
    if node.type == "string" and statement.parts == [node]:
        raise Refused("The string may be a docstring.")
    if order.is_lazy(node, statement):
        raise Refused("The expression is not evaluated once whenever its statement is.")
    before = order.earlier(node, statement)
    if any(each.type == "named_expression" for piece in before for each in piece.walk()):
        raise Refused("A name is bound before the expression in its statement.")
    own, others = order.weight(node), order.weight(*before)
    if order.ACTS in (own, others):
        if own and others:
            raise Refused("Something that may matter is evaluated before the expression.")
        moved = (node, []) if not own else (statement, before)
        order.refuse_changing(names, syntax.text, *moved)
        passed = before if own else [node]
        order.refuse_unknown(names, syntax, passed)
        if holder is not None:
            order.refuse_unbound(names, holder, passed)


def _again(text: Text, names: Names, node: Branch, statement: Branch) -> list[Branch]:
    """Where the expression stands again with the same value, in the order of the text."""
    kind = order.weight(node)
    if kind == order.ACTS or any(each.type in order.FRESH for each in node.walk()):
        raise Refused("The expression may give another value each time.")
    block = statement.parent
    value = text.slice(node.start, node.stop)
    scope = names.scope_at(node)
    found: list[Branch] = []
    for sibling in block.parts if block is not None else []:
        if sibling.start < statement.start:
            continue
        for each in sibling.walk():
            if each is node or each.type != node.type or not usable(each):
                continue
            same = text.slice(each.start, each.stop) == value and names.scope_at(each) is scope
            if not same or each.start < node.start:
                continue
            end = sibling.stop if _in_loop(each, sibling) else each.start
            if order.is_bound_between(names, node, node.stop, end):
                return found
            if kind == order.READS and not _is_quiet(statement, sibling, node.stop, end):
                return found
            found.append(each)
    return found


def _in_loop(node: Branch, statement: Branch) -> bool:
    for above in node.above():
        if above.type in ("for_statement", "while_statement"):
            return True
        if above is statement:
            return False
    return False


def _is_quiet(first: Branch, last: Branch, start: int, stop: int) -> bool:
    """Whether nothing acts between two offsets; a call does when it ends."""
    root = first.parent or first
    for sibling in root.parts:
        if sibling.start < first.start or sibling.start > last.start:
            continue
        for each in sibling.walk():
            begin = each.stop - 1 if each.type in ("call", "await") else each.start
            if begin < stop and each.stop > start and order.weight_of(each) == order.ACTS:
                return False
    return True
