"""Code actions that a model is to write: what is offered of them, and their edits.

Offering asks no model and loads none. The edit is written when the client resolves the action; it
comes checked, or the request fails with the sentence that says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from inglenook.engine.chat.question import Trouble
from inglenook.engine.refactor.suggested import Suggestion, fix, is_wanted, suggested
from inglenook.engine.refactor.wish import LONGEST, NotOffered, Wish, Written
from inglenook.server.base import InglenookServer
from inglenook.server.positions import PositionError, offset_at
from inglenook.server.sentences import as_shown
from inglenook.server.series import write_series
from inglenook.server.working import working
from inglenook.server.workspace_edits import client_edits, of_written, workspace_edit
from inglenook.server.writing import refusals
from inglenook_context.document import Document
from inglenook_context.grammar import grammar_of

if TYPE_CHECKING:
    from inglenook.server.served import Served
    from inglenook.server.serving import Serving
    from inglenook.server.writing import Writing

_MOST_FIXES: Final = 3
_SAID: Final = 1_000  # characters of a message on screen
_LONGEST: Final = 500  # characters of a diagnostic
_AUTOMATIC: Final = types.CodeActionTriggerKind.Automatic


@dataclass(frozen=True, slots=True)
class Place:
    """The characters from ``start`` to ``stop`` of a document that the client knows as ``uri``."""

    uri: str
    document: Document
    start: int
    stop: int


class WrittenActions:
    """What is offered by one server."""

    def __init__(self, serving: Serving, writing: Writing) -> None:
        self._serving = serving
        self._writing = writing

    async def offered(
        self, served: Served, place: Place, context: types.CodeActionContext, only: Sequence[str]
    ) -> list[tuple[Suggestion, types.CodeAction]]:
        """Actions without their data and their edit."""
        document = place.document
        if grammar_of(document.language) is None or not self._writing.is_ready(document):
            return []
        if not self._serving.serves(document.uri, document.language, automatic=False):
            return []
        if len(document.text) > LONGEST:
            return []
        try:
            await self._writing.paths(document)
        except NotOffered:
            return []
        found: list[tuple[Suggestion, types.CodeAction]] = []
        if is_wanted("quickfix", only):
            found += self._fixes(served, context.diagnostics)
        syntax = self._serving.session.syntax(document)
        everywhere = context.trigger_kind is not _AUTOMATIC
        rewrites = await asyncio.to_thread(
            suggested, document, syntax, place.start, place.stop, only, everywhere=everywhere
        )
        return [*found, *((each, self._action(each)) for each in rewrites)]

    def _fixes(
        self, served: Served, diagnostics: Sequence[types.Diagnostic]
    ) -> list[tuple[Suggestion, types.CodeAction]]:
        """One for each diagnostic whose place exists, the worst first."""
        found: list[tuple[Suggestion, types.CodeAction]] = []
        for each in sorted(diagnostics, key=lambda each: each.severity or 1):
            try:
                start, stop = (
                    offset_at(served.text, end.line, end.character, self._serving.encoding)
                    for end in (each.range.start, each.range.end)
                )
            except PositionError:
                continue
            if len(found) < _MOST_FIXES and start <= stop and each.message.strip():
                wish = fix(each.message[:_LONGEST], start, stop)
                action = self._action(wish)
                action.diagnostics = [each]
                found.append((wish, action))
        return found

    def _action(self, found: Suggestion) -> types.CodeAction:
        tag = types.CodeActionTag.LlmGenerated
        actions = _actions(self._serving.server)
        tags = actions.tag_support.value_set if actions and actions.tag_support else ()
        return types.CodeAction(found.title, found.kind, tags=[tag] if tag in tags else None)

    async def resolved(self, found: Suggestion, place: Place) -> types.WorkspaceEdit:
        """The edit, for the document as it is when it was written."""
        server, writing, uri = self._serving.server, self._writing, place.uri
        with refusals():
            paths = await writing.paths(place.document)
            async with working(server, found.title) as told:
                if found.everywhere:
                    written = await write_series(writing, uri, found, paths, told)
                else:
                    written = await writing.write(uri, _wish(found, place, paths), told)
        self._tell(written)
        return workspace_edit(server, uri, written.document, written.changes, of_written(written))

    def _tell(self, written: Written) -> None:
        """Say what is to be looked at, to the user of a client that does not show it. On screen
        only: it names parts of the user's code."""
        server = self._serving.server
        actions = _actions(server)
        able = client_edits(server).change_annotation_support is not None
        if written.notes and not (able and actions and actions.honors_change_annotations):
            said = as_shown(" ".join((f"{written.title}:", *written.notes)))[:_SAID]
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, said))


def _actions(server: InglenookServer) -> types.CodeActionClientCapabilities | None:
    """What the client understands of code actions."""
    documents = server.client_capabilities.text_document
    return documents.code_action if documents else None


def _wish(found: Suggestion, place: Place, paths: tuple[str, ...]) -> Wish:
    document = place.document
    line = document.text.line_at(place.start)
    troubles = (Trouble(line, found.trouble),) if found.trouble else ()
    return Wish(document, place.start, place.stop, found.purpose, troubles=troubles, paths=paths)
