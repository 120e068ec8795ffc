"""``workspace/textDocumentContent`` (LSP 3.18): read-only documents that say why a prompt is so.

    inglenook:prompt                the last prompt of any document
    inglenook:prompt/src/cart.py    that of an open document, by the path that a model is shown,
    inglenook:prompt?file:///...    or by its URI, with or without percent-encoding

What cannot be shown is said in one sentence, in the document.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from lsprotocol import types

from inglenook.engine.explain import explain
from inglenook.engine.explained import as_text
from inglenook.server.base import InglenookServer
from inglenook.server.capabilities import SCHEME
from inglenook.server.uris import name_of, scheme_of

if TYPE_CHECKING:
    from inglenook.engine.complete import Completer

_PROMPT: Final = "prompt"
_PAUSE: Final = 1.0  # seconds between two times that the client is asked to read again
_WATCHED: Final = 16  # documents of ours that are told of
_NOTHING: Final = "No model was asked for anything yet.\n"
_CLOSED: Final = " is not open here, or nothing is completed in it.\n"
_HOW: Final = (
    "There is no such document. inglenook:prompt is the last prompt, inglenook:prompt/PATH that "
    "of an open document.\n"
)


class Explaining:
    """Answers for the documents of our scheme, and says when they have changed."""

    def __init__(self, server: InglenookServer, completer: Completer) -> None:
        self._server = server
        self._accounts = completer.accounts
        self._watched: dict[str, str] = {}  # by the URI that was asked for: what it is about
        self._stale: set[str] = set()
        self._told = -_PAUSE
        self._timer: asyncio.TimerHandle | None = None
        self._telling: asyncio.Task[None] | None = None
        self._accounts.tell = self._changed

    def content(self, uri: str) -> types.TextDocumentContentResult:
        """The text of one of our documents."""
        return types.TextDocumentContentResult(self._text(uri))

    def _text(self, uri: str) -> str:
        target = _target(uri)
        if target is None:
            return _HOW
        about = self._document(target) if target else ""
        if about is None:
            return (name_of(unquote(target)) or "It") + _CLOSED
        self._watch(uri, about)
        found = self._accounts.get(about) if about else self._accounts.newest()
        if found is not None:
            return as_text(explain(found))
        return f"No model was asked for {name_of(about)} yet.\n" if about else _NOTHING

    def _document(self, target: str) -> str | None:
        """The engine's name of the document that is meant; None if it is not open."""
        for uri in (target, unquote(target)):
            served = self._server.served(uri)
            if served is not None:
                return served.document.uri
        path, folders = unquote(target), self._server.folders
        for synced in self._server.documents:
            uri = synced.document.uri
            if synced.usable and path == (folders.relative_path(uri) or name_of(uri)):
                return uri
        return None

    # -- what has changed ----------------------------------------------------------------------

    def _watch(self, uri: str, about: str) -> None:
        self._watched.pop(uri, None)
        self._watched[uri] = about
        if len(self._watched) > _WATCHED:
            del self._watched[next(iter(self._watched))]

    def _changed(self, about: str) -> None:
        stale = [uri for uri, of in self._watched.items() if of in ("", about)]
        self._stale.update(stale)
        if stale and self._timer is None:
            loop = asyncio.get_running_loop()
            wait = self._told + _PAUSE - time.monotonic()
            self._timer = loop.call_later(max(wait, 0.0), self._tell)

    def _tell(self) -> None:
        self._timer, self._told = None, time.monotonic()
        stale, self._stale = self._stale, set()
        self._telling = asyncio.get_running_loop().create_task(self._refresh(stale))

    async def _refresh(self, uris: set[str]) -> None:
        for uri in sorted(uris):
            with contextlib.suppress(Exception):  # a client that refuses has what it had
                params = types.TextDocumentContentRefreshParams(uri)
                await self._server.ask(types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH, params)


def _target(uri: str) -> str | None:
    """What a URI of ours is about, empty for the last of all; None if it is none of ours."""
    if scheme_of(uri) != SCHEME:
        return None
    rest = uri[len(SCHEME) + 1 :].split("#", 1)[0].lstrip("/")
    path, _, query = rest.partition("?")
    first, _, below = path.partition("/")
    if first != _PROMPT:
        return None
    return query or below
