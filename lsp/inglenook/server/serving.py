"""The engine behind the features: what every request handler has at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from inglenook.engine.ask import Answer, Report
from inglenook.engine.complete import Completer
from inglenook.engine.config import load_settings
from inglenook.engine.disk_cache import DiskCache
from inglenook.engine.find import finder
from inglenook.engine.probing import Probing
from inglenook.engine.session import Session
from inglenook.engine.supply import Supply
from inglenook.models.http import HttpClient
from inglenook.server.base import InglenookServer
from inglenook.server.completion import completion
from inglenook.server.ignoring import Ignoring
from inglenook.server.indexing import Indexing
from inglenook.server.inline_completion import inline_completion
from inglenook.server.notebook import notebook_of
from inglenook.server.positions import Encoding
from inglenook.server.preferences import Preferences
from inglenook.server.served import Served
from inglenook.server.telling import Telling, show_notices
from inglenook.server.uris import name_of
from inglenook_context.document import Document
from inglenook_context.text import Edit

_FIRST = 0.25  # seconds in which the model is looked for and a first request may be waiting
Notify = Callable[[str, Any], None]


def start(server: InglenookServer) -> Serving:
    """Bring the engine up: it takes over the open documents and looks for its model."""
    client = HttpClient()
    session = Session(lambda uri: _shown_path(server, uri))
    session.hold(_FIRST)
    settings = load_settings()
    probing = Probing(settings.probes_dir, settings.probes)
    supply = Supply(finder(settings, client), Telling(server), probing)
    disk = DiskCache(settings.cache_dir) if settings.cache_dir else None
    completer = Completer(session, supply, disk)
    indexing = Indexing(server, session, settings.index_dir) if settings.index_dir else None
    ignoring = Ignoring(server, session)
    listener = _Listener(session, completer, ignoring, indexing)
    server.documents.listen(listener)
    server.notebooks.listen(listener)

    async def close() -> None:
        session.close()
        await completer.close()
        await supply.close()
        if disk is not None:
            await disk.close()
        await client.close()

    server.at_close(close)
    server.at_close(ignoring.close)
    if indexing is not None:
        server.at_close(indexing.close)
    show_notices(server, settings.notices)
    supply.start()
    return Serving(server, completer, server.protocol.notify)


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
    preferences: Preferences = Preferences()

    @property
    def encoding(self) -> Encoding:
        return self.server.encoding

    def served(self, uri: str) -> Served | None:
        return self.server.served(uri)

    def inline(self, params: types.InlineCompletionParams) -> Awaitable[Any]:
        return inline_completion(self, params)

    def popup(self, params: types.CompletionParams) -> Awaitable[Any]:
        return completion(self, params)

    def supersede(self, uri: str) -> None:
        """Something newer was asked for a document, even if it gets nothing."""
        synced, served = self.server.documents.get(uri), self.served(uri)
        if served is not None:
            self.completer.supersede(served.document.uri)
        elif synced is not None:
            self.completer.supersede(synced.document.uri)

    def report(self, uri: str, answer: Answer) -> None:
        """Tell a client that asked for it how an answer came about."""
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
    indexing: Indexing | None

    def on_open(self, document: Document) -> None:
        self.session.on_open(document)
        self.ignoring.on_open(document.uri)
        if self.indexing is not None:
            self.indexing.on_open(document)

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        self.session.on_change(document, edits)

    def on_save(self, document: Document) -> None:
        self.session.on_save(document)
        if self.indexing is not None:
            self.indexing.on_save(document)

    def on_leave(self, uri: str) -> None:
        self.completer.forget(uri)

    def on_close(self, uri: str) -> None:
        self.completer.forget(uri)
        self.session.on_close(uri)
        if self.indexing is not None:
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
