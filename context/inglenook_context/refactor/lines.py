"""Lines, margins and line ends: how moved code is written in its new place."""

from __future__ import annotations

from inglenook_context.refactor.edits import Change
from inglenook_context.text import Text


def margin(text: Text, offset: int) -> str:
    """The white space that begins the line of ``offset``."""
    line = text.line(text.line_at(offset))
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def line_end(text: Text, offset: int) -> str:
    """How the line of ``offset`` ends, or another one if it is the last."""
    line = text.line_at(offset)
    for each in (line, line - 1, 0):
        if each >= 0:
            end = text.line_start(each) + len(text.line(each))
            found = text.slice(end, end + 2)
            if found:
                return "\r\n" if found == "\r\n" else found[0]
    return "\n"


def begins_line(text: Text, offset: int) -> bool:
    return not text.slice(text.line_start(text.line_at(offset)), offset).strip()


def rest_of_line(text: Text, offset: int) -> str:
    line = text.line_at(offset)
    return text.slice(offset, text.line_start(line) + len(text.line(line)))


def without_lines(text: Text, start: int, stop: int, opens: bool) -> Change:
    """Takes the lines from ``start`` to ``stop`` out, and the blank ones below that would join
    those above; ``opens``: they are the first of their block."""
    first, last = text.line_at(start), text.line_at(stop)
    alone = first == 0 or not text.line(first - 1).strip()
    while (alone or opens) and last + 2 < text.line_count and not text.line(last + 1).strip():
        last += 1
    return Change(text.line_start(first), text.line_start(last + 1), "")
