"""Where a new statement goes, and whether a semicolon ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.lines import begins_line
from inglenook_context.text import Text

# What goes on with the line before if no semicolon ends that (ECMAScript, 12.10).
GOES_ON: Final = re.compile(r"[(\[`/+\-*.,<>=&|?^%:]|(?:in|instanceof|as|satisfies|is|of)\b")
_BLOCKS: Final = frozenset({"statement_block", "class_body", "switch_body"})
_CLOSED: Final = frozenset(
    """lexical_declaration variable_declaration expression_statement return_statement
    import_statement throw_statement""".split()
)  # that end with a semicolon unless the file has none
# Comments to a tool about the line or the expression behind them.
SPEAKS: Final = re.compile(
    r"@ts-(?:ignore|expect-error)|-disable-next-line|biome-ignore|prettier-ignore|deno-lint-ignore"
    r"|(?:istanbul|c8|v8) ignore|webpack|@vite-ignore|__PURE__|@(?:type|satisfies)\b"
)


def before(text: Text, statement: Branch) -> int:
    """Where a statement goes that stands before ``statement``: also before its doc comment."""
    line = text.line_at(statement.start)
    if line == 0 or not text.line(line - 1).rstrip().endswith("*/"):
        return statement.start
    head = text.slice(0, text.line_start(line))
    start = head.rfind("/*")
    is_doc = head.startswith("/**", start) and "*/" not in head[start:].rstrip()[:-2]
    return start if is_doc and begins_line(text, start) else statement.start


def ends_with(statement: Branch, following: str) -> str:
    """``;`` if the file ends statements so, or if it must because ``following`` comes next."""
    if GOES_ON.match(following):
        return ";"
    for node in chain([statement], _siblings(statement)):
        if node.type in _CLOSED and node.children:
            return ";" if node.children[-1].type == ";" else ""
    return ";"


def _siblings(statement: Branch) -> Iterator[Branch]:
    """Statements near ``statement``, the nearest blocks first."""
    top = statement
    for above in statement.above():
        yield from above.parts
        top = above
    yield from top.walk()


def spaced(text: Text, start: int, stop: int, name: str) -> str:
    """``name`` in the place of a span, apart from the words beside it (``return[1]``)."""
    left, right = text.slice(start - 1, start), text.slice(stop, stop + 1)
    head = " " if left.isalnum() or left in ("_", "$") else ""
    tail = " " if right.isalnum() or right in ("_", "$") else ""
    return f"{head if left else ''}{name}{tail if right else ''}"


def joins(text: Text, statement: Branch) -> str | None:
    """How the line behind ``statement`` would go on with the one before if that were not there."""
    block = statement.parent
    behind = [each for each in block.parts if each.start > statement.start] if block else []
    first = text.slice(behind[0].start, behind[0].start + 12) if behind else ""
    found = GOES_ON.match(first)
    return None if found is None or is_ended(behind[0], statement) else found.group()


def is_ended(statement: Branch, without: Branch) -> bool:
    """Whether what stands before ``statement``, apart from ``without``, ends in any case."""
    block = statement.parent
    before = [each for each in block.parts if each.start < statement.start] if block else []
    last = next((each for each in reversed(before) if each is not without), None)
    while last is not None and last.children:
        if last.type in _BLOCKS:
            return True
        if not last.type.endswith(("_statement", "_declaration", "_clause")):
            return False
        last = last.children[-1]
    return last is None or last.type == ";"
