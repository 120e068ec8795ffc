"""What an edit of one purpose may change, and nothing else: docstrings, types, or one name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inglenook_context.verify.only_name import renamed
from inglenook_context.verify.only_types import LAYOUT, typed
from inglenook_context.verify.readings import Read
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Failure, Purpose


def purposes(read: Read) -> Iterator[Failure]:
    purpose = read.edit.task.purpose
    before, after = read.edit.before, read.edit.after
    if before.tree is None or after.tree is None:
        return
    if purpose is Purpose.DOCSTRING and _code(before) != _code(after):
        yield Failure("purpose", "The edit changes more than a docstring.")
    elif purpose is Purpose.TYPES and not typed(read):
        yield Failure("purpose", "The edit changes more than types.")
    elif purpose is Purpose.SIMPLIFY and _tokens(after) == _tokens(before):
        yield Failure("purpose", "The edit makes nothing simpler: only its layout differs.")
    elif purpose is Purpose.RENAME and not renamed(read):
        yield Failure("purpose", "The edit changes more than a name.")
    elif purpose in (Purpose.EXTRACT, Purpose.INLINE) and (lost := _lost(read)):
        yield Failure("vanished", f"The edit loses {lost}.")


# What is simpler differs in more than layout


def _tokens(side: Side) -> list[str]:
    """The tokens of the target's code."""
    quiet = (*LAYOUT, "comment")
    return [leaf.text for leaf in side.leaves if leaf.kind not in quiet and leaf.text.strip()]


# Docstrings


def _code(side: Side) -> list[str]:
    """The tokens of the target without docstrings, and without a `pass` that one replaces."""
    docs = set(_docstrings(side))
    found: list[str] = []
    for leaf in side.leaves:
        if leaf.start in docs or leaf.kind in LAYOUT or not leaf.text.strip():
            continue
        documents = leaf.text.startswith(("/**", "///", "//!")) or not side.is_script
        if leaf.kind == "comment" and side.language != "python" and documents:
            continue
        found.append(leaf.text)
    return found


def _docstrings(side: Side) -> Iterator[int]:
    """Where the docstrings of Python begin, and the `pass` and `...` that are alone in a body."""
    if side.language != "python" or side.tree is None:
        return
    for node in side.tree.walk():
        if node.type not in ("module", "block"):
            continue
        parts = node.parts
        first = parts[0] if parts else None
        inner = first.parts if first is not None and first.type == "expression_statement" else []
        if (
            inner
            and inner[0].type in ("string", "concatenated_string")
            and not _formats(side.written(inner[0]))
        ):
            yield from (each.start for each in inner[0].walk())
            parts = parts[1:]
        if len(parts) == 1 and node.type == "block" and side.written(parts[0]) in ("pass", "..."):
            yield from (each.start for each in parts[0].walk())


def _formats(literal: str) -> bool:
    """Whether a literal is an f-string or bytes, which document nothing."""
    return literal.lstrip("rRuU")[:1] not in ("'", '"')


# Extracting and inlining keep every token that is not a name


def _lost(read: Read) -> str:
    task = read.edit.task
    old = _distinct(read.edit.before)
    new = _distinct(read.edit.after)
    for leaf in read.edit.after.of_kind("string"):  # an f-string may hold what was beside it
        new |= set(re.findall(r"\w+|\W", leaf.text)) if "{" in leaf.text else set()
    lost = old - new - task.gone
    if task.purpose is Purpose.INLINE and not task.gone:
        names = {each for each in lost if each.isidentifier()}
        lost -= names if len(names) == 1 else set()
    return next(iter(sorted(lost)), "")


def _distinct(side: Side) -> set[str]:
    """Names, numbers and operators of the target."""
    return {
        leaf.text
        for leaf in side.leaves
        if leaf.kind not in ("comment", "string", "return", "=", "const", "let", "var")
        and leaf.kind not in LAYOUT
        and not re.fullmatch(r"[\s()\[\]{}:]*|def|function", leaf.text)
    }
