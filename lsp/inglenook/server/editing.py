"""``inglenook/edit``: an edit of a selection that a model writes, and that was checked.

    inglenook/edit {textDocument, range, instruction?, purpose?, diagnostics?, apply?,
                    workDoneToken?}
        -> {edit: WorkspaceEdit, title, model, notes, notices, used: [{path, what}], rounds,
            applied?}

``purpose`` is ``edit`` (the default: do what ``instruction`` says), ``fix`` (what ``diagnostics``
say, LSP `Diagnostic`), ``types``, ``docstring`` or ``simplify``. Without a selection it is about
what stands round the cursor. ``notes`` say what is to be looked at, ``notices`` what the model
was not shown. With ``apply`` the server has the editor apply the edit (``workspace/applyEdit``)
and ``applied`` says whether it did. What fails a check is not offered: the request fails with the
sentence that says why, and with ``data: {checks: [names]}``. It is a command of
``workspace/executeCommand`` too: ``inglenook.server.edit``. Cells of notebooks are not edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from inglenook.engine.refactor.wish import Wish
from inglenook.server.asked import (
    RequestFailed,
    body_of,
    range_in,
    served_in,
    text_in,
    troubles_in,
)
from inglenook.server.working import working
from inglenook.server.workspace_edits import client_edits, of_written, workspace_edit
from inglenook.server.writing import refusals
from inglenook_context.verify.task import Purpose

if TYPE_CHECKING:
    from inglenook.engine.refactor.wish import Written
    from inglenook.server.serving import Serving
    from inglenook.server.writing import Writing

_PURPOSES: Final = {
    each.value: each
    for each in (Purpose.EDIT, Purpose.FIX, Purpose.TYPES, Purpose.DOCSTRING, Purpose.SIMPLIFY)
}
_TITLES: Final = {
    Purpose.EDIT: "Editing",
    Purpose.FIX: "Fixing",
    Purpose.TYPES: "Adding types",
    Purpose.DOCSTRING: "Writing the docstring",
    Purpose.SIMPLIFY: "Simplifying",
}
_CONFIRMED: Final = 600.0  # seconds that a user may take to look at an edit
_CELL: Final = "Cells of a notebook are not edited by a model: edit a file, or ask in a chat."
_CANNOT: Final = "apply: this editor cannot be asked to apply an edit; apply the one that you get"


class Editing:
    """Answers the requests of one server."""

    def __init__(self, serving: Serving, writing: Writing) -> None:
        self._serving = serving
        self._writing = writing

    async def edit(self, params: Any) -> dict[str, Any]:
        body = body_of(params)
        wish = self._wish(body)
        apply = self._applies(body.get("apply", False))
        uri: str = body["textDocument"]["uri"]
        token, server = _token(body.get("workDoneToken")), self._serving.server
        with refusals():
            wish = replace(wish, paths=await self._writing.paths(wish.document))
            async with working(server, _TITLES[wish.purpose], token) as told:
                written = await self._writing.write(uri, wish, told)
        edit = workspace_edit(server, uri, written.document, written.changes, of_written(written))
        answer = _answer(written, edit)
        if apply:
            answer["applied"] = await self._apply(edit, written.title)
        return answer

    # -- what is asked -------------------------------------------------------------------------

    def _wish(self, body: Mapping[str, Any]) -> Wish:
        served, encoding = served_in(body, self._serving), self._serving.encoding
        if served.is_cell:
            raise RequestFailed(message=_CELL)
        named = text_in(body, "purpose", Purpose.EDIT.value)
        purpose = _PURPOSES.get(named)
        if purpose is None:
            raise JsonRpcInvalidParams(message=f"purpose: expected one of {', '.join(_PURPOSES)}")
        instruction = text_in(body, "instruction", "")
        if purpose is Purpose.EDIT and not instruction.strip():
            raise JsonRpcInvalidParams(message="instruction: say what is to be changed")
        troubles = troubles_in(body.get("diagnostics"), served, encoding)
        if purpose is Purpose.FIX and not troubles:
            raise JsonRpcInvalidParams(
                message="diagnostics: expected at least one that is to be fixed"
            )
        start, stop = range_in(body.get("range"), served, encoding)
        return Wish(served.document, start, stop, purpose, instruction, troubles)

    def _applies(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise JsonRpcInvalidParams(message="apply: expected true or false")
        workspace = self._serving.server.client_capabilities.workspace
        if value and not (workspace is not None and workspace.apply_edit):
            raise JsonRpcInvalidParams(message=_CANNOT)
        return value

    # -- what comes of it ----------------------------------------------------------------------

    async def _apply(self, edit: types.WorkspaceEdit, title: str) -> bool:
        """Whether the editor, which may ask its user first, applied the edit."""
        server = self._serving.server
        knows = bool(client_edits(server).metadata_support)
        params = types.ApplyWorkspaceEditParams(
            edit, label=title, metadata=types.WorkspaceEditMetadata(True) if knows else None
        )
        try:
            answer = await server.ask(types.WORKSPACE_APPLY_EDIT, params, _CONFIRMED)
        except (JsonRpcException, TimeoutError):
            return False
        return isinstance(answer, types.ApplyWorkspaceEditResult) and answer.applied


def _token(value: object) -> types.ProgressToken | None:
    return value if isinstance(value, (int, str)) and not isinstance(value, bool) else None


def _answer(written: Written, edit: types.WorkspaceEdit) -> dict[str, Any]:
    return {
        "edit": edit,
        "title": written.title,
        "model": written.model.name,
        "notes": list(written.notes),
        "notices": list(written.notices),
        "used": [asdict(each) for each in written.used],
        "rounds": written.rounds,
    }
