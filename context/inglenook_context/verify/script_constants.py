"""The value of a literal of a script, however it is written: `1_000` is `1000`, `(1)` is `1`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_WHOLE: Final = re.compile(r"(?:0|[1-9]\d*|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)n?")
_QUOTED: Final = frozenset({"string", "template_string"})
_LONGEST: Final = 300  # digits of a number that is read


def constant(side: Side, node: Tree) -> str:
    """The tokens of an expression, without parentheses round it."""
    while node.type == "parenthesized_expression" and len(node.parts) == 1:
        node = node.parts[0]
    return " ".join(_tokens(side, node))


def number(text: str) -> str:
    """The same for all ways to write a number."""
    plain = text.replace("_", "")
    if len(plain) > _LONGEST:
        return plain
    if _WHOLE.fullmatch(plain):
        return str(int(plain.rstrip("n"), 0)) + ("n" if plain.endswith("n") else "")
    try:
        value = float(plain)
    except ValueError:
        return plain
    return str(int(value)) if value.is_integer() else repr(value)


def _tokens(side: Side, node: Tree) -> Iterator[str]:
    stack = [node]
    while stack:
        each = stack.pop()
        text = side.written(each)
        if each.type == "comment" or not text:
            continue
        if each.type == "number" and each.named:
            yield number(text)
        elif each.type in _QUOTED:
            yield _string(text)
        elif not each.children or each.type in (*_QUOTED, "regex"):
            yield text
        else:
            stack += reversed(each.children)


def _string(text: str) -> str:
    inner = text[1:-1]
    return text if "${" in inner or set("\"'`\\") & set(inner) else f'"{inner}"'
