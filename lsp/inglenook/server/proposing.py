"""``inglenook/propose``: code of a chat as a checked edit of a selection; no model is asked.

    inglenook/propose {textDocument, range, text, workDoneToken?} -> {edit: WorkspaceEdit, title,
                                                                     notes}

``text`` takes the place of the smallest whole lines that hold ``range``, in their indentation; its
imports go to where the file has its own. ``notes`` say what is to be looked at. What fails a check
is refused as in ``inglenook/edit``: the request fails with the sentence that says why, and with
``data: {checks: [names]}``. It is a command of ``workspace/executeCommand`` too:
``inglenook.server.propose``. Cells of notebooks are not edited.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from inglenook.engine.refactor.proposed import proposed
from inglenook.engine.refactor.trial import Means
from inglenook.engine.refactor.wish import NotOffered, Wish
from inglenook.engine.refactor.world import Here, Look
from inglenook.engine.refactor.writer import MOVED
from inglenook.server.asked import RequestFailed, body_of, range_in, served_in, text_in
from inglenook.server.sentences import as_shown
from inglenook.server.uris import path_of
from inglenook.server.working import working
from inglenook.server.workspace_edits import checked, workspace_edit
from inglenook.server.writing import refusals
from inglenook_context.verify.task import Purpose

if TYPE_CHECKING:
    from inglenook.engine.refactor.proposed import Proposed
    from inglenook.server.serving import Serving
    from inglenook.server.writing import Writing
    from inglenook_context.document import Document

_TITLE: Final = "Replace the selection"
_CELL: Final = "Cells of a notebook are not edited: insert the code, or copy it."


class Proposing:
    """Answers the requests of one server."""

    def __init__(self, serving: Serving, writing: Writing) -> None:
        self._serving = serving
        self._writing = writing

    async def propose(self, params: Any) -> dict[str, Any]:
        body = body_of(params)
        served, encoding = served_in(body, self._serving), self._serving.encoding
        if served.is_cell:
            raise RequestFailed(message=_CELL)
        code = text_in(body, "text", None)
        if not code.strip():
            raise JsonRpcInvalidParams(message="text: expected some code")
        start, stop = range_in(body.get("range"), served, encoding)
        document, server = served.document, self._serving.server
        uri: str = body["textDocument"]["uri"]
        token = body.get("workDoneToken")
        with refusals():
            paths = await self._writing.paths(document)
            wish = Wish(document, start, stop, Purpose.EDIT, paths=paths)
            async with working(server, _TITLE, token if isinstance(token, (int, str)) else None):
                made = await proposed(self._serving.session, wish, code, self._means(document))
            if self._writing.document(uri).text is not document.text:
                raise NotOffered(MOVED)
        edit = workspace_edit(server, uri, made.document, made.changes, _why(made))
        return {"edit": edit, "title": _TITLE, "notes": list(made.notes)}

    def _means(self, document: Document) -> Means:
        """What the checks need: the user's own commands, and what is outside of the file."""
        fleet = self._serving.fleet
        folder, path = fleet.configuring.folder(document.uri), path_of(document.uri)
        root = Path(folder) if folder else None
        around = root or (path.parent if path is not None else None)
        look = Look(Here(self._serving.session, around)) if around is not None else None
        return Means(fleet.choices.settings.checks, root, look)


def _why(made: Proposed) -> types.ChangeAnnotation:
    said = f"Code of a chat, checked: {checked(made.task)}."
    return types.ChangeAnnotation(
        label=_TITLE,
        needs_confirmation=True,
        description=as_shown(" ".join((said, *made.notes))),
    )
