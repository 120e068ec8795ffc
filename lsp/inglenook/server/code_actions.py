"""``textDocument/codeAction`` and ``codeAction/resolve``: refactors and fixes.

What the syntax tree computes is offered because it is known to be right; its edit is made when
the client asks for it, for the document as it is by then. A document that has changed elsewhere
keeps its offers: the selection is followed and the refactor computed anew. If it cannot be
followed, or is not right any more, that is said. What a model is to write is offered beside it
(`written_actions`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from inglenook.engine.refactor.computed import is_computed, offered
from inglenook.engine.refactor.stale import followed
from inglenook.engine.refactor.suggested import Suggestion
from inglenook.server.asked import RequestFailed
from inglenook.server.positions import PositionError, offset_at
from inglenook.server.workspace_edits import of_computed, workspace_edit
from inglenook.server.writing import OTHER_LANGUAGE
from inglenook.server.written_actions import Place, WrittenActions
from inglenook_context.refactor.edits import Refactoring

if TYPE_CHECKING:
    from inglenook.server.serving import Serving
    from inglenook.server.writing import Writing
    from inglenook_context.document import Document
    from inglenook_context.text import Text

_KEPT: Final = 128  # offers
_TOO_OLD: Final = "This refactor was offered too long ago: ask for it again."
_CLOSED: Final = (
    "The document that the refactor is for is not open any more, or is too large by now."
)
_CHANGED: Final = "The code has changed since: ask for the refactor again."

_Found = Refactoring | Suggestion


@dataclass(frozen=True, slots=True)
class _Offer:
    """Something for a place in a document as it was."""

    place: Place
    found: _Found


class CodeActions:
    """Answers the requests of one server."""

    def __init__(self, serving: Serving, writing: Writing) -> None:
        self._serving = serving
        self._written = WrittenActions(serving, writing)
        self._offers: dict[int, _Offer] = {}
        self._numbers = count(1)

    async def offer(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, encoding = params.text_document.uri, self._serving.encoding
        served = self._serving.served(uri)
        if served is None or served.is_cell:
            return []
        first, last = params.range.start, params.range.end
        try:
            start = offset_at(served.text, first.line, first.character, encoding)
            stop = offset_at(served.text, last.line, last.character, encoding)
        except PositionError:
            return []
        place = Place(uri, served.document, min(start, stop), max(start, stop))
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        computed = await self._compute(served.document, place.start, place.stop, only)
        actions = [self._action(place, each) for each in computed]
        if self._resolves:  # what a model writes is never made before it is wanted
            for each, action in await self._written.offered(served, place, params.context, only):
                there = replace(place, start=each.start, stop=each.stop)
                action.data = self._keep(_Offer(there, each))
                actions.append(action)
        return actions

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        number = action.data if isinstance(action.data, int) else 0
        offer = self._offers.get(number)
        served = self._serving.served(offer.place.uri) if offer is not None else None
        if offer is None:
            raise RequestFailed(message=_TOO_OLD)
        if served is None:
            raise RequestFailed(message=_CLOSED)
        place, found, document = offer.place, offer.found, served.document
        if document.language != place.document.language:
            raise RequestFailed(message=OTHER_LANGUAGE)
        if document.text is not place.document.text:
            texts = place.document.text, document.text
            now = await asyncio.to_thread(_followed, *texts, found, place)
            if now is None:
                raise RequestFailed(message=_CHANGED)
            place = Place(place.uri, document, *now)
            if isinstance(found, Refactoring):
                found = await self._anew(found, place)
        if isinstance(found, Refactoring):
            action.edit = self._edit(place, found)
        else:
            action.edit = await self._written.resolved(found, place)
        return action

    async def _compute(
        self, document: Document, start: int, stop: int, only: list[str]
    ) -> tuple[Refactoring, ...]:
        if not is_computed(document.language):
            return ()
        syntax = self._serving.session.syntax(document)
        if syntax is None:
            return ()
        return await asyncio.to_thread(offered, syntax, document.language, start, stop, only)

    async def _anew(self, found: Refactoring, place: Place) -> Refactoring:
        """The same refactor for the document as it is now."""
        for each in await self._compute(place.document, place.start, place.stop, [found.kind]):
            if each.title == found.title:
                return each
        raise RequestFailed(message=_CHANGED)

    def _action(self, place: Place, found: Refactoring) -> types.CodeAction:
        number = self._keep(_Offer(place, found))
        action = types.CodeAction(found.title, kind=found.kind, data=number)
        if not self._resolves:
            action.edit = self._edit(place, found)
        return action

    def _keep(self, offer: _Offer) -> int:
        number = next(self._numbers)
        self._offers[number] = offer
        while len(self._offers) > _KEPT:
            del self._offers[next(iter(self._offers))]
        return number

    def _edit(self, place: Place, found: Refactoring) -> types.WorkspaceEdit:
        server, why = self._serving.server, of_computed(found)
        return workspace_edit(server, place.uri, place.document, found.changes, why)

    @property
    def _resolves(self) -> bool:
        documents = self._serving.server.client_capabilities.text_document
        actions = documents.code_action if documents else None
        resolved = actions.resolve_support if actions else None
        return resolved is not None and "edit" in resolved.properties


def _followed(old: Text, new: Text, found: _Found, place: Place) -> tuple[int, int] | None:
    """Where what was offered is by now; for a thread."""
    if isinstance(found, Suggestion) and found.everywhere:
        return 0, 0
    return followed(str(old), str(new), place.start, place.stop)
