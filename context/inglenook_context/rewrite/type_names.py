"""What names mean in the annotations of a function of Python: the scopes round it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.rewrite.structure import Structure
from inglenook_context.verify.tree import Tree

_FUTURE: Final = "annotations"
_MAKERS: Final = frozenset(
    """TypeVar NewType NamedTuple namedtuple TypedDict ParamSpec TypeVarTuple Enum IntEnum StrEnum
    Flag make_dataclass new_class""".split()
)
_GENERIC: Final = frozenset("list dict tuple set frozenset type".split())
_SCOPES: Final = frozenset({"function_definition", "class_definition", "lambda"})
_MAY_NOT_RUN: Final = frozenset(
    """if_statement elif_clause else_clause for_statement while_statement try_statement
    except_clause except_group_clause match_statement case_clause""".split()
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What binds a name: ``kind`` is ``class``, ``type`` (an alias, a variable for types),
    ``from``, ``module`` or ``other``; ``origin`` is the module and the name that is imported.

    ``sure``: it is bound when the function is defined, whatever happens.
    """

    kind: str
    sure: bool
    origin: tuple[str, str] = ("", "")
    node: Tree | None = None

    @property
    def is_type(self) -> bool:
        return self.kind in ("class", "type", "from")


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The names that the annotations of ``function`` see, innermost scope first.

    ``is_late``: annotations are not evaluated when the function is defined.
    """

    structure: Structure
    function: Tree
    scopes: tuple[dict[str, list[Bound]], ...]
    is_late: bool

    def find(self, name: str) -> list[Bound]:
        """What binds a name in the innermost scope that does; empty if none does."""
        return next((scope[name] for scope in self.scopes if name in scope), [])

    @property
    def module(self) -> dict[str, list[Bound]]:
        return self.scopes[-1]


def names_of(structure: Structure, function: Tree, uri: str) -> Names:
    """``structure`` is that of the whole file."""
    scopes = [_parameters(structure, function)]
    is_first = True
    for node in function.above():
        if node.type == "class_definition":
            if is_first:
                scopes.append(_bindings(structure, node, function))
            scopes.append(_parameters(structure, node))
            is_first = False
        elif node.type in ("function_definition", "lambda"):
            own = _bindings(structure, node, function)
            for name in _arguments(structure, node):
                own.setdefault(name, []).append(Bound("other", sure=True))
            scopes += [own, _parameters(structure, node)]
            is_first = False
    scopes.append(_bindings(structure, structure.root, function))
    late = uri.endswith(".pyi") or any(
        structure.written(each) == _FUTURE
        for top in structure.root.children
        if top.type == "future_import_statement"
        for each in top.walk()
    )
    return Names(structure, function, tuple(scopes), late)


def _parameters(structure: Structure, node: Tree) -> dict[str, list[Bound]]:
    """The type parameters of a function or class."""
    holder = node.one("type_parameters")
    return {
        structure.written(name): [Bound("type", sure=True)]
        for each in (holder.parts if holder is not None else [])
        for name in [next((n for n in each.walk() if n.type == "identifier"), each)]
    }


def _arguments(structure: Structure, node: Tree) -> Iterator[str]:
    holder = node.one("parameters")
    for each in holder.parts if holder is not None else []:
        name = next((inner for inner in each.walk() if inner.type == "identifier"), None)
        if name is not None:
            yield structure.written(name)


def _bindings(structure: Structure, scope: Tree, function: Tree) -> dict[str, list[Bound]]:
    """What binds each name of a scope, without those within its functions and classes."""
    found: dict[str, list[Bound]] = {}
    stack: list[tuple[Tree, bool]] = [(each, True) for each in reversed(scope.children)]
    while stack:
        node, runs = stack.pop()
        sure = runs and node.stop <= function.start
        for name, bound in _bound(structure, node, sure):
            found.setdefault(name, []).append(bound)
        if node.type in _SCOPES:
            continue
        inner = runs and node.type not in _MAY_NOT_RUN
        stack += [(each, inner) for each in reversed(node.children)]
    return found


def _bound(structure: Structure, node: Tree, sure: bool) -> Iterator[tuple[str, Bound]]:
    name = node.one("name")
    if node.type in ("class_definition", "function_definition") and name is not None:
        kind = "class" if node.type == "class_definition" else "other"
        yield structure.written(name), Bound(kind, sure, node=node)
    elif node.type in ("import_statement", "import_from_statement"):
        yield from _imported(structure, node, sure)
    elif node.type == "type_alias_statement" and (left := node.one("left")) is not None:
        yield structure.written(left).partition("[")[0].strip(), Bound("type", sure)
    elif node.type in ("assignment", "augmented_assignment", "for_statement", "for_in_clause"):
        kind = "type" if node.type == "assignment" and _makes_type(structure, node) else "other"
        for each in _targets(node.one("left")):
            yield structure.written(each), Bound(kind, sure)
    elif node.type == "named_expression" and name is not None:
        yield structure.written(name), Bound("other", sure)
    elif node.type == "as_pattern_target":
        for each in _targets(node.parts[0] if node.parts else None):
            yield structure.written(each), Bound("other", sure)


def _imported(structure: Structure, node: Tree, sure: bool) -> Iterator[tuple[str, Bound]]:
    source = node.one("module_name")
    module = structure.written(source) if source is not None else ""
    for each in node.all("name"):
        inner, alias = each.one("name") or each, each.one("alias")
        written = structure.written(inner)
        name = structure.written(alias) if alias is not None else written
        if source is not None:
            yield name, Bound("from", sure, (module, written))
        else:
            whole = written if alias is not None else written.partition(".")[0]
            yield name.partition(".")[0], Bound("module", sure, (whole, ""))


def _targets(node: Tree | None) -> Iterator[Tree]:
    if node is None:
        return
    if node.type == "identifier":
        yield node
    elif node.type.endswith(("_list", "_pattern")):
        for each in node.parts:
            yield from _targets(each)


def _makes_type(structure: Structure, node: Tree) -> bool:
    """Whether what is assigned is a type, as far as it shows."""
    declared, value = node.one("type"), node.one("right")
    if declared is not None and structure.written(declared).endswith("TypeAlias"):
        return True
    if value is None or declared is not None:
        return False
    if value.type == "call":
        called = value.one("function")
        return called is not None and (structure.written(called).rpartition(".")[2] in _MAKERS)
    if value.type == "binary_operator":
        return value.has("|")
    base = value.one("value")
    name = structure.written(base).rpartition(".")[2] if base is not None else ""
    return value.type == "subscript" and (name[:1].isupper() or name in _GENERIC)
