"""The expressions of Python that are types, as a model may have written one."""

from __future__ import annotations

import ast
from typing import Final

from inglenook_context.verify.python_tree import parse

_LONGEST: Final = 200  # characters


class Unusable(Exception):
    """Why a type cannot be used, as the end of a sentence: it ..."""


def expression_of(written: str) -> ast.expr:
    """The expression that a model wrote, maybe as one writes it in code: ``-> int``, ``x: int``."""
    text = " ".join(written.strip().strip("`").split()).removeprefix("->").strip(" :,`")
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise Unusable("is no type")
    named, _, rest = text.partition(":")
    rest = rest if named.lstrip("*").isidentifier() else ""
    for each in (text, text.partition(" = ")[0], rest):
        tree = parse(each.strip()) if each.strip() else None
        first = tree.body[0] if isinstance(tree, ast.Module) and len(tree.body) == 1 else None
        if isinstance(first, ast.Expr):
            return first.value
    raise Unusable("is no type")


def alternatives(node: ast.expr) -> list[ast.expr]:
    """What stands between the bars of ``A | B``."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def dotted(node: ast.expr) -> str:
    """A name with its dots; raises `Unusable`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise Unusable("is no type")
    return ".".join([node.id, *reversed(parts)])


def literal(node: ast.expr) -> str:
    """A value as ``Literal`` takes it; raises `Unusable`."""
    number = (
        node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    )
    plain = (int,) if number is not node else (str, bytes, int, bool, type(None))
    if not isinstance(number, ast.Constant) or not isinstance(number.value, plain):
        raise Unusable("is no type")
    text = repr(number.value)
    if text.isprintable() and text[:1] == "'" and '"' not in text and "\\" not in text:
        text = f'"{text[1:-1]}"'
    return text if number is node else f"-{text}"
