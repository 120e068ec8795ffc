"""The server put together, in two steps: the plumbing at once, the engine when the client waits.

An editor's start waits for the answer to ``initialize``, for which nothing of the engine is
needed. So the engine is imported afterwards, in a thread, and takes over the documents that
were opened meanwhile; requests that come before it is there wait for it.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from inglenook.server.base import InglenookServer
from inglenook.server.capabilities import reads_content
from inglenook.server.logs import configure_logs
from inglenook.server.preferences import Preferences, read_preferences
from inglenook.server.stdio import run_stdio

if TYPE_CHECKING:
    from inglenook.server.explaining import Explaining
    from inglenook.server.serving import Serving

_TRIGGERS = [".", "(", " ", "="]


def serve(log_file: Path | None, log_level: str) -> int:
    """Serve one editor until it leaves; returns the exit code."""
    try:
        if log_file is not None:
            log_file.parent.mkdir(parents=True, exist_ok=True)
        configure_logs(log_file, log_level)
    except OSError as error:
        print(f"inglenook: the log file cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    return run_stdio(App().server)


class App:
    """The features of one server. ``serving`` is done once the engine is there."""

    def __init__(self) -> None:
        self.server = InglenookServer()
        self.preferences = self._initial = Preferences()
        self._starting: asyncio.Task[Serving] | None = None
        self._explaining: Explaining | None = None
        self._add_lifetime()
        inline = types.InlineCompletionOptions()
        self._add_completion(types.TEXT_DOCUMENT_INLINE_COMPLETION, inline, "inline")

    def _engine(self) -> asyncio.Task[Serving]:
        """The engine, which the first caller starts."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        return self._starting

    async def _start(self) -> Serving:
        gc.disable()  # what is being imported is not garbage
        try:
            module = await asyncio.to_thread(_import_engine)
        finally:
            gc.freeze()
            gc.enable()
        serving: Serving = module.start(self.server)
        serving.preferences = self.preferences
        asyncio.get_running_loop().call_soon(self.server.protocol.rehearse)
        return serving

    def _prefer(self, section: object) -> None:
        self.preferences = read_preferences(section, self._initial)
        if self._starting is not None and self._starting.done():
            self._starting.result().preferences = self.preferences

    def _add_lifetime(self) -> None:
        @self.server.feature(types.INITIALIZE)
        async def initialize(params: types.InitializeParams) -> None:
            options = params.initialization_options
            self._prefer(options.get("inglenook") if isinstance(options, dict) else None)
            self._initial = self.preferences  # what a later change does not name is as at first
            if not _knows_inline_completion(params.capabilities):
                popup = types.CompletionOptions(trigger_characters=_TRIGGERS)
                self._add_completion(types.TEXT_DOCUMENT_COMPLETION, popup, "popup")
            if reads_content(params.capabilities):
                self._add_content()

        @self.server.feature(types.INITIALIZED)
        async def initialized(_params: types.InitializedParams) -> None:
            await self._engine()

        @self.server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
        async def configured(params: types.DidChangeConfigurationParams) -> None:
            section = _section(params.settings)
            if section is None and _can_be_asked(self.server.client_capabilities):
                item = types.ConfigurationItem(section="inglenook")
                asked = types.ConfigurationParams([item])
                answer = await self.server.ask(types.WORKSPACE_CONFIGURATION, asked)
                section = answer[0] if answer else None
            self._prefer(section)

    def _add_completion(self, method: str, options: Any, name: str) -> None:
        """Serve ``method`` by the method ``name`` of `Serving`."""

        def complete(params: Any) -> Awaitable[Any]:
            engine = self._engine()
            if engine.done():
                handler: Callable[[Any], Awaitable[Any]] = getattr(engine.result(), name)
                return handler(params)
            return self._complete_later(engine, name, params)

        self.server.feature(method, options)(complete)

    def _add_content(self) -> None:
        """Serve the documents that explain a prompt, to clients that read such."""

        @self.server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
        async def content(
            params: types.TextDocumentContentParams,
        ) -> types.TextDocumentContentResult:
            serving = await asyncio.shield(self._engine())
            if self._explaining is None:
                from inglenook.server.explaining import Explaining

                self._explaining = Explaining(self.server, serving.completer)
            return self._explaining.content(params.uri)

    async def _complete_later(self, engine: asyncio.Task[Serving], name: str, params: Any) -> Any:
        """Complete when the engine is there, unless the document changed until then."""
        uri = params.text_document.uri
        before = self.server.served(uri)
        serving = await asyncio.shield(engine)
        if self.server.served(uri) != before:
            return []
        return await getattr(serving, name)(params)


def _import_engine() -> Any:
    import_module("inglenook.models.session")  # and so aiohttp, for the first request
    return import_module("inglenook.server.serving")


def _knows_inline_completion(capabilities: types.ClientCapabilities) -> bool:
    documents = capabilities.text_document
    return documents is not None and documents.inline_completion is not None


def _can_be_asked(capabilities: types.ClientCapabilities) -> bool:
    workspace = capabilities.workspace
    return workspace is not None and bool(workspace.configuration)


def _section(settings: Any) -> Any:
    """Our part of the settings that came with a notification, if they came with it."""
    if isinstance(settings, dict) and "inglenook" in settings:
        return settings["inglenook"]
    return None
