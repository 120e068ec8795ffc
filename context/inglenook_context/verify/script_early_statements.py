"""Statements and declarations that may not stand where they are (ECMAScript, 14 and 16.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import Context
from inglenook_context.verify.script_early_names import bound
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_SPACES: Final = frozenset({"internal_module", "module", "ambient_declaration"})
_FUNCTIONS: Final = frozenset({"function_declaration", "generator_function_declaration"})
_VARIABLES: Final = frozenset({"lexical_declaration", "variable_declaration"})
_NOT_FIRST: Final = {
    "function_expression": "a function",
    "generator_function": "a function",
    "class": "a class",
}
_DECLARATIONS: Final = frozenset({"lexical_declaration", "class_declaration", *_FUNCTIONS})


def jump(side: Side, node: Tree, context: Context) -> Iterator[str]:
    """`break` and `continue`."""
    word = "break" if node.type == "break_statement" else "continue"
    label = node.one("label")
    if label is None:
        if not (context.breaks if word == "break" else context.continues):
            yield f"{word} stands outside of a loop"
        return
    name = side.written(label)
    loops = [loop for known, loop in context.labels if known == name]
    if not loops:
        yield f"{word} goes to {name}, which labels nothing around"
    elif word == "continue" and not loops[-1]:
        yield f"continue goes to {name}, which labels no loop"


def return_(_side: Side, _node: Tree, context: Context) -> Iterator[str]:
    if not context.returns:
        yield "return stands outside of a function"


def throw(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    parts = node.parts
    if parts and "\n" in side.text[node.start : parts[0].start]:
        between = [each for each in node.children if each.type == "comment"]
        if not between:
            yield "throw ends at the end of its line, before what is thrown"


def try_(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    if node.one("handler") is None and node.one("finalizer") is None:
        yield "try has neither catch nor finally"


def switch(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    if sum(each.type == "switch_default" for each in node.children) > 1:
        yield "switch has two defaults"


def label(side: Side, node: Tree, context: Context) -> Iterator[str]:
    name = node.one("label")
    if name is not None and any(known == side.written(name) for known, _ in context.labels):
        yield f"the label {side.written(name)} stands in a statement with the same label"
    yield from body(side, node, context)


def body(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    """A declaration where a statement must be: `if (a) const b = 1;`."""
    for each in node.children:
        single = each.field in ("body", "consequence") or node.type == "else_clause"
        labelled = each.type == "labeled_statement" and node.type != "labeled_statement"
        inner = _labelled(each) if labelled else each
        if not single or inner.type not in _DECLARATIONS:
            continue
        old = node.type in ("if_statement", "else_clause", "labeled_statement")
        if each.type == "function_declaration" and old and not context.strict:
            continue
        yield "a declaration is the whole body of a statement"


def _labelled(node: Tree) -> Tree:
    while node.type == "labeled_statement" and (inner := node.one("body")) is not None:
        node = inner
    return node


def loop(side: Side, node: Tree, context: Context) -> Iterator[str]:
    yield from body(side, node, context)
    kind, left = node.one("kind"), node.one("left")
    if kind is None and left is not None and node.has("of") and side.written(left) == "let":
        yield "the variable of a loop has no name"
    old = kind is not None and kind.type == "var" and not context.strict and node.has("in")
    if node.one("value") is not None and not old:
        yield "the variable of a loop over what is there has a value"
    if node.has("await") and not context.awaits:
        yield "await stands in a function that is not async"


def variable(_side: Side, node: Tree, context: Context) -> Iterator[str]:
    """A `const` or a pattern without a value."""
    name, parent = node.one("name"), node.parent
    if name is None or parent is None or node.one("value") is not None or context.ambient:
        return
    if parent.has("const"):
        yield "a const has no value"
    elif name.type in ("object_pattern", "array_pattern"):
        yield "a pattern has no value"


def import_type(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`import type A, { B }` is not in TypeScript."""
    clause = next((each for each in node.children if each.type == "import_clause"), None)
    if clause is not None and node.has("type") and len(clause.parts) > 1:
        yield "import type has a default and other names"


def module_item(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """`import` and `export` stand at the top of a file, or of a namespace."""
    parent = node.parent
    if parent is None or parent.type == "program":
        return
    above = parent.parent
    if parent.type == "statement_block" and above is not None and above.type in _SPACES:
        return
    word = "import" if node.type == "import_statement" else "export"
    yield f"{word} stands elsewhere than at the top"


def expression(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """ECMAScript 14.5: a statement that begins with `function` or `class` declares."""
    if (first := _first(node)) is not None:
        yield f"{_NOT_FIRST[first.type]} stands where it would be declared, and is none"


def default(_side: Side, node: Tree, _context: Context) -> Iterator[str]:
    declared, value = node.one("declaration"), node.one("value")
    if node.has("default") and declared is not None and declared.type in _VARIABLES:
        yield "export default stands before a variable"
    elif value is not None and _first(value) not in (None, value):
        yield "what is exported as default is a function or a class, and more"


def _first(node: Tree) -> Tree | None:
    """The function or the class with whose first word a node begins."""
    first = node
    while first.type not in _NOT_FIRST:
        if not first.children:
            return None
        first = first.children[0]
    return first


def with_(_side: Side, _node: Tree, context: Context) -> Iterator[str]:
    if context.strict:
        yield "with stands in strict code"


def exports(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    """What a file exports twice; types have names of their own and are left out."""
    names = Counter(name for each in node.children for name in _exported(side, each))
    for name, times in names.items():
        if times > 1:
            yield f"{name} is exported twice"


def _exported(side: Side, node: Tree) -> Iterator[str]:
    if node.type != "export_statement" or node.has("type"):
        return
    declaration = node.one("declaration")
    if node.has("default"):
        kind = declaration.type if declaration is not None else ""
        if kind not in ("function_signature", "interface_declaration"):
            yield "default"
        return
    for clause in node.children:
        if clause.type == "export_clause":
            for each in clause.parts:
                name = each.one("alias") or each.one("name")
                if name is not None and not each.has("type"):
                    yield side.written(name).strip("'\"")
        elif clause.type == "namespace_export" and clause.parts:
            yield side.written(clause.parts[0])
    if declaration is not None and declaration.type.endswith("_declaration"):
        for each in declaration.parts:
            if each.type == "variable_declarator":
                yield from (side.written(name) for name in bound(each.one("name")))
        name = declaration.one("name")
        if name is not None and declaration.type in ("class_declaration", *_FUNCTIONS):
            yield side.written(name)
