"""A notebook as one text: its cells in order, as a model knows them from files of percent format.

A *view* shows the notebook to one language. The cells of that language stand in it with their
whole text, each behind a line ``# %%``; the others are comments and cut short, so that a long
note does not fill the window. A view of Markdown shows code as fenced blocks instead.

Python cells may hold lines that only IPython knows (``%time``, ``!ls``, ``?print``). Their first
mark becomes a comment's, character for character, so that the parser stays on its feet and an
offset in a cell is an offset in the view, moved by where the cell stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inglenook_context.comments import comment_marks
from inglenook_context.text import Edit, Text

MARKDOWN: Final = "markdown"
_BETWEEN: Final = "\n\n"
_EXCERPT: Final = 400  # characters that are shown of a cell of another language
_HEAD: Final = 200  # characters of a cell in which its magic is looked for

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_BREAKS: Final = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # end a comment somewhere
_ONLY_IPYTHON: Final = re.compile(r"([\r\n][ \t]*)(?:%(?=%?[A-Za-z_])|!(?!=)|\?(?=[\w%]))")
_ANY_MAGIC: Final = re.compile(r"([\r\n])%%(?=[A-Za-z])")
_CELL_MAGIC: Final = re.compile(r"\s*%%([A-Za-z]+)(?:[ \t]+(\S+))?")
_MAGICS: Final = {  # magics of IPython and its kin under which no Python stands
    magic: language
    for language, magics in (
        ("html", "html HTML"),
        ("javascript", "javascript js"),
        ("json", "configure"),
        ("latex", "latex"),
        (MARKDOWN, "markdown"),
        ("perl", "perl"),
        ("plaintext", "ai cmd file script writefile"),
        ("r", "R"),
        ("ruby", "ruby"),
        ("shellscript", "bash sh"),
        ("sql", "bigquery sql"),
        ("xml", "svg"),
    )
    for magic in magics.split()
}
_MOST_MAGICS: Final = 10_000  # of a cell that are masked; a file of them is no notebook


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook; ``text`` is None while it is not known."""

    language: str  # what is written in it, see `written_in`
    text: Text | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What stands for a cell: ``head``, and behind it ``size`` characters that are its text."""

    cell: Cell
    head: str
    size: int
    own: bool  # whether the cell is of the view's language, with its text shown

    @property
    def length(self) -> int:
        return len(self.head) + self.size


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A notebook as one language is shown it: ``text`` is the blocks, an empty line between two."""

    language: str
    blocks: tuple[Block, ...]
    text: Text

    def place(self, number: int) -> int | None:
        """Where the text of a cell (from 0) begins in the view; None if it is not shown whole."""
        block = self.blocks[number]
        return self._start(number) + len(block.head) if block.own else None

    def _start(self, number: int) -> int:
        """Where a block begins, or would, behind the last one."""
        before = sum([block.length for block in self.blocks[:number]])
        return before + number * len(_BETWEEN)

    @property
    def is_needed(self) -> bool:
        """Whether any cell is of its language."""
        return any(block.own for block in self.blocks)


def written_in(language: str, markup: bool, text: Text) -> str:
    """The language of a cell's text: its document's, unless a magic such as ``%%bash`` tells more.

    A magic that is not known leaves a cell Python: most of them (``%%time``) wrap Python.
    """
    if markup:
        return MARKDOWN
    if language != "python":
        return language
    magic = _CELL_MAGIC.match(text.slice(0, _HEAD))
    if magic is None or (magic[2] or "").endswith(".py"):
        return language
    return _MAGICS.get(magic[1], language)


def main_language(cells: Iterable[Cell]) -> str | None:
    """The language of most code cells, of several the first; None without a code cell."""
    counts: dict[str, int] = {}
    for cell in cells:
        if cell.language != MARKDOWN and cell.text is not None:
            counts[cell.language] = counts.get(cell.language, 0) + 1
    return max(counts, key=lambda language: counts[language], default=None)


# -- views -------------------------------------------------------------------------------------


def compose(language: str, cells: Sequence[Cell]) -> View:
    """The view of a notebook for one language."""
    blocks = tuple([_block(language, cell) for cell in cells])
    return View(language, blocks, Text.of(_BETWEEN.join(_shown(language, blocks))))


def recomposed(view: View, cells: Sequence[Cell]) -> tuple[View, Edit | None]:
    """The view after cells came, went or moved, and the one edit that leads to it, if any.

    Costs what lies between the first and the last cell that is another; cells are told apart by
    identity, so whoever calls keeps those that are as they were.
    """
    known = {id(block.cell): block for block in view.blocks}
    blocks = tuple([known.get(id(cell)) or _block(view.language, cell) for cell in cells])
    old = view.blocks
    shorter = min(len(old), len(blocks))
    first = 0
    while first < shorter and old[first] is blocks[first]:
        first += 1
    tail = 0
    while tail < shorter - first and old[-1 - tail] is blocks[-1 - tail]:
        tail += 1
    fresh = _shown(view.language, blocks[first : len(blocks) - tail])
    start, stop = view._start(first), view._start(len(old) - tail)
    if tail:
        new = "".join([shown + _BETWEEN for shown in fresh])
    elif first:
        start, stop = start - len(_BETWEEN), len(view.text)
        new = "".join([_BETWEEN + shown for shown in fresh])
    else:
        stop = len(view.text)
        new = _BETWEEN.join(fresh)
    return _replaced(view, blocks, start, stop, new)


