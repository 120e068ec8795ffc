"""What the names of a function hold, as far as its text above a cursor tells without a parse.

A line is being typed there, so this reads text and not a tree: annotations of parameters and
variables, classes that are called, ``with``, ``except``. A later binding hides an earlier one.
A type is written as in `inglenook_context.members`; where a value comes from another name that
is bound, its type stands in the place of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook_context.document import Cursor
from inglenook_context.members import annotation

_REACH: Final = 16_000  # characters above the cursor in which bindings are looked for
_FAR: Final = 60_000  # and in which the class round it is
_NAME: Final = r"[^\W\d][\w$]*"
_DOTTED: Final = rf"{_NAME}(?:\.{_NAME})*"
_ARGUMENTS: Final = r"\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)"
_FUNCTION: Final = re.compile(r"[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)")
_CLASS: Final = re.compile(r"[ \t]*class[ \t]+(\w+)")
_STATEMENT: Final = re.compile(  # what a line of text in a long string seldom looks like
    r"[ \t]*(?:@|(?:async|def|class|if|elif|else|for|while|with|try|except|finally|match|case"
    r"|return|raise|import|from|del|global|pass|assert|yield|await)\b"
    r"|[\w.\[\]\"', *]+[ \t]*(?:[-+*/|&]?=|\())"
)
_ANNOTATED: Final = re.compile(
    rf"(?:^|[(,\n])[ \t]*\**({_NAME})[ \t]*:[ \t]*((?:[\w.\"'|]|[ \t]*\|[ \t]*|\[[^\]\n]*\]+)+)"
)
_ASSIGNED: Final = re.compile(
    rf"(?:^|[;(])[ \t]*({_NAME})[ \t]*:?=[ \t]*(?:await[ \t]+)?({_DOTTED})[ \t]*(\(|(?=[\r\n#]|$))",
    re.MULTILINE,
)
_WITH: Final = re.compile(
    rf"\bwith[ \t]+(?:await[ \t]+)?({_DOTTED})[ \t]*{_ARGUMENTS}[ \t]+as[ \t]+({_NAME})"
)
_EXCEPT: Final = re.compile(rf"\bexcept[ \t]+({_DOTTED})[ \t]+as[ \t]+({_NAME})")
_RECEIVER: Final = re.compile(
    rf"(?<![\w.])((?:super\(\)|{_NAME})(?:\.{_NAME}|{_ARGUMENTS}(?=\.))*)\.({_NAME})?\Z"
)
_DEFINES: Final = re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class)\b")
_CALLED: Final = re.compile(rf"({_DOTTED})[ \t]*\Z")


class Scope(NamedTuple):
    """The class and the function round a cursor, empty where there is none, and the types of the
    names that the function binds above it."""

    class_name: str
    function: str
    bindings: dict[str, str]


def python_scope(cursor: Cursor) -> Scope:
    text = cursor.before(_FAR)
    class_name, function, start = "", "", 0
    for header in _headers(text, cursor.line_before):
        if header.is_class:
            class_name = header.name
            break
        function, start = function or header.name, header.start
    return Scope(class_name, function, _bindings(text[max(start, len(text) - _REACH) :]))


def _bindings(text: str) -> dict[str, str]:
    found: list[tuple[int, str, str]] = []
    for match in _ANNOTATED.finditer(text):
        found.append((match.start(), match[1], annotation(match[2])))
    for match in _ASSIGNED.finditer(text):
        found.append((match.start(), match[1], match[2] + ("()" if match[3] else "")))
    for match in _WITH.finditer(text):
        found.append((match.start(), match[2], match[1] + "()"))
    for match in _EXCEPT.finditer(text):
        found.append((match.start(), match[2], match[1]))
    bound: dict[str, str] = {}
    for _, name, type_ in sorted(found, key=lambda each: each[0]):
        first, dot, rest = type_.partition(".")
        bound[name] = f"{bound[first]}.{rest}" if dot and first in bound else type_
    return bound


def receiver(line_before: str) -> tuple[str, str] | None:
    """Of a line that ends in ``a.b.na``, what stands before the last dot and what behind it.

    Calls in between are kept as ``()``: ``make(1).na`` gives ``make()`` and ``na``.
    """
    match = _RECEIVER.search(line_before[-400:])
    if match is None:
        return None
    return re.sub(_ARGUMENTS, "()", match[1]), match[2] or ""


def open_calls(before: str) -> list[str]:
    """What is being called round the end of ``before``, the innermost first."""
    found: list[str] = []
    depth = 0
    for at in range(len(before) - 1, max(len(before) - 1_500, -1), -1):
        character = before[at]
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if depth:
                depth -= 1
            elif character == "(":
                match = _CALLED.search(before, max(at - 120, 0), at)
                head = before.rfind("\n", 0, at) + 1
                if match and not re.match(
                    r"[ \t]*(?:async[ \t]+)?(?:def|class)\b", before[head:at]
                ):
                    found.append(match[1])
                if len(found) == 3:
                    break
    return found


class _Header(NamedTuple):
    """The line that begins a function or class."""

    is_class: bool
    name: str
    start: int


def _headers(text: str, line: str) -> Iterator[_Header]:
    """The headers round the end of ``text`` by indentation, innermost first."""
    depth = len(line) - len(line.lstrip()) if line.strip() else len(line)
    end = len(text) - len(line)
    while end > 0 and depth > 0:
        start = text.rfind("\n", 0, end - 1) + 1
        row = text[start : end - 1]
        end = start
        indent = len(row) - len(row.lstrip())
        if not row.strip() or indent >= depth or not _STATEMENT.match(row):
            continue
        depth = indent
        if match := _FUNCTION.match(row):
            yield _Header(False, match[1], start)
        elif match := _CLASS.match(row):
            yield _Header(True, match[1], start)
