"""The definitions of a script, as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.verify.definitions import Defined, Parameter
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_FUNCTIONS: Final = frozenset(
    """function_declaration generator_function_declaration function_signature function_expression
    generator_function arrow_function method_definition method_signature
    abstract_method_signature""".split()
)
_CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_TYPES: Final = frozenset({"interface_declaration", "type_alias_declaration", "enum_declaration"})
_VARIABLES: Final = frozenset({"lexical_declaration", "variable_declaration"})
_MODIFIERS: Final = frozenset(
    "async static get set abstract readonly override accessor declare * const default".split()
)
_ERROR: Final = re.compile(r"throw new Error\(.*(?:not.implemented|todo).*\);?", re.IGNORECASE)


def definitions(side: Side, nodes: Iterable[Tree]) -> Iterator[Defined]:
    """What top-level statements define. What is exported is public; in a file without exports,
    which other scripts may see whole, all is."""
    root = side.tree
    module = root is not None and any(each.type == "export_statement" for each in root.children)
    for node in nodes:
        yield from _statement(side, node, "", not module, "")


def _statement(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    if node.type == "export_statement":
        way = "default" if node.has("default") else "export"
        inner = node.one("declaration") or node.one("value")
        if inner is not None:
            decorators = [each for each in node.children if each.type == "decorator"]
            yield from _statement(side, inner, prefix, True, way + _texts(side, decorators))
        for clause in (each for each in node.children if each.type == "export_clause"):
            for each in clause.parts:
                name = each.one("alias") or each.one("name")
                if name is not None:
                    yield Defined(f"export {side.written(name)}", "variable", True)
        if node.has("*"):
            source = node.one("source")
            yield Defined(f"export * {side.written(source) if source else ''}", "variable", True)
    elif node.type == "ambient_declaration":
        for each in node.parts:
            yield from _statement(side, each, prefix, public, way)
    elif node.type == "expression_statement" and node.parts[:1]:
        first = node.parts[0]
        if first.type == "internal_module" and (body := first.one("body")) is not None:
            name = first.one("name")
            inside = f"{prefix}{side.written(name) if name else ''}."
            for each in body.parts:
                yield from _statement(side, each, inside, False, "")
    elif node.type in _VARIABLES:
        for each in node.parts:
            yield from _variable(side, each, prefix, public, way)
    elif node.type in _FUNCTIONS:
        yield _function(side, node, prefix, _name(side, node), public, way)
    elif node.type in _CLASSES:
        yield from _class(side, node, prefix, public, way)
    elif node.type in _TYPES:
        yield from _type(side, node, prefix, public, way)
    elif node.type == "import_statement":
        for each in node.walk():
            if each.type in ("identifier", "type_identifier"):
                yield Defined(side.written(each), "import", False)


def _variable(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    name, value, kind = node.one("name"), node.one("value"), node.one("type")
    if node.type != "variable_declarator" or name is None:
        return
    if value is not None and value.type in _FUNCTIONS and name.type == "identifier":
        yield _function(side, value, prefix, side.written(name), public, way)
    elif value is not None and value.type in _CLASSES and name.type == "identifier":
        yield from _class(side, value, prefix, public, way, side.written(name))
    else:
        type_ = _type_text(side, kind)
        for each in name.walk():
            if each.type in ("identifier", "shorthand_property_identifier_pattern"):
                yield Defined(
                    prefix + side.written(each), "variable", public, None, type_, (("export", way),)
                )


def _function(side: Side, node: Tree, prefix: str, name: str, public: bool, way: str) -> Defined:
    given = node.one("parameters") or node.one("parameter")
    body = node.one("body")
    modifiers = [each.type for each in node.children if each.type in _MODIFIERS]
    access = [side.written(e) for e in node.children if e.type == "accessibility_modifier"]
    generator = node.type in ("generator_function_declaration", "generator_function")
    kind = node.one("type_parameters")
    parts = body.children if body is not None and body.type == "statement_block" else []
    statements = tuple(
        _plain(side, each) for each in parts if each.named and each.type != "comment"
    )
    if body is not None and body.type != "statement_block":
        statements = (f"return {_plain(side, body)}",)
    return Defined(
        prefix + name,
        "function",
        public and "private" not in access and not name.startswith("#"),
        tuple(_parameters(side, given)) if given is not None else (),
        _type_text(side, node.one("return_type")),
        (
            ("modifiers", " ".join(sorted([*modifiers, *access, "*" if generator else ""]))),
            ("export", way),
            ("type parameters", _plain(side, kind) if kind else ""),
            ("decorators", _texts(side, _decorators(node))),
        ),
        statements,
        body is not None and not {"get", "set"} & set(modifiers),
        all(_ERROR.fullmatch(each) for each in statements),
    )


def _class(
    side: Side, node: Tree, prefix: str, public: bool, way: str, name: str = ""
) -> Iterator[Defined]:
    name = prefix + (name or _name(side, node))
    heritage = [each for each in node.children if each.type == "class_heritage"]
    kind = node.one("type_parameters")
    body = node.one("body")
    yield Defined(
        name,
        "class",
        public,
        None,
        "",
        (
            ("bases", _texts(side, heritage)),
            ("export", way),
            ("modifiers", str(node.type == "abstract_class_declaration")),
            ("type parameters", _plain(side, kind) if kind else ""),
            ("decorators", _texts(side, _decorators(node))),
        ),
        (),
        True,
        body is not None and not body.parts,
    )
    for each in body.parts if body is not None else ():
        if each.type in _FUNCTIONS:
            yield _function(side, each, f"{name}.", _name(side, each), True, "")
        elif each.type in ("public_field_definition", "field_definition"):
            yield from _field(side, each, f"{name}.", True)


def _field(side: Side, node: Tree, prefix: str, public: bool) -> Iterator[Defined]:
    name, value = _name(side, node), node.one("value")
    if value is not None and value.type in _FUNCTIONS:
        yield _function(side, value, prefix, name, public, "")
        return
    access = [side.written(e) for e in node.children if e.type == "accessibility_modifier"]
    modifiers = [each.type for each in node.children if each.type in _MODIFIERS or each.type == "?"]
    shown = public and "private" not in access and not name.startswith("#")
    traits = (("modifiers", " ".join(sorted(modifiers + access))),)
    yield Defined(prefix + name, "field", shown, None, _type_text(side, node.one("type")), traits)


def _type(side: Side, node: Tree, prefix: str, public: bool, way: str) -> Iterator[Defined]:
    name = prefix + _name(side, node)
    value = node.one("value")
    kind = node.one("type_parameters")
    heritage = [each for each in node.children if each.type.startswith("extends")]
    yield Defined(
        name,
        "type",
        public,
        None,
        _plain(side, value) if value is not None else "",
        (
            ("export", way),
            ("bases", _texts(side, heritage)),
            ("type parameters", _plain(side, kind) if kind else ""),
        ),
    )
    body = node.one("body")
    for each in body.parts if body is not None else ():
        member = each.one("name") or each
        traits = (("value" if node.type == "enum_declaration" else "type", _plain(side, each)),)
        yield Defined(f"{name}.{side.written(member)}", "member", public, None, "", traits)


def _parameters(side: Side, node: Tree) -> Iterator[Parameter]:
    if node.type == "identifier":
        yield Parameter("", side.written(node), False)
        return
    for each in node.parts:
        pattern = each.one("pattern") or each.one("left") or each
        value = each.one("value") or each.one("right")
        kind = " ".join(
            side.written(e) for e in each.children if e.type == "accessibility_modifier"
        )
        kind += "..." if pattern.type == "rest_pattern" else ""
        kind += "?" if each.type == "optional_parameter" else ""
        optional = value is not None
        type_ = _type_text(side, each.one("type"))
        default = _plain(side, value).replace("'", '"') if value is not None else ""
        yield Parameter(kind, _plain(side, pattern).removeprefix("..."), optional, type_, default)


def _name(side: Side, node: Tree) -> str:
    name = node.one("name")
    return side.written(name) if name is not None else "default"


def _decorators(node: Tree) -> list[Tree]:
    """Of a method they stand before it."""
    found = [each for each in node.children if each.type == "decorator"]
    siblings = node.parent.children if node.parent is not None else []
    at = next((at for at, each in enumerate(siblings) if each is node), 0)
    while at and siblings[at - 1].type == "decorator":
        at -= 1
        found.insert(0, siblings[at])
    return found


def _type_text(side: Side, node: Tree | None) -> str:
    return _plain(side, node).removeprefix(":").strip() if node is not None else ""


def _texts(side: Side, nodes: Iterable[Tree]) -> str:
    return " ".join(_plain(side, each) for each in nodes)


def _plain(side: Side, node: Tree) -> str:
    """The tokens of a node without layout and comments."""
    pieces: list[str] = []
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == "comment":
            continue
        if not each.children or each.type in ("string", "template_string", "regex"):
            pieces.append(side.written(each))
        else:
            stack += reversed(each.children)
    return " ".join(piece for piece in pieces if piece not in (";", ""))
