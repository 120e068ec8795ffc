"""Which blocks are round the end of a text in braces, by indentation: `headers_script` says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook_context.headers_script import depth_at

_LEVELS: Final = 24  # of blocks round a place
_ROWS: Final = 4_000  # that are looked at
_HEADER: Final = 40  # rows
_LONGEST: Final = 3_000  # characters of a header
_COMMENTS: Final = ("//", "/*", "*/", "* ", "#")
_ENDS: Final = (")", "{", "where", "->", "throws")  # what the last row of a long header begins with


class Header(NamedTuple):
    """What begins a block at ``start``, up to its brace; ``indent`` is its column."""

    start: int
    indent: int
    text: str


def blocks(text: str, line: str) -> Iterator[Header]:
    """The headers of the blocks round the end of ``text``, whose last line is ``line``."""
    depth, levels = depth_at(text, line), 0
    stop = len(text) - len(line)  # of the rows that are not looked at yet
    below: list[str] = []  # rows of a header whose first is still to come
    for _ in range(_ROWS):
        if stop <= 0 or depth <= 0 or levels >= _LEVELS:
            return
        start = text.rfind("\n", 0, stop - 1) + 1
        row = text[start : stop - 1]
        stop = start
        bare = row.strip()
        if below:
            below.append(row)
        indent = len(row) - len(row.lstrip())
        if not bare or indent >= depth or bare.startswith(_COMMENTS) or bare == "*":
            continue
        if bare.startswith("}"):
            depth, below = indent + 1, []
        elif bare.startswith(_ENDS):
            depth, below = indent + 1, below or [row]
        else:
            depth, levels = indent, levels + 1
            header = "\n".join(reversed(below[-_HEADER:])) if below else row
            below = []
            yield Header(start, indent, header[:_LONGEST])
