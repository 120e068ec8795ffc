"""A model's code as it belongs into the place of a unit.

Models begin at column 0, or leave out the first line's margin because they were shown it, or write
four spaces in a file of tabs; they put code into fences and repeat the lines that they were shown
round it. What lies within a string literal is data: it moves only with code that was written all
further left or right, and not where it is in the unit as the model wrote it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from inglenook_context.document import Cursor, Document
from inglenook_context.rewrite.echo import without_echo, without_fences
from inglenook_context.rewrite.rows import margin_of
from inglenook_context.rewrite.unit import Unit
from inglenook_context.style import Style, fit, style_at, to_model
from inglenook_context.text import Text
from inglenook_context.verify.tree import Tree, syntax_of, tree_of

_LONGEST: Final = 200_000  # characters of an answer whose strings are looked for
_NEAR: Final = 4_000  # characters beside a unit whose lines may come back
_IMPORT: Final = re.compile(r"[ \t]*(?:import|from)\b")
_END: Final = re.compile(r"\r\n|\r|\n")
_OPENERS: Final = (":", "{", "(", "[", "=>")
_DIRECTIVES: Final = ("c", "cpp", "csharp")
_CLOSERS: Final = ("}", ")", "]", "end", "fi", "done", "esac")
_QUOTED: Final = re.compile(r'("""|\'\'\'|`)(?:\\.|(?!\1).)*\1', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Rows:
    """An answer's lines. ``inside`` are the numbers of those that begin in a string literal, of
    which ``docs`` are in one that is a statement, and of directives for a preprocessor."""

    rows: list[str]
    inside: frozenset[int]
    docs: frozenset[int]

    @property
    def code(self) -> list[int]:
        """The numbers of the lines that have a margin to speak of."""
        return [n for n, row in enumerate(self.rows) if row.strip() and n not in self.inside]


def fitted(answer: str, unit: Unit, text: str) -> str:
    """``answer`` in the terms of ``text``, without a line end behind it; never raises.

    Outer blank lines, fences, and lines echoed from beside the unit are gone, its indentation is
    the unit's, in tabs or spaces as there, and lines end as they do in the text.
    """
    own = to_model(text[unit.start : unit.stop]).split("\n")
    before = to_model(text[max(unit.start - _NEAR, 0) : unit.start]).split("\n")
    after = to_model(text[unit.stop : unit.stop + _NEAR]).split("\n")
    rows = without_fences(to_model(answer).split("\n"), own)
    rows = without_echo(rows, own, before, after)
    if not rows or rows == own:
        return text[unit.start : unit.stop] if rows else ""
    style = _style(unit, text)
    read = _in_kind(_read(rows, unit.language), style)
    rows = _styled(_moved(read, unit, own), read, unit, own, style)
    return _with_line_ends(rows, unit, text)


# Margins


def _moved(read: _Rows, unit: Unit, own: Sequence[str]) -> list[str]:
    """The rows with the unit's margin for their own."""
    rows = list(read.rows)
    code = read.code
    for number in read.code[:-1]:  # which stand at column 0 whatever comes below them
        if not _IMPORT.match(rows[number]):
            break
        code = code[1:]
        rows[number] = unit.indent + rows[number].lstrip(" \t")
    if not code:
        return rows
    if _lacks_first_margin(read, code, unit):
        rest = min((margin_of(rows[n]) for n in code[1:]), key=len)
        shorter = len(rest) < len(unit.indent)
        rows[code[0]] = (rest if shorter else unit.indent) + rows[code[0]].lstrip(" \t")
    base = margin_of(rows[code[0]])
    least = min((margin_of(rows[n]) for n in code), key=len)
    if unit.language in ("python", "") or len(least) == len(base):
        base = least
    if base == unit.indent:
        return rows
    strings = _strings_as_they_were(read, base, unit.indent, own)
    for number in range(code[0], len(rows)):
        row = rows[number]
        if number in strings:
            rows[number] = strings[number]
        elif row.strip():
            rows[number] = _shifted(row, base, unit.indent)
    return rows


def _shifted(row: str, old: str, new: str) -> str:
    if row.startswith(old):
        return new + row[len(old) :]
    margin = margin_of(row)
    return new + margin[len(old) :] + row[len(margin) :]


def _lacks_first_margin(read: _Rows, code: Sequence[int], unit: Unit) -> bool:
    """Whether only the first line begins at column 0, as where the prompt ended with its margin."""
    rows = read.rows
    if not unit.indent or len(code) < 2 or len(margin_of(rows[code[0]])) >= len(unit.indent):
        return False
    first, base = rows[code[0]].rstrip(), len(margin_of(rows[code[0]]))
    margins = [len(margin_of(rows[n])) for n in code[1:]]
    least = min(margins)
    if least <= base:
        return False
    if not first.endswith(_OPENERS) and first.count("(") <= first.count(")"):
        return True
    at = next(rows[n] for n in code[1:] if len(margin_of(rows[n])) == least)
    goes_on = at.lstrip().startswith(_CLOSERS) or margins[0] > least  # behind the first block
    return least > len(unit.indent) or (least == len(unit.indent) and goes_on)


