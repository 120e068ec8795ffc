"""How moved Python code is written in its new place."""

from __future__ import annotations

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.lines import begins_line, margin, rest_of_line
from inglenook_context.text import Text


def need_own_lines(text: Text, first: Branch, last: Branch) -> None:
    """Refuse statements that share a line with others."""
    rest = rest_of_line(text, last.stop).strip()
    if not begins_line(text, first.start) or (rest and not rest.startswith("#")):
        raise Refused("The code shares a line with another statement; put it on lines of its own.")


def unit(text: Text, holder: Branch, default: str = "    ") -> str:
    """One level of indentation, as the body of ``holder`` has it."""
    for body in holder.all("body"):
        outer, inner = margin(text, holder.start), margin(text, body.start)
        if inner.startswith(outer) and len(inner) > len(outer):
            return inner[len(outer) :]
    return default


def moved(text: Text, root: Branch, start: int, stop: int, old: str, new: str) -> str:
    """The lines from ``start`` to ``stop`` with the margin ``new`` for ``old``.

    What begins inside a string stays as it is. The first line is taken from ``start`` on.
    """
    strings = [
        (node.start, node.stop)
        for node in root.walk()
        if node.type == "string" and node.start < stop and start < node.stop
    ]
    pieces: list[str] = []
    for line in range(text.line_at(start), text.line_at(stop) + 1):
        begin = text.line_start(line)
        following = text.line_start(line) + len(text.line(line))
        ends = text.slice(following, following + 2)
        ends = "\r\n" if ends == "\r\n" else ends[:1]
        row = text.slice(max(begin, start), min(following, stop))
        if begin <= start:
            row = new + row.lstrip(" \t\f") if begin == start else row
        elif not row.strip() or any(low < begin < high for low, high in strings):
            pass
        elif row.startswith(old):
            row = new + row[len(old) :]
        elif row.lstrip().startswith("#"):
            row = new + row.lstrip()
        pieces.append(row if following >= stop else row + ends)
    return "".join(pieces)


def place_before(text: Text, node: Branch) -> tuple[int, int, int]:
    """Where a definition goes that stands before ``node`` and the comments that belong to it,
    and how many blank lines must be added before and behind it."""
    if not begins_line(text, node.start):
        raise Refused("The definition shares a line with another statement.")
    line = text.line_at(node.start)
    own = margin(text, node.start)
    above = line
    while above > 0 and text.line(above - 1).startswith(own + "#"):
        above -= 1
    if above == 0:
        above = line  # what a file begins with is about the file
    blank, back = 0, above
    while back > 0 and not text.line(back - 1).strip():
        blank, back = blank + 1, back - 1
    usual = 1 if own else 2
    opens = back > 0 and text.line(back - 1).rstrip().endswith(":")  # it is first in its class
    missing = usual if back > 0 and not blank and not opens else 0
    return text.line_start(above), missing, blank if blank and back > 0 else usual
