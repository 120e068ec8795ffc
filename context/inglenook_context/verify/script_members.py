"""Functions, classes and their members in a script, as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.verify.definitions import ASYNC, PROMISE, Defined, Parameter
from inglenook_context.verify.script_constants import constant
from inglenook_context.verify.script_promises import gives_promise
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

FUNCTIONS: Final = frozenset(
    """function_declaration generator_function_declaration function_signature function_expression
    generator_function arrow_function method_definition method_signature
    abstract_method_signature""".split()
)
CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_MODIFIERS: Final = frozenset(
    "async static get set abstract readonly override accessor declare * const default ?".split()
)
_ERROR: Final = re.compile(r"throw new Error\(.*(?:not.implemented|todo).*\);?", re.IGNORECASE)


def function(side: Side, node: Tree, prefix: str, name: str, public: bool, way: str) -> Defined:
    given = node.one("parameters") or node.one("parameter")
    body = node.one("body")
    modifiers = [each.type for each in node.children if each.type in _MODIFIERS]
    promises = gives_promise(side, node)
    if promises and "*" not in modifiers:  # who calls it cannot tell
        modifiers = [each for each in modifiers if each != "async"]
    access = _access(side, node)
    generator = node.type in ("generator_function_declaration", "generator_function")
    kind = node.one("type_parameters")
    parts = body.children if body is not None and body.type == "statement_block" else []
    statements = tuple(plain(side, each) for each in parts if each.named and each.type != "comment")
    if body is not None and body.type != "statement_block":
        statements = (f"return {plain(side, body)}",)
    return Defined(
        prefix + name,
        "function",
        public and "private" not in access and not name.startswith("#"),
        tuple(_parameters(side, given)) if given is not None else (),
        type_text(side, node.one("return_type")),
        (
            ("modifiers", " ".join(sorted([*modifiers, *access, "*" if generator else ""]))),
            (PROMISE, ASYNC if node.has("async") else "given" if promises else ""),
            ("export", way),
            ("type parameters", plain(side, kind) if kind else ""),
            ("decorators", texts(side, _decorators(node))),
        ),
        statements,
        body is not None and not {"get", "set"} & set(modifiers),
        all(_ERROR.fullmatch(each) for each in statements),
    )


def class_(
    side: Side, node: Tree, prefix: str, public: bool, way: str, name: str = ""
) -> Iterator[Defined]:
    name = prefix + (name or name_of(side, node))
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
            ("bases", texts(side, heritage)),
            ("export", way),
            ("modifiers", str(node.type == "abstract_class_declaration")),
            ("type parameters", plain(side, kind) if kind else ""),
            ("decorators", texts(side, _decorators(node))),
        ),
        (),
        True,
        body is not None and not body.parts,
    )
    for each in body.parts if body is not None else ():
        if each.type in FUNCTIONS:
            yield function(side, each, f"{name}.", name_of(side, each), True, "")
        elif each.type in ("public_field_definition", "field_definition"):
            yield from field(side, each, f"{name}.", True)
        elif each.type == "index_signature":
            yield Defined(f"{name}.[]", "field", True, None, "", (("type", plain(side, each)),))


def _access(side: Side, node: Tree) -> list[str]:
    """`private` or `protected`; `public` is what is so without a word."""
    found = [side.written(e) for e in node.children if e.type == "accessibility_modifier"]
    return [each for each in found if each != "public"]


def field(side: Side, node: Tree, prefix: str, public: bool) -> Iterator[Defined]:
    name, value = name_of(side, node), node.one("value")
    if value is not None and value.type in FUNCTIONS:
        yield function(side, value, prefix, name, public, "")
        return
    access = _access(side, node)
    modifiers = [each.type for each in node.children if each.type in _MODIFIERS]
    shown = public and "private" not in access and not name.startswith("#")
    traits = (("modifiers", " ".join(sorted(modifiers + access))),)
    yield Defined(prefix + name, "field", shown, None, type_text(side, node.one("type")), traits)


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
        type_ = type_text(side, each.one("type"))
        default = constant(side, value) if value is not None else ""
        yield Parameter(kind, plain(side, pattern).removeprefix("..."), optional, type_, default)


def name_of(side: Side, node: Tree) -> str:
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


def type_text(side: Side, node: Tree | None) -> str:
    return plain(side, node).removeprefix(":").strip() if node is not None else ""


def texts(side: Side, nodes: Iterable[Tree]) -> str:
    return " ".join(plain(side, each) for each in nodes)


def plain(side: Side, node: Tree) -> str:
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