def edited(view: View, number: int, cell: Cell, edit: Edit) -> tuple[View, Edit | None]:
    """The view after ``edit`` led to the cell's new text; its language is as before.

    Costs the lines that the edit touched. No edit if nothing that the view shows is another.
    """
    block = view.blocks[number]
    start = view._start(number)
    if block.own and cell.text is not None:
        fresh = replace(block, cell=cell, size=len(cell.text))
        base = start + len(block.head)
        first, stop, new = _lines(view, base, cell.text, edit)
        return _replaced(view, _with(view, number, fresh), base + first, base + stop, new)
    fresh = _block(view.language, cell)
    blocks = _with(view, number, fresh)
    if fresh.head == block.head:
        return View(view.language, blocks, view.text), None
    return _replaced(view, blocks, start, start + block.length, fresh.head)


def _with(view: View, number: int, block: Block) -> tuple[Block, ...]:
    return (*view.blocks[:number], block, *view.blocks[number + 1 :])


def _replaced(
    view: View, blocks: tuple[Block, ...], start: int, stop: int, new: str
) -> tuple[View, Edit | None]:
    if start == stop and not new:
        return View(view.language, blocks, view.text), None
    text = view.text.replace(start, stop, new)
    return View(view.language, blocks, text), Edit(start, stop, start + len(new))


def _lines(view: View, base: int, text: Text, edit: Edit) -> tuple[int, int, str]:
    """What of a cell's old text in the view becomes what: the edit itself, or the whole lines
    that it touched if their masks are others now."""
    first = text.line_start(text.line_at(edit.start))
    line = text.line_at(edit.new_stop)
    last = max(text.line_start(line) + len(text.line(line)), edit.new_stop)
    head, tail = edit.start - first, last - edit.new_stop
    new = _masked(text.slice(first, last), view.language)
    old = view.text.slice(base + first, base + edit.stop + tail)
    if old[:head] == new[:head] and old[len(old) - tail :] == new[len(new) - tail :]:
        return edit.start, edit.stop, new[head : len(new) - tail]
    return first, edit.stop + tail, new


# -- blocks ------------------------------------------------------------------------------------


def _block(language: str, cell: Cell) -> Block:
    own = cell.language == language and cell.text is not None
    size = len(cell.text) if own and cell.text is not None else 0
    return Block(cell, _head(language, cell, own), size, own)


def _shown(language: str, blocks: Sequence[Block]) -> list[str]:
    return [
        block.head + _masked(str(block.cell.text), language) if block.own else block.head
        for block in blocks
    ]


def _head(language: str, cell: Cell, own: bool) -> str:
    excerpt = _excerpt(cell.text) if cell.text is not None and not own else ""
    if language == MARKDOWN:
        return "" if own or not excerpt else f"```{cell.language}\n{excerpt}\n```"
    if own or cell.text is None:
        return f"{_commented('%%', language)}\n"
    return _commented(f"%% [{cell.language}]\n{excerpt}".rstrip("\n"), language)


def _excerpt(text: Text) -> str:
    """A cell's text with ``\\n`` line ends; of a long one the first and the last lines."""
    if len(text) <= _EXCERPT:
        return "\n".join(_LINE_END.split(str(text))).strip("\n")
    half = _EXCERPT // 2
    first = _LINE_END.split(text.slice(0, half))
    last = _LINE_END.split(text.slice(len(text) - half, len(text)))
    first = first[:-1] if len(first) > 1 else first  # a torn line says little
    last = last[1:] if len(last) > 1 else last
    return "\n".join([*first, "…", *last]).strip("\n")


def _commented(text: str, language: str) -> str:
    opening, closing = comment_marks(language)
    if closing:  # what is inside must not end the comment
        text = text.replace(closing, closing[:1] + " " + closing[1:])
    lines = _BREAKS.sub(" ", text).split("\n")
    return "\n".join([f"{opening} {line} {closing}".rstrip() for line in lines])


def _masked(text: str, language: str) -> str:
    """Whole lines of a cell, with the marks that only IPython knows made those of comments.

    Each line for itself and without a change of length. A mark inside of a string or in the
    middle of an expression cannot be told from a magic here; it changes one character of what
    a model is shown.
    """
    if language == "python":
        if "%" in text or "!" in text or "?" in text:
            return _ONLY_IPYTHON.sub(r"\1#", "\n" + text, _MOST_MAGICS)[1:]
        return text
    opening, closing = comment_marks(language)
    if "%%" not in text or closing or language == MARKDOWN:
        return text
    return _ANY_MAGIC.sub(rf"\1{(opening + '%')[:2]}", "\n" + text, _MOST_MAGICS)[1:]


# -- answers -----------------------------------------------------------------------------------


def within_cell(text: str, language: str, line_before: str) -> str:
    """A completion up to where it would begin another cell. ``line_before`` is what stands left
    of it on its line."""
    if language == MARKDOWN:
        return text
    opening = re.escape(comment_marks(language)[0])
    separator = re.compile(rf"(?:\A|[\r\n]+)[ \t]*{opening}[ \t]*%%")
    found = separator.search(line_before + text)
    if found is None:
        return text
    return text[: max(found.start() - len(line_before), 0)].rstrip()


def line_end_of(text: Text) -> str | None:
    """The line end of a cell's first line; None if it has but one."""
    if text.line_count == 1:
        return None
    start = len(text.line(0))
    return text.slice(start, text.line_start(1))
