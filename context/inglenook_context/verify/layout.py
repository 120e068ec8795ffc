"""Indentation, line ends, invisible characters: what an edit must keep of how a file is written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from inglenook_context.verify.sides import Edit, Side
from inglenook_context.verify.task import Failure

_END: Final = re.compile(r"\r\n|\r|\n")
_NAMES: Final = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}
_QUOTED: Final = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)
_OPENERS: Final = (":", "{")
# Bidirectional controls, zero-width characters and control codes: code that is not what it seems.
_INVISIBLE: Final = re.compile(
    "[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def outside(edit: Edit) -> Iterator[Failure]:
    if edit.outside:
        yield Failure("outside", "The edit changes text outside of what was selected.")


def line_ends(edit: Edit) -> Iterator[Failure]:
    before, after = edit.before, edit.after
    had = Counter(_END.findall(before.text))
    got = Counter(_END.findall(after.target))
    if had:
        usual = had.most_common(1)[0][0]
        for end in got:
            if end not in had:
                yield Failure(
                    "line-ends",
                    f"The file ends its lines with {_NAMES[usual]}, the edit uses {_NAMES[end]}.",
                )
        own = Counter(_END.findall(before.target))
        for end, count in got.items():
            if end in had and end != usual and count > own[end]:
                yield Failure("line-ends", f"The edit adds lines that end with {_NAMES[end]}.")
    lost = before.text[-1:] in ("\n", "\r") and after.text[-1:] not in ("\n", "\r")
    if lost and after.text:
        yield Failure("line-ends", "The line end at the end of the file is gone.")
    elif before.target[-1:] in ("\n", "\r") and after.target and after.target[-1:] not in "\n\r":
        yield Failure("line-ends", "The last line of the edit runs into the line below it.")
    if before.text[:1] == "\ufeff" != after.text[:1]:
        yield Failure("line-ends", "The byte order mark at the beginning of the file is gone.")


def invisible(edit: Edit) -> Iterator[Failure]:
    had, got = _INVISIBLE.findall(edit.before.target), _INVISIBLE.findall(edit.after.target)
    for character in sorted((Counter(got) - Counter(had)).keys()):
        yield Failure("invisible", f"The edit adds the invisible character U+{ord(character):04X}.")


def indentation(edit: Edit) -> Iterator[Failure]:
    before, after = edit.before, edit.after
    added = list(_added(edit))
    tabs, spaces = _kinds(row for _, row in _rows(before, whole=True))
    if (tabs and not spaces) or (spaces and not tabs):
        wrong, right = (" ", "tabs") if tabs else ("\t", "spaces")
        if any(_wrong(row, wrong) for _, row in added):
            yield Failure("indentation", f"The file is indented with {right} only.")
            return
    elif any(" \t" in _margin(row) for _, row in added) and not any(
        " \t" in _margin(row) for _, row in _rows(before, whole=True)
    ):
        yield Failure("indentation", "The edit puts tabs behind spaces in its indentation.")
        return
    yield from _unit(before, after)
    yield from _first(before, after)


def _wrong(row: str, character: str) -> bool:
    margin = _margin(row)
    if character == " ":  # a space or three behind tabs align, as the stars of a comment do
        return margin.startswith("  ") and not row.lstrip().startswith("*")
    return character in margin


def _unit(before: Side, after: Side) -> Iterator[Failure]:
    had, got = _steps(before, whole=True), _steps(after, whole=False)
    if sum(had.values()) < 2 or len(had) != 1:
        return
    unit = next(iter(had))
    for step in got:
        if step != unit and "\t" not in step + unit:
            reason = f"Blocks are indented by {len(unit)} spaces here, not by {len(step)}."
            yield Failure("indentation", reason)
            return


def _first(before: Side, after: Side) -> Iterator[Failure]:
    """All of the target moved to the left or to the right."""
    old = [row for row in before.lines if row.strip()]
    new = [row for row in after.lines if row.strip()]
    if not old or not new or before.language == "python":
        return  # in Python that means something else, or nothing that parses
    if old[0] != new[0] and old[0].strip() == new[0].strip() and _starts_line(before):
        yield Failure("indentation", "The first line is indented in another way than it was.")


def _starts_line(side: Side) -> bool:
    return side.start == 0 or side.text[side.start - 1] in "\r\n"


def _added(edit: Edit) -> Iterator[tuple[int, str]]:
    had = Counter(edit.before.lines)
    for at, row in _rows(edit.after, whole=False):
        if had[row] > 0:
            had[row] -= 1
        else:
            yield at, row


def _rows(side: Side, whole: bool) -> Iterator[tuple[int, str]]:
    """The offset and text of each line that is not blank and does not begin inside a string."""
    inside = _inside(side)
    lows = [low for low, _ in inside]
    at = 0 if whole else side.start
    text = side.text if whole else side.text[: side.stop]
    while at <= len(text):
        end = _END.search(text, at)
        row = text[at : end.start() if end else len(text)]
        begins = at == 0 or text[at - 1] in "\r\n"
        held = bisect_left(lows, at) - 1
        if row.strip() and begins and not (held >= 0 and at < inside[held][1]):
            yield at, row
        if end is None:
            return
        at = end.end()


def _inside(side: Side) -> list[tuple[int, int]]:
    """What spans several lines and is no code."""
    if side.tree is None or side.grammar is None:
        return []
    plain = side.grammar.strings | side.grammar.comments
    found = [
        (node.start, node.stop)
        for node in side.tree.walk()
        if node.type in plain and "\n" in side.text[node.start : node.stop]
    ]
    if side.language == "python":  # whose tree has not all
        found += [
            match.span()
            for match in _QUOTED.finditer(side.text)
            if not match.start() < side.stop or not side.start < match.end()
        ]
    return sorted(found)


def _kinds(rows: Iterator[str]) -> tuple[int, int]:
    tabs = spaces = 0
    for row in rows:
        tabs += row[0] == "\t"
        spaces += row.startswith("  ")
    return tabs, spaces


def _steps(side: Side, whole: bool) -> Counter[str]:
    """By how much the line below one that opens a block is indented further."""
    rows = [row for _, row in _rows(side, whole)]
    found: Counter[str] = Counter()
    for above, below in pairwise(rows):
        one, two = _margin(above), _margin(below)
        opens = above.rstrip().endswith(_OPENERS) and above.count("(") <= above.count(")")
        if opens and two.startswith(one) and len(two) > len(one):
            found[two[len(one) :]] += 1
    return found


def _margin(row: str) -> str:
    return row[: len(row) - len(row.lstrip(" \t"))]
