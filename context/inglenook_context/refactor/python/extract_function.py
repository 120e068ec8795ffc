"""Extract function: statements or an expression become a function of their own.

The new function stands before the top-level definition round the selection, so that it exists
whenever that one runs. ``self`` is handed over like any other variable; only code that would
mean something else outside its class (private names, ``super()``) becomes a method.
"""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused
from inglenook_context.refactor.lines import begins_line, margin
from inglenook_context.refactor.python import inner, layout, naming
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.new_function import NewFunction, Place
from inglenook_context.refactor.python.passing import Passing, of_expression, of_statements
from inglenook_context.refactor.python.selection import BRACKETED, Selection, selected
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

_TRIVIAL: Final = frozenset("identifier integer float true false none ellipsis".split())
_WHOLE_VALUES: Final = frozenset(
    {"assignment", "return_statement", "argument_list", "parenthesized_expression"}
)


def extract_function(
    syntax: Syntax, start: int, stop: int, name: str = ""
) -> Refactoring | Refusal:
    """The selection from ``start`` to ``stop`` as a new function ``name``."""
    try:
        chosen = selected(syntax, start, stop)
        names = Names(chosen.root)
        place = _place(chosen.first)
        inner.refuse_frames(chosen.nodes)
        inner.refuse_lookers(place.scope_node)
        if chosen.expression is not None:
            return _of_expression(syntax.text, chosen, chosen.expression, names, place, name)
        return _of_statements(syntax.text, chosen, names, place, name)
    except Refused as refused:
        return Refusal(refused.reason)


def _place(node: Branch) -> Place:
    child = node
    for above in node.above():
        if above.type in ("function_definition", "class_definition") and child.field == "body":
            return Place(above if above.type == "function_definition" else None, above)
        if above.type == "module":
            return Place(None, above)
        child = above
    raise Refused("Select code of a function.")


def _of_expression(
    text: Text, chosen: Selection, node: Branch, names: Names, place: Place, name: str
) -> Refactoring:
    if node.type in _TRIVIAL or (node.type == "string" and len(node.children) <= 3):
        raise Refused("A single name or value is no function.")
    if inner.yields([node]):
        raise Refused("The expression yields.")
    waits = inner.awaits([node])
    if waits and not inner.is_async(place.function):
        raise Refused("The expression awaits outside a coroutine.")
    passing = of_expression(node, names, place.function)
    default = f"_{naming.value_name(node)}"
    body = text.slice(node.start, node.stop)
    if "\n" in body or "\r" in body:
        old = margin(text, node.start)
        body = layout.moved(text, chosen.root, node.start, node.stop, old, "\0")
        if node.type not in BRACKETED:
            body = f"({body})"
    made = NewFunction(text, chosen, names, place, passing, name, default)
    call = f"await {made.call}" if waits else made.call
    parent = node.parent
    if waits and (parent is None or parent.type not in _WHOLE_VALUES):
        call = f"({call})"
    lines = [f"return {body}"]
    change = Change(node.start, node.stop, call)
    return made.result(lines, change, waits=waits)


def _of_statements(
    text: Text, chosen: Selection, names: Names, place: Place, name: str
) -> Refactoring:
    nodes = chosen.statements
    if place.function is not None and nodes[1:] and _is_docstring(nodes[0], place.function):
        nodes = nodes[1:]
        chosen = Selection(chosen.root, (nodes[0].start, chosen.asked[1]), None, nodes)
    layout.need_own_lines(text, nodes[0], nodes[-1])
    if place.in_class:
        raise Refused("Statements of a class body bind attributes of the class.")
    function = place.function
    returning = inner.returns(nodes)
    passing = _module_level(names, nodes) if function is None else Passing(())
    waits, yields = inner.awaits(nodes), inner.yields(nodes)
    if function is not None:
        _refuse_control(nodes, function, waits=waits, yields=yields, returning=returning)
        passing = of_statements(nodes, names, function, returning=returning)
    default = _statements_name(passing, function)
    made = NewFunction(text, chosen, names, place, passing, name, default)
    call = f"await {made.call}" if waits else made.call
    call = f"yield from {call}" if yields else call
    if returning:
        call = f"return ({call})" if yields else f"return {call}"
    elif passing.results:
        call = f"{', '.join(passing.results)} = {call}"
    first, stop = _with_comments(text, chosen)
    old = margin(text, nodes[0].start)
    _refuse_mixed(text, nodes, old)
    lines = [layout.moved(text, chosen.root, first, stop, old, "\0").removeprefix("\0")]
    if passing.results:
        lines.append(f"return {', '.join(passing.results)}")
    return made.result(lines, Change(first + len(margin(text, first)), stop, call), waits=waits)


