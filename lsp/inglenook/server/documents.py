"""The open documents, equal to what the editor holds, or known not to be.

pygls's own documents are not used: they cut lines at U+2028 and its like, cost the whole file
per edit, and take stale versions and impossible ranges for good. Here an edit costs the lines
it touches. Whatever cannot be true of a text equal to the editor's (a version that does not
grow, a place that does not exist, a change of a document that is not open) makes the document
*dirty*: it serves nothing, its user is told once, and the next whole text mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from inglenook.server.changes import (
    Changed,
    ContentChange,
    MalformedChange,
    Opened,
    Place,
    read_changed,
    read_opened,
    uri_in,
)
from inglenook.server.positions import Encoding, PositionError, offset_at
from inglenook.server.splice import replace, replace_all
from inglenook.server.uris import key_of
from inglenook_context.document import Document
from inglenook_context.text import Edit, Text

FEATURE_LIMIT: Final = 2 * 1024 * 1024  # characters; a longer text is only kept in step
KEEP_LIMIT: Final = 16 * 1024 * 1024  # characters; a longer text is not kept at all
_STRANGERS: Final = 256  # how many documents that were never opened are remembered


class Fault(StrEnum):
    """Why a document serves nothing."""

    DIRTY = "dirty"  # its text may differ from the editor's
    LARGE = "large"  # kept in step, but too long for any feature
    DROPPED = "dropped"  # too long to be kept: its text here is empty


@dataclass(frozen=True, slots=True)
class SyncedDocument:
    """A document at its newest version, and whether features may use it."""

    document: Document
    fault: Fault | None = None

    @property
    def usable(self) -> bool:
        return self.fault is None


class Listener(Protocol):
    """What is told of the documents, while nothing is awaited.

    Only usable documents are shown: one that becomes dirty or too long counts as closed, one
    that is mended as opened. ``document.uri`` keeps the spelling with which it was opened.
    Edits are in order, each in the offsets of the text that the one before it left.
    """

    def on_open(self, document: Document) -> None: ...
    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None: ...
    def on_save(self, document: Document) -> None: ...
    def on_close(self, uri: str, /) -> None: ...


Report = Callable[[str, Fault], None]  # tells the user about the document with that URI


class Documents:
    """All open documents by URI, in any spelling of it."""

    def __init__(self, report: Report | None = None) -> None:
        self.encoding = Encoding.UTF16
        self._report: Report = report or (lambda _uri, _fault: None)
        self._synced: dict[str, SyncedDocument] = {}
        self._listeners: list[Listener] = []
        self._strangers: dict[str, None] = {}

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` of what is open now and of everything from now on."""
        self._listeners.append(listener)
        for synced in self._synced.values():
            if synced.usable:
                listener.on_open(synced.document)

    def get(self, uri: str) -> SyncedDocument | None:
        return self._synced.get(key_of(uri))

    def usable(self, uri: str) -> Document | None:
        """The document, if it is open and features may use it."""
        synced = self.get(uri)
        return synced.document if synced is not None and synced.usable else None

    def __iter__(self) -> Iterator[SyncedDocument]:
        return iter(tuple(self._synced.values()))

    def __len__(self) -> int:
        return len(self._synced)

    # The four messages; params are the JSON as it came.

    def did_open(self, params: Any) -> None:
        try:
            opened = read_opened(params)
        except MalformedChange:
            self.distrust(uri_in(params))
            return
        key = key_of(opened.uri)
        self._strangers.pop(key, None)
        before = self._synced.get(key)
        if before is not None and before.usable:
            self._tell_closed(before.document)
        self._enter(key, _opened_document(opened), dirty=opened.version < 0)

    def did_change(self, params: Any) -> None:
        try:
            changed = read_changed(params)
        except MalformedChange:
            self.distrust(uri_in(params))
            return
        synced = self.get(changed.uri)
        if synced is None:
            self._meet_stranger(changed.uri)
        elif changed.version <= synced.document.version:
            self.distrust(changed.uri)
        elif synced.fault in (Fault.DIRTY, Fault.DROPPED):
            self._mend(synced, changed)
        else:
            self._apply(synced, changed)

    def did_close(self, params: Any) -> None:
        uri = uri_in(params)
        synced = self._synced.pop(key_of(uri), None) if uri is not None else None
        if synced is not None and synced.usable:
            self._tell_closed(synced.document)

    def did_save(self, params: Any) -> None:
        uri = uri_in(params)
        document = self.usable(uri) if uri is not None else None
        if document is not None:
            for listener in self._listeners:
                listener.on_save(document)

    def distrust(self, uri: str | None = None) -> None:
        """Mark a document dirty, or all of them if it is not known which one a message meant."""
        keys = [key_of(uri)] if uri is not None else list(self._synced)
        for key in keys:
            synced = self._synced.get(key)
            if synced is not None and synced.fault is not Fault.DIRTY:
                self._turn(key, synced, synced.document, Fault.DIRTY)

    # How a document changes its state

    def _apply(self, synced: SyncedDocument, changed: Changed) -> None:
        try:
            text, edits = _edited(synced.document.text, changed.changes, self.encoding)
        except PositionError:
            self.distrust(changed.uri)
            return
        document = _at(synced.document, changed.version, text)
        key = key_of(document.uri)
        fault = _fault_of_size(text)
        if fault is not synced.fault:
            self._turn(key, synced, document, fault)
            return
        self._synced[key] = SyncedDocument(document, fault)
        if fault is None:
            for listener in self._listeners:
                listener.on_change(document, edits)

    def _mend(self, synced: SyncedDocument, changed: Changed) -> None:
        """Take up a document again from the last whole text in the message, if it has one."""
        whole = [at for at, change in enumerate(changed.changes) if change.start is None]
        key = key_of(synced.document.uri)
        if not whole:
            document = _at(synced.document, changed.version, synced.document.text)
            self._synced[key] = SyncedDocument(document, synced.fault)
            return
        try:
            fresh = Text.of(changed.changes[whole[-1]].text)
            text, _ = _edited(fresh, changed.changes[whole[-1] + 1 :], self.encoding)
        except PositionError:
            return
        self._enter(key, _at(synced.document, changed.version, text))

    def _enter(self, key: str, document: Document, dirty: bool = False) -> None:
        """Begin with a document whose whole text just came."""
        self._synced[key] = SyncedDocument(document, Fault.DIRTY)
        fault = Fault.DIRTY if dirty else _fault_of_size(document.text)
        self._turn(key, self._synced[key], document, fault)

    def _turn(
        self, key: str, before: SyncedDocument, document: Document, fault: Fault | None
    ) -> None:
        """Go from one state to another, and say so to listeners and user."""
        if fault is Fault.DROPPED:
            document = _at(document, document.version, Text.of(""))
        self._synced[key] = SyncedDocument(document, fault)
        if before.usable:
            self._tell_closed(before.document)
        if fault is None:
            for listener in self._listeners:
                listener.on_open(document)
        elif fault is not Fault.LARGE:
            self._report(document.uri, fault)

    def _tell_closed(self, document: Document) -> None:
        for listener in self._listeners:
            listener.on_close(document.uri)

    def _meet_stranger(self, uri: str) -> None:
        key = key_of(uri)
        if key not in self._strangers:
            if len(self._strangers) >= _STRANGERS:
                del self._strangers[next(iter(self._strangers))]
            self._strangers[key] = None
            self._report(uri, Fault.DIRTY)


def _opened_document(opened: Opened) -> Document:
    return Document(opened.uri, opened.language, opened.version, Text.of(opened.text))


def _at(document: Document, version: int, text: Text) -> Document:
    return Document(document.uri, document.language, version, text)


def _fault_of_size(text: Text) -> Fault | None:
    if text.length <= FEATURE_LIMIT:
        return None
    return Fault.LARGE if text.length <= KEEP_LIMIT else Fault.DROPPED


def _edited(
    text: Text, changes: list[ContentChange], encoding: Encoding
) -> tuple[Text, tuple[Edit, ...]]:
    """The text after the changes, and the edits that led to it; PositionError if one cannot be."""
    edits = []
    for change in changes:
        if change.start is None or change.end is None:
            text, edit = replace_all(text, change.text)
        else:
            start, stop = _span(text, change.start, change.end, encoding)
            text, edit = replace(text, start, stop, change.text, encoding)
        edits.append(edit)
    return text, tuple(edits)


def _span(text: Text, start: Place, end: Place, encoding: Encoding) -> tuple[int, int]:
    first = offset_at(text, *start, encoding)
    last = first if start == end else offset_at(text, *end, encoding)
    if last < first:
        raise PositionError("a range that ends before it starts")
    return first, last
