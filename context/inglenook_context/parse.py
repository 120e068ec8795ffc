"""The parser of one open document, which never works longer than it is allowed to.

py-tree-sitter holds the GIL while it parses, so a thread would not help: a fresh ``\"\"\"``
parses the rest of the file anew, 100 ms at 20,000 lines. `Parser.parse` with a read callback
stops when its progress callback says so (it then raises ValueError) and goes on at the next
call with the same arguments; after `Parser.reset` it starts anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tree_sitter import Parser, Tree

from inglenook_context.grammar import Grammar, grammar_of, load
from inglenook_context.nesting import Nesting
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit, Text

Clock = Callable[[], float]  # seconds

# py-tree-sitter (0.25.2, 0.26.1) never gives up its reference to what a read callback returned:
# fresh bytes would be kept for ever, 18 kB a parse. So one buffer is filled again and again. The
# parser reads it only until it asks for more, and asks anew when a parse begins or goes on
# (tree-sitter's lexer.c, `ts_lexer_set_input`).
_chunk = bytearray()


class Parse:
    """The parse of one open document; mutable, used from one thread.

    ``clock`` is asked how much of a budget is used up; tests give one that they move.
    """

    def __init__(self, language: str, text: Text, clock: Clock = time.perf_counter) -> None:
        self._text = text
        self._clock = clock
        self._nesting = Nesting(text, language)
        self._syntax: Syntax | None = None
        self._grammar: Grammar | None = grammar_of(language)
        tables = load(self._grammar) if self._grammar else None
        self._parser = Parser(tables) if tables else None
        self._halfway = False  # the parser has stopped in the middle of a text,
        self._stale = False  # which is no longer the document's

    @property
    def done(self) -> bool:
        """Whether there is nothing left for `advance` to do."""
        if self._parser is None or self._nesting.tame is False:
            return True
        return self._syntax is not None and self._syntax.exact

    def tree(self) -> Syntax | None:
        """The tree of the current text, or the last good one shifted by the edits since.

        None if there is no grammar, nothing has been parsed yet, or the text is one on which
        a parser could stall.
        """
        return self._syntax

    def update(self, text: Text, edits: tuple[Edit, ...]) -> None:
        """The document became ``text`` by ``edits``, each of which counts in the text that the
        one before it left. Only the tree is shifted; an unfinished parse is dropped.

        Without edits the whole text is new. Several are taken as one that spans them all, so
        whoever has the texts between edits far apart keeps more of the tree with a call for each.
        """
        if text is self._text:
            return
        edit = hull(edits) or Edit(0, len(self._text), len(text))
        self._text = text
        self._nesting.update(text, edit)
        self._stale = self._halfway
        if self._nesting.tame is False:
            self._syntax = None
        elif self._syntax is not None:
            self._syntax = shifted(self._syntax, text, edit)

    def advance(self, budget_ms: float) -> bool:
        """Work for about ``budget_ms`` milliseconds; True when the tree is of the current text,
        or the document is one that has no tree."""
        if self.done:
            return True
        deadline = self._clock() + budget_ms / 1000
        if self._stale:
            self._drop()
        while not self._nesting.advance():
            if self._clock() >= deadline:
                return False
        if not self._nesting.tame or self._parser is None or self._grammar is None:
            self._drop()
            self._syntax = None
            return True
        old = self._syntax.tree if self._syntax else None
        tree = parse_until(self._parser, self._text, old, deadline, self._clock)
        self._halfway = tree is None
        if tree is not None:
            self._syntax = Syntax(tree, self._text, self._grammar, exact=True)
        return tree is not None

    def _drop(self) -> None:
        """Forget an unfinished parse. It can take milliseconds, for the parser frees what it
        has built so far; that is why no keystroke waits for it."""
        if self._parser is not None and self._halfway:
            self._parser.reset()
        self._halfway = self._stale = False


def parse_until(
    parser: Parser, text: Text, old: Tree | None, deadline: float, clock: Clock
) -> Tree | None:
    """The tree of ``text``; None if the deadline (seconds of ``clock``) came first, and then
    the next call with the same arguments goes on where this one stopped."""

    def read(byte: int, _point: object) -> bytearray:
        _chunk[:] = text.read(byte)
        return _chunk

    def late(_byte: int, _has_error: bool) -> bool:
        return clock() >= deadline

    try:
        if old is None:
            return parser.parse(read, progress_callback=late)
        return parser.parse(read, old, progress_callback=late)
    except ValueError:
        return None


def hull(edits: tuple[Edit, ...]) -> Edit | None:
    """One edit that spans ``edits``, each of which counts in what the one before it left."""
    if not edits:
        return None
    start, stop, new_stop = edits[0]
    for edit in edits[1:]:
        stop += max(edit.stop - new_stop, 0)
        new_stop = max(edit.stop, new_stop) + edit.new_stop - edit.stop
        start = min(start, edit.start)
    return Edit(start, stop, new_stop)


def shifted(syntax: Syntax, new: Text, edit: Edit) -> Syntax:
    """The tree with its nodes moved to where ``edit`` left them; it shares all it can."""
    tree = syntax.tree.copy()
    edit_tree(tree, syntax.text, new, edit)
    return Syntax(tree, new, syntax.grammar, exact=False)


def edit_tree(tree: Tree, old: Text, new: Text, edit: Edit) -> None:
    """Tell ``tree`` of ``old`` about the edit that made ``new``; changes the tree."""
    start_point = new.point_at(edit.start)
    tree.edit(
        new.byte_at(edit.start),
        old.byte_at(edit.stop),
        new.byte_at(edit.new_stop),
        start_point,
        old.point_at(edit.stop) if edit.stop > edit.start else start_point,
        new.point_at(edit.new_stop) if edit.new_stop > edit.start else start_point,
    )