def _module_level(names: Names, nodes: tuple[Branch, ...]) -> Passing:
    """Code of a module's body sees globals in a function too, but must bind none."""
    for each in names.within(nodes[0].start, nodes[-1].stop):
        if each.owner.kind == "module" and each.scope.kind == "module" and each.kind != "read":
            raise Refused(f"The code binds {each.name} for the whole module.")
    for node in inner.own(nodes):
        if node.type in ("wildcard_import", "future_import_statement", "yield", "await"):
            raise Refused("The code can stand only at the top of a module.")
        if node.type == "return_statement":
            raise Refused("The code returns outside a function.")
    if inner.leaves_loop(nodes, nodes[0].start):
        raise Refused("The code leaves a loop that is not selected.")
    return Passing(())


def _refuse_control(
    nodes: tuple[Branch, ...], function: Branch, *, waits: bool, yields: bool, returning: bool
) -> None:
    coroutine = inner.is_async(function)
    generator = inner.yields(function.all("body"))
    if inner.leaves_loop(nodes, nodes[0].start):
        raise Refused("The code leaves a loop that is not selected.")
    if waits and not coroutine:
        raise Refused("The code awaits outside a coroutine.")
    if yields and coroutine:
        raise Refused("The code yields in an asynchronous generator.")
    if returning and coroutine and generator:
        raise Refused("The code returns from an asynchronous generator.")
    if _is_docstring(nodes[0], function):
        raise Refused("The docstring belongs to the function.")


def _is_docstring(node: Branch, function: Branch) -> bool:
    body = function.one("body")
    first = body is not None and node is body.parts[0] and node.type == "expression_statement"
    return first and [each.type for each in node.parts] == ["string"]


def _statements_name(passing: Passing, function: Branch | None) -> str:
    if len(passing.results) == 1:
        return f"_{passing.results[0].strip('_')}"
    named = function.one("name") if function is not None else None
    return f"_{named.text.strip('_')}_part" if named is not None else "_part"


def _with_comments(text: Text, chosen: Selection) -> tuple[int, int]:
    """The lines of the statements and of the comments beside them that were selected too."""
    nodes = chosen.statements
    first = text.line_at(nodes[0].start)
    asked = text.line_at(chosen.asked[0])
    for line in range(first - 1, asked - 1, -1):
        if text.line(line).strip()[:1] not in ("", "#"):
            break
        if text.line(line).strip() and text.line_start(line) >= chosen.root.children[0].start:
            first = line
    last = text.line_at(nodes[-1].stop)
    depth = margin(text, nodes[0].start)
    asked = text.line_at(max(chosen.asked[1] - 1, 0))
    for line in range(last + 1, asked + 1):
        row = text.line(line)
        if row.strip()[:1] not in ("", "#"):
            break
        if row.strip() and row.startswith(depth):
            last = line
    return text.line_start(first), text.line_start(last) + len(text.line(last).rstrip())


def _refuse_mixed(text: Text, nodes: tuple[Branch, ...], old: str) -> None:
    for node in nodes:
        for block in node.walk():
            if block.type != "block":
                continue
            for each in block.parts:
                begins = begins_line(text, each.start)
                if begins and not margin(text, each.start).startswith(old):
                    raise Refused("The code mixes tabs and spaces.")
