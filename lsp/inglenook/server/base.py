"""The language server that features are registered on, with nothing in it yet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from inglenook import __version__
from inglenook.server.documents import Documents, Fault
from inglenook.server.folders import Folders
from inglenook.server.lifetime import Lifetime
from inglenook.server.lost import Allowance
from inglenook.server.notebooks import SYNC_OPTIONS, Notebooks
from inglenook.server.positions import Encoding
from inglenook.server.protocol import InglenookProtocol
from inglenook.server.served import Served
from inglenook.server.uris import key_of, name_of

_log = logging.getLogger(__name__)

_SYNC: Final = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_SAVE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
_ADVICE: Final = {
    Fault.DIRTY: "Inglenook lost step with {}. Close and reopen it to have completions again.",
    Fault.DROPPED: "{} is too large for Inglenook, which leaves it alone.",
}


class InglenookServer(LanguageServer):
    """Documents and notebooks in step with the editor, folders, a lifetime; features come with
    `feature`.

    Handlers are ``async def handler(params)`` and take what they need of a document before
    their first await. Methods that lsprotocol does not know get their params as JSON values.
    """

    protocol: InglenookProtocol

    def __init__(self, name: str = "inglenook", version: str = __version__) -> None:
        self.documents = Documents(self._advise)
        self.notebooks = Notebooks(self._advise)
        self.folders = Folders()
        self.trusts_workspace = True  # until the editor says otherwise, with `initialize`
        self.lifetime = Lifetime()
        self._closers: list[Callable[[], Awaitable[object]]] = []
        self._advices = Allowance(burst=3, per_second=1 / 60)
        super().__init__(
            name, version, protocol_cls=InglenookProtocol, notebook_document_sync=SYNC_OPTIONS
        )

    @property
    def encoding(self) -> Encoding:
        """What the characters of positions count, as negotiated."""
        return self.documents.encoding

    def served(self, uri: str) -> Served | None:
        """What may be completed under a URI: a cell of a notebook, or a document by itself."""
        notebook = self.notebooks.holding(uri)
        if notebook is not None:
            return notebook.served(key_of(uri))
        document = self.documents.usable(uri)
        return Served(document.text, document) if document is not None else None

    def feature(self, feature_name: str, options: Any | None = None) -> Callable[..., Any]:
        """Register an async handler; ValueError for what is to be listened to elsewhere."""
        if feature_name in _SYNC:
            raise ValueError(f"{feature_name}: use documents.listen or notebooks.listen")
        decorate: Callable[..., Any] = super().feature(feature_name, options)
        return decorate

    def thread(self) -> NoReturn:
        """pygls runs such handlers in the pool that reads its input, and cannot cancel them."""
        raise TypeError("no thread handlers: await what runs in an executor of its own")

    def at_close(self, closer: Callable[[], Awaitable[object]]) -> None:
        """Await ``closer()`` when the process ends, by `exit` or because the editor is gone."""
        self._closers.append(closer)

    async def close(self, limit: float = 1.0) -> None:
        """Cancel what runs and call the closers, within ``limit`` seconds."""
        self.protocol.answers.cancel_others()
        closing = [asyncio.ensure_future(closer()) for closer in self._closers]
        if closing:
            await asyncio.wait(closing, timeout=limit)

    async def ask(self, method: str, params: Any = None, limit: float = 5.0) -> Any:
        """Send the client a request; TimeoutError if it does not answer within ``limit`` s."""
        return await asyncio.wait_for(self.protocol.send_request_async(method, params), limit)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong and never show it: a popup per error is a storm."""
        _log.error("%s: %s", getattr(source, "__name__", source), type(error).__name__)

    def _advise(self, uri: str, fault: Fault) -> None:
        if not self._advices.take():
            return
        text = _ADVICE[fault].format(name_of(uri) or "a document")
        message = types.ShowMessageParams(type=types.MessageType.Warning, message=text)
        self.window_show_message(message)
