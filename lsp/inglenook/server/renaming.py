"""``textDocument/prepareRename`` and ``textDocument/rename`` within one file; ``inglenook/rename``.

    inglenook/rename {textDocument, position, newName} -> WorkspaceEdit

Editors ask one server for a rename or all of them, and one that knows the whole workspace is the
better one: so renames are offered as a provider only to a client that asks for it
(``initializationOptions.inglenook.rename``), and as a request of our own, also by the command
``inglenook.server.rename``, to all. What this file alone does not show is refused with a sentence.
What may reach further is to be confirmed in the edit; a client that cannot have it confirmed gets
the edit, and the user is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from inglenook.engine.refactor.rename import can_rename, is_renamed, name_at, rename
from inglenook.server.asked import RequestFailed, body_of, served_in, text_in
from inglenook.server.positions import PositionError, offset_at, position_at
from inglenook.server.workspace_edits import client_edits, of_computed, workspace_edit
from inglenook_context.refactor.edits import Refusal

if TYPE_CHECKING:
    from inglenook.server.served import Served
    from inglenook.server.serving import Serving
    from inglenook_context.refactor.edits import Refactoring
    from inglenook_context.syntax import Syntax

_LONGEST: Final = 400_000  # characters of a file in which anything is renamed
_TOO_LONG: Final = (
    f"Names of a file with more than {_LONGEST:,} characters are not renamed: use the rename of "
    "your language server."
)
_NOT_READ: Final = (
    "The file is still being parsed: rename it in a moment. (One that nests too deep never is.)"
)
_PARSED_AFTER: Final = 0.02  # seconds between two looks whether the file is parsed
_LOOKS: Final = 100


class ContentModified(JsonRpcException):
    CODE = -32801  # LSP 3.17, LSPErrorCodes.ContentModified
    MESSAGE = "Content modified"


class Renaming:
    """Answers the requests of one server."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def prepare(
        self, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder | None:
        """The name at the position; None where there is no name of a language that is known."""
        served = self._serving.served(params.text_document.uri)
        if served is None or not is_renamed(served.document.language):
            return None
        syntax = await self._syntax(served)
        place = name_at(syntax, self._offset(served, params.position))
        if place is None:
            return None
        refusal = await asyncio.to_thread(can_rename, syntax, served.document.language, place[0])
        if refusal is not None:
            raise RequestFailed(message=refusal.reason)
        return types.PrepareRenamePlaceholder(
            self._range(served, *place), served.text.slice(*place)
        )

    async def rename(self, params: types.RenameParams) -> types.WorkspaceEdit:
        documents = self._serving.server.client_capabilities.text_document
        able = documents.rename if documents else None
        return await self._rename(params, bool(able and able.honors_change_annotations))

    async def asked(self, params: Any) -> types.WorkspaceEdit:
        """``inglenook/rename``, whose params are plain JSON."""
        body = body_of(params)
        served_in(body, self._serving)
        place = body.get("position")
        place = place if isinstance(place, Mapping) else {}
        line, character = place.get("line"), place.get("character")
        if type(line) is not int or type(character) is not int:
            raise JsonRpcInvalidParams(message="position: expected {line, character}")
        document = types.TextDocumentIdentifier(body["textDocument"]["uri"])
        name = text_in(body, "newName", None)
        wanted = types.RenameParams(document, types.Position(line, character), name)
        return await self._rename(wanted, asks=True)

    async def _rename(self, params: types.RenameParams, asks: bool) -> types.WorkspaceEdit:
        """``asks``: the client asks its user about annotations that want it."""
        uri = params.text_document.uri
        served = self._serving.served(uri)
        if served is None:
            raise RequestFailed(message="The document is not open here, or is too large.")
        language = served.document.language
        if not is_renamed(language):
            raise RequestFailed(message="Names of this language cannot be renamed here.")
        syntax = await self._syntax(served)
        place = name_at(syntax, self._offset(served, params.position))
        if place is None:
            raise RequestFailed(message="There is no name at the cursor.")
        found = await asyncio.to_thread(rename, syntax, language, place[0], params.new_name)
        if isinstance(found, Refusal):
            raise RequestFailed(message=found.reason)
        now = self._serving.served(uri)
        if now is None or now.text is not served.text:
            raise ContentModified(message="The document changed meanwhile: rename it again.")
        server, able = self._serving.server, client_edits(self._serving.server)
        if not (asks and able.document_changes and able.change_annotation_support is not None):
            self._tell(found)
        return workspace_edit(server, uri, now.document, found.changes, of_computed(found))

    async def _syntax(self, served: Served) -> Syntax:
        """The tree of the document as it is: a file that was just opened may still be parsed."""
        if served.is_cell:
            raise RequestFailed(message="Names in a notebook may be used by its other cells.")
        if len(served.text) > _LONGEST:
            raise RequestFailed(message=_TOO_LONG)
        for _ in range(_LOOKS):
            syntax = self._serving.session.syntax(served.document)
            if syntax is not None and syntax.exact:
                return syntax
            await asyncio.sleep(_PARSED_AFTER)
        raise RequestFailed(message=_NOT_READ)

    def _offset(self, served: Served, position: types.Position) -> int:
        place, encoding = (position.line, position.character), self._serving.encoding
        try:
            return offset_at(served.text, *place, encoding)
        except PositionError:
            raise JsonRpcInvalidParams(message="position: is not in the document") from None

    def _range(self, served: Served, start: int, stop: int) -> types.Range:
        encoding = self._serving.encoding
        ends = (position_at(served.text, offset, encoding) for offset in (start, stop))
        return types.Range(*(types.Position(*end) for end in ends))

    def _tell(self, found: Refactoring) -> None:
        """What could not be asked, on screen only: it names variables of the user's code."""
        if found.confirm:
            said = f"{found.title}: {' '.join(found.confirm)}"
            message = types.ShowMessageParams(types.MessageType.Warning, said)
            self._serving.server.window_show_message(message)
