"""Whether a candidate would break the syntax of the text it is inserted into."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Final

from tree_sitter import Parser, Tree, TreeCursor

from inglenook_context.brackets import closers_of
from inglenook_context.document import Cursor
from inglenook_context.grammar import Grammar, load
from inglenook_context.nesting import DEEPEST, LONGEST_LINE
from inglenook_context.parse import edit_tree, parse_until
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit, Text, encode

_NEIGHBOURHOOD: Final = 2_000  # bytes on each side of the insertion in which errors count
_MOST_ERRORS: Final = 50
_MOST_NODES: Final = 4_000
_UNIT: Final = 6_000  # bytes of a statement that is parsed on its own
_LEVELS: Final = 8
_BODIES: Final = frozenset(
    "module program source_file translation_unit block statement_block compound_statement".split()
)
_ROUND_MEMBERS: Final = frozenset(
    {"block", "class_body", "decorated_definition", "export_statement"}
)
_CLASS: Final = {"python": ("class _:\n", "")}
_SCRIPT_CLASS: Final = ("class _ {\n", "\n}")


def checker(
    syntax: Syntax,
    cursor: Cursor,
    budget_ms: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Callable[[str], bool]:
    """`breaks_parse` for several candidates at one cursor: what they share is done once."""
    around: list[tuple[Syntax, int, int]] = []
    begun = _statement_begun(syntax, cursor)

    def breaks(candidate: str) -> bool:
        if syntax.text is not cursor.document.text or not candidate.strip():
            return False
        if len(candidate) > LONGEST_LINE or sum(map(candidate.count, "([{")) > DEEPEST:
            return False
        if begun is not None and _is_whole(begun + candidate, syntax.grammar):
            return False
        deadline = clock() + budget_ms / 1000
        if not around:
            unit, offset = _unit(syntax, cursor.offset, deadline, clock)
            byte = unit.text.byte_at(offset)
            around.append((unit, offset, _errors(unit.tree, byte, byte) if unit.exact else 0))
        unit, offset, before = around[0]
        return unit.exact and _adds_errors(unit, offset, before, candidate, deadline, clock)

    return breaks


def breaks_parse(
    syntax: Syntax,
    cursor: Cursor,
    candidate: str,
    budget_ms: float,
    clock: Callable[[], float] = time.perf_counter,
) -> bool:
    """Whether ``candidate`` at ``cursor`` makes syntax errors that were not there.

    A candidate that only stops early breaks nothing: it may end inside brackets or before the
    body of a block. False when the time does not suffice. A tree
    that is only shifted will do if the statement at the cursor is not long.
    """
    return checker(syntax, cursor, budget_ms, clock)(candidate)


def _statement_begun(syntax: Syntax, cursor: Cursor) -> str | None:
    """What stands before the cursor on its line, if a statement begins there and nothing else
    stands on the line; else None."""
    before = cursor.line_before
    if syntax.text is not cursor.document.text or cursor.line_after.strip():
        return None
    first = cursor.offset - len(before.lstrip())
    byte = syntax.text.byte_at(first)
    parent = ""
    for node in syntax.around(first + 1 if before.strip() else first):
        if node.start_byte == byte and parent in _BODIES and before.strip():
            return before.lstrip()
        if node.type == "ERROR":
            return None
        parent = node.type
    return "" if not before.strip() and parent in _BODIES else None


def _is_whole(line: str, grammar: Grammar) -> bool:
    """Whether a line is a statement by itself: cheap to see, and true of most candidates."""
    parser = _parser(grammar)
    if parser is None or "\n" in line.rstrip("\n"):
        return False
    return not parser.parse(encode(line)).root_node.has_error


def _adds_errors(
    unit: Syntax,
    offset: int,
    before: int,
    candidate: str,
    deadline: float,
    clock: Callable[[], float],
) -> bool:
    byte = unit.text.byte_at(offset)
    for attempt in (candidate, *_finished(candidate, unit.grammar)):
        tree, size = _with(unit, offset, attempt, deadline, clock)
        if tree is None or _errors(tree, byte, byte + size) <= before:
            return False
    return True


def _finished(candidate: str, grammar: Grammar) -> tuple[str, ...]:
    """The candidate with what a reader would type next, in case it only stops early."""
    text = candidate.rstrip()
    closed = text + closers_of(text)
    attempts = []
    if closed != text:
        attempts.append(closed)
    if grammar.language == "python" and text.endswith(":"):
        attempts.append(text + " pass")
    elif grammar.language == "python" and closed != text:
        attempts.append(closed + ": pass")
    if text[-1:] in "=+-*/%<>&|,." or text.endswith((" in", " not", " and", " or", "return")):
        attempts.append(text + " x" + closers_of(text))
    return tuple(attempts)


def _unit(
    syntax: Syntax, offset: int, deadline: float, clock: Callable[[], float]
) -> tuple[Syntax, int]:
    """The statements round ``offset`` as a text of their own, and the offset in it; the whole
    file if they are long or time is up.

    A tree of the whole file is no cheaper to change: in Python every statement below the change
    is read again. Statements at the top, and members of a class, do not depend on one another.
    """
    parser = _parser(syntax.grammar)
    part = _part(syntax, offset)
    if parser is None or part is None:
        return syntax, offset
    start, stop, member = part
    before, after = _CLASS.get(syntax.grammar.language, _SCRIPT_CLASS) if member else ("", "")
    text = Text.of(before + syntax.text.slice(start, stop) + after)
    tree = parse_until(parser, text, None, deadline, clock)
    if tree is None:
        parser.reset()
        return syntax, offset
    return Syntax(tree, text, syntax.grammar, exact=True), offset - start + len(before)


def _part(syntax: Syntax, offset: int) -> tuple[int, int, bool] | None:
    """From the sibling above the statement that holds ``offset`` to the second one below it, and
    whether these are members of a class; None if there is no such statement of modest size."""
    text, grammar = syntax.text, syntax.grammar
    byte = max(text.byte_at(offset) - 1, 0)
    cursor = syntax.tree.walk()
    member = False
    end = len(text)  # of what the siblings stand in
    while cursor.depth < _LEVELS and _down(cursor, byte):
        node = cursor.node
        if node is None:
            return None
        between = not node.start_byte <= byte + 1 <= node.end_byte
        if between or node.end_byte - node.start_byte <= _UNIT:
            start, stop = _siblings(syntax, cursor, end)
            fits = start <= offset <= stop and stop - start <= 2 * _UNIT
            return (start, stop, member) if fits else None
        if node.type in grammar.classes:
            member = True
        elif node.type not in _ROUND_MEMBERS:
            return None
        end = syntax.stop_of(node)
        end -= text.slice(end - 1, end) == "}"
    return None


def _down(cursor: TreeCursor, byte: int) -> bool:
    """Go to the child that holds or follows ``byte``, or to the last one."""
    return cursor.goto_first_child_for_byte(byte) is not None or cursor.goto_last_child()


def _siblings(syntax: Syntax, cursor: TreeCursor, end: int) -> tuple[int, int]:
    """The lines from the node above the cursor's to the second one below it, ``end`` at most."""
    text = syntax.text
    if cursor.goto_previous_sibling() and cursor.node is not None and not cursor.node.is_named:
        cursor.goto_next_sibling()
    start = syntax.start_of(cursor.node) if cursor.node else 0
    for _ in range(3):
        if not cursor.goto_next_sibling():
            return text.line_start(text.line_at(start)), end
    stop = syntax.start_of(cursor.node) if cursor.node else end
    return text.line_start(text.line_at(start)), min(text.line_start(text.line_at(stop)), end)


