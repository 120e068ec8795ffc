"""``inglenook/chat``: a question about a selection, and its answer, streamed.

    inglenook/chat {textDocument, range?, question, conversation?, diagnostics?, files?,
                    partialResultToken?, workDoneToken?}
        -> $/progress of partialResultToken: {text, reasoning}, each a piece, either may be empty
        -> {text, reasoning, used: [{path, what}], model, limited, notices,
            usage: {promptTokens, evaluatedTokens, reusedTokens, predictedTokens}}

``text`` is Markdown in which nothing is active. Other than the protocol has it for partial
results, the answer holds the whole text once more, for clients that did not ask for pieces.
``diagnostics`` are those of the editor (LSP `Diagnostic`), ``files`` URIs of further files.
``inglenook/forgetChat {textDocument, conversation?}`` begins a conversation anew. Both are commands
of ``workspace/executeCommand`` too: ``inglenook.server.chat``, ``inglenook.server.forgetChat``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from contextlib import aclosing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from inglenook.engine.chat.answered import as_json
from inglenook.engine.chat.commands import COMMIT, named
from inglenook.engine.chat.configured import manner, talking
from inglenook.engine.chat.question import Extra, Piece, Question, Reply
from inglenook.engine.chat.staged import NoDiff, staged
from inglenook.engine.chat.talker import Talker
from inglenook.engine.sensitive import is_sensitive
from inglenook.models.errors import ModelError
from inglenook.server.asked import (
    RequestFailed,
    body_of,
    range_in,
    served_in,
    text_in,
    troubles_in,
)
from inglenook.server.uris import name_of, path_of
from inglenook.workspace.source import Root

if TYPE_CHECKING:
    from inglenook.server.serving import Serving

_MOST_FILES: Final = 20
_TOO_MANY: Final = f"at most {_MOST_FILES} files can be added to a question."
_LARGEST: Final = 200_000  # characters of a further file


class Chatting:
    """Answers the requests of one server."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._talker = Talker(serving.session)

    def on_close(self, uri: str) -> None:
        self._talker.forget(uri)

    async def chat(self, params: Any) -> dict[str, Any]:
        body = body_of(params)
        question = self._question(body)
        if named(question.text)[0] != COMMIT:  # which is not about the document
            self._check(question.document.uri)
        folder = self._serving.fleet.configuring.folder(question.document.uri)
        question = await self._with_files(question, body, folder)
        token, work = body.get("partialResultToken"), body.get("workDoneToken")
        progress = self._serving.progress(work, "Answering") if work is not None else nullcontext()
        fleet, language = self._serving.fleet, question.document.language
        supply = fleet.supplies.named(talking(fleet.choices, folder, language))
        how = manner(fleet.choices, folder)
        try:
            with progress:
                told = self._talker.ask(question, supply, how)
                async with aclosing(told) as pieces:
                    async for each in pieces:
                        if isinstance(each, Reply):
                            return as_json(each)
                        if token is not None:
                            self._serving.notify("$/progress", _progress(token, each))
        except ModelError as error:
            raise RequestFailed(message=str(error)) from None
        raise RequestFailed(message="The model said nothing.")

    async def forget(self, params: Any) -> None:
        """Begin the conversations of a document anew, or the one that is named."""
        body = body_of(params)
        served = served_in(body, self._serving)
        name = body.get("conversation")
        self._talker.forget(served.document.uri, name if isinstance(name, str) else None)

    # -- what is asked -------------------------------------------------------------------------

    def _question(self, body: Mapping[str, Any]) -> Question:
        served, encoding = served_in(body, self._serving), self._serving.encoding
        text = text_in(body, "question", None)
        if not text.strip():
            raise JsonRpcInvalidParams(message="question: expected a text")
        place = body.get("range")
        start, stop = (0, 0) if place is None else range_in(place, served, encoding)
        return Question(
            served.document,
            served.start + start,
            served.start + stop,
            text,
            text_in(body, "conversation", ""),
            troubles_in(
                body.get("diagnostics"), served, encoding, (start, stop) if place else None
            ),
        )

    async def _with_files(
        self, question: Question, body: Mapping[str, Any], folder: str
    ) -> Question:
        uris = body.get("files") or []
        if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
            raise JsonRpcInvalidParams(message="files: expected URIs")
        uris = list(dict.fromkeys(uris))
        extras = [await self._extra(uri) for uri in uris[:_MOST_FILES]]
        left_out = [f"{name_of(uri)} was not read: {_TOO_MANY}" for uri in uris[_MOST_FILES:]]
        if named(question.text)[0] == COMMIT:
            diffs, hidden = await self._staged(folder)
            extras, left_out = [*extras, *diffs], [*left_out, *hidden]
            question = replace(question, stop=question.start)  # whatever is selected
        return replace(question, extras=tuple(extras), left_out=tuple(left_out))

    async def _staged(self, folder: str) -> tuple[tuple[Extra, ...], tuple[str, ...]]:
        if not folder:
            said = "The document is in none of the workspace's folders."
            raise JsonRpcInvalidParams(message=said)
        try:
            return await staged(Path(folder), lambda file: self._hides(file.as_uri()))
        except NoDiff as error:
            raise RequestFailed(message=str(error)) from None

    def _check(self, uri: str) -> str:
        """The name under which a model is shown a file; an error if it is shown to none."""
        shown = self._serving.server.folders.relative_path(uri) or name_of(uri)
        if self._hides(uri):
            raise JsonRpcInvalidParams(message=f"{shown} is shown to no model.")
        return shown

    def _hides(self, uri: str) -> bool:
        """Whether a file is shown to no model."""
        shown = self._serving.server.folders.relative_path(uri) or name_of(uri)
        return is_sensitive(shown) or self._serving.fleet.configuring.leaves_out(uri, shown)

    async def _extra(self, uri: str) -> Extra:
        """A further file: as it is open in the editor, else of the workspace's folders."""
        shown = self._check(uri)
        synced = self._serving.server.documents.usable(uri)
        text = str(synced.text) if synced is not None else None
        path = path_of(uri)
        if text is None and path is not None:
            folder = self._serving.fleet.configuring.folder(uri)
            text = await asyncio.to_thread(_read, folder, path) if folder else None
        if text is None or len(text) > _LARGEST:
            said = f"{shown} is no text of the workspace's folders, or is too large."
            raise JsonRpcInvalidParams(message=said)
        return Extra(shown, text)


def _read(folder: str, path: Path) -> str | None:
    root = Root.of(Path(folder))
    place = root.place(Path(os.path.realpath(path)))
    return root.text(place, _LARGEST + 1) if place else None


def _progress(token: Any, piece: Piece) -> types.ProgressParams:
    return types.ProgressParams(token, {"text": piece.text, "reasoning": piece.reasoning})
