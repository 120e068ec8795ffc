"""Parameters and bodies of functions (ECMAScript, 15), and the overloads of TypeScript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import FUNCTIONS, Context, is_strict, name_of
from inglenook_context.verify.script_early_names import bound, named
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_SIGNATURES: Final = frozenset({"function_signature", "method_signature"})


def function(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """``context`` is that of outside."""
    given, body = node.one("parameters"), node.one("body")
    single = node.one("parameter")
    parts = given.parts if given is not None else [single] if single is not None else []
    yield from named(side, node, context)
    simple = all((each.one("pattern") or each).type == "identifier" for each in parts)
    simple = simple and not any(each.one("value") is not None for each in parts)
    own = body is not None and is_strict(side, body)
    if own and not simple:
        yield '"use strict" stands in a function whose parameters are not plain'
    names = [side.written(each) for part in parts for each in bound(part)]
    strict = context.strict or own
    unique = node.type in ("arrow_function", "method_definition") or strict or not simple
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if unique and twice is not None:
        yield f"two parameters have the name {twice}"
    if strict and not context.ambient and (old := {"eval", "arguments"} & set(names)):
        yield f"{min(old)} is declared in strict code"


def parameters(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """The order of parameters, in types too."""
    parts = [each for each in node.parts if each.type != "decorator"]
    optional = False
    for each in parts:
        pattern = each.one("pattern") or each
        rest = pattern.type == "rest_pattern"
        comma = rest and not context.ambient and _comma_after(node, each)
        if rest and (each is not parts[-1] or comma):
            yield "a rest parameter is not the last"
        if rest and (each.one("value") is not None or each.type == "optional_parameter"):
            yield "a rest parameter is optional"
        if each.type == "optional_parameter":
            optional = True
            if each.one("value") is not None:
                yield "an optional parameter has a value"
        elif optional and not rest and each.type == "required_parameter" and _is_bare(each):
            yield f"{side.written(pattern)[:40]} is required after an optional parameter"
        if _is_property(each) and not context.ambient:
            yield from _property(side, node, pattern)


def accessor(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    """A getter takes nothing, a setter one thing."""
    given = node.one("parameters")
    kind = next((each.type for each in node.children if each.type in ("get", "set")), "")
    if not kind or given is None:
        return
    parts = [e for e in given.parts if (e.one("pattern") or e).type != "this"]
    if kind == "get" and parts:
        yield "a getter has parameters"
    if kind == "set":
        if len(parts) != 1 or (parts[0].one("pattern") or parts[0]).type == "rest_pattern":
            yield "a setter has not just one parameter"
        elif context.typed and (
            parts[0].one("value") is not None or parts[0].type == "optional_parameter"
        ):
            yield "the parameter of a setter is optional"
        if node.one("return_type") is not None:
            yield "a setter has a type of what it returns"
    if node.has("async"):
        yield "a getter or a setter is async"
    if node.one("type_parameters") is not None:
        yield "a getter or a setter has type parameters"


def overloads(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """In a block or a class: signatures stand before what they describe."""
    if context.ambient or any(each.error for each in node.children):
        return
    rows = [_declared(each) for each in node.parts]
    for at, each in enumerate(rows):
        if each is None or each.type not in _SIGNATURES or _may_lack_body(each):
            continue
        after = rows[at + 1] if at + 1 < len(rows) else None
        known = after is not None and after.type in (*_SIGNATURES, *FUNCTIONS)
        if not known or after is None or _name(side, after) != _name(side, each):
            yield f"{_name(side, each) or 'a function'} has a signature but no body"


def _declared(node: Tree) -> Tree | None:
    """The declaration of a statement that may export it."""
    return node.one("declaration") if node.type == "export_statement" else node


def _may_lack_body(node: Tree) -> bool:
    return any(each.type in ("?", "abstract", "declare") for each in node.children)


def _name(side: Side, node: Tree) -> str:
    name = node.one("name")
    if name is not None and name.type in ("computed_property_name", "number"):
        return side.written(name)
    return name_of(side, node)


def _is_property(parameter: Tree) -> bool:
    kinds = ("accessibility_modifier", "readonly", "override_modifier")
    return any(each.type in kinds for each in parameter.children)


def _property(side: Side, node: Tree, pattern: Tree) -> Iterator[str]:
    function = node.parent
    own = function is not None and function.type == "method_definition"
    if function is None or not own or name_of(side, function) != "constructor":
        yield "a parameter is a property outside of a constructor with a body"
    elif pattern.type in ("object_pattern", "array_pattern", "rest_pattern"):
        yield "a parameter that is a property is a pattern"


def _is_bare(parameter: Tree) -> bool:
    pattern = parameter.one("pattern") or parameter
    return parameter.one("value") is None and pattern.type != "this"


def _comma_after(node: Tree, part: Tree) -> bool:
    at = next(at for at, each in enumerate(node.children) if each is part)
    return any(each.type == "," for each in node.children[at + 1 :])