def _with(
    syntax: Syntax, offset: int, candidate: str, deadline: float, clock: Callable[[], float]
) -> tuple[Tree | None, int]:
    """The tree with the candidate in it and the candidate's bytes; None if time is up."""
    parser = _parser(syntax.grammar)
    if parser is None or clock() >= deadline:
        return None, 0
    text = syntax.text.replace(offset, offset, candidate)
    edit = Edit(offset, offset, offset + len(candidate))
    tree = syntax.tree.copy()
    edit_tree(tree, syntax.text, text, edit)
    parsed = parse_until(parser, text, tree, deadline, clock)
    if parsed is None:
        parser.reset()
    return parsed, text.byte_at(edit.new_stop) - text.byte_at(offset)


@cache
def _parser(grammar: Grammar) -> Parser | None:
    tables = load(grammar)
    return Parser(tables) if tables else None


def _errors(tree: Tree, start: int, stop: int) -> int:
    """ERROR and MISSING nodes near the bytes from ``start`` to ``stop``, counted with bounds."""
    first, last = max(start - _NEIGHBOURHOOD, 0), stop + _NEIGHBOURHOOD
    cursor = tree.walk()
    errors = 0
    for _ in range(_MOST_NODES):
        node = cursor.node
        if node is None:
            break
        if node.is_error or node.is_missing:
            errors += 1
        down = node.has_error and not node.is_missing and errors < _MOST_ERRORS
        if down and cursor.goto_first_child_for_byte(first) is not None:
            if cursor.node is not None and cursor.node.start_byte <= last:
                continue
            cursor.goto_parent()
        while not cursor.goto_next_sibling() or _behind(cursor.node, last):
            if not cursor.goto_parent():
                return errors
    return errors


def _behind(node: object, last: int) -> bool:
    return getattr(node, "start_byte", 0) > last
