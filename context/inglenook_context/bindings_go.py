"""What the names of a Go function hold, as far as its text above a cursor tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.bindings import Scope
from inglenook_context.bindings_compiled import FAR, bound, plain, rows, value_of
from inglenook_context.chains import closing
from inglenook_context.document import Cursor
from inglenook_context.headers_compiled import blocks

_FUNCTION: Final = re.compile(
    r"func[ \t]*(?:\([ \t]*(?:(\w+)[ \t]+)?\*?[ \t]*(\w+)[^()\n]{0,200}\)[ \t]*)?(\w+)?[ \t]*"
    r"(?:\[[^()\n]{0,200}\])?(?=\()"
)
_NAMES: Final = re.compile(r"(\w+)[ \t]*(?:,[ \t]*(\w+)[ \t]*)?(?:,[ \t]*\w+[ \t]*)?\Z")
_MADE: Final = re.compile(r"\s*(?:make|new)\(([^,()\n]{1,120})")
_COMPOSITE: Final = re.compile(
    r"\s*&?((?:\[\w*\]|map\[[\w.*]{1,60}\])?\*?[\w.]{1,100})(?:\[[\w.*, ]*\])?\{"
)
_VARIABLE: Final = re.compile(r"[ \t]*var[ \t]+(\w+)[ \t]*([^=\n]*)(?:=(.*))?")
_PARAMETER: Final = re.compile(r"\s*(\w+)(?:[ \t]+(.+))?\s*\Z")


def go_scope(cursor: Cursor) -> Scope:
    text = plain("\n" + cursor.before(FAR), "go")
    line = text[text.rfind("\n") + 1 :]
    class_name, function, start = "", "", len(text) - len(line)
    found: list[tuple[str, str]] = []
    for header in blocks(text, line):
        match = _FUNCTION.match(header.text) if header.indent == 0 else None
        if match is not None:
            class_name, function, start = match[2] or "", match[3] or "", header.start
            if match[1] and match[2]:
                found.append((match[1], match[2]))
            break
    for row in rows(text[start:]):
        found += _of_row(row)
    if function:
        signature = text[start : start + 1_500]
        found[bool(class_name and found) : 0] = _parameters(signature)
    return Scope(class_name, function, bound(found, "go"))


def _of_row(row: str) -> Iterator[tuple[str, str]]:
    left, assigned, right = row.partition(":=")
    if assigned:
        names = _NAMES.search(left[-120:].rstrip())
        right, loop = re.subn(r"\A\s*range\b", "", right)
        if names is not None:
            name = names[2] if loop or names[1] == "_" else names[1]
            yield name or names[1], _value(right)
    elif match := _VARIABLE.match(row):
        yield match[1], match[2].strip() or _value(match[3] or "")
    if "func(" in row or "func (" in row:
        at = row.rfind("func")
        if not row.startswith("func"):
            yield from _parameters(row[at:])


def _value(text: str) -> str:
    made = _MADE.match(text) or _COMPOSITE.match(text)
    return made[1] if made else value_of(text)


def _parameters(text: str) -> list[tuple[str, str]]:
    """``a, b int, c *Row`` in the brackets of a function that begins the text."""
    match = _FUNCTION.match(text)
    if match is None:
        return []
    stop = closing(text, match.end())
    inside = text[match.end() + 1 : stop if stop > 0 else match.end() + 400]
    found: list[tuple[str, str]] = []
    type_ = ""
    for part in reversed(inside.split(",")):
        named = _PARAMETER.match(part[:200])
        if named is not None:
            type_ = (named[2] or type_).strip()
            found.append((named[1], type_))
    return found[::-1]
