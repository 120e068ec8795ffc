"""What each kind of node of TypeScript and JavaScript binds, assigns and reads."""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.typescript.binder import Binder, Visit
from inglenook_context.refactor.typescript.branch import CLASSES, FUNCTIONS
from inglenook_context.refactor.typescript.scopes import ANY, READ, SPACE, TYPE, VALUE, Scope

_PROPERTY: Final = frozenset({"accessibility_modifier", "readonly", "override_modifier"})
_LIKE_FUNCTIONS: Final = (
    *FUNCTIONS,
    *("function_signature", "method_signature", "abstract_method_signature", "call_signature"),
    *("construct_signature", "function_type", "constructor_type"),
)
_DECLARED: Final = frozenset(
    {"function_declaration", "generator_function_declaration", "function_signature"}
)


def _skip(walk: Binder, node: Branch, scope: Scope) -> None:
    """What names nothing of this file."""


def _declaration(walk: Binder, node: Branch, scope: Scope) -> None:
    kind = node.one("kind")
    how = kind.text if kind is not None else "var"
    for child in node.children:
        if child.type != "variable_declarator":
            continue
        for name in child.all("name"):
            walk.target(name, scope, how if how in ("let", "const", "var") else "using")
        walk.but(child, scope, "name")


def _for_in(walk: Binder, node: Branch, scope: Scope) -> None:
    inner = walk.scope("block", node, scope)
    kind = node.one("kind")
    for child in node.children:
        if child.field == "left":
            walk.target(child, inner, kind.text if kind is not None else "")
        else:
            walk.visit(child, inner)


def _block(walk: Binder, node: Branch, scope: Scope) -> None:
    walk.children(node, walk.scope("block", node, scope))


def _static(walk: Binder, node: Branch, scope: Scope) -> None:
    inner = walk.scope("body", node, scope, hoists=True)
    for child in node.all("body"):
        walk.children(child, inner)


def _catch(walk: Binder, node: Branch, scope: Scope) -> None:
    inner = walk.scope("catch", node, scope)
    for child in node.children:
        if child.field == "parameter":
            walk.target(child, inner, "catch")
        else:
            walk.visit(child, inner)


def _function(walk: Binder, node: Branch, scope: Scope) -> None:
    for name in node.all("name"):
        if name.type != "identifier":
            walk.visit(name, scope)  # `[computed]`
        elif node.type in _DECLARED:
            walk.bind(name, scope, "function")
        else:
            scope = walk.scope("own", node, scope)
            walk.bind(name, scope, "function")
    inner = walk.scope("function", node, scope)
    for child in node.children:
        if child.field == "parameter":
            walk.target(child, inner, "parameter")
        elif child.type == "formal_parameters":
            for each in child.parts:
                _parameter(walk, each, inner)
        elif child.type == "statement_block":
            walk.children(child, walk.scope("body", node, inner, hoists=True))
        elif child.field != "name":
            walk.visit(child, scope if child.field == "decorator" else inner)


def _parameter(walk: Binder, node: Branch, scope: Scope) -> None:
    if node.type not in ("required_parameter", "optional_parameter"):
        walk.target(node, scope, "parameter")
        return
    how = "parameter"
    if any(child.type in _PROPERTY for child in node.children):
        how = "property"
    for child in node.children:
        if child.field in ("pattern", "name"):
            walk.target(child, scope, how)
        elif child.field == "decorator" and scope.parent is not None:
            walk.visit(child, scope.parent)
        else:
            walk.visit(child, scope)


def _tuple_member(walk: Binder, node: Branch, scope: Scope) -> None:
    walk.but(node, scope, "name", "pattern")


def _class(walk: Binder, node: Branch, scope: Scope) -> None:
    for name in node.all("name"):
        if node.type == "class":
            scope = walk.scope("own", node, scope)
        walk.bind(name, scope, "class", VALUE | TYPE)
    inner = walk.scope("class", node, scope)
    for child in node.children:
        if child.field != "name":
            walk.visit(child, scope if child.type == "decorator" else inner)


def _type(walk: Binder, node: Branch, scope: Scope) -> None:
    for name in node.all("name"):
        walk.bind(name, scope, "type", TYPE)
    walk.but(node, walk.scope("types", node, scope), "name")


def _type_parameter(walk: Binder, node: Branch, scope: Scope) -> None:
    for name in node.all("name"):
        walk.bind(name, scope, "type", TYPE)
    walk.but(node, scope, "name")


def _index_signature(walk: Binder, node: Branch, scope: Scope) -> None:
    walk.but(node, walk.scope("types", node, scope), "name")


