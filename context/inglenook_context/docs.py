"""The first line of what documents a definition: a docstring, or a comment above it."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from inglenook_context.syntax import Syntax

_DOC: Final = 160  # characters
_ROWS: Final = 40  # lines above a definition that are looked at
_WIDTH: Final = 400  # characters of such a line
_QUOTES: Final = re.compile(r"""^[rRuUbB]{0,2}('{3}|"{3}|'|")""")
_COMMENT_BEFORE: Final = re.compile(
    r"/\*\*((?:[^*]|\*(?!/))*)\*/\s*(?:(?:export|default|declare|async|abstract)\s+|@[\w.]+\s+)*$"
)
_DOC_TYPE: Final = re.compile(r"@(?:returns?|type)\s*\{([^{}\n]{1,120})\}")
_BETWEEN: Final = re.compile(  # a definition and its comment
    r"#?\[.*\]$|@[\w.]+(?:\(.*\))?$|template\s*<.*>$|(?:extern|static|inline)$"
)
_MARK: Final = re.compile(r"^(?:/\*+!?|//[/!]?|#+|\*+)|\*+/$")
_DIRECTIVE: Final = re.compile(r"//(?:go:|nolint|export )|#!|/// <reference")
_TAG: Final = re.compile(r"</?[a-z][^<>]*>")  # of C#'s XML


def doc_of(syntax: Syntax, node: Node, body: Node | None) -> str:
    """The first line of a docstring, or of the comment before a definition; empty if there is
    none."""
    if syntax.grammar.docs:
        return _above(syntax, node)
    if syntax.grammar.language == "python":
        return _docstring(syntax, body) if body is not None else ""
    start = syntax.start_of(node)
    before = syntax.text.slice(start - 600, start)
    found = _COMMENT_BEFORE.search(before, max(before.rfind("/**"), 0))
    lines = found[1].splitlines() if found else []
    stripped = [line.strip(" \t*") for line in lines]
    return next((line[:_DOC] for line in stripped if line), "")


def documented_type(syntax: Syntax, node: Node) -> str:
    """What the ``/** */`` comment before a definition says that it returns or holds."""
    start = syntax.start_of(node)
    before = syntax.text.slice(start - 600, start)
    found = _COMMENT_BEFORE.search(before, max(before.rfind("/**"), 0))
    said = _DOC_TYPE.search(found[1]) if found else None
    return said[1].strip("!? ") if said else ""


def _above(syntax: Syntax, node: Node) -> str:
    """The first line of the comment that stands on the lines before ``node``'s own."""
    text = syntax.text
    start = syntax.start_of(node)
    line = text.line_at(start)
    if re.search(r"[\[({,;=]", text.slice(max(text.line_start(line), start - _WIDTH), start)):
        return ""  # it shares its line
    rows: list[str] = []
    is_block = False
    for above in range(line - 1, max(line - _ROWS, -1), -1):
        row = text.line(above)[:_WIDTH].strip()
        if is_block or row.startswith(syntax.grammar.docs):
            is_block = is_block and "/*" not in row
            if not _DIRECTIVE.match(row):
                rows.append(row)
            if not is_block and row.startswith("/*"):
                break
        elif row.endswith("*/") and not rows:
            is_block = "/*" not in row
            if not is_block:
                break  # a comment of another sort
            rows.append(row)
        elif rows or not _BETWEEN.match(row):
            break
    if rows and rows[0].endswith("*/") and not rows[-1].startswith(syntax.grammar.docs):
        return ""
    lines = (_TAG.sub("", _MARK.sub("", row)).strip(" \t*/") for row in reversed(rows))
    return next((line[:_DOC] for line in lines if line), "")


def _docstring(syntax: Syntax, body: Node) -> str:
    first = body.named_child(0) if body.named_child_count else None
    if first is not None and first.type == "comment":
        first = body.first_named_child_for_byte(first.end_byte + 1)
    if first is None or first.type != "expression_statement" or not first.named_child_count:
        return ""
    string = first.named_child(0)
    if string.type != "string":
        return ""
    text = _QUOTES.sub("", syntax.text_of(string, 2 * _DOC)).strip("'\" \t\r\n")
    line = re.split(r"[\r\n]", text, maxsplit=1)[0].strip()[:_DOC]
    return "" if '"""' in line else line
