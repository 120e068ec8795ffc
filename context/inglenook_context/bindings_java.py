"""What the names of a Java method hold, and the fields above it, as far as the text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.bindings import Scope
from inglenook_context.bindings_compiled import FAR, REACH, bound, rows, value_of
from inglenook_context.document import Cursor
from inglenook_context.headers_compiled import Header, blocks

_NAME: Final = r"[^\W\d][\w$]*"
_TYPE: Final = (
    rf"(?:[A-Z][\w$]*|[a-z_]\w*(?:\.{_NAME}){{1,6}})(?:\.[A-Z][\w$]*)*"
    r"(?:<[^<>;(){}\n]{0,80}(?:<[^<>;(){}\n]{0,60}>[^<>;(){}\n]{0,40}){0,3}>)?(?:\[\]|\.\.\.)*"
)
_DECLARED: Final = re.compile(rf"(?<![\w.$])({_TYPE})[ \t]+({_NAME})[ \t]*(?=[=;:,)]|\Z|&&|\|\|)")
_INFERRED: Final = re.compile(rf"\bvar[ \t]+({_NAME})[ \t]*[=:]")
_CAUGHT: Final = re.compile(
    rf"\bcatch[ \t]*\([ \t]*(?:final[ \t]+)?({_NAME})(?:[ \t]*\|[^()\n]*?)?[ \t]+({_NAME})\)"
)
_CLASS: Final = re.compile(r"(?:^|[ \t])(?:class|interface|enum|record)[ \t]+([^\W\d][\w$]*)")
_METHOD: Final = re.compile(rf"[^=;.]*?(?<![.\w])({_NAME})[ \t]*\(")
_BLOCKS: Final = frozenset(
    "if for while switch catch do else try return new synchronized throw".split()
)


def java_scope(cursor: Cursor) -> Scope:
    text = "\n" + cursor.before(FAR)
    line = text[text.rfind("\n") + 1 :]
    class_name, function, start = "", "", len(text) - len(line)
    body = Header(start, 0, "")
    for header in blocks(text, line):
        if match := _CLASS.search(header.text[:400]):
            class_name, body = match[1], header
            break
        match = _METHOD.match(header.text[:400])
        if match and match[1] not in _BLOCKS:
            function, start = match[1], header.start
    found = [*_fields(text[body.start : start])] if class_name else []
    found += [*_record(body.text)]
    for row in rows(text[start:]):
        found += _of_row(row)
    return Scope(class_name, function, bound(found, "java"))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields that a class declares before a method, by the indentation of its members."""
    lines = text[-2 * REACH :].split("\n")[1:]
    indents = [len(row) - len(row.lstrip()) for row in lines if row.strip()]
    for row in lines if indents else ():
        if len(row) - len(row.lstrip()) == min(indents) and row[:400].rstrip().endswith((";", "=")):
            match = _DECLARED.search(row[:400])
            if match and "(" not in row[: match.start()]:
                yield match[2], match[1]


def _record(header: str) -> Iterator[tuple[str, str]]:
    if "record" in header:
        yield from ((match[2], match[1]) for match in _DECLARED.finditer(header))


def _of_row(row: str) -> Iterator[tuple[str, str]]:
    for match in _DECLARED.finditer(row):
        if match[2] != "instanceof":
            yield match[2], match[1]
    if inferred := _INFERRED.search(row):
        yield inferred[1], value_of(row[inferred.end() :])
    if caught := _CAUGHT.search(row):
        yield caught[2], caught[1]