def _mapped(walk: Binder, node: Branch, scope: Scope) -> None:
    for child in node.children:
        if child.field == "name":
            walk.bind(child, scope, "type", TYPE)
        else:  # what is counted through does not see the name
            walk.visit(child, scope.parent or scope if child.field == "type" else scope)


def _conditional(walk: Binder, node: Branch, scope: Scope) -> None:
    inner = walk.scope("infer", node, scope)
    for child in node.children:
        walk.visit(child, inner if child.field in ("right", "consequence") else scope)


def _infer(walk: Binder, node: Branch, scope: Scope) -> None:
    owner = scope
    while owner.kind != "infer" and owner.parent is not None:
        owner = owner.parent
    for child in node.parts[:1]:
        walk.bind(child, owner, "type", TYPE)
    for child in node.parts[1:]:
        walk.visit(child, scope)


def _enum(walk: Binder, node: Branch, scope: Scope) -> None:
    for name in node.all("name"):
        walk.bind(name, scope, "enum", ANY)
    inner = walk.scope("enum", node, scope)
    for body in node.all("body"):
        for child in body.parts:
            for name in [child] if child.field == "name" else child.all("name"):
                if name.type == "property_identifier":
                    walk.bind(name, inner, "member")
            walk.but(child, inner, "name")


def _namespace(walk: Binder, node: Branch, scope: Scope) -> None:
    inner = walk.scope("namespace", node, scope, hoists=True)
    for name in node.all("name"):
        while name.type == "nested_identifier":
            inner.bound[name.parts[-1].text] = ANY
            name = name.parts[0]
        if name.type == "identifier":
            walk.bind(name, scope, "namespace", VALUE | SPACE)
    for body in node.all("body"):
        walk.children(body, inner)


def _import(walk: Binder, node: Branch, scope: Scope) -> None:
    """A clause, or ``import a = b.c``: its first name is bound."""
    first = True
    for child in node.parts:
        if child.type == "identifier" and first:
            walk.bind(child, scope, "import", ANY)
        elif child.type == "nested_identifier" or child.type == "identifier":
            _root(walk, child, scope, ANY)
        else:
            walk.visit(child, scope)
        first = False


def _import_specifier(walk: Binder, node: Branch, scope: Scope) -> None:
    for child in (node.all("alias") or node.all("name"))[:1]:
        if child.type == "identifier":
            walk.bind(child, scope, "import", ANY)


def _export(walk: Binder, node: Branch, scope: Scope) -> None:
    if node.all("source") or node.has("namespace"):
        return  # of another file; or `export as namespace`
    walk.children(node, scope)


def _export_specifier(walk: Binder, node: Branch, scope: Scope) -> None:
    for child in node.all("name"):
        if child.type == "identifier":
            walk.add(READ, child, scope, ANY)


def _root(walk: Binder, node: Branch, scope: Scope, meaning: int = SPACE) -> None:
    """The first name of a dotted one."""
    while node.type != "identifier" and node.parts:
        node = node.parts[0]
    if node.type == "identifier":
        walk.add(READ, node, scope, meaning)


def _tag(walk: Binder, node: Branch, scope: Scope) -> None:
    for child in node.children:
        if child.field != "name" or child.type != "identifier" or is_component(child.text):
            walk.visit(child, scope)


def is_component(name: str) -> bool:
    """Whether the tag ``<name>`` is a variable and no element of the page."""
    return "-" not in name and not ("a" <= name[:1] <= "z")


VISITS: Final[dict[str, Visit]] = {
    **dict.fromkeys(_LIKE_FUNCTIONS, _function),
    **dict.fromkeys(CLASSES, _class),
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "assignment_expression": Binder.assign,
    "augmented_assignment_expression": Binder.assign,
    "update_expression": Binder.assign,
    "for_statement": _block,
    "for_in_statement": _for_in,
    "statement_block": _block,
    "switch_body": _block,
    "class_static_block": _static,
    "catch_clause": _catch,
    "required_parameter": _tuple_member,
    "optional_parameter": _tuple_member,
    "interface_declaration": _type,
    "type_alias_declaration": _type,
    "type_parameter": _type_parameter,
    "index_signature": _index_signature,
    "mapped_type_clause": _mapped,
    "conditional_type": _conditional,
    "infer_type": _infer,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
    "import_clause": _import,
    "namespace_import": _import,
    "import_require_clause": _import,
    "import_alias": _import,
    "import_specifier": _import_specifier,
    "import_attribute": _skip,
    "export_statement": _export,
    "export_specifier": _export_specifier,
    "nested_type_identifier": _root,
    "nested_identifier": _root,
    "jsx_opening_element": _tag,
    "jsx_closing_element": _tag,
    "jsx_self_closing_element": _tag,
    "jsx_namespace_name": _skip,
}
