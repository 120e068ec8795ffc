"""pygls's protocol with its traps closed; each one's story is in the file that closes it.

What is left of pygls: the handshake with its capabilities, the registry of features, requests
to the client, and the typed helpers of `LanguageServer`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.protocol import LanguageServerProtocol, lsp_method

from inglenook.server.answers import Answers, call
from inglenook.server.capabilities import (
    SCHEME,
    add_content,
    reads_content,
    structure_initialize,
)
from inglenook.server.changes import uri_in
from inglenook.server.frames import Lost
from inglenook.server.lost import Allowance, clue_of
from inglenook.server.notebook_changes import notebook_uri_in
from inglenook.server.positions import Encoding
from inglenook.server.rehearsal import rehearse
from inglenook.server.requests import ForgettingProgress, drop_when_done
from inglenook.server.structure import (
    Id,
    Invalid,
    InvalidParams,
    Notification,
    Request,
    Response,
    classify,
    structure,
)
from inglenook.server.uris import scheme_of

if TYPE_CHECKING:
    from cattrs import Converter

    from inglenook.server.base import InglenookServer
    from inglenook.server.writer import Writer

_log = logging.getLogger(__name__)

_STATUS: Final = "inglenook/status"


class InglenookProtocol(LanguageServerProtocol):
    """One client's side of the conversation."""

    _server: InglenookServer

    def __init__(self, server: InglenookServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.progress = ForgettingProgress(self)
        self.answers = Answers(self._send_answer)
        self._initialized = False
        self._complaints = Allowance(burst=200, per_second=20)
        self._next_id = 0
        self._channel: Writer | None = None
        # Read from their JSON, at once: whatever comes after them must find them done.
        self._sync: dict[str, Callable[[Any], None]] = {
            types.TEXT_DOCUMENT_DID_OPEN: server.documents.did_open,
            types.TEXT_DOCUMENT_DID_CHANGE: server.documents.did_change,
            types.TEXT_DOCUMENT_DID_SAVE: server.documents.did_save,
            types.TEXT_DOCUMENT_DID_CLOSE: server.documents.did_close,
            types.NOTEBOOK_DOCUMENT_DID_OPEN: server.notebooks.did_open,
            types.NOTEBOOK_DOCUMENT_DID_CHANGE: server.notebooks.did_change,
            types.NOTEBOOK_DOCUMENT_DID_CLOSE: server.notebooks.did_close,
        }
        for method, handler in self._sync.items():
            self.fm.add_builtin_feature(method, handler)

    def connect(self, channel: Writer) -> None:
        """From now on messages go out through ``channel``; before, they go nowhere."""
        self._channel = channel

    def rehearse(self) -> None:
        """Do what is slow for the first time now, while nobody waits for it."""
        rehearse(self._converter)

    @property
    def is_shut_down(self) -> bool:
        return self._shutdown

    # What comes in

    def receive(self, item: Any) -> None:
        """Take one message off the wire: decoded JSON, or what was lost. Never raises."""
        try:
            if isinstance(item, Lost):
                self._receive_lost(item)
            else:
                self.handle_message(item)
        except Exception:
            _log.exception("a message failed")

    def handle_message(self, message: Any) -> None:
        match classify(message):
            case Request() as request:
                self._receive_request(request)
            case Notification() as notification:
                self._receive_notification(notification)
            case Response() as response:
                self._receive_response(response)
            case Invalid(id):
                self._complain(id, types.ErrorCodes.InvalidRequest, "no JSON-RPC 2.0 message")

    def _receive_request(self, request: Request) -> None:
        self._trace("Received request", request.method, request.id)
        id, method = request.id, request.method
        refuse = partial(self.answers.refuse, id)
        if self._shutdown:
            refuse(types.ErrorCodes.InvalidRequest, "the server is shutting down")
        elif not self._initialized and method != types.INITIALIZE:
            refuse(types.ErrorCodes.ServerNotInitialized, "initialize comes first")
        elif self._initialized and method == types.INITIALIZE:
            refuse(types.ErrorCodes.InvalidRequest, "already initialized")
        else:
            try:
                handler = self._get_handler(method)
                params = self._structure(method, request.params)
            except JsonRpcMethodNotFound:
                refuse(types.ErrorCodes.MethodNotFound, "this method is not served")
            except InvalidParams as error:
                refuse(types.ErrorCodes.InvalidParams, str(error))
            else:
                self._initialized = True
                self.answers.answer(id, partial(self._call, id, handler, params))

    async def _call(self, id: Id, handler: Callable[..., Any], params: Any) -> Any:
        self._ctx_msg_id.set(id)
        return await call(handler, params)

    def _receive_notification(self, notification: Notification) -> None:
        method, params = notification
        if method == types.EXIT:
            self._server.lifetime.end(0 if self._shutdown else 1)
            return
        if not self._initialized or self._shutdown:
            return
        self._trace("Received notification", method)
        if method in self._sync:
            if scheme_of(uri_in(params) or "") != SCHEME:  # what we wrote is not to be completed
                self._synchronise(method, params)
        elif method == types.CANCEL_REQUEST:
            self.answers.cancel(params.get("id") if isinstance(params, dict) else None)
        else:
            try:
                handler = self._get_handler(method)
                structured = structure(method, params, self._converter)
            except JsonRpcMethodNotFound:
                return
            except InvalidParams as error:
                _log.warning("a notification was ignored: %s", error)
                return
            self.answers.run(partial(call, handler, structured))

    def _synchronise(self, method: str, params: Any) -> None:
        try:
            self._sync[method](params)
        except Exception:
            # Half of it may be done: what it names may differ from the editor's from now on.
            self._distrust(uri_in(params) or notebook_uri_in(params))
            raise

    def _distrust(self, uri: str | None) -> None:
        self._server.documents.distrust(uri)
        self._server.notebooks.distrust(uri)

    def _receive_response(self, response: Response) -> None:
        future = self._request_futures.pop(response.id, None)
        kind = self._result_types.pop(response.id, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        try:
            if error := response.message.get("error"):
                structured = self._converter.structure(error, types.ResponseError)
                future.set_exception(JsonRpcException.from_error(structured))
            elif kind is None:
                future.set_result(response.message.get("result"))
            else:
                future.set_result(self._converter.structure(response.message, kind).result)
        except Exception as failure:
            if not future.done():
                future.set_exception(failure)

    def _receive_lost(self, lost: Lost) -> None:
        clue = clue_of(lost.head)
        if clue.lost_text:
            self._distrust(clue.uri)
        if lost.is_body:
            self._complain(None, types.ErrorCodes.ParseError, "the body is no JSON")
        else:
            self._complain(clue.id, types.ErrorCodes.InvalidRequest, "no header, or too long")

    def _complain(self, id: Id | None, code: int, message: str) -> None:
        if id is not None or self._complaints.take():
            self.answers.refuse(id, code, message)

    def _structure(self, method: str, params: Any) -> Any:
        if method == types.INITIALIZE:
            return structure_initialize(params, self._converter)
        return structure(method, params, self._converter)

    # The handshake and its end

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        server = self._server
        encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        server.documents.encoding = server.notebooks.encoding = Encoding(encoding)
        root = params.root_uri or (Path(params.root_path).as_uri() if params.root_path else None)
        folders = [folder.uri for folder in params.workspace_folders or ()]
        server.folders.add(folders or ([root] if root else []))
        self.trace = params.trace or types.TraceValue.Off
        if params.process_id is not None:
            server.lifetime.follow(params.process_id)
        result = yield from super().lsp_initialize(params)
        if reads_content(params.capabilities):
            add_content(result.capabilities)
        return result

    @lsp_method(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def lsp_workspace__did_change_workspace_folders(
        self, params: types.DidChangeWorkspaceFoldersParams
    ) -> Generator[Any, Any, None]:
        self._server.folders.remove([folder.uri for folder in params.event.removed])
        self._server.folders.add([folder.uri for folder in params.event.added])
        yield from super().lsp_workspace__did_change_workspace_folders(params)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        self._shutdown = True
        self.answers.cancel_others()
        for future in list(self._request_futures.values()):
            future.cancel()
        if (handler := self.fm.features.get(types.SHUTDOWN)) is not None:
            yield handler, args, None

    # What goes out

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: Id | None = None,
    ) -> Future[Any]:
        if msg_id is None:
            self._next_id += 1
            msg_id = f"inglenook-{self._next_id}"
        future = super().send_request(method, params, callback, msg_id)
        drop_when_done(future, msg_id, self._request_futures, self._result_types)
        self._trace("Sent request", method, msg_id)
        return future

    def _send_answer(self, id: Id | None, result: Any, error: types.ResponseError | None) -> None:
        outcome = {"result": result} if error is None else {"error": error}
        self._write({"jsonrpc": "2.0", "id": id, **outcome}, None)

    def _send_data(self, data: Any) -> None:
        self._write(data, _kind_of(data))

    def _write(self, message: Any, kind: str | None) -> None:
        if self._channel is None:
            return
        # ASCII carries lone surrogates as escapes, so its length is the length in bytes too.
        body = json.dumps(message, default=self._serialize_message, separators=(",", ":"))
        frame = f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii")
        self._channel.write(frame, kind)

    def _trace(self, what: str, method: str, id: Id | None = None) -> None:
        """Tell a client that asked for it what passes, never the bodies (``$/setTrace``)."""
        if self.trace == types.TraceValue.Off:
            return
        known = method if method in types.METHOD_TO_TYPES else "of another name"
        number = "" if id is None else f" ({id})"
        self.notify(types.LOG_TRACE, types.LogTraceParams(message=f"{what} {known}{number}"))


def _kind_of(message: Any) -> str | None:
    """What a message is superseded by, and that it may be dropped; None for all others."""
    method = getattr(message, "method", None)
    if method == types.PROGRESS and isinstance(message.params.value, types.WorkDoneProgressReport):
        return f"{method} {message.params.token}"
    if method == _STATUS:
        return _STATUS
    if method in (types.LOG_TRACE, types.WINDOW_LOG_MESSAGE):
        return f"{method} {id(message)}"  # no log line stands for another, but any may be dropped
    return None
