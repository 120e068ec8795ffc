"""The engine behind the features: what every request handler has at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from inglenook.engine.ask import Answer, Report
from inglenook.engine.complete import Completer
from inglenook.engine.session import Session
from inglenook.engine.typing_signal import TypingSignal, signal_file
from inglenook.server.base import InglenookServer
from inglenook.server.completion import completion
from inglenook.server.configuring import Start, begin
from inglenook.server.counting import Counting
from inglenook.server.fleet import Fleet
from inglenook.server.ignoring import Ignoring
from inglenook.server.indexing import Indexing
from inglenook.server.inline_completion import inline_completion
from inglenook.server.keeping import Keeping
from inglenook.server.notebook import notebook_of
from inglenook.server.positions import Encoding
from inglenook.server.preferences import Preferences
from inglenook.server.selecting import Selecting
from inglenook.server.served import Served
from inglenook.server.telling import Telling, show_notices, warn
from inglenook.server.uris import name_of
from inglenook_context.document import Document
from inglenook_context.text import Edit

if TYPE_CHECKING:
    from inglenook.server.chatting import Chatting
    from inglenook.server.code_actions import CodeActions
    from inglenook.server.editing import Editing
    from inglenook.server.proposing import Proposing
    from inglenook.server.renaming import Renaming
    from inglenook.server.writing import Writing

__all__ = ["Serving", "begin", "start"]

_FIRST = 0.25  # seconds in which the model is looked for and a first request may be waiting
Notify = Callable[[str, Any], None]


def start(server: InglenookServer, begun: Start) -> Serving:
    """Bring the engine up: it takes over the open documents and looks for its model."""
    session = Session(lambda uri: _shown_path(server, uri))
    session.hold(_FIRST)
    settings = begun.configured.choices.settings
    fleet = Fleet(server, begun, Telling(server))
    fleet.supplies.signal = TypingSignal(signal_file())
    counting = Counting(server, settings)
    fleet.listeners.append(lambda choices: counting.renew(choices.settings))
    completer = Completer(
        session,
        fleet.supplies,
        warn=lambda text: warn(server, text),
    )
    keeping = Keeping(completer, settings.cache_dir)
    fleet.listeners.append(lambda choices: keeping.renew(choices.settings.cache_dir))
    indexing = _indexing(server, session, fleet)
    ignoring = Ignoring(server, session, fleet.configuring.leaves_out)
    closed: list[Callable[[str], None]] = []
    fleet.listeners.append(lambda _choices: ignoring.renew())
    listener = _Listener(session, completer, ignoring, fleet, counting, indexing, closed)
    server.documents.listen(listener)
    server.notebooks.listen(listener)

    async def close() -> None:
        session.close()
        await completer.close()
        await fleet.close()
        await counting.close()
        await keeping.close()

    server.at_close(close)
    server.at_close(ignoring.close)
    server.at_close(indexing.close)
    show_notices(server, begun.configured.notices)
    fleet.start()
    notify, selecting = server.protocol.notify, Selecting(fleet)
    return Serving(server, completer, notify, fleet, selecting, counting, session, closed)


def _indexing(server: InglenookServer, session: Session, fleet: Fleet) -> Indexing:
    """The index of the workspace, without what the configuration leaves out."""
    store = fleet.choices.settings.index_dir
    indexing = Indexing(server, session, store, lambda: fleet.choices.left_out_anywhere())
    fleet.listeners.append(lambda choices: indexing.renew(choices.settings.index_dir))
    return indexing


def _shown_path(server: InglenookServer, uri: str) -> str:
    """A document's path as a model is shown it; that of a notebook for its cells."""
    uri = notebook_of(uri) or uri
    return server.folders.relative_path(uri) or name_of(uri)


