"""The open documents of one editor and what is known of them: trees, outlines, typing rhythm.

Parsing and outlining go on in slices of a few milliseconds between messages, so that no turn of
the event loop is long, whatever the size of a document.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final

from inglenook.engine.library import Files, Library
from inglenook.engine.pacing import Rhythm
from inglenook.engine.sensitive import is_sensitive
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import Facts, made, making
from inglenook_context.imports import imports_of
from inglenook_context.nearby import names_in, without_imports
from inglenook_context.parse import Parse
from inglenook_context.reading import Reading
from inglenook_context.region import Region
from inglenook_context.resolve import Resolver
from inglenook_context.scene import Candidate
from inglenook_context.style import Style, style_at
from inglenook_context.symbols import Definition, Extraction
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit, Text, encode

log = logging.getLogger(__name__)

SLICE_MS: Final = 3.0  # of one turn of the event loop
_MOMENT_MS: Final = 1.5  # that a completion spends on the newest tree
_HOLD: Final = 0.04  # seconds after a key or a request that background work keeps out of the way
_FEW: Final = 80  # characters
_PIECE: Final = 16_384  # characters whose names are gathered at once
_IDLE: Final = 0.5  # seconds without an edit before a document is outlined again


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the last prompt of a document held of other files, and what it was chosen by."""

    line: int = -1
    reading: Reading = Reading()
    resolver: Resolver | None = None
    region: Region = Region()
    prefix: str = ""  # of the window of that prompt
    found: tuple[Candidate, ...] = ()


NOTHING_SHOWN: Final = Shown()


@dataclass(eq=False, slots=True)
class _Open:
    document: Document
    path: str
    parse: Parse
    changed: float
    letters: bool = False  # all that changed since the last parse is letters that were typed
    edition: int = 0  # digest of its facts, 0 without any
    facts: Facts | None = None
    imported: int = 0  # digest of what it imports
    used: frozenset[str] = frozenset()  # the names in it, but for those of its imports
    outlined: Text | None = None  # the text that the facts are of
    outlining: Iterator[None] | None = None
    shown: Shown = NOTHING_SHOWN
    style: tuple[int, Style] = (-1, Style())  # at which line


