"""Whether what was offered was accepted: seen from the edits that follow, in any editor.

No editor tells it. An edit that puts the offered text where it was offered accepts it; so does one
that puts in several of its letters at once, which is how a word or a line of it is taken. Single
letters that follow it are typing. Any other edit, another offer, or closing the document rejects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from inglenook.engine.ask import Answer
from inglenook.engine.counters import Event
from inglenook_context.document import Document
from inglenook_context.text import Edit

Count = Callable[[Event, str, str], None]  # event, model, language


@dataclass(frozen=True, slots=True)
class _Offer:
    """``texts`` are what is left of the alternatives at ``offset``."""

    offset: int
    texts: tuple[str, ...]
    model: str
    language: str
    accepted: bool = False  # a part of it was


@dataclass(slots=True, eq=False)
class Tally:
    """Call the ``on_`` methods in the order of what happens."""

    count: Count
    _offers: dict[str, _Offer] = field(default_factory=dict)  # by the document's URI

    def on_answer(self, answer: Answer) -> None:
        report = answer.report
        if report is None:
            return
        uri, language = answer.document.uri, answer.document.language
        model = report.model.name
        self.count(Event.CACHED if report.cached else Event.ASKED, model, language)
        if not answer.texts:
            return
        known = self._offers.get(uri)
        offer = _Offer(answer.offset, answer.texts, model, language)
        if known is not None and known.offset == offer.offset and known.texts[0] == offer.texts[0]:
            return  # what is left of the same one
        self._reject(uri)
        self._offers[uri] = offer
        self.count(Event.SHOWN, model, language)

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        for edit in edits:
            offer = self._offers.get(document.uri)
            if offer is not None:
                self._edited(document, offer, edit)

    def on_close(self, uri: str) -> None:
        self._reject(uri)

    def _edited(self, document: Document, offer: _Offer, edit: Edit) -> None:
        inserted = document.text.slice(max(edit.start, offer.offset), edit.new_stop)
        if edit.start > offer.offset or edit.stop > offer.offset or not inserted:
            self._reject(document.uri)
            return
        left = tuple(text for text in offer.texts if text.startswith(inserted))
        if not left:
            self._reject(document.uri)
            return
        taken = len(inserted) > 1
        if taken and not offer.accepted:
            self.count(Event.ACCEPTED, offer.model, offer.language)
        rest = tuple(text[len(inserted) :] for text in left if len(text) > len(inserted))
        if not rest or inserted in left:
            del self._offers[document.uri]
            return
        self._offers[document.uri] = replace(
            offer, offset=edit.new_stop, texts=rest, accepted=offer.accepted or taken
        )

    def _reject(self, uri: str) -> None:
        offer = self._offers.pop(uri, None)
        if offer is not None and not offer.accepted:
            self.count(Event.REJECTED, offer.model, offer.language)
