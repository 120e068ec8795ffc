"""Interfaces, type aliases and enums of a script, as values that can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.definitions import Defined
from inglenook_context.verify.script_constants import constant
from inglenook_context.verify.script_members import name_of, plain, texts
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

TYPES: Final = frozenset({"interface_declaration", "type_alias_declaration", "enum_declaration"})


def type_(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    """With each of its members. A member that must be there may not come either: what others made
    would be no such thing any more."""
    name = prefix + name_of(side, node)
    value, body = node.one("value"), node.one("body")
    if value is not None and value.type == "object_type":
        value, body = None, value
    kind = node.one("type_parameters")
    heritage = [each for each in node.children if each.type.startswith("extends")]
    enum = node.type == "enum_declaration"
    must = [] if enum or body is None else [each for each in body.parts if not each.has("?")]
    yield Defined(
        name,
        "type",
        public,
        None,
        plain(side, value) if value is not None else "",
        (
            ("export", way),
            ("modifiers", "const" if node.has("const") else ""),
            ("bases", texts(side, heritage)),
            ("type parameters", plain(side, kind) if kind else ""),
            ("members", " ".join(sorted({_member(side, each) for each in must}))),
        ),
    )
    if body is None:
        return
    if enum:
        yield from _values(side, body, name, public)
        return
    for each in body.parts:
        traits = (("type", plain(side, each)),)
        yield Defined(f"{name}.{_member(side, each)}", "member", public, None, "", traits)


def _member(side: Side, node: Tree) -> str:
    name = node.one("name")
    return side.written(name) if name is not None else f"[{node.type}]"


def _values(side: Side, body: Tree, name: str, public: bool) -> Iterator[Defined]:
    """A member without a value is one more than the one before it."""
    base, count = "0", 0
    for each in body.parts:
        value = each.one("value")
        if value is not None:
            base, count = constant(side, value), 0
        text = str(int(base) + count) if base.isdecimal() else f"{base} + {count}"
        member = (each.one("name") or each) if value is not None else each
        written = side.written(member).strip("'\"")
        yield Defined(f"{name}.{written}", "member", public, None, "", (("value", text),))
        count += 1
