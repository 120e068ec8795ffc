"""The imports of a Rust file: ``use``, and the modules that it says are its own.

What ``use a::b`` brings in can be a module or anything in one, which the text does not tell: it
is ``b`` of ``a``. A module that is declared is of this file, and others can take it from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.imports import Import

_NAME: Final = r"(?:r#)?[^\W\d]\w*"
_STATEMENT: Final = re.compile(
    r"^[ \t]*(?P<public>pub\b[ \t]*(?:\([^()\n]{0,80}\)[ \t]*)?)?"
    rf"(?:(?P<use>use)\b|mod[ \t]+(?P<module>{_NAME})[ \t]*(?:;|\r?$)"
    rf"|extern[ \t]+crate[ \t]+(?P<crate>{_NAME})(?:[ \t]+as[ \t]+(?P<alias>{_NAME}))?)",
    re.MULTILINE,
)
_TOKEN: Final = re.compile(rf"{_NAME}|::|[{{}},*]")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
_END: Final = re.compile(  # of a statement, or of one that is being written
    r";|\n[ \t]*(?:pub|use|mod|fn|struct|enum|impl|let|const|static|type|trait|extern)\b|#\["
)
_LONGEST: Final = 6_000  # characters of a statement
_DEEPEST: Final = 8  # braces in one another
_LONGEST_PATH: Final = 20


def rust_imports(head: str) -> Iterator[Import]:
    for match in _STATEMENT.finditer(head):
        exported = bool(match["public"])
        if name := match["module"]:
            yield Import(_plain(name), "self", _plain(name), True)
        elif crate := match["crate"]:
            yield Import(match["alias"] or crate, crate, "*", exported)
        else:
            start = match.end()
            end = _END.search(head, start, start + _LONGEST)
            tree = head[start : end.start() if end else start + _LONGEST]
            yield from _tree(_TOKEN.findall(_COMMENT.sub("", tree)), exported)


def _tree(words: list[str], exported: bool) -> Iterator[Import]:
    """What a tree of paths such as ``a::{b, c::{d as e, self}, f::*}`` brings in."""
    outer: list[list[str]] = []  # the paths before the braces that are open
    path: list[str] = []
    alias, before = "", ""
    for word in [*words, ","]:
        above = outer[-1] if outer else []
        if word == "{":
            if len(outer) == _DEEPEST:
                return
            outer.append(path)
            path, alias = [*path], ""
        elif word in ("}", ","):
            if path != above:
                yield from _one(path, alias, exported)
            if word == "}" and outer:
                outer.pop()
            path, alias = [*(outer[-1] if outer else [])], ""
        elif before == "as":
            alias = _plain(word)
        elif word not in ("as", "::") and len(path) < _LONGEST_PATH:
            path.append(_plain(word))
        before = word


def _one(path: list[str], alias: str, exported: bool) -> Iterator[Import]:
    *outer, last = path
    if last == "self" and outer:
        *outer, last = outer
    module = "::".join(outer)
    if last == "*":
        if module:
            yield Import("*", module, "*", exported)
    elif alias != "_":
        yield Import(alias or last, module or last, last if module else "*", exported)


def _plain(name: str) -> str:
    return name.removeprefix("r#")
