"""The open documents of one editor and what is known of them: trees, outlines, typing rhythm.

Parsing and outlining go on in slices of a few milliseconds between messages, so that no turn of
the event loop is long, whatever the size of a document.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.engine.editions import Editions, kind_of
from inglenook.engine.edits import is_letters, stays_on
from inglenook.engine.elsewhere import Other
from inglenook.engine.library import Files, Library
from inglenook.engine.look_ahead import LookAhead
from inglenook.engine.outline import NOTHING_SHOWN, Open, Shown, outlining
from inglenook.engine.pacing import Rhythm
from inglenook.engine.recent import Recent, working_uri
from inglenook.engine.sensitive import is_sensitive
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import Facts, made
from inglenook_context.imports import imports_of
from inglenook_context.parse import Parse
from inglenook_context.resolve import Resolver
from inglenook_context.style import Style, style_at
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit

log = logging.getLogger(__name__)

SLICE_MS: Final = 3.0  # of one turn of the event loop
_MOMENT_MS: Final = 1.5  # that a completion spends on the newest tree
_HOLD: Final = 0.04  # seconds after a key or a request that background work keeps out of the way
_IDLE: Final = 0.5  # seconds without an edit before a document is outlined again


@dataclass(eq=False, slots=True)
class Session:
    """Call the ``on_`` methods as documents change, in order, from the event loop.

    ``shown_path`` gives the path under which a URI's document is shown to a model.
    """

    shown_path: Callable[[str], str]
    rhythm: Rhythm = Rhythm()
    _open: dict[str, Open] = field(default_factory=dict)
    _editions: Editions = field(default_factory=Editions)
    files: Files | None = None
    recent: Recent = field(default_factory=Recent)
    _resolvers: dict[str, Resolver] = field(default_factory=dict)  # "" for all but hidden ones
    _hidden: set[str] = field(default_factory=set)
    _known: Files | None = None  # the files that the resolvers know
    _generation: int = -1  # of those files
    _ahead: LookAhead = field(default_factory=LookAhead)
    _worker: asyncio.Task[None] | None = None
    _held_until: float = 0.0  # of the monotonic clock; until then no slice is worked on

    # -- what happens to documents -------------------------------------------------------------

    def on_open(self, document: Document) -> None:
        parse = Parse(document.language, document.text)
        path = self.shown_path(document.uri)
        opened = self._open[document.uri] = Open(document, path, parse, -_IDLE)
        if not is_sensitive(path):  # by what it imports the first completion can find something
            imports = imports_of(document.text, document.language)
            opened.facts = made(path, document.language, (), imports)
        self.recent.on_open(document)
        self._resolvers.clear()
        self._ahead.key()
        self._work()

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        opened = self._open.get(document.uri)
        if opened is None:
            self.on_open(document)
            return
        letters = all(is_letters(document.text, edit) for edit in edits)
        opened.letters = letters and (opened.letters or opened.parse.done)
        opened.document = document
        if not stays_on(opened.style[0], document, edits):
            opened.style = (-1, opened.style[1])
        for edit in edits:
            goes_on = letters and edit.start == opened.typed_to
            opened.typed_to = edit.new_stop if goes_on else -1
        opened.changed = time.monotonic()
        opened.outlining = None
        opened.parse.update(document.text, edits)
        self.recent.on_change(document, edits)
        self.rhythm = self.rhythm.after_key(opened.changed)
        self.hold()
        self._ahead.key()
        self._work()

    def on_save(self, document: Document) -> None:
        self.recent.on_save(document)

    def on_close(self, uri: str) -> None:
        self.recent.on_close(uri)
        closed = self._open.pop(uri, None)
        if closed is not None:
            self._editions.forget(closed)
            self._hidden.discard(uri)
            self._resolvers.clear()

    def hide(self, uri: str) -> None:
        """Show nothing of an open document on behalf of another one."""
        if uri in self._open:
            self._hidden.add(uri)
            self._resolvers.clear()

    def reveal(self, uri: str) -> None:
        """It may be shown again."""
        self._hidden.discard(uri)
        self._resolvers.clear()

    def hold(self, seconds: float = _HOLD) -> None:
        """Leave the event loop to a request that is coming or on its way out."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    async def settled(self) -> None:
        """Returns when everything that is open has been read; not for an editor, which types."""
        if self._worker is not None:
            await asyncio.shield(self._worker)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.cancel()

    # -- what is known of them -----------------------------------------------------------------

    def document(self, uri: str) -> Document | None:
        opened = self._open.get(uri)
        return opened.document if opened else None

    def path(self, uri: str) -> str:
        opened = self._open.get(uri)
        return opened.path if opened else self.shown_path(uri)

    def edition(self, uri: str) -> str:
        """Tells apart what the other open documents hold, in this process and in any other.

        The imports of the document itself count too, once there is something to choose by them.
        """
        mine = self._open.get(uri)
        if mine is None:
            return ""
        others, bodies = self._editions.of_others(mine)
        disk = self.files.edition if self.files else ""
        known = others or bodies or disk
        return f"{others:x}.{bodies:x}.{mine.imported:x}.{disk}" if known else ""

    def syntax(self, document: Document) -> Syntax | None:
        """The tree of a document as it is now, or the last one shifted.

        Letters that were typed into a line change little: for them the shifted tree will do, and
        the parse waits for the background. For anything else it is parsed for a moment.
        """
        opened = self._open.get(document.uri)
        if opened is None or opened.document.text is not document.text:
            return None
        if not opened.letters or opened.parse.tree() is None:
            opened.parse.advance(_MOMENT_MS)
        return opened.parse.tree()

    def style(self, cursor: Cursor) -> Style:
        """How the text near a cursor is written; looked at again on each line."""
        opened = self._open.get(cursor.document.uri)
        if opened is None:
            return style_at(cursor)
        line = cursor.line
        if opened.style[0] != line:
            opened.style = (line, style_at(cursor))
        return replace(opened.style[1], line_before=cursor.line_before)

    def facts(self, uri: str) -> Facts | None:
        """What a document defined and imported when it was last outlined."""
        opened = self._open.get(uri)
        return opened.facts if opened else None

    def used(self, uri: str) -> frozenset[str]:
        """The names in a document, but for those of its imports."""
        opened = self._open.get(uri)
        return opened.used if opened else frozenset()

    def others(self, uri: str) -> tuple[Facts, ...]:
        """What the other open documents of a kind of language define.

        Of those whose very name is a secret nothing is known.
        """
        mine = self._open.get(uri)
        kind = kind_of(mine.document.language) if mine else ""
        return tuple(
            opened.facts
            for other, opened in self._open.items()
            if other != uri
            and other not in self._hidden
            and opened.facts
            and kind_of(opened.facts.language) == kind
            and not working_uri(other)
        )

    def texts(self, uri: str) -> dict[str, Other]:
        """The open documents of a kind of language, this one among them, whose text may be shown:
        not those whose very name is a secret."""
        mine = self._open.get(uri)
        kind = kind_of(mine.document.language) if mine else ""
        return {
            other: Other(opened.path, opened.document.text, opened.shape)
            for other, opened in self._open.items()
            if kind_of(opened.document.language) == kind
            and not is_sensitive(opened.path)
            and (other == uri or other not in self._hidden)
        }

    def resolver(self, uri: str) -> Resolver:
        """For the files as a document may know them now; another one when that changes."""
        generation = self.files.generation if self.files else 0
        if (self._known, self._generation) != (self.files, generation):
            self._known, self._generation = self.files, generation
            self._resolvers.clear()
        key = uri if uri in self._hidden else ""
        if key not in self._resolvers:
            aliases = self.files.aliases() if self.files else ()
            self._resolvers[key] = Resolver(self._library(key), aliases)
        return self._resolvers[key]

    def _library(self, own: str) -> Library:
        """Of what is open neither what a file was, in a diff, nor what is hidden (but for
        ``own``), nor, of a file on the disk, what was not gone through yet."""
        files = {
            opened.facts.path: opened.facts
            for uri, opened in self._open.items()
            if opened.facts and not working_uri(uri) and (uri == own or uri not in self._hidden)
            if opened.outlined is not None or not self.files or not self.files.exists(opened.path)
        }
        return Library(files, self.files)

    def shown(self, uri: str) -> Shown:
        """What the last prompt of a document held of other files."""
        opened = self._open.get(uri)
        return opened.shown if opened else NOTHING_SHOWN

    def show(self, uri: str, shown: Shown, offset: int) -> None:
        """Note what was shown for a cursor at ``offset``."""
        if opened := self._open.get(uri):
            opened.shown, opened.typed_to = shown, offset

    def typed_on(self, uri: str, offset: int) -> bool:
        """Whether nothing has changed since then but for letters that were typed on, to here."""
        opened = self._open.get(uri)
        return opened is not None and opened.typed_to == offset

    def has_looked(self, uri: str) -> bool:
        """Whether the background has looked up what the document names."""
        opened = self._open.get(uri)
        return opened is not None and self._ahead.has_looked((opened.path, self.resolver(uri)))

    # -- background ----------------------------------------------------------------------------

    def _work(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._advance())

    async def _advance(self) -> None:
        while True:
            opened, due = self._next()
            ahead = self._next_ahead() if due > 0 else None
            if opened is None and ahead is None:
                return
            due = max(0.0 if ahead else due, self._held_until - time.monotonic())
            if due > 0:
                await asyncio.sleep(due)
            elif ahead is not None:
                self._look_ahead(ahead)
                await asyncio.sleep(0)
            elif opened is not None:
                self._read_on(opened)
                await asyncio.sleep(0)

    def _read_on(self, opened: Open) -> None:
        """One slice of parsing or outlining a document."""
        try:
            if not opened.parse.done:
                opened.parse.advance(SLICE_MS)
            else:
                self._outline(opened)
        except Exception as error:  # one document must not keep the others from their turn
            log.error("A document could not be read: %s", type(error).__name__)
            opened.parse = Parse("", opened.document.text)
            opened.outlined = opened.document.text

    def _next_ahead(self) -> Open | None:
        """The document that was edited or opened last, if what it names is to be looked up."""
        newest = max(reversed(self._open.values()), key=lambda each: each.changed, default=None)
        if newest is None or not self._ahead.wants(self._subject(newest)):
            return None
        return newest

    def _subject(self, opened: Open) -> tuple[str, Resolver]:
        return opened.path, self.resolver(opened.document.uri)

    def _look_ahead(self, opened: Open) -> None:
        subject = self._subject(opened)
        try:
            if opened.facts is not None:
                self._ahead.advance(subject, opened.facts, SLICE_MS)
            else:
                self._ahead.end(subject)
        except Exception as error:
            log.error("A document's names could not be looked up: %s", type(error).__name__)
            self._ahead.end(subject)

    def _next(self) -> tuple[Open | None, float]:
        """The document to work on next, and in how many seconds."""
        best: Open | None = None
        soonest = float("inf")
        now = time.monotonic()
        for opened in self._open.values():
            if not opened.parse.done:
                return opened, 0.0
            if opened.outlined is not opened.document.text:
                due = 0.0 if opened.outlined is None else opened.changed + _IDLE - now
                if due < soonest:
                    best, soonest = opened, due
        return best, soonest

    def _outline(self, opened: Open) -> None:
        """One slice of a document's outline."""
        if opened.outlining is None:
            opened.outlining = outlining(opened)
        deadline = time.perf_counter() + SLICE_MS / 1000
        for _ in opened.outlining:
            if time.perf_counter() >= deadline:
                return
        opened.outlining = None
        self.recent.on_outlined(opened.document.uri)
        if self._editions.revise(opened):
            self._resolvers.clear()
