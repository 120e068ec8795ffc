"""Members that a class may not have (ECMAScript, 15.7.1; TypeScript's own)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inglenook_context.verify.script_early_context import (
    FIELDS,
    Context,
    name_of,
    private_names,
)
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree


def body(side: Side, node: Tree, context: Context) -> Iterator[str]:
    parts = node.parts
    built = [each for each in parts if _is_constructor(side, each)]
    if len(built) > 1:
        yield "a class has two constructors"
    if node.has(","):
        yield "a comma stands between the members of a class"
    yield from _privates(side, node)
    if context.typed:
        yield from _twice(side, parts)


def bases(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    if len(node.all("value")) > 1:
        yield "a class extends two classes"


def method(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    if node.parent is None or node.parent.type != "class_body":
        return
    if node.has("readonly") and node.type == "method_definition":
        yield "a method is readonly"
    if node.has("static"):
        if name_of(side, node) == "prototype":
            yield "a static member has the name prototype"
    elif name_of(side, node) == "constructor":
        if any(each.type in ("get", "set", "async", "*") for each in node.children):
            yield "a constructor is async, a generator, a getter or a setter"
        if node.one("return_type") is not None or node.one("type_parameters") is not None:
            yield "a constructor has a type of what it returns, or type parameters"


def field(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    name = name_of(side, node)
    if name == "constructor":
        yield "a field has the name constructor"
    elif name == "prototype" and node.has("static"):
        yield "a static member has the name prototype"


def abstract(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    """A member without a body in a class that is not abstract."""
    if node.type in FIELDS and not node.has("abstract"):
        return
    if not context.abstract:
        yield "an abstract member stands in a class that is not abstract"
    if node.one("value") is not None:
        yield "an abstract member has a value"


def _is_constructor(side: Side, node: Tree) -> bool:
    own = node.type == "method_definition" and not node.has("static")
    return own and name_of(side, node) == "constructor"


def _privates(side: Side, node: Tree) -> Iterator[str]:
    seen: dict[str, set[str]] = {}
    for name, member in private_names(side, node):
        if name == "#constructor":
            yield "a private member has the name #constructor"
        if member.type == "method_signature":
            continue
        kind = next((each.type for each in member.children if each.type in ("get", "set")), "")
        had = seen.setdefault(name, set())
        way = f"static {kind}" if member.has("static") else kind
        pair = {"get", "set"} if not member.has("static") else {"static get", "static set"}
        if way in had or (had and {*had, way} != pair):
            yield f"{name} is declared twice in one class"
        had.add(way)


def _twice(side: Side, parts: list[Tree]) -> Iterator[str]:
    """TypeScript refuses two fields, and two bodies, of one name."""
    names: Counter[tuple[str, ...]] = Counter()
    for each in parts:
        name = name_of(side, each)
        if each.type not in ("method_definition", "public_field_definition") or not name:
            continue
        if name == "constructor" or name.startswith("#"):
            continue
        kind = next((e.type for e in each.children if e.type in ("get", "set")), "")
        names[("static" if each.has("static") else "", kind, name)] += 1
    for (_, _, name), times in names.items():
        if times > 1:
            yield f"{name} is declared twice in one class"
