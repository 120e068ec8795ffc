"""What a script exports: by clauses, as members of an object, and by assignment as in CommonJS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from inglenook_context.verify.definitions import Defined
from inglenook_context.verify.script_members import CLASSES, FUNCTIONS, class_, function, name_of
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_SHELLS: Final = frozenset({"as_expression", "satisfies_expression", "parenthesized_expression"})
_DECLARES: Final = (*FUNCTIONS, *CLASSES)


def exports(side: Side, node: Tree, prefix: str) -> Iterator[Defined]:
    """What an `export` names without declaring it."""
    for clause in (each for each in node.children if each.type == "export_clause"):
        for each in clause.parts:
            name = each.one("alias") or each.one("name")
            if name is not None:
                yield Defined(f"{prefix}export {side.written(name)}", "variable", True)
    source = node.one("source")
    if node.has("*") and source is not None:
        module = side.written(source)[1:-1].replace(".", "")  # a dot stands before a member
        yield Defined(f"{prefix}export * from {module}", "variable", True)
    value = _bare(node.one("value"))
    if value is None or value.type in _DECLARES:
        return
    yield _value(side, value, "export default")
    yield from _members(side, value, "export default")


def exported(side: Side, root: Tree) -> frozenset[str]:
    """The names of the file that it exports elsewhere than where it declares them."""
    found: set[str] = set()
    for node in root.children:
        value = _bare(node.one("value")) if node.type == "export_statement" else None
        for clause in node.children if node.one("source") is None else ():
            if clause.type == "export_clause":
                found |= {side.written(e) for each in clause.parts for e in each.all("name")}
        inner = node.parts[0] if node.type == "expression_statement" and node.parts else node
        if inner.type == "assignment_expression" and _place(side, inner).startswith("exports"):
            value = _bare(inner.one("right"))
        if value is not None and value.type == "identifier":
            found.add(side.written(value))
        elif value is not None and value.type == "object":
            for each in value.parts:
                held = each.one("value") or each
                if held.type in ("identifier", "shorthand_property_identifier"):
                    found.add(side.written(held))
    return frozenset(found)


def names_of(side: Side, node: Tree) -> Iterator[str]:
    """The plain names that a statement declares."""
    name = node.one("name")
    if name is not None:
        yield side.written(name)
    for each in node.parts:
        if each.type == "variable_declarator" and (name := each.one("name")) is not None:
            yield side.written(name)


def members_of(side: Side, node: Tree, shown: frozenset[str]) -> Iterator[Defined]:
    """Of objects that are exported, by their names."""
    declared = node.one("declaration") if node.type == "export_statement" else node
    for each in declared.parts if declared is not None else ():
        name = each.one("name") if each.type == "variable_declarator" else None
        value = _bare(each.one("value"))
        if name is None or value is None or name.type != "identifier":
            continue
        if declared is not node or side.written(name) in shown:
            yield from _members(side, value, side.written(name))


def assigned(side: Side, node: Tree, public: bool) -> Iterator[Defined]:
    """`module.exports = …`, `exports.a = …`, `A.prototype.b = function …`."""
    name, value = _place(side, node), _bare(node.one("right"))
    if not name or value is None:
        return
    shown = name.startswith("exports")
    holder, _, last = name.rpartition(".")
    prefix = f"{holder}." if holder else ""
    if holder == "exports":
        yield Defined(holder, "variable", True)
    if value.type in FUNCTIONS:
        found = function(side, value, prefix, last, shown or public, "")
        yield replace(found, alone=False)  # one place may be written more than once
    elif shown and value.type in CLASSES:
        for each in class_(side, value, prefix, True, "", last):
            yield replace(each, alone=False)
    elif shown:
        yield _value(side, value, name)
        yield from _members(side, value, name)


def _place(side: Side, node: Tree) -> str:
    """What is assigned, if it is something that other files may see."""
    left = node.one("left")
    text = "".join(side.written(left).split()) if left is not None else ""
    if left is None or not all(part.isidentifier() for part in text.split(".")):
        return ""
    if text == "module.exports" or text.startswith(("exports.", "module.exports.")):
        return text.removeprefix("module.")
    return (
        text.replace(".prototype.", ".") if text.count(".") == text.count(".prototype.") + 1 else ""
    )


def _members(side: Side, value: Tree, holder: str) -> Iterator[Defined]:
    if value.type != "object":
        return
    for each in value.parts:
        held = each.one("value")
        shorthand = each.type == "shorthand_property_identifier"
        key = each.one("key")
        name = side.written(key or each) if key or shorthand else name_of(side, each)
        name = name.strip("'\"")
        if not name.isidentifier():
            continue
        method = held if held is not None and held.type in FUNCTIONS else each
        if method.type in FUNCTIONS:
            found = function(side, method, f"{holder}.", name, True, "")
            accessor = method.has("get") or method.has("set")
            yield replace(found, kind="member") if accessor else replace(found, alone=False)
        elif each.type in ("pair", "shorthand_property_identifier"):
            yield Defined(f"{holder}.{name}", "member", True)


def _value(side: Side, value: Tree, name: str) -> Defined:
    """What is exported by its name, if that is a function's or a class's of this file."""
    text = side.written(value) if value.type == "identifier" else ""
    known = side.tree.children if side.tree is not None else []
    own = any(e.type in _DECLARES and text == name_of(side, e) for e in known)
    return Defined(name, "variable", True, None, "", (("value", text if own else ""),))


def _bare(node: Tree | None) -> Tree | None:
    while node is not None and node.type in _SHELLS and node.parts:
        node = node.parts[0]
    return node
