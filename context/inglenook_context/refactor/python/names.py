"""Which variable each name of a piece of Python means.

Reads are in the scope that evaluates them: decorators, defaults, annotations and a
comprehension's first iterable belong to the scope outside. A name in ``x += 1`` occurs once, as
a binding (`inglenook_context.refactor.python.flow` knows that it is read first).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python.branch import COMPREHENSIONS
from inglenook_context.refactor.python.scopes import BIND, DECLARE, DELETE, READ, Occurrence, Scope

_OLD: Final = frozenset({"print_statement", "exec_statement"})  # of Python 2
_NESTS: Final = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "list_splat_pattern",
        "dictionary_splat_pattern",
        "as_pattern_target",
        "tuple",
        "list",
        "list_splat",
        "expression_list",
        "parenthesized_expression",
    }
)


class Names:
    """The scopes below ``root``, a module, and what occurs in them in the order of the walk."""

    def __init__(self, root: Branch) -> None:
        self.module = Scope("module", root, None)
        self.scopes: dict[Branch, Scope] = {root: self.module}
        self.occurrences: list[Occurrence] = []
        for child in root.children:
            self._visit(child, self.module)
        self._at: dict[Branch, Occurrence] = {}
        for each in self.occurrences:
            each.owner = each.scope.owner(each.name)
            self._at[each.node] = each

    def at(self, node: Branch) -> Occurrence | None:
        """What occurs at an identifier; None if it is no variable (an attribute, a keyword)."""
        return self._at.get(node)

    def within(self, start: int, stop: int) -> list[Occurrence]:
        return [each for each in self.occurrences if each.node.within(start, stop)]

    def of(self, variable: tuple[Scope, str]) -> list[Occurrence]:
        return [each for each in self.occurrences if each.variable == variable]

    def scope_at(self, node: Branch) -> Scope:
        """The scope in which ``node`` is evaluated, from what occurs in it or round it."""
        child = node
        for above in node.above():
            scope = self.scopes.get(above)
            if scope is not None and not _outside(above, child):
                return scope
            child = above
        return self.module

    def _add(self, kind: str, node: Branch, scope: Scope) -> None:
        if kind in (BIND, DELETE):
            while scope.kind == "comprehension" and node.field == "name" and scope.parent:
                scope = scope.parent  # the target of `:=`
            scope.bound.add(node.text)
        self.occurrences.append(Occurrence(kind, node, scope))

    def _visit(self, node: Branch, scope: Scope) -> None:
        if node.type == "identifier":
            self._add(READ, node, scope)
        elif node.type in _OLD:
            raise Refused("The code is written for Python 2.")
        elif node.children:
            _VISITS.get(node.type, Names._children)(self, node, scope)

    def _children(self, node: Branch, scope: Scope) -> None:
        for child in node.children:
            self._visit(child, scope)

    def _target(self, node: Branch, scope: Scope, kind: str = BIND) -> None:
        if node.type == "identifier":
            self._add(kind, node, scope)
        elif node.type in _NESTS:
            for child in node.children:
                self._target(child, scope, kind)
        elif node.named:
            self._visit(node, scope)

    def _targets(self, node: Branch, scope: Scope) -> None:
        """Nodes whose field ``left``, ``name`` or ``alias`` is bound."""
        for child in node.children:
            if child.field in ("left", "name", "alias") and child.named:
                self._target(child, scope)
            else:
                self._visit(child, scope)

    def _type_alias(self, node: Branch, scope: Scope) -> None:
        """``type X = value``, whose name stands in a ``type`` as its value does."""
        for child in node.children:
            if child.field != "left":
                self._visit(child, scope)
            elif len(found := [each for each in child.walk() if not each.children]) == 1:
                self._add(BIND, found[0], scope)
            else:
                raise Refused("Types with type parameters are not known here yet.")

    def _delete(self, node: Branch, scope: Scope) -> None:
        for child in node.parts:
            self._target(child, scope, DELETE)

    def _attribute(self, node: Branch, scope: Scope) -> None:
        for child in node.children:
            if child.field != "attribute":
                self._visit(child, scope)

    def _first(self, node: Branch, scope: Scope) -> None:
        for child in node.parts[:1]:
            self._visit(child, scope)

    def _keyword(self, node: Branch, scope: Scope) -> None:
        for child in node.all("value"):
            self._visit(child, scope)

    def _declare(self, node: Branch, scope: Scope) -> None:
        names = scope.module_names if node.type == "global_statement" else scope.outer_names
        for child in node.parts:
            names.add(child.text)
            self._add(DECLARE, child, scope)

    def _import(self, node: Branch, scope: Scope) -> None:
        for child in node.all("name"):
            target = child.one("alias") if child.type == "aliased_import" else None
            parts = child.parts
            if target is None and parts and child.type == "dotted_name":
                target = parts[0]
            if target is not None:
                self._add(BIND, target, scope)

    def _alias(self, node: Branch, scope: Scope) -> None:
        """``value as target`` of with, except and case."""
        for child in node.children:
            if child.field == "alias":
                self._target(child, scope)
            elif child.type == "identifier" and child is node.parts[-1]:
                self._add(BIND, child, scope)
            else:
                self._visit(child, scope)

    def _function(self, node: Branch, scope: Scope) -> None:
        inner = Scope("function", node, scope)
        self.scopes[node] = inner
        for child in node.children:
            if child.field == "name":
                self._add(BIND, child, scope)
            elif child.field == "parameters":
                self._parameters(child, scope, inner)
            elif child.field == "type_parameters":
                self._type_parameters(child, scope, inner)
            elif child.field != "body":
                self._visit(child, scope)
        for child in node.all("body"):
            self._visit(child, inner)

    def _type_parameters(self, node: Branch, scope: Scope, inner: Scope) -> None:
        for child in node.parts:
            names = [each for each in child.walk() if each.type == "identifier"]
            for name in names[:1]:
                inner.parameters.add(name.text)
                self._add(BIND, name, inner)
            for name in names[1:]:
                self._visit(name, scope)

    def _parameters(self, node: Branch, scope: Scope, inner: Scope) -> None:
        for child in node.parts:
            name = child.one("name") or child
            if child.type == "typed_parameter":
                name = child.parts[0]
            inner.parameters |= {each.text for each in name.walk() if each.type == "identifier"}
            self._target(name, inner)
            for part in child.parts:
                if part.field in ("type", "value"):
                    self._visit(part, scope)

    def _lambda(self, node: Branch, scope: Scope) -> None:
        inner = Scope("lambda", node, scope)
        self.scopes[node] = inner
        for child in node.all("parameters"):
            self._parameters(child, scope, inner)
        for child in node.all("body"):
            self._visit(child, inner)

    def _class(self, node: Branch, scope: Scope) -> None:
        inner = Scope("class", node, scope)
        self.scopes[node] = inner
        for child in node.children:
            if child.field == "name":
                self._add(BIND, child, scope)
            elif child.field == "type_parameters":
                raise Refused("Classes with type parameters are not known here yet.")
            else:
                self._visit(child, inner if child.field == "body" else scope)

    def _comprehension(self, node: Branch, scope: Scope) -> None:
        inner = Scope("comprehension", node, scope)
        self.scopes[node] = inner
        first = True
        for child in node.children:
            if child.type != "for_in_clause":
                self._visit(child, inner)
                continue
            for part in child.children:
                if part.field == "left":
                    self._target(part, inner)
                else:
                    self._visit(part, scope if first else inner)
            first = False

    def _case(self, node: Branch, scope: Scope) -> None:
        """``case`` of a match: a lone name in a pattern is bound, a dotted one is read."""
        for child in node.children:
            if child.type == "case_pattern" or node.type != "case_clause":
                self._pattern(child, scope)
            else:
                self._visit(child, scope)

    def _pattern(self, node: Branch, scope: Scope) -> None:
        parts = node.parts
        if node.type == "dotted_name":
            self._add(BIND if len(parts) == 1 else READ, parts[0], scope)
        elif node.type == "class_pattern":
            self._add(READ, parts[0].parts[0], scope)
            for child in parts[1:]:
                self._pattern(child, scope)
        elif node.type == "keyword_pattern":
            for child in parts[1:]:
                self._pattern(child, scope)
        elif node.type == "identifier" and node.text != "_":
            self._add(BIND, node, scope)
        else:
            for child in parts:
                self._pattern(child, scope)


_VISITS: Final[dict[str, Callable[[Names, Branch, Scope], None]]] = {
    "function_definition": Names._function,
    "lambda": Names._lambda,
    "class_definition": Names._class,
    "assignment": Names._targets,
    "augmented_assignment": Names._targets,
    "named_expression": Names._targets,
    "for_statement": Names._targets,
    "type_alias_statement": Names._type_alias,
    "as_pattern": Names._alias,
    "delete_statement": Names._delete,
    "attribute": Names._attribute,
    "member_type": Names._first,
    "keyword_argument": Names._keyword,
    "global_statement": Names._declare,
    "nonlocal_statement": Names._declare,
    "import_statement": Names._import,
    "import_from_statement": Names._import,
    "future_import_statement": Names._import,
    "case_clause": Names._case,
    **dict.fromkeys(COMPREHENSIONS, Names._comprehension),
}


def _outside(above: Branch, child: Branch) -> bool:
    """Whether ``child``, directly below the scope's node ``above``, is evaluated outside it."""
    if above.type in ("function_definition", "class_definition", "lambda"):
        return child.field != "body"
    first = next((each for each in above.children if each.type == "for_in_clause"), None)
    return child is first
