"""Whether an edit changes types and nothing else: both sides are compared without them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from inglenook_context.verify.python_definitions import is_ellipsis
from inglenook_context.verify.readings import Read
from inglenook_context.verify.sides import Leaf, Side

LAYOUT: Final = frozenset({";", ",", "automatic_semicolon", "line_continuation"})
_TYPE_NODES: Final = frozenset(
    """type_annotation type_predicate_annotation asserts_annotation type_parameters type_arguments
    interface_declaration type_alias_declaration import_statement accessibility_modifier""".split()
)
_FIELDS: Final = frozenset({"dataclass", "dataclasses", "define", "attrs", "frozen", "attr", "s"})
_FIELD_BASES: Final = frozenset({"NamedTuple", "TypedDict", "BaseModel", "Struct", "Protocol"})
_MAKERS: Final = frozenset(
    {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "TypeAlias", "NamedTuple"}
)


def typed(read: Read) -> bool:
    """Whether both sides are the same without their types."""
    if not read.before.is_python:
        return _untyped(read.edit.before) == _untyped(read.edit.after)
    old, new = _bare(read.before.body), _bare(read.after.body)
    codes = SequenceMatcher(None, old, new, False).get_opcodes()
    return all(
        tag == "equal" or (tag == "insert" and all(each == "" for each in new[low:high]))
        for tag, _, _, low, high in codes
    )


def _bare(body: Iterable[ast.stmt]) -> list[str]:
    """Each statement without its types; empty for one that only serves types."""
    try:
        return [
            "" if _serves(each) else ast.dump(_Untyped().visit(copy.deepcopy(each)))
            for each in body
        ]
    except RecursionError:
        return ["?"]


def _serves(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, ast.If):
        words = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
        words |= {each.attr for each in ast.walk(node.test) if isinstance(each, ast.Attribute)}
        return "TYPE_CHECKING" in words and not node.orelse
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(
        node.value, (ast.Call, ast.Subscript)
    ):
        head = node.value.func if isinstance(node.value, ast.Call) else node.value.value
        name = head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
        return name in _MAKERS
    return type(node).__name__ == "TypeAlias"


class _Untyped(ast.NodeTransformer):
    """Takes annotations away; in classes whose fields they make they stay."""

    def __init__(self, fields: bool = False) -> None:
        self._fields = fields

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        node.type_comment = None
        node.body = _statements(_Untyped(), node.body)
        self.visit(node.args)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        if hasattr(node, "type_params"):
            node.type_params = []
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(node)  # type: ignore[arg-type]  # the same fields

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        node.type_comment = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        words = {
            each.id
            for each in ast.walk(ast.Tuple([*node.decorator_list]))
            if isinstance(each, ast.Name)
        }
        bases = {
            each.id for base in node.bases for each in ast.walk(base) if isinstance(each, ast.Name)
        }
        makes = bool(words & _FIELDS or bases & _FIELD_BASES)
        node.body = _statements(_Untyped(makes), node.body)
        node.bases = [each for each in node.bases if not _is_generic(each)]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if self._fields:
            node.annotation = ast.Constant(None)
            return node
        if node.value is None:
            return None
        return ast.Assign([node.target], self.visit(node.value), lineno=0)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.type_comment = None
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name == "cast" and len(node.args) == 2:
            return node.args[1]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.stmt) and getattr(node, "body", None) == []:
            node.body = [ast.Pass()]  # type: ignore[attr-defined]  # as its only statement was a type
        return node


def _statements(visitor: _Untyped, body: list[ast.stmt]) -> list[ast.stmt]:
    found = [visitor.visit(each) for each in body if not _serves(each)]
    return [each for each in found if each is not None and not _is_nothing(each)]


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or is_ellipsis(node)


def _is_generic(node: ast.expr) -> bool:
    name = node.value if isinstance(node, ast.Subscript) else node
    return (name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")) == "Generic"


def _untyped(side: Side) -> list[str]:
    """The tokens of a script without types."""
    skipped: set[int] = set()
    for node in side.tree.walk() if side.tree is not None else ():
        if node.type in _TYPE_NODES:
            skipped |= {each.start for each in node.walk() if not each.children}
        elif node.type in ("as_expression", "satisfies_expression") and len(node.children) > 1:
            for each in node.children[1:]:
                skipped |= {leaf.start for leaf in each.walk() if not leaf.children}
        elif node.type == "optional_parameter" or node.type == "public_field_definition":
            skipped |= {
                e.start for e in node.children if e.type in ("?", "readonly", "!", "declare")
            }
        elif node.type == "non_null_expression":
            skipped |= {e.start for e in node.children if e.type == "!"}
        elif node.type == "formal_parameters":
            skipped |= {e.start for e in node.children if e.type in ("(", ")")}
    return [
        leaf.text
        for leaf in side.leaves
        if leaf.start not in skipped
        and leaf.kind not in LAYOUT
        and not (leaf.kind == "comment" and leaf.text.startswith("/**"))
        and not _of_types(side, leaf, skipped)
    ]


def _of_types(side: Side, leaf: Leaf, skipped: set[int]) -> bool:
    """Whether a string stands in a type, or exports one."""
    if leaf.kind == "string" and any(leaf.start <= at < leaf.stop for at in skipped):
        return True
    if leaf.text != "export":
        return False
    rest = side.text[leaf.stop :].lstrip()
    return rest.startswith(("interface ", "type "))
