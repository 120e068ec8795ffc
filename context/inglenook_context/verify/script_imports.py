"""What a script wants of other files: modules, what it takes of them, and what it reads of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.readings import Reading
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Wanted
from inglenook_context.verify.tree import Tree

_IMPORTS: Final = frozenset({"require", "import", "require.resolve"})
_ANYWAY: Final = frozenset({"default", "then", "prototype", "__esModule"})
_WRITES: Final = frozenset({"assignment_expression", "augmented_assignment_expression"})


def wanted(reading: Reading) -> Iterator[Wanted]:
    """Of the statements that the target touches."""
    side = reading.side
    for top in reading.nodes:
        for node in top.walk():
            if node.type in ("import_statement", "export_statement"):
                yield from _statement(side, node)
            elif node.type == "call_expression" and (module := _called_for(side, node)):
                yield Wanted(module)
                yield from (Wanted(module, name) for name in _destructured(side, node))
    yield from _members(reading)


def _statement(side: Side, node: Tree) -> Iterator[Wanted]:
    required = (e.one("source") for e in node.children if e.type == "import_require_clause")
    source = node.one("source") or next(required, None)
    if source is not None:
        module = side.written(source)[1:-1]
        yield Wanted(module)
        yield from (Wanted(module, name) for name in _taken(side, node))


def _called_for(side: Side, call: Tree) -> str:
    """The module that a call loads, if its name is written there."""
    function, arguments = call.one("function"), call.one("arguments")
    if function is None or arguments is None or side.written(function) not in _IMPORTS:
        return ""
    first = next(iter(arguments.parts), None)
    plain = first is not None and first.type in ("string", "template_string")
    if first is None or not plain or any(e.type == "template_substitution" for e in first.children):
        return ""
    return side.written(first)[1:-1]


def _destructured(side: Side, call: Tree) -> Iterator[str]:
    """The names of `const { a, b: c } = require('m')`."""
    parent = call.parent
    if parent is not None and parent.type == "await_expression":
        call, parent = parent, parent.parent
    pattern = parent.one("name") if parent is not None and call.field == "value" else None
    for each in pattern.parts if pattern is not None and pattern.type == "object_pattern" else ():
        key = each.one("key") or each.one("left") or each
        if key.type in ("shorthand_property_identifier_pattern", "property_identifier"):
            yield side.written(key)


def _members(reading: Reading) -> Iterator[Wanted]:
    """`dep.a` where `dep` is a whole module, and no other thing anywhere in the file."""
    side, names = reading.side, reading.script_names
    modules = dict(_whole(side)) if side.tree is not None else {}
    if names is None or not modules:
        return
    for top in reading.nodes:
        for node in top.walk():
            holder, member = node.one("object") or node.one("module"), node.one("property")
            member = member or (node.one("name") if node.type == "nested_type_identifier" else None)
            if holder is None or member is None or holder.type != "identifier":
                continue
            name, read = side.written(holder), side.written(member)
            written = node.field == "left" and node.parent is not None
            written = written and node.parent is not None and node.parent.type in _WRITES
            if name in modules and name not in names.local and read not in _ANYWAY and not written:
                yield Wanted(modules[name], read)


def _whole(side: Side) -> Iterator[tuple[str, str]]:
    """The names at the top of the file that are modules, each with its module."""
    for node in side.tree.children if side.tree is not None else ():
        source = node.one("source") if node.type == "import_statement" else None
        for each in node.walk() if source is not None else ():
            if each.type == "namespace_import" and each.parts:
                yield side.written(each.parts[0]), side.written(source)[1:-1] if source else ""
        for each in node.parts if node.type == "lexical_declaration" and node.has("const") else ():
            name, value = each.one("name"), each.one("value")
            called = value is not None and value.type == "call_expression"
            if name is not None and name.type == "identifier" and value is not None and called:
                function = value.one("function")
                plain = function is not None and side.written(function) == "require"
                if plain and (module := _called_for(side, value)):
                    yield side.written(name), module


def _taken(side: Side, statement: Tree) -> Iterator[str]:
    for node in statement.walk():
        if node.type in ("import_specifier", "export_specifier"):
            if (name := node.one("name")) is not None:
                yield side.written(name)
        elif node.type == "import_clause" and node.parts and node.parts[0].type == "identifier":
            yield "default"
