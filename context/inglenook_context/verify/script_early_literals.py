"""Numbers, strings, templates and regular expressions that ECMAScript's section 12.9 refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import Context
from inglenook_context.verify.script_early_regex import broken_flags, broken_pattern
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_DIGITS: Final = r"\d+(?:_\d+)*"
_WHOLE: Final = r"(?:0|[1-9]\d*(?:_\d+)*|[1-9]_\d+(?:_\d+)*)"
_NUMBER: Final = re.compile(
    rf"0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*n?|0[oO][0-7]+(?:_[0-7]+)*n?|0[bB][01]+(?:_[01]+)*n?"
    rf"|{_WHOLE}n|(?:{_WHOLE}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
)
_OLD: Final = re.compile(r"0\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_ESCAPE: Final = re.compile(r"\\(?:(0\d|[1-9])|u\{([^}]*)\}|.)", re.DOTALL)
_TOO_HIGH: Final = 0x10FFFF


def number(side: Side, node: Tree, context: Context) -> Iterator[str]:
    text = side.written(node)
    if _NUMBER.fullmatch(text):
        return
    if not _OLD.fullmatch(text):
        yield f"{text[:40]} is no number"
    elif context.strict:
        yield f"{text[:40]} is an octal number of old, which strict code has not"


def string(side: Side, node: Tree, context: Context) -> Iterator[str]:
    text = side.written(node)
    parent = node.parent
    if "\\" in text and (parent is None or parent.type != "jsx_attribute"):
        yield from _escapes(text, context.strict)


def template(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    if node.field == "arguments":  # a tag reads what is written
        return
    for each in node.children:
        if each.type == "escape_sequence":
            text = side.written(each)
            after = side.text[each.stop : each.stop + 1] if text == "\\0" else ""
            yield from _escapes(text + (after if after.isdigit() else ""), True)


def regex(side: Side, node: Tree, _context: Context) -> Iterator[str]:
    pattern, flags = node.one("pattern"), node.one("flags")
    written = side.written(flags) if flags is not None else ""
    wrong = broken_flags(written)
    if wrong is None and pattern is not None:
        wrong = broken_pattern(side.written(pattern), written)
    if wrong is not None:
        yield wrong


def _escapes(text: str, strict: bool) -> Iterator[str]:
    for each in _ESCAPE.finditer(text):
        if each[1] and strict:
            yield f"{each[0]} is an octal escape, which strict code has not"
        elif each[2] and _is_too_high(each[2]):
            yield f"{each[0][:20]} is no character"


def _is_too_high(digits: str) -> bool:
    digits = digits.lstrip("0")
    if not re.fullmatch(r"[\da-fA-F]*", digits):
        return True
    return len(digits) > 6 or int(digits or "0", 16) > _TOO_HIGH
