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


def serve(log_file: Path | None, log_level: str, *, vouched: bool = False) -> int:
    """Serve one editor until it leaves; returns the exit code.

    ``vouched``: what the editor sends as its machine's own settings is the user's.
    """
    try:
        if log_file is not None:
            log_file.parent.mkdir(parents=True, exist_ok=True)
        configure_logs(log_file, log_level)
    except OSError as error:
        print(f"inglenook: the log file cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    return run_stdio(App(vouched=vouched).server)


class App:
    """The features of one server. ``serving`` is done once the engine is there."""

    def __init__(self, *, vouched: bool = False) -> None:
        self.server = InglenookServer()
        self.vouched = vouched
        self.preferences = self._initial = Preferences()
        self._first: object = None  # the editor's settings, as they came with `initialize`,
        self._section: object = None  # and as they are now
        self._starting: asyncio.Task[Serving] | None = None
        self._explaining: Explaining | None = None
        self._add_lifetime()
        inline = types.InlineCompletionOptions()
        self._add_completion(types.TEXT_DOCUMENT_INLINE_COMPLETION, inline, "inline")
        self._add_others()
        self._add_code_actions()
        self._add_request("models", lambda serving, params: serving.selecting.models(params))
        self._add_request("selectModel", lambda serving, params: serving.selecting.select(params))
        self._add_request("chat", _chat)
        self._add_request("forgetChat", _forget_chat)
        self._add_request("rename", _rename)
        self._add_request("edit", _edit)
        self._add_request("propose", _propose)
        self._add_request("prompts", _prompts)
        self._add_request("catalogue", _catalogue)

    def _add_others(self) -> None:
        @self.server.feature("inglenook/otherProviders")
        async def others(params: Any) -> None:
            serving = await asyncio.shield(self._engine())
            await serving.counting.others(params)

    def _add_code_actions(self) -> None:
        kind = types.CodeActionKind
        kinds = [
            kind.QuickFix,
            kind.RefactorExtract,
            kind.RefactorInline,
            kind.RefactorRewrite,
            kind.Source,
        ]
        options = types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)

        @self.server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
        async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
            serving = await asyncio.shield(self._engine())
            return await (await serving.acting()).offer(params)

        @self.server.feature(types.CODE_ACTION_RESOLVE)
        async def resolve(action: types.CodeAction) -> types.CodeAction:
            serving = await asyncio.shield(self._engine())
            return await (await serving.acting()).resolve(action)

    def _add_rename(self) -> None:
        """Rename for the editor's own command, to clients that ask for it."""
        options = types.RenameOptions(prepare_provider=True)

        @self.server.feature(types.TEXT_DOCUMENT_RENAME, options)
        async def rename(params: types.RenameParams) -> types.WorkspaceEdit:
            serving = await asyncio.shield(self._engine())
            return await (await serving.renaming()).rename(params)

        @self.server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
        async def prepare(params: types.PrepareRenameParams) -> Any:
            serving = await asyncio.shield(self._engine())
            return await (await serving.renaming()).prepare(params)

    def _engine(self) -> asyncio.Task[Serving]:
        """The engine, which the first caller starts."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        return self._starting

    async def _start(self) -> Serving:
        gc.disable()  # what is being imported is not garbage
        try:
            module = await asyncio.to_thread(_import_engine)
            begun = await asyncio.to_thread(
                module.begin, self.server, self._section, vouched=self.vouched
            )
        finally:
            gc.freeze()
            gc.enable()
        serving: Serving = module.start(self.server, begun)
        serving.preferences = self.preferences
        asyncio.get_running_loop().call_soon(self.server.protocol.rehearse)
        return serving

    def _prefer(self, section: object) -> None:
        """What a later change does not name is as at first."""
        if isinstance(section, dict) and isinstance(self._first, dict):
            section = {**self._first, **section}
        self._section = self._first if section is None else section
        self.preferences = read_preferences(self._section, self._initial)
        if self._starting is not None and self._starting.done():
            serving = self._starting.result()
            serving.preferences = self.preferences
            serving.fleet.configuring.edited(self._section)

    def _add_request(self, name: str, handler: Callable[[Serving, Any], Awaitable[Any]]) -> None:
        """Serve ``inglenook/NAME``, and the command of that name for thin clients."""

        async def asked(params: Any = None) -> Any:
            return await handler(await asyncio.shield(self._engine()), params)

        async def commanded(*arguments: Any) -> Any:
            return await asked(arguments[0] if arguments else None)

        self.server.feature(f"inglenook/{name}")(asked)
        self.server.command(f"inglenook.server.{name}")(commanded)

    def _add_lifetime(self) -> None:
        @self.server.feature(types.INITIALIZE)
        async def initialize(params: types.InitializeParams) -> None:
            options = params.initialization_options
            options = options if isinstance(options, dict) else {}
            self._first = options.get("inglenook")
            # Beside the settings, of which a part may come from the workspace itself.
            self.server.trusts_workspace = options.get("workspaceTrusted") is not False
            self._prefer(self._first)
            self._initial = self.preferences  # what a later change does not name is as at first
            if not _knows_inline_completion(params.capabilities):
                popup = types.CompletionOptions(trigger_characters=_TRIGGERS)
                self._add_completion(types.TEXT_DOCUMENT_COMPLETION, popup, "popup")
            if reads_content(params.capabilities):
                self._add_content()
            if self.preferences.rename:
                self._add_rename()

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


async def _chat(serving: Serving, params: Any) -> Any:
    return await (await serving.chatting()).chat(params)


async def _forget_chat(serving: Serving, params: Any) -> Any:
    return await (await serving.chatting()).forget(params)


async def _edit(serving: Serving, params: Any) -> Any:
    return await (await serving.editing()).edit(params)


async def _propose(serving: Serving, params: Any) -> Any:
    return await (await serving.proposing()).propose(params)


async def _prompts(serving: Serving, params: Any) -> Any:
    module = await asyncio.to_thread(import_module, "inglenook.server.prompting")
    return await module.prompts(serving, params)


async def _catalogue(serving: Serving, params: Any) -> Any:
    module = await asyncio.to_thread(import_module, "inglenook.server.cataloguing")
    return await module.catalogue(serving, params)


async def _rename(serving: Serving, params: Any) -> Any:
    return await (await serving.renaming()).asked(params)


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
