"""Extract variable: an expression becomes a ``const`` just before its statement.

Only where nothing notices: the expression must be evaluated once whenever the statement is,
nothing that is evaluated before it may change it or be changed by it, and in TypeScript the
compiler must think of it as it did.
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.lines import begins_line, line_end, margin
from inglenook_context.refactor.typescript import compiled, inner, layout, naming, order
from inglenook_context.refactor.typescript.branch import FUNCTIONS
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.scopes import BIND
from inglenook_context.refactor.typescript.selection import (
    core,
    expression_of,
    is_value,
    refuse_place,
    statement_round,
)
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

KIND: Final = "refactor.extract.variable"
_ONCE: Final = "What is read once now may be a getter, with another value each time."
_NAMED_BY_PLACE: Final = FUNCTIONS | {"class"}
_IN_TAGS: Final = ("jsx_element", "jsx_attribute")
_JSX: Final = ("jsx_element", "jsx_self_closing_element")


def extract_variable(
    syntax: Syntax, start: int, stop: int, name: str = "", *, everywhere: bool = False
) -> Refactoring | Refusal:
    """The expression from ``start`` to ``stop`` as a new constant ``name``; with ``everywhere``
    also where it stands again in the rest of the block."""
    try:
        node = expression_of(syntax, start, stop)
        return _extracted(syntax, node, name, everywhere)
    except Refused as refused:
        return Refusal(refused.reason)


def _extracted(syntax: Syntax, node: Branch, name: str, everywhere: bool) -> Refactoring:
    text = syntax.text
    root = list(node.above())[-1]
    strict = inner.is_typed(syntax) or inner.is_module(syntax)
    names = Names(root, strict)
    refuse_place(node)
    statement = statement_round(node)
    _refuse(syntax, names, node, statement)
    again = _again(text, names, node, statement) if everywhere else []
    if everywhere and not again:
        raise Refused("The expression stands nowhere else where it surely has the same value.")
    confirm = compiled.confirmations(names, node, statement) if inner.is_typed(syntax) else []
    if statement.parent is root and not inner.is_module(syntax):
        confirm.append("If the file is a script, its variables are seen by other scripts.")
    if any(each.type in ("member_expression", "subscript_expression") for each in node.walk()):
        confirm += [_ONCE] if again else []
    new = naming.free(name, naming.value_name(node), _taken(text, names, statement))
    changes = _changes(text, node, statement, again, new)
    title = f"Extract variable {new}"
    if again:
        title += f" ({len(again) + 1} places)"
    return Refactoring(KIND, title, in_order(changes), new, tuple(confirm))


def _taken(text: Text, names: Names, statement: Branch) -> frozenset[str]:
    """Of a function's variable the names round it; of a file's all words of the file."""
    if order.function_of(statement) is None:
        return naming.words_of(text)
    return frozenset(each.name for each in names.occurrences)


def _changes(
    text: Text, node: Branch, statement: Branch, again: list[Branch], name: str
) -> list[Change]:
    value = text.slice(node.start, node.stop)
    changes = [_instead(text, each, name) for each in again]
    if statement.type == "expression_statement" and statement.parts == [node]:
        return [Change(node.start, node.start, f"const {name} = "), *changes]
    at = layout.before(text, statement)
    if begins_line(text, at):
        following = text.slice(statement.start, statement.start + 12)
        if node.start == at:
            following = name
        end = layout.ends_with(statement, following)
        line = f"const {name} = {value}{end}{line_end(text, at)}{margin(text, at)}"
    else:
        line = f"const {name} = {value}; "
    first = _instead(text, node, name)
    if first.start == at:
        return [Change(at, first.stop, line + first.new), *changes]
    return [Change(at, at, line), first, *changes]


def _instead(text: Text, node: Branch, name: str) -> Change:
    parent = node.parent
    if node.type in _JSX and parent is not None and parent.type in _IN_TAGS:
        return Change(node.start, node.stop, f"{{{name}}}")
    return Change(node.start, node.stop, layout.spaced(text, node.start, node.stop, name))


def _refuse(syntax: Syntax, names: Names, node: Branch, statement: Branch) -> None:
    function = order.function_of(statement)
    inner.refuse_lookers(function if function is not None else statement)
    for each in inner.own([node]):
        if each.type in ("yield_expression", "update_expression") or "assignment" in each.type:
            raise Refused("The expression yields or assigns.")
        if _constructs(each):
            raise Refused("The constructor of the base class is called at its place.")
    _refuse_named(node)
    _refuse_comments(syntax.text, statement)
    order.refuse_lazy(node, statement)
    if inner.is_typed(syntax) and any(_constructs(each) for each in inner.own([statement])):
        raise Refused("The constructor of the base class must be called first.")
    bound = {
        each.variable
        for each in names.within(statement.start, statement.stop)
        if each.kind == BIND and not each.node.within(node.start, node.stop)
    }
    for found in names.within(node.start, node.stop):
        if found.variable in bound:
            raise Refused(f"The expression needs {found.name}, which its statement declares.")
    before = order.earlier(node, statement)
    own, others = order.weight(node), order.weight(*before)
    if order.ACTS in (own, others) and own and others:
        raise Refused("Something that may matter is evaluated before the expression.")
    if others == order.ACTS and names.within(node.start, node.stop):
        raise Refused("Something that may matter is evaluated before the expression.")
    if own == order.ACTS:
        order.refuse_changed(syntax, names, node, before)


def _constructs(node: Branch) -> bool:
    return node.type == "super" and node.field == "function"


def _refuse_named(node: Branch) -> None:
    """Refuse a function or class that takes its name from its place."""
    parent = node.parent
    if core(node).type not in _NAMED_BY_PLACE or core(node).one("name") is not None:
        return
    if parent is not None and node.field in ("value", "right"):
        raise Refused("The function takes its name from its place.")


def _refuse_comments(text: Text, statement: Branch) -> None:
    """Refuse comments that speak to a tool about the line or the expression behind them."""
    line = text.line_at(layout.before(text, statement))
    above = text.line(line - 1).strip() if line else ""
    spoken = above if above.startswith(("//", "/*", "*")) or above.endswith("*/") else ""
    inside = [each.text for each in statement.walk() if each.type == "comment"]
    docs = text.slice(layout.before(text, statement), statement.start)
    if any(layout.SPEAKS.search(each) for each in (spoken, docs, *inside)):
        raise Refused("A comment speaks to a tool about the code at its place.")


def _again(text: Text, names: Names, node: Branch, statement: Branch) -> list[Branch]:
    """Where the expression stands again with the same value, in the order of the text."""
    kind = order.weight(node)
    if kind == order.ACTS or any(each.type in order.FRESH for each in node.walk()):
        raise Refused("The expression may give another value each time.")
    block = statement.parent
    value = text.slice(node.start, node.stop)
    function = order.function_of(node)
    fixed = all(order.is_fixed(names, each) for each in names.within(node.start, node.stop))
    found: list[Branch] = []
    for sibling in block.parts if block is not None else []:
        if sibling.start < statement.start:
            continue
        for each in sibling.walk():
            if each is node or each.type != node.type or each.start < node.start:
                continue
            if text.slice(each.start, each.stop) != value or not _may_be(each, function):
                continue
            end = sibling.stop if order.in_loop(each, sibling) else each.start
            if order.is_bound_between(names, node, node.stop, end):
                return found
            if (kind == order.READS or not fixed) and not order.is_quiet(
                statement, sibling, node.stop, end
            ):
                return found
            found.append(each)
    return found


def _may_be(node: Branch, function: Branch | None) -> bool:
    if not is_value(node) or order.function_of(node) is not function:
        return False
    try:
        refuse_place(node)
    except Refused:
        return False
    return True
