"""The definitions of a script, as values that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.verify.definitions import Defined
from inglenook_context.verify.script_exports import (
    assigned,
    exported,
    exports,
    members_of,
    names_of,
)
from inglenook_context.verify.script_members import (
    CLASSES,
    FUNCTIONS,
    class_,
    function,
    name_of,
    texts,
    type_text,
)
from inglenook_context.verify.script_types import TYPES, type_
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_VARIABLES: Final = frozenset({"lexical_declaration", "variable_declaration"})
_SPACES: Final = frozenset({"internal_module", "module"})


def definitions(side: Side, nodes: Iterable[Tree]) -> Iterator[Defined]:
    """What top-level statements define. What is exported is public; in a file without exports,
    which other scripts may see whole, all is."""
    root = side.tree
    module = root is not None and any(each.type == "export_statement" for each in root.children)
    shown = exported(side, root) if root is not None else frozenset()
    for node in nodes:
        listed = bool(shown & frozenset(names_of(side, node)))
        yield from _statement(side, node, "", listed or not module, "")
        yield from members_of(side, node, shown)


def _statement(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    if node.type == "export_statement":
        way = "default" if node.has("default") else "export"
        inner = node.one("declaration") or node.one("value")
        if inner is not None:
            decorators = [each for each in node.children if each.type == "decorator"]
            yield from _statement(side, inner, prefix, True, way + texts(side, decorators))
        yield from exports(side, node, prefix)
    elif node.type == "ambient_declaration":
        for each in node.parts:
            yield from _statement(side, each, prefix, public, way)
    elif node.type == "expression_statement" and node.parts[:1]:
        first = node.parts[0]
        if first.type in _SPACES:
            yield from _statement(side, first, prefix, public, way)
        elif first.type == "assignment_expression":
            yield from assigned(side, first, public)
    elif node.type in _SPACES and (body := node.one("body")) is not None:
        inside = f"{prefix}{name_of(side, node)}."
        for each in body.parts:
            yield from _statement(side, each, inside, False, "")
    elif node.type in _VARIABLES:
        for each in node.parts:
            yield from _variable(side, each, prefix, public, way)
    elif node.type in FUNCTIONS:
        yield function(side, node, prefix, name_of(side, node), public, way)
    elif node.type in CLASSES:
        yield from class_(side, node, prefix, public, way)
    elif node.type in TYPES:
        yield from type_(side, node, prefix, public, way)
    elif node.type == "import_statement":
        for each in node.walk():
            if each.type in ("identifier", "type_identifier"):
                yield Defined(side.written(each), "import", False)


def _variable(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    name, value, kind = node.one("name"), node.one("value"), node.one("type")
    if node.type != "variable_declarator" or name is None:
        return
    if value is not None and value.type in FUNCTIONS and name.type == "identifier":
        yield function(side, value, prefix, side.written(name), public, way)
    elif value is not None and value.type in CLASSES and name.type == "identifier":
        yield from class_(side, value, prefix, public, way, side.written(name))
    else:
        written = type_text(side, kind)
        for each in name.walk():
            if each.type in ("identifier", "shorthand_property_identifier_pattern"):
                yield Defined(
                    prefix + side.written(each),
                    "variable",
                    public,
                    None,
                    written,
                    (("export", way),),
                )
