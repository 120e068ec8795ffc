"""What surrounds a node of a script and decides which words and statements may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

LOOPS: Final = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
FUNCTIONS: Final = frozenset(
    """function_declaration generator_function_declaration function_expression generator_function
    arrow_function method_definition""".split()
)
SIGNATURES: Final = frozenset(
    """function_signature method_signature abstract_method_signature function_type
    constructor_type call_signature construct_signature""".split()
)
FIELDS: Final = frozenset({"public_field_definition", "field_definition"})
_RUNS: Final = frozenset({"new_expression", "return_statement", "if_statement"})


@dataclass(frozen=True, slots=True)
class Context:
    """``labels`` are the names of the statements around, with whether each is a loop's;
    ``privates`` the `#names` of the classes around, None where they cannot be told."""

    typed: bool
    module: bool
    strict: bool
    ambient: bool = False
    awaits: bool = True
    reserves_await: bool = False
    yields: bool = False
    returns: bool = False
    new_target: bool = False
    super_member: bool = False
    super_call: bool = False
    derived: bool = False
    abstract: bool = False
    no_arguments: bool = False
    breaks: bool = False
    continues: bool = False
    labels: tuple[tuple[str, bool], ...] = ()
    privates: frozenset[str] | None = frozenset()


def context_of(side: Side, root: Tree) -> Context:
    """At the top of a file. TypeScript is strict as its compiler is by default; a script of
    CommonJS is the body of a function."""
    typed = side.language.startswith("typescript")
    module = any(each.type in ("import_statement", "export_statement") for each in root.children)
    common = not module and not typed and ("require(" in side.text or "exports" in side.text)
    return Context(
        typed,
        module,
        typed or module or is_strict(side, root),
        ambient=typed and _only_declares(root),
        reserves_await=module,
        returns=common,
        new_target=common,
    )


def is_strict(side: Side, body: Tree) -> bool:
    """Whether statements begin with the directive `"use strict"`."""
    for each in body.children:
        if each.type in ("{", "comment", "hash_bang_line"):
            continue
        inner = each.children[0] if each.type == "expression_statement" else None
        if inner is None or inner.type != "string":
            return False
        if side.written(inner)[1:-1] == "use strict":
            return True
    return False


def inside(side: Side, node: Tree, context: Context) -> Context:
    """What holds for the children of a node, but for those that `apart` names."""
    kind = node.type
    if kind in FUNCTIONS:
        return _function(side, node, context)
    if kind in CLASSES:
        return _class(side, node, context)
    if kind in FIELDS or kind == "class_static_block":
        return replace(
            _closed(context),
            awaits=False,
            reserves_await=kind == "class_static_block" or context.reserves_await,
            yields=False,
            returns=False,
            new_target=True,
            super_member=True,
            super_call=False,
            no_arguments=True,
        )
    if kind in LOOPS:
        return replace(context, breaks=True, continues=True)
    if kind == "switch_statement":
        return replace(context, breaks=True)
    if kind == "labeled_statement":
        label = node.one("label")
        name = side.written(label) if label is not None else ""
        return replace(context, labels=(*context.labels, (name, _labels_loop(node))))
    if kind in ("ambient_declaration", "interface_declaration"):
        return replace(context, ambient=True)
    return context


def in_parameters(context: Context) -> Context:
    """Neither `await` nor `yield` may stand in the parameters of any function."""
    return replace(context, awaits=False, yields=False)


def apart(node: Tree, child: Tree) -> bool:
    """Whether a child is read outside of what its parent opens: names, decorators."""
    if child.type == "decorator":
        return True
    return child.field in ("name", "property") and node.type in (*FUNCTIONS, *FIELDS)


def name_of(side: Side, member: Tree) -> str:
    """The name of a member of a class or an object as its code says it, without quotes."""
    name = member.one("name") or member.one("property") or member.one("key")
    if name is None or name.type in ("computed_property_name", "number"):
        return ""
    return side.written(name).strip("'\"")


def private_names(side: Side, body: Tree) -> Iterator[tuple[str, Tree]]:
    for each in body.children:
        name = each.one("name") or each.one("property")
        if name is not None and name.type == "private_property_identifier":
            yield side.written(name), each


def _function(side: Side, node: Tree, context: Context) -> Context:
    body = node.one("body")
    strict = context.strict or (body is not None and is_strict(side, body))
    asynchronous = node.has("async")
    inner = replace(
        _closed(context),
        strict=strict,
        awaits=asynchronous,
        reserves_await=asynchronous or context.module,
        yields=False,
        returns=True,
    )
    if node.type == "arrow_function":
        held = context.reserves_await and not context.awaits  # a static block reaches into it
        return replace(inner, reserves_await=inner.reserves_await or held)
    method = node.type == "method_definition"
    member = method and node.parent is not None and node.parent.type == "class_body"
    own = member and name_of(side, node) == "constructor" and not node.has("static")
    return replace(
        inner,
        yields="generator" in node.type or node.has("*"),
        new_target=True,
        super_member=method,
        super_call=own and context.derived,
        no_arguments=False,
    )


def _class(side: Side, node: Tree, context: Context) -> Context:
    body = node.one("body")
    names: frozenset[str] | None = context.privates
    if names is not None and body is not None:
        broken = any(each.error for each in body.children)
        names = None if broken else names | {name for name, _ in private_names(side, body)}
    return replace(
        context,
        strict=True,
        privates=names,
        derived=_derives(node),
        abstract=node.type == "abstract_class_declaration" or node.has("abstract"),
    )


def _derives(node: Tree) -> bool:
    heritage = next((each for each in node.children if each.type == "class_heritage"), None)
    if heritage is None:
        return False
    return heritage.has("extends") or heritage.has("extends_clause")


def _closed(context: Context) -> Context:
    """Loops and labels of outside mean nothing in a function."""
    if not (context.breaks or context.continues or context.labels):
        return context
    return replace(context, breaks=False, continues=False, labels=())


def _labels_loop(node: Tree) -> bool:
    body = node.one("body")
    while body is not None and body.type == "labeled_statement":
        body = body.one("body")
    return body is not None and body.type in LOOPS


def _only_declares(root: Tree) -> bool:
    """Whether a file has declarations alone, as those that describe a library do."""
    declares = False
    for node in root.walk():
        if node.type in FUNCTIONS or node.type in LOOPS or node.type in _RUNS:
            return False
        called = node.one("function") if node.type == "call_expression" else None
        if called is not None and called.type != "import":  # `import('x').T` is a type
            return False
        value = node.one("value") if node.type in FIELDS else None
        if value is not None and value.type not in ("string", "number"):
            return False
        declares = declares or node.type == "ambient_declaration" or _exports_signature(node)
    return declares


def _exports_signature(node: Tree) -> bool:
    """Whether something is exported without what it does or is."""
    declared = node.one("declaration") if node.type == "export_statement" else None
    if declared is None:
        return False
    if declared.type in CLASSES and (body := declared.one("body")) is not None:
        return body.has("method_signature")
    constants = declared.type == "lexical_declaration" and declared.has("const")
    typed = [e for e in declared.parts if e.one("value") is None and e.one("type") is not None]
    empty = constants and len(typed) == len(declared.parts)
    return declared.type == "function_signature" or empty
