"""What the text round a cursor says of the names in it, in the terms of its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from inglenook_context.bindings import (
    Scope,
    open_calls,
    python_scope,
    receiver,
)
from inglenook_context.document import Cursor

_CALLS: Final = 4_000  # characters before a cursor in which open calls are looked for
_WORD: Final = re.compile(r"[\w$]*\Z")
_RAISING: Final = re.compile(r"\b(?:raise|except|throw|catch|throw new)\s+\(?[\w, ]*\Z")
_TYPED: Final = re.compile(r"(?:->|:)\s*[\w\[\]<>., |]*\Z")
_HEADER: Final = re.compile(r"\b(?:def|function)\b|^\s*[\w$]+\s*\??:\s*[\w\[<]*\Z")
_MADE: Final = re.compile(r"\bnew\s+[\w$.]*\Z")
_BASE: Final = re.compile(r"\b(?:extends|implements)\s+[\w$., <>]*\Z")
_THROWN: Final = re.compile(r"\b(?:throw\s+(?:new\s+)?|instanceof\s+)[\w$.]*\Z")
_SCRIPT_TYPE: Final = re.compile(  # what a type stands behind, and what of it is written
    r"(?:\b(?:const|let|var)\s+[\w$]+\s*:|\)\s*:|\b(?:as|satisfies)\b|\btype\s+[\w$<>, ]+="
    r"|^\s*(?:(?:public|private|protected|readonly|static|declare)\s+)+[\w$#]+[?!]?:|[\w$]<"
    r"|(?:function\b[^()]*|^\s*(?:\w+\s+)*[\w$]+)\([^()]*[\w$]\??:)\s*[\w$.<>\[\]|&, ]*\Z"
)
_LINE: Final = 300  # characters of a line that are looked at


class Position(Enum):
    """What is likely to be written at a place."""

    ANY = auto()
    ERROR = auto()  # behind raise, except and throw
    DECORATOR = auto()
    TYPE = auto()  # an annotation
    MADE = auto()  # behind new
    BASE = auto()  # behind extends and implements
    VALUE = auto()  # of a script, where a type is none


@dataclass(frozen=True, slots=True)
class Reading:
    """``receiver`` is what stands before the last dot left of the cursor, ``partial`` the word
    that is being written; ``calls`` are the open calls round it, the innermost first."""

    class_name: str = ""
    function: str = ""
    bindings: Mapping[str, str] = field(default_factory=dict)
    receiver: str = ""
    partial: str = ""
    calls: tuple[str, ...] = ()
    position: Position = Position.ANY


def read(cursor: Cursor) -> Reading:
    """Read a place; of a language without such rules nothing but the word is known."""
    word = _WORD.search(cursor.line_before[-_LINE:])
    partial = word[0] if word else ""
    if cursor.document.language.startswith(("javascript", "typescript")):
        return _script(cursor, partial)
    if cursor.document.language in ("go", "rust", "java"):
        return _compiled(cursor, partial)
    if cursor.document.language != "python":
        return Reading(partial=partial)
    calls, line = open_calls(cursor.before(_CALLS)), cursor.line_before
    return _said(python_scope(cursor), receiver(line), partial, calls, _position(line[-_LINE:]))


def _script(cursor: Cursor, partial: str) -> Reading:
    # Their patterns take milliseconds to compile, which a start with other files need not wait for.
    from inglenook_context.bindings_script import script_calls, script_scope
    from inglenook_context.chains import script_receiver

    before = cursor.before(_CALLS)
    scope = script_scope(cursor)
    received = script_receiver(before)
    jsx = cursor.document.language.endswith("react")
    calls, line = script_calls(before, jsx=jsx), cursor.line_before[-_LINE:]
    return _said(scope, received, partial, calls, _script_position(line))


def _compiled(cursor: Cursor, partial: str) -> Reading:
    from inglenook_context.bindings_compiled import compiled_calls, compiled_receiver, plain
    from inglenook_context.scopes import SCOPES

    language = cursor.document.language
    before = plain(cursor.before(_CALLS), language)
    scope = SCOPES[language](cursor)
    received = compiled_receiver(before, language)
    calls, line = compiled_calls(before, language), cursor.line_before[-_LINE:]
    return _said(scope, received, partial, calls, _compiled_position(line, language))


def _said(
    scope: Scope,
    received: tuple[str, str] | None,
    partial: str,
    calls: Iterable[str],
    position: Position,
) -> Reading:
    return Reading(
        class_name=scope.class_name,
        function=scope.function,
        bindings=scope.bindings,
        receiver=received[0] if received else "",
        partial=received[1] if received else partial,
        calls=tuple(calls),
        position=position,
    )


def _compiled_position(line: str, language: str) -> Position:
    if language != "java":
        return Position.ANY
    if _THROWN.search(line):
        return Position.ERROR
    if _MADE.search(line):
        return Position.MADE
    if _BASE.search(line):
        return Position.BASE
    return Position.DECORATOR if line.lstrip().startswith("@") else Position.ANY


def _script_position(line: str) -> Position:
    if _THROWN.search(line):
        return Position.ERROR
    if _MADE.search(line):
        return Position.MADE
    if _BASE.search(line):
        return Position.BASE
    if _SCRIPT_TYPE.search(line):
        return Position.TYPE
    return Position.DECORATOR if line.lstrip().startswith("@") else Position.VALUE


def _position(line: str) -> Position:
    if _RAISING.search(line):
        return Position.ERROR
    if line.lstrip().startswith("@"):
        return Position.DECORATOR
    if _TYPED.search(line) and _HEADER.search(line):
        return Position.TYPE
    return Position.ANY
