"""Where a line of Markdown stands: in which list items and quote, and whether a fence begins.

It may know of fewer list items than are open, never of one that is not: then a fence is sure to
be a fence, whatever the renderer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_BLANKS: Final = re.compile(r"[ \t]*")
_INDENT: Final = re.compile(r"\A(?: {0,3}\t| {1,4})")
_MARKER: Final = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?![^ \t])")
_DIGITS: Final = re.compile(r"\d{1,9}\Z")
_RULE: Final = re.compile(r"[-+*_ \t]*\Z")
_FENCE: Final = re.compile(r"(?:(`{3,})(?=[^`]*\Z)|(~{3,}))(.*)", re.DOTALL)
_BEGUN_FENCE: Final = re.compile(r"(?:`{1,2}|~{1,2})\Z")
_DELIMITERS: Final = re.compile(r"[ \t>]*[|:\-][|:\- \t]*\Z")  # the row below a table's header
_DEEP: Final = 3  # columns; what stands further in is code or goes on with a paragraph
_FAR: Final = 24  # columns that are repeated before each line of a fence at most
_WORD: Final = re.compile(r"[ \t]*([A-Za-z0-9][A-Za-z0-9_+#.\-]{0,29})(?![^ \t,{:])")
# Languages that some renderer draws, with what they link to, in place of showing their text.
_DRAWN: Final = re.compile(
    r"(?:mermaid|plantuml|puml|geojson|topojson|stl|math|katex|vega|markmap|wavedrom|kroki"
    r"|echarts|graphviz|excalidraw|nomnoml|embed|html-preview|svgbob|ditaa|bpmn)\S*|(?:dot|d2|abc)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that is open.

    ``prefix`` is shown before each of its lines: just what the list or quote round it needs, for
    renderers differ on what stands further in. ``indent`` blanks of a line, after the mark of the
    quote, are not code.
    """

    mark: str  # "```"
    prefix: str
    indent: int
    quoted: bool

    @property
    def close(self) -> str:
        return self.prefix + self.mark

    def code(self, line: str) -> str | None:
        """A line without what stands before the code; None if the quote has ended."""
        if self.quoted:
            head, mark, line = line.partition(">")
            if head.strip(" \t") or not mark:
                return None
            line = line.removeprefix(" ")
        return line[min(self.indent, len(line) - len(line.lstrip(" "))) :]

    def begins_code(self, line: str) -> bool:
        """Whether this beginning of a line tells where its code begins."""
        if self.quoted:
            line = line.strip(" \t")
            return line != "" and (line[0] != ">" or line.strip("> ") != "")
        return line.strip(" ") != "" or len(line) >= self.indent

    def is_close(self, code: str) -> bool:
        """Whether a whole line closes it."""
        if _width(code, len(self.prefix)) > _DEEP:
            return False
        rest = code.strip(" \t")
        return rest.startswith(self.mark) and not rest.strip("`~")

    def shown(self, code: str) -> str:
        """The line as a renderer must see it to take it for code."""
        return self.prefix + code if code else self.prefix.rstrip(" ")


@dataclass(frozen=True, slots=True)
class Indented(Fence):
    """Code that is only indented, shown in a fence: that is code whatever stands before it."""

    mark: str = "`" * 8
    prefix: str = ""
    indent: int = 4
    quoted: bool = False

    def code(self, line: str) -> str | None:
        if line.strip(" \t") and _width(line) <= _DEEP:
            return None
        return _INDENT.sub("", line)

    def begins_code(self, line: str) -> bool:
        return line.strip(" \t") != ""

    def is_close(self, code: str) -> bool:  # noqa: ARG002
        return False

    def shown(self, code: str) -> str:
        return " " * self.indent + code if code.lstrip(" \t").startswith(self.mark) else code


@dataclass(frozen=True, slots=True)
class Opening:
    """How a line begins: what is shown of it, and how many of its characters that took."""

    shown: str
    taken: int
    fence: Fence | None = None