def _strings_as_they_were(read: _Rows, old: str, new: str, own: Sequence[str]) -> dict[int, str]:
    """The rows that begin in strings, each string moved or left by what the unit had."""
    had = set(own)
    found: dict[int, str] = {}
    for run in _runs(sorted(read.inside)):
        kept = [read.rows[n] for n in run]
        moved = [_shifted(row, old, new) if row.strip() else row for row in kept]
        as_is = sum(row in had for row in kept if row.strip())
        as_moved = sum(row in had for row in moved if row.strip())
        moves = as_moved > as_is or (as_moved == as_is and run[0] in read.docs)
        found |= dict(zip(run, moved if moves else kept, strict=True))
    return found


def _runs(numbers: Sequence[int]) -> Iterable[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


# Tabs, spaces, steps


def _in_kind(read: _Rows, style: Style) -> _Rows:
    """The rows with tabs in their margins if the file has tabs, else without."""
    rows = list(read.rows)
    step = _step(read) if style.indent == "\t" else 0
    for number in read.code:
        margin = margin_of(rows[number])
        rest = rows[number][len(margin) :]
        if not step:
            rows[number] = margin.replace("\t", style.indent) + rest
        elif margin and "\t" not in margin:
            levels, more = divmod(len(margin), step)
            rows[number] = "\t" * levels + " " * more + rest
    return replace(read, rows=rows)


def _step(read: _Rows) -> int:
    """By how many spaces a block is indented in code that has spaces."""
    code = [read.rows[n] for n in read.code]
    steps = [
        len(margin_of(below)) - len(margin_of(above))
        for above, below in pairwise(code)
        if above.rstrip().endswith(_OPENERS)
    ]
    return min((step for step in steps if 2 <= step <= 8), default=4)


def _styled(
    rows: list[str], read: _Rows, unit: Unit, own: Sequence[str], style: Style
) -> list[str]:
    """The rows with steps as they are near the unit.

    Only code is written anew, and nothing where more of the unit's lines are found as it is.
    """
    code = [n for n in range(len(rows)) if n not in read.inside]
    if not code:
        return rows
    plain = [rows[n] if rows[n].strip() or rows[n] in own else "" for n in code]
    anew = fit("\n".join([plain[0].removeprefix(unit.indent), *plain[1:]]), style).split(
        style.line_end
    )
    if len(anew) != len(plain) or not plain[0].startswith(unit.indent):
        anew = plain
    elif plain[0].strip():
        anew[0] = unit.indent + anew[0]
    had = set(own)
    as_is, as_anew = (sum(row in had for row in each if row.strip()) for each in (plain, anew))
    if as_is > as_anew or as_is == sum(1 for row in plain if row.strip()):
        anew = plain
    styled = list(rows)
    for number, row in zip(code, anew, strict=True):
        styled[number] = row
    return styled


def _style(unit: Unit, text: str) -> Style:
    """The style of the unit's own lines, or of those near it if it has one level only."""
    margins = {margin_of(row) for row in to_model(text[unit.start : unit.stop]).split("\n") if row}
    whole = text[unit.start : unit.stop] if len(margins) > 2 else text
    at = 0 if len(margins) > 2 else unit.start
    cursor = Cursor(Document("", unit.language, 0, Text.of(whole)), at)
    return replace(style_at(cursor), line_before=unit.indent, line_end="\n")


def _with_line_ends(rows: Sequence[str], unit: Unit, text: str) -> str:
    """A line that the unit has keeps its end, others end as most of the text's do."""
    ends = Counter(_END.findall(text))
    usual = max(ends, key=lambda end: ends[end]) if ends else "\n"
    if len(ends) < 2:
        return usual.join(rows)
    had: defaultdict[str, list[str]] = defaultdict(list)
    at = unit.start
    for match in _END.finditer(text, unit.start, unit.stop):
        had[text[at : match.start()]].append(match[0])
        at = match.end()
    pieces = []
    for row in rows[:-1]:
        pieces += [row, had[row].pop(0) if had[row] else usual]
    return "".join([*pieces, rows[-1]])


# Strings


def _read(rows: list[str], language: str) -> _Rows:
    source = "\n".join(rows)
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    inside: set[int] = set()
    docs: set[int] = set()
    for start, stop, is_doc in _strings(source, language):
        first = bisect_right(starts, start)  # the line behind the one that it begins on
        last = bisect_right(starts, stop - 1) - 1
        inside |= set(range(first, last + 1))
        docs |= set(range(first, last + 1)) if is_doc else set()
    if language in _DIRECTIVES:  # those stand where they stand
        inside |= {number for number, row in enumerate(rows) if row.lstrip().startswith("#")}
    return _Rows(rows, frozenset(inside), frozenset(docs))


def _strings(source: str, language: str) -> list[tuple[int, int, bool]]:
    """The string literals of several lines, and whether each is a statement of its own."""
    if "\n" not in source:
        return []
    syntax = syntax_of(source, language) if len(source) <= _LONGEST else None
    tree = tree_of(syntax) if syntax is not None else None
    if syntax is None or tree is None:
        return [(*match.span(), False) for match in _QUOTED.finditer(source) if "\n" in match[0]]
    kinds = syntax.grammar.strings - {"jsx_text", "text"}
    return [
        (node.start, node.stop, _is_statement(node))
        for node in tree.walk()
        if node.type in kinds and "\n" in source[node.start : node.stop]
    ]


def _is_statement(node: Tree) -> bool:
    return node.parent is not None and node.parent.type == "expression_statement"