@dataclass(eq=False, slots=True)
class Session:
    """Call the ``on_`` methods as documents change, in order, from the event loop.

    ``shown_path`` gives the path under which a URI's document is shown to a model.
    """

    shown_path: Callable[[str], str]
    rhythm: Rhythm = Rhythm()
    _open: dict[str, _Open] = field(default_factory=dict)
    _editions: dict[str, int] = field(default_factory=dict)  # sums, by kind of language
    files: Files | None = None
    _resolver: Resolver | None = None
    _generation: int = -1  # of the files that the resolver knows
    _worker: asyncio.Task[None] | None = None
    _held_until: float = 0.0  # of the monotonic clock; until then no slice is worked on

    # -- what happens to documents -------------------------------------------------------------

    def on_open(self, document: Document) -> None:
        parse = Parse(document.language, document.text)
        path = self.shown_path(document.uri)
        opened = self._open[document.uri] = _Open(document, path, parse, -_IDLE)
        if not is_sensitive(path):  # by what it imports the first completion can find something
            imports = imports_of(document.text, document.language)
            opened.facts = made(path, document.language, (), imports)
        self._resolver = None
        self._work()

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        opened = self._open.get(document.uri)
        if opened is None:
            self.on_open(document)
            return
        letters = all(_is_letters(document.text, edit) for edit in edits)
        opened.letters = letters and (opened.letters or opened.parse.done)
        opened.document = document
        if not _stays_on(opened.style[0], document, edits):
            opened.style = (-1, opened.style[1])
        opened.changed = time.monotonic()
        opened.outlining = None
        opened.parse.update(document.text, edits)
        self.rhythm = self.rhythm.after_key(opened.changed)
        self.hold()
        self._work()

    def on_close(self, uri: str) -> None:
        closed = self._open.pop(uri, None)
        if closed is not None:
            self._revise(closed, 0)

    def hold(self, seconds: float = _HOLD) -> None:
        """Leave the event loop to a request that is coming or on its way out."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

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
        """Tells apart what the other open documents define, in this process and in any other.

        The imports of the document itself count too, once there is something to choose by them.
        """
        mine = self._open.get(uri)
        if mine is None:
            return ""
        others = self._editions.get(_kind(mine.document.language), 0) - mine.edition
        disk = self.files.edition if self.files else ""
        return f"{others:x}.{mine.imported:x}.{disk}" if others or disk else ""

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
        kind = _kind(mine.document.language) if mine else ""
        return tuple(
            opened.facts
            for other, opened in self._open.items()
            if other != uri and opened.facts and _kind(opened.facts.language) == kind
        )

    def resolver(self) -> Resolver:
        """For the files as they are known now; another one when that changes."""
        generation = self.files.generation if self.files else 0
        if self._resolver is None or self._generation != generation:
            self._generation = generation
            aliases = self.files.aliases() if self.files else ()
            self._resolver = Resolver(self._library(), aliases)
        return self._resolver

    def _library(self) -> Library:
        files = {opened.facts.path: opened.facts for opened in self._open.values() if opened.facts}
        return Library(files, self.files)

    def shown(self, uri: str) -> Shown:
        """What the last prompt of a document held of other files."""
        opened = self._open.get(uri)
        return opened.shown if opened else NOTHING_SHOWN

    def show(self, uri: str, shown: Shown) -> None:
        if opened := self._open.get(uri):
            opened.shown = shown

    # -- background ----------------------------------------------------------------------------

    def _work(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._advance())

    async def _advance(self) -> None:
        while True:
            opened, due = self._next()
            if opened is None:
                return
            due = max(due, self._held_until - time.monotonic())
            if due > 0:
                await asyncio.sleep(due)
                continue
            try:
                if not opened.parse.done:
                    opened.parse.advance(SLICE_MS)
                else:
                    self._outline(opened)
            except Exception as error:  # one document must not keep the others from their turn
                log.error("A document could not be read: %s", type(error).__name__)
                opened.parse = Parse("", opened.document.text)
                opened.outlined = opened.document.text
            await asyncio.sleep(0)

    def _next(self) -> tuple[_Open | None, float]:
        """The document to work on next, and in how many seconds."""
        best: _Open | None = None
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

    def _outline(self, opened: _Open) -> None:
        """One slice of a document's outline."""
        if opened.outlining is None:
            opened.outlining = _outlining(opened)
        deadline = time.perf_counter() + SLICE_MS / 1000
        for _ in opened.outlining:
            if time.perf_counter() >= deadline:
                return
        opened.outlining = None
        made = opened.facts
        told = "" if made is None else f"{made.path} {made.digest}"
        self._revise(opened, _digest(told) if told else 0)

    def _revise(self, opened: _Open, edition: int) -> None:
        kind = _kind(opened.document.language)
        self._editions[kind] = self._editions.get(kind, 0) + edition - opened.edition
        if edition != opened.edition:
            self._resolver = None
        opened.edition = edition


def _is_letters(text: Text, edit: Edit) -> bool:
    inserted = text.slice(edit.start, min(edit.new_stop, edit.start + _FEW))
    small = edit.start == edit.stop and edit.new_stop - edit.start < _FEW
    return small and inserted.isalnum()


def _stays_on(line: int, document: Document, edits: tuple[Edit, ...]) -> bool:
    """Whether edits changed nothing but a few characters of one line."""
    text = document.text
    return all(
        edit.stop - edit.start < _FEW
        and edit.new_stop - edit.start < _FEW
        and text.line_at(edit.start) == text.line_at(edit.new_stop) == line
        for edit in edits
    )


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(encode(text), digest_size=8).digest(), "big")


def _kind(language: str) -> str:
    """Languages whose files call each other: TypeScript, JavaScript and their JSX are one."""
    return "script" if language.startswith(("typescript", "javascript")) else language


def _outlining(opened: _Open) -> Iterator[None]:
    """Make the facts of a document's present text, a little at each step."""
    text, syntax = opened.document.text, opened.parse.tree()
    language = opened.document.language
    imports = imports_of(text, language)
    definitions: tuple[Definition, ...] = ()
    if syntax is not None and not is_sensitive(opened.path):
        extraction = Extraction(syntax)
        while not extraction.advance(1.0):
            yield
        definitions = extraction.definitions
    used: set[str] = set()
    for start in range(0, len(text), _PIECE):
        used.update(names_in(without_imports(text.slice(start, start + _PIECE))))
        yield
    if not is_sensitive(opened.path):
        for made in making(opened.path, language, definitions, imports):
            opened.facts = made or opened.facts
            yield
    opened.used = frozenset(used)
    opened.imported = _digest(repr(imports))
    opened.outlined = text
