"""What is no longer there: comments, strings and statements."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.readings import Read
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import STRICT, Failure, Purpose

_WORD: Final = re.compile(r"\w+")
_TYPE_COMMENT: Final = re.compile(r"#\s*type:")
_LONGEST: Final = 60
_HELD: Final = re.compile(r"\{[^{}]*\}")  # what an interpolated string holds


def vanished(read: Read) -> tuple[list[Failure], list[str]]:
    """Failures where nothing may vanish, notes where it may."""
    said = list(_said(read))
    if read.edit.task.purpose in STRICT:
        return [Failure("vanished", each) for each in said], []
    return [], said


def _said(read: Read) -> Iterator[str]:
    purpose = read.edit.task.purpose
    before, after = read.edit.before, read.edit.after
    if purpose is not Purpose.RENAME:  # which compares every token
        for kind in ("comment", "string"):
            had = _texts(before, kind, purpose)
            got = Counter(words for words, _ in _texts(after, kind, purpose))
            lost = _lost(had, got, is_counted=kind == "comment")
            if lost and not (kind == "string" and purpose in (Purpose.DOCSTRING, Purpose.TYPES)):
                shown = " ".join(lost[0].split())
                shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
                more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
                yield f"The {kind} {shown} is gone{more}."
    yield from _statements(read)


def _lost(had: list[tuple[str, str]], got: Counter[str], is_counted: bool) -> list[str]:
    """What is there no more. Of equal strings one is enough: an expression that gets a name is
    written once. Of equal comments each says something of its place."""
    left = got.copy()
    lost = []
    for words, text in had:
        if not (left[words] if is_counted else got[words]):
            lost.append(text)
        left[words] -= 1
    return lost


def _texts(side: Side, kind: str, purpose: Purpose) -> list[tuple[str, str]]:
    """Each comment or string with what must stay of it: of a comment the words."""
    found: list[tuple[str, str]] = []
    for leaf in side.of_kind(kind):
        if kind == "comment":
            if purpose is Purpose.TYPES and _TYPE_COMMENT.match(leaf.text):
                continue
            if purpose is Purpose.DOCSTRING and leaf.text.startswith("/**"):
                continue
            found.append((" ".join(_WORD.findall(leaf.text)) or leaf.text, leaf.text))
        else:
            computed = purpose in (Purpose.EXTRACT, Purpose.INLINE)  # which rewrite what it holds
            found.append((_HELD.sub("{}", leaf.text) if computed else leaf.text, leaf.text))
    return found


def _statements(read: Read) -> Iterator[str]:
    old, new = _kinds(read.before.body), _kinds(read.after.body)
    if not read.before.is_python:
        old, new = _script_kinds(read.edit.before), _script_kinds(read.edit.after)
    purpose, task = read.edit.task.purpose, read.edit.task
    lost = old - new
    if purpose is Purpose.INLINE:
        for kind in ("assignment", "definition"):
            lost[kind] -= max(len(task.gone), 1)
        lost["import"] = lost["return"] = 0
    if purpose is Purpose.EXTRACT:  # an expression may get a name
        lost["expression"] -= max(new["assignment"] - old["assignment"], 0)
    if purpose in (Purpose.DOCSTRING, Purpose.RENAME, Purpose.TYPES):
        return  # those compare all that is there
    for kind, count in (+lost).items():
        yield f"{count} {kind} statement{'s are' if count > 1 else ' is'} gone."


def _kinds(body: list[ast.stmt]) -> Counter[str]:
    """Statements by kind; `pass` and docstrings are none."""
    found: Counter[str] = Counter()
    for top in body:
        for node in ast.walk(top):
            if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
                found[_PYTHON.get(type(node).__name__, type(node).__name__.lower())] += 1
    return found


def _script_kinds(side: Side) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in side.tree.walk() if side.tree is not None and side.is_script else ():
        if side.touches(node) and (kind := _SCRIPT.get(node.type)):
            found[kind] += 1
    return found


_PYTHON: Final = {
    "Assign": "assignment",
    "AnnAssign": "assignment",
    "AugAssign": "augmented assignment",
    "Expr": "expression",
    "FunctionDef": "definition",
    "AsyncFunctionDef": "definition",
    "ImportFrom": "import",
}
_SCRIPT: Final = {
    "variable_declarator": "assignment",
    "assignment_expression": "assignment",
    "augmented_assignment_expression": "augmented assignment",
    "function_declaration": "definition",
    "method_definition": "definition",
    "class_declaration": "class",
    "if_statement": "if",
    "for_statement": "for",
    "for_in_statement": "for",
    "while_statement": "while",
    "do_statement": "do",
    "return_statement": "return",
    "throw_statement": "throw",
    "try_statement": "try",
    "switch_case": "case",
    "call_expression": "call",
    "await_expression": "await",
    "break_statement": "break",
    "continue_statement": "continue",
}
