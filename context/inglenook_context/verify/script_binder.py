"""The walk that finds the scopes of a script, and what is declared and read in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inglenook_context.verify.script_early_context import CLASSES, FUNCTIONS, SIGNATURES
from inglenook_context.verify.script_scopes import BOTH, TYPE, VALUE, Lexical, Scope
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_SCOPES: Final = frozenset(
    """statement_block for_statement for_in_statement switch_body class_static_block
    interface_declaration type_alias_declaration conditional_type mapped_type_clause index_signature
    object_type enum_body""".split()
)
_NAMES: Final = frozenset({"identifier", "type_identifier", "shorthand_property_identifier"})
_PATTERNS: Final = frozenset(
    """object_pattern array_pattern assignment_pattern object_assignment_pattern pair_pattern
    rest_pattern required_parameter optional_parameter""".split()
)
_ASIDE: Final = frozenset({"decorator", "computed_property_name"})
_DECLARES: Final = frozenset(
    """function_declaration generator_function_declaration function_signature class_declaration
    abstract_class_declaration interface_declaration type_alias_declaration
    enum_declaration""".split()
)
_MEANS: Final = {
    "function_declaration": VALUE,
    "generator_function_declaration": VALUE,
    "function_signature": VALUE,
    "interface_declaration": TYPE,
    "type_alias_declaration": TYPE,
    "type_parameter": TYPE,
    "infer_type": TYPE,
    "mapped_type_clause": TYPE,
}
_FREE: Final = frozenset({"this", "undefined", "arguments", "super", "new.target", "const"})


class ScriptBinder:
    """``_reads`` are the names that are read, each with its scope and its node."""

    def __init__(self, side: Side, root: Tree) -> None:
        self._side = side
        self._root = Scope(None, True)
        self._scopes: list[Scope] = []
        self._reads: list[tuple[str, Scope, Tree]] = []
        self._open = False
        self._children(root, self._root)

    def _children(self, node: Tree, scope: Scope) -> None:
        for child in node.children:
            self._visit(child, scope)

    def _visit(self, node: Tree, scope: Scope) -> None:
        if node.type in _NAMES:
            name = self._side.written(node)
            if name not in _FREE and not node.missing:
                self._reads.append((name, scope, node))
        elif node.children:
            visit = _VISITS.get(node.type)
            if visit is not None:
                visit(self, node, scope)
            elif node.type in FUNCTIONS or node.type in SIGNATURES:
                self._function(node, scope)
            elif node.type in CLASSES:
                self._class(node, scope)
            else:
                self._declare(node, scope)
                inner = self._below(scope, False) if node.type in _SCOPES else scope
                self._children(node, inner)

    def _below(self, parent: Scope, function: bool, later: bool = False) -> Scope:
        scope = Scope(parent, function, later)
        self._scopes.append(scope)
        return scope

    def _declare(self, node: Tree, scope: Scope) -> None:
        if node.type in _DECLARES and (name := node.one("name")) is not None:
            scope.add(self._side.written(name), _MEANS.get(node.type, BOTH))

    # Binding

    def _bind(
        self, node: Tree, scope: Scope, inner: Scope, value: Tree | None = None, late: bool = False
    ) -> None:
        """The names of a pattern belong to ``scope``; defaults are read in ``inner``. ``late``:
        they are there from where they stand, and not in ``value``, which they get."""
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            name = self._side.written(node)
            if late and name not in scope.names:
                scope.lexical[name] = Lexical(node.start, value)
            elif not late:
                scope.lexical.pop(name, None)
            scope.add(name, VALUE)
        elif node.type in _PATTERNS:
            for child in node.children:
                default = child.field in ("right", "value") and node.type != "pair_pattern"
                if default or child.field == "type" or child.type in _ASIDE:
                    self._visit(child, inner)
                elif child.named and child.field != "key":
                    self._bind(child, scope, inner, value, late)
        elif node.named:
            self._visit(node, inner)

    def _variable(self, node: Tree, scope: Scope) -> None:
        declaration = node.parent
        plain = declaration is not None and declaration.type == "lexical_declaration"
        name = node.one("name")
        if name is not None:
            self._bind(name, scope if plain else scope.of_vars, scope, node.one("value"), plain)
        for child in node.children:
            if child is not name:
                self._visit(child, scope)

    def _loop(self, node: Tree, scope: Scope) -> None:
        inner = self._below(scope, False)
        declares = any(each.type in ("const", "let", "var") for each in node.children)
        for child in node.children:
            if child.field == "left" and declares:
                var = node.has("var")
                self._bind(
                    child, scope.of_vars if var else inner, inner, node.one("right"), not var
                )
            else:
                self._visit(child, inner)

    def _catch(self, node: Tree, scope: Scope) -> None:
        inner = self._below(scope, False)
        for child in node.children:
            if child.field == "parameter":
                self._bind(child, inner, inner)
            else:
                self._visit(child, inner)

    def _function(self, node: Tree, scope: Scope) -> None:
        inner = self._below(scope, True)
        body = node.one("body")
        inner.body = body.start if body is not None else node.stop
        for child in node.children:
            if child.field == "name":
                if child.type == "computed_property_name":
                    self._visit(child, scope)
                elif node.type in _DECLARES:
                    scope.add(self._side.written(child), VALUE)
                elif child.type == "identifier":
                    inner.add(self._side.written(child), VALUE)
            elif child.field in ("parameters", "parameter"):
                for each in child.parts or [child]:
                    self._bind(each, inner, inner)
            elif child.field == "body" and child.type == "statement_block":
                self._children(child, inner)
            else:
                self._visit(child, inner)

    def _class(self, node: Tree, scope: Scope) -> None:
        inner = self._below(scope, False)
        for child in node.children:
            if child.field == "name":
                name, holder = self._side.written(child), scope if node.type in _DECLARES else inner
                if holder is scope and name not in scope.names:
                    heritage = [each for each in node.children if each.type == "class_heritage"]
                    scope.lexical[name] = Lexical(child.start, next(iter(heritage), None))
                holder.add(name)
            else:
                self._visit(child, inner)

    def _own(self, node: Tree, scope: Scope) -> None:
        """What brings names for its own inside: `infer U`, `[K in keyof T]`, a type parameter."""
        for child in node.children:
            if child.field == "name" or (node.type == "infer_type" and child.named):
                scope.add(self._side.written(child), _MEANS.get(node.type, BOTH))
            else:
                self._visit(child, scope)

    def _field(self, node: Tree, scope: Scope) -> None:
        """What a field gets runs when an object is made, or with the class if it is static."""
        for child in node.children:
            if child.field != "value" or node.has("static"):
                self._visit(child, scope)
            else:
                self._visit(child, self._below(scope, False, later=True))

    def _import(self, node: Tree, scope: Scope) -> None:
        for each in node.walk():
            if each.type == "import_specifier":
                name = each.one("alias") or each.one("name")
                if name is not None:
                    only_type = node.has("type") or each.has("type")
                    self._root.add(self._side.written(name), TYPE if only_type else BOTH)
            elif each.type == "identifier" and each.field not in ("name", "alias"):
                self._root.add(self._side.written(each), TYPE if node.has("type") else BOTH)
            elif each.type == "import_alias" and each.parts:
                self._root.add(self._side.written(each.parts[0]))
        if node.type == "import_alias" and node.parts:
            scope.add(self._side.written(node.parts[0]))

    def _export(self, node: Tree, scope: Scope) -> None:
        if node.one("source") is not None:
            return
        for each in node.children:
            if each.type != "namespace_export":
                self._visit(each, scope)

    def _specifier(self, node: Tree, scope: Scope) -> None:
        if (name := node.one("name")) is not None and name.type in _NAMES:
            self._visit(name, scope)

    def _enum(self, node: Tree, scope: Scope) -> None:
        self._declare(node, scope)
        inner = Scope(scope, False)  # its members hide nothing that the file's functions bind
        body = node.one("body")
        for each in body.parts if body is not None else ():
            name = each.one("name") or each
            inner.add(self._side.written(name).strip("'\""))
            if (value := each.one("value")) is not None:
                self._visit(value, inner)

    def _namespace(self, node: Tree, scope: Scope) -> None:
        name, body = node.one("name"), node.one("body")
        if name is not None and name.type != "string":
            scope.add(self._side.written(name).partition(".")[0])
        if body is not None:
            self._children(body, self._below(scope, True))

    def _member(self, node: Tree, scope: Scope) -> None:
        for child in node.children:
            if child.field != "property":
                self._visit(child, scope)

    def _nested(self, node: Tree, scope: Scope) -> None:
        """`a.B` of types and of JSX: only what is first is a name."""
        if node.parts:
            self._visit(node.parts[0], scope)

    def _element(self, node: Tree, scope: Scope) -> None:
        for child in node.children:
            if child.field == "name" and child.type == "identifier":
                name = self._side.written(child)
                if name[:1].islower():
                    continue  # an element of HTML
            self._visit(child, scope)

    def _predicate(self, node: Tree, scope: Scope) -> None:
        for child in node.children:
            if child.field != "name":
                self._visit(child, scope)

    def _with(self, node: Tree, scope: Scope) -> None:
        self._open = True
        self._children(node, scope)

    def _assign(self, node: Tree, scope: Scope) -> None:
        """A pattern on the left writes names that must be there."""
        left = node.one("left")
        for each in left.walk() if left is not None and left.type in _PATTERNS else ():
            if each.type in ("identifier", "shorthand_property_identifier_pattern"):
                self._reads.append((self._side.written(each), scope, each))
        for child in node.children:
            if child is not left or child.type not in _PATTERNS:
                self._visit(child, scope)

    def _none(self, _node: Tree, _scope: Scope) -> None:
        return


_VISITS: Final[dict[str, Callable[[ScriptBinder, Tree, Scope], None]]] = {
    "variable_declarator": ScriptBinder._variable,
    "for_in_statement": ScriptBinder._loop,
    "catch_clause": ScriptBinder._catch,
    "import_statement": ScriptBinder._import,
    "import_alias": ScriptBinder._import,
    "export_statement": ScriptBinder._export,
    "export_specifier": ScriptBinder._specifier,
    "enum_declaration": ScriptBinder._enum,
    "internal_module": ScriptBinder._namespace,
    "module": ScriptBinder._namespace,
    "member_expression": ScriptBinder._member,
    "nested_identifier": ScriptBinder._nested,
    "nested_type_identifier": ScriptBinder._nested,
    "jsx_opening_element": ScriptBinder._element,
    "jsx_closing_element": ScriptBinder._none,
    "jsx_self_closing_element": ScriptBinder._element,
    "type_predicate": ScriptBinder._predicate,
    "type_parameter": ScriptBinder._own,
    "infer_type": ScriptBinder._own,
    "mapped_type_clause": ScriptBinder._own,
    "index_signature": ScriptBinder._own,
    "with_statement": ScriptBinder._with,
    "assignment_expression": ScriptBinder._assign,
    "public_field_definition": ScriptBinder._field,
    "field_definition": ScriptBinder._field,
    "meta_property": ScriptBinder._none,
    "tuple_parameter": ScriptBinder._predicate,
    "optional_tuple_parameter": ScriptBinder._predicate,
}
