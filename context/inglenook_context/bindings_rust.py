"""What the names of a Rust function hold, as far as its text above a cursor tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.bindings import Scope
from inglenook_context.bindings_compiled import FAR, bound, plain, rows, value_of
from inglenook_context.chains import type_at
from inglenook_context.document import Cursor
from inglenook_context.headers_compiled import blocks

_FUNCTION: Final = re.compile(r"(?:[\w(). \t\"]{0,60}[ \t])?\bfn[ \t]+(\w+)")
_CLASS: Final = re.compile(
    r"(?:unsafe[ \t]+)?impl\b[ \t]*(?:<[^{}\n]{0,200}?>[ \t]+)?(?:[^{}\n]{1,200}?[ \t]for[ \t]+)?"
    r"(?:&(?:'\w+[ \t]+)?|dyn[ \t]+)?(?:\w+\.)*(\w+)"
    r"|(?:pub(?:\([^()\n]*\))?[ \t]+)?(?:unsafe[ \t]+)?trait[ \t]+(\w+)"
)
_LET: Final = re.compile(
    r"[ \t]*(?:\}[ \t]*else[ \t]+)?(?:if[ \t]+|while[ \t]+)?let[ \t]+"
    r"(?:[\w.]{1,60}\([ \t]*)?(?:&|mut[ \t]+|ref[ \t]+)*(\w+)[ \t)]*(?::(?P<typed>))?"
)
_FOR: Final = re.compile(
    r"[ \t]*for[ \t]+(?:\([^()\n]{0,80}?)?&?(?:mut[ \t]+)?(\w+)\)*[ \t]+in[ \t]+"
)
_PARAMETER: Final = re.compile(r"[(,|][ \t\n]*(?:mut[ \t]+)?(\w+)[ \t]*:[ \t]*")
_CLOSURE: Final = re.compile(r"\|[^|\n]{1,120}:[^|\n]{1,120}\|")


def rust_scope(cursor: Cursor) -> Scope:
    text = plain("\n" + cursor.before(FAR), "rust")
    line = text[text.rfind("\n") + 1 :]
    class_name, function, start = "", "", len(text) - len(line)
    parameters: list[tuple[str, str]] = []
    for header in blocks(text, line):
        bare = header.text.lstrip()
        if match := _CLASS.match(bare):
            class_name = match[1] or match[2]
            break
        if match := _FUNCTION.match(bare):
            function, start = function or match[1], header.start
            parameters[:0] = _parameters(bare)
    found = [each for row in rows(text[start:]) for each in _of_row(row)]
    return Scope(class_name, function, bound([*parameters, *found], "rust"))


def _of_row(row: str) -> Iterator[tuple[str, str]]:
    if match := _LET.match(row):
        type_, end = type_at(row, match.end()) if match["typed"] is not None else ("", match.end())
        _, assigned, value = row[end:].partition("=")
        yield match[1], type_ or (value_of(value) if assigned else "")
    elif match := _FOR.match(row):
        yield match[1], value_of(row[match.end() :])
    if "|" in row and (closure := _CLOSURE.search(row)):
        yield from _parameters(closure[0])


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for match in _PARAMETER.finditer(text[:1_500]):
        type_, _ = type_at(text, match.end())
        yield match[1], type_.rstrip("|")
