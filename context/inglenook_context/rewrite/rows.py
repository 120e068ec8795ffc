"""Whole lines of a text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from inglenook_context.text import Text

_END: Final = re.compile(r"\r\n|\r|\n")


def end_of_line(text: Text, offset: int) -> int:
    """Where the text of the line of ``offset`` ends, before its line end."""
    line = text.line_at(offset)
    return text.line_start(line) + len(text.line(line))


def start_of_line(text: Text, offset: int) -> int:
    return text.line_start(text.line_at(offset))


def whole_lines(text: Text, start: int, stop: int) -> tuple[int, int]:
    """The lines of two offsets and all between them, without the last one's line end."""
    return start_of_line(text, start), end_of_line(text, stop)


def trimmed(text: Text, start: int, stop: int) -> tuple[int, int]:
    """The span without the white space at its ends; empty and at ``start`` if there is no more."""
    inside = text.slice(start, stop)
    stripped = inside.strip()
    if not stripped:
        return start, start
    start += len(inside) - len(inside.lstrip())
    return start, start + len(stripped)


def margin_of(row: str) -> str:
    """The spaces and tabs that a line begins with."""
    return row[: len(row) - len(row.lstrip(" \t"))]


def usual_end(source: str) -> str:
    """How most lines of a text end."""
    ends = Counter(_END.findall(source))
    return max(ends, key=lambda end: ends[end]) if ends else "\n"