@dataclass(slots=True)
class Serving:
    """What is open in the editor, the engine, and the way back to the client."""

    server: InglenookServer
    completer: Completer
    notify: Notify
    fleet: Fleet
    selecting: Selecting
    counting: Counting
    session: Session
    closed: list[Callable[[str], None]]  # called with the URI of a document that was closed
    preferences: Preferences = Preferences()
    _chatting: Chatting | None = None
    _acting: CodeActions | None = None
    _renaming: Renaming | None = None
    _editing: Editing | None = None
    _writing: Writing | None = None
    _proposing: Proposing | None = None

    @property
    def encoding(self) -> Encoding:
        return self.server.encoding

    async def acting(self) -> CodeActions:
        """What offers refactors; it is imported when it is first asked."""
        if self._acting is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.code_actions")
            writing = await self._written_by()
            if self._acting is None:
                self._acting = module.CodeActions(self, writing)
        return self._acting

    async def editing(self) -> Editing:
        """What serves `inglenook/edit`; likewise."""
        if self._editing is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.editing")
            writing = await self._written_by()
            if self._editing is None:
                self._editing = module.Editing(self, writing)
        return self._editing

    async def proposing(self) -> Proposing:
        """What serves `inglenook/propose`; likewise."""
        if self._proposing is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.proposing")
            writing = await self._written_by()
            if self._proposing is None:
                self._proposing = module.Proposing(self, writing)
        return self._proposing

    async def _written_by(self) -> Writing:
        """What has models write edits, for all of these."""
        if self._writing is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.writing")
            if self._writing is None:
                self._writing = module.Writing(self)
        return self._writing

    async def renaming(self) -> Renaming:
        """What renames; likewise."""
        if self._renaming is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.renaming")
            if self._renaming is None:
                self._renaming = module.Renaming(self)
        return self._renaming

    async def chatting(self) -> Chatting:
        """What answers questions; likewise."""
        if self._chatting is None:
            module = await asyncio.to_thread(import_module, "inglenook.server.chatting")
            if self._chatting is None:
                self._chatting = module.Chatting(self)
                self.closed.append(self._chatting.on_close)
        return self._chatting

    def served(self, uri: str) -> Served | None:
        return self.server.served(uri)

    def inline(self, params: types.InlineCompletionParams) -> Awaitable[Any]:
        return inline_completion(self, params)

    def popup(self, params: types.CompletionParams) -> Awaitable[Any]:
        return completion(self, params)

    def serves(self, uri: str, language: str, *, automatic: bool) -> bool:
        """Whether ghost text is wanted, by the configuration and what the editor set."""
        if not self.preferences.serves(language, automatic=automatic):
            return False
        return self.fleet.configuring.serves(uri, language, automatic=automatic)

    def supersede(self, uri: str) -> None:
        """Something newer was asked for a document, even if it gets nothing."""
        synced, served = self.server.documents.get(uri), self.served(uri)
        if served is not None:
            self.completer.supersede(served.document.uri)
        elif synced is not None:
            self.completer.supersede(synced.document.uri)

    def report(self, uri: str, answer: Answer) -> None:
        """Count an answer, and tell a client that asked for it how it came about."""
        self.counting.tally.on_answer(answer)
        if self.preferences.report_timings and answer.report is not None:
            self.notify("inglenook/completionReport", _wire(uri, answer.report))

    @contextmanager
    def progress(self, token: types.ProgressToken | None, title: str) -> Iterator[None]:
        """Work-done progress under the client's own token (LSP 3.18, "Work Done Progress")."""
        if token is None:
            yield
            return
        self.notify("$/progress", types.ProgressParams(token, types.WorkDoneProgressBegin(title)))
        try:
            yield
        finally:
            self.notify("$/progress", types.ProgressParams(token, types.WorkDoneProgressEnd()))


@dataclass(frozen=True, slots=True)
class _Listener:
    """Keeps the engine's documents those of the editor, and the views of its notebooks."""

    session: Session
    completer: Completer
    ignoring: Ignoring
    fleet: Fleet
    counting: Counting
    indexing: Indexing
    closed: list[Callable[[str], None]]

    def on_open(self, document: Document) -> None:
        self.session.on_open(document)
        self.ignoring.on_open(document.uri)
        self.fleet.on_open(document)
        self.indexing.on_open(document)

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        self.session.on_change(document, edits)
        self.counting.tally.on_change(document, edits)

    def on_save(self, document: Document) -> None:
        self.session.on_save(document)
        self.indexing.on_save(document)

    def on_leave(self, uri: str) -> None:
        self.completer.forget(uri)

    def on_close(self, uri: str) -> None:
        self.completer.forget(uri)
        for tell in self.closed:
            tell(uri)
        self.session.on_close(uri)
        self.counting.tally.on_close(uri)
        self.ignoring.on_close(uri)
        self.indexing.on_close(uri)


def _wire(uri: str, report: Report) -> dict[str, Any]:
    timings = report.timings
    return {
        "uri": uri,
        "model": report.model.name,
        "backend": report.model.backend,
        "cached": report.cached,
        "ms": {
            "total": report.total_ms,
            "context": report.context_ms,
            "firstToken": report.first_token_ms,
        },
        "prompt": {
            "tokens": timings.prompt_tokens if timings else None,
            "evaluated": timings.evaluated if timings else None,
            "reused": timings.reused if timings else None,
        },
        "predicted": {
            "tokens": timings.predicted_tokens if timings else None,
            "perSecond": timings.predicted_per_second if timings else None,
        },
    }