@dataclass(slots=True)
class Blocks:
    """The list items that are open, by the columns where their content begins."""

    _items: list[int] = field(default_factory=list)
    fresh: bool = True  # no paragraph is open
    _apart: bool = True  # the line before is blank, or there is none
    _quoted: bool = False  # the line before is in a quote that began apart from what was before
    _deep: bool = False  # the line before may be indented code

    def blank(self) -> None:
        """A blank line comes: it ends a paragraph.

        (remark takes "5." after indented code for text, as if a paragraph were open.)
        """
        self.fresh, self._apart = self.fresh or not self._deep, True

    def close(self) -> None:
        """A line comes of which nothing is known."""
        self._items, self.fresh, self._quoted, self._apart = [], False, False, False

    def opening(self, line: str, whole: bool, hold: bool) -> Opening | None:
        """What a line that is not blank begins with; None if more of the line decides that.

        ``whole``: no more of the line will come. ``hold``: it can be waited for.
        """
        at, column = _blanks(line, 0, 0)
        if hold and _is_open(line[at:]):
            return None
        if column > _DEEP and self.fresh and not self._items:
            code = Indented()
            return Opening(code.mark, 0, code)
        shown = " " * column
        kept = [item for item in self._items if item <= column]
        free = self.fresh or len(kept) < len(self._items)  # no paragraph goes on here
        base = kept[-1] if kept else 0
        head = behind = " " * base  # what a fence needs before it, and before its other lines
        quoted, sure = False, True
        while sure and column - base <= _DEEP:
            if line.startswith(">", at) and not quoted:
                at, width = _blanks(line, at + 1, column + 1)
                shown += ">" + " " * width
                head, behind = f"{head}> ", f"{behind}> "
                base, column, quoted = column + 2, column + 1 + width, True
                continue
            marker = _MARKER.match(line, at)
            if marker is None:
                break
            after, width = _blanks(line, marker.end(), column + len(marker[0]))
            can = free or len(marker[0]) == 1 or marker[0][:-1] == "1"
            if quoted or not can or width > 4 or after == len(line) or _RULE.match(line, at):
                sure = False
                break
            shown += marker[0] + " " * width
            at, column = after, column + len(marker[0]) + width
            base = column
            head, behind = shown, " " * column
            kept.append(column)
        self._items = kept
        self._deep = column - base > _DEEP
        self._quoted, self._apart = quoted and (self._apart or self._quoted), False
        sure = sure and whole and not self._deep and quoted == self._quoted and column <= _FAR
        match = _FENCE.match(line, at) if sure else None
        self.fresh = match is not None
        if match is None:
            return Opening(shown, at)
        indent = max(0, column - base) if quoted else column
        fence = Fence(match[1] or match[2], behind, indent, quoted)
        return Opening(head + fence.mark + _language(match[3]), len(line), fence)


def is_delimiters(line: str) -> bool:
    """Whether a line may be the one below a table's header."""
    return ("-" in line or "|" in line) and _DELIMITERS.match(line) is not None


def may_be_delimiters(line: str) -> bool:
    """The same of a line that goes on."""
    return _DELIMITERS.match(line) is not None or not line.strip(" \t>")


def _is_open(rest: str) -> bool:
    """Whether what comes next decides how the line begins."""
    while True:
        rest = rest.lstrip(" \t>")
        if not rest or _DIGITS.match(rest) or _RULE.match(rest) or _BEGUN_FENCE.match(rest):
            return True
        if _FENCE.match(rest):
            return True
        marker = _MARKER.match(rest)
        if marker is None:
            return False
        rest = rest[marker.end() :]


def _language(info: str) -> str:
    """The language that a fence names, and nothing else."""
    word = _WORD.match(info)
    if word is None:
        return ""
    return "text" if _DRAWN.fullmatch(word[1]) else word[1]


def _blanks(line: str, at: int, column: int) -> tuple[int, int]:
    """Where the blanks at ``at`` end, and how many columns they are."""
    blanks = _BLANKS.match(line, at)
    assert blanks is not None  # it can be empty
    return blanks.end(), _width(blanks[0], column)


def _width(blanks: str, column: int = 0) -> int:
    """Columns of the blanks that a text at ``column`` begins with; tabs go to each fourth."""
    at = column
    for sign in blanks:
        if sign == "\t":
            at += 4 - at % 4
        elif sign == " ":
            at += 1
        else:
            break
    return at - column
