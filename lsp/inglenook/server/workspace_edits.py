"""What changes of a document are for a client: a `WorkspaceEdit` with as much as it understands.

With document versions and change annotations where the client has them, else as plain edits by
URI. It is one edit of one document, so that the editor takes it back in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lsprotocol import types

from inglenook.engine.refactor.wish import Written
from inglenook.server.base import InglenookServer
from inglenook.server.positions import Encoding, position_at
from inglenook.server.sentences import as_shown
from inglenook_context.document import Document
from inglenook_context.grammar import grammar_of
from inglenook_context.refactor.edits import Change, Refactoring
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose, Task

_WHY: Final = "inglenook"  # of the change annotation
_SCOPES: Final = ("python", "typescript", "typescriptreact", "javascript", "javascriptreact")


def client_edits(server: InglenookServer) -> types.WorkspaceEditClientCapabilities:
    """What the client understands of them."""
    workspace = server.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace else None
    return edits or types.WorkspaceEditClientCapabilities()


def workspace_edit(
    server: InglenookServer,
    uri: str,
    document: Document,
    changes: Sequence[Change],
    why: types.ChangeAnnotation,
) -> types.WorkspaceEdit:
    """``changes`` of a document that the client knows as ``uri``; ``why`` is about all of them."""
    able, encoding = client_edits(server), server.encoding
    versioned = bool(able.document_changes)
    annotated = versioned and able.change_annotation_support is not None
    edits: list[Any] = []
    for each in changes:
        place = _range(document.text, each, encoding)
        if annotated:
            edits.append(types.AnnotatedTextEdit(_WHY, place, each.new))
        else:
            edits.append(types.TextEdit(place, each.new))
    if not versioned:
        return types.WorkspaceEdit(changes={uri: edits})
    named = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=document.version)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(named, edits)],
        change_annotations={_WHY: why} if annotated else None,
    )


def _range(text: Text, change: Change, encoding: Encoding) -> types.Range:
    ends = (position_at(text, offset, encoding) for offset in (change.start, change.stop))
    return types.Range(*(types.Position(*end) for end in ends))


# What is said of them


def of_computed(found: Refactoring) -> types.ChangeAnnotation:
    return types.ChangeAnnotation(
        label=found.title,
        needs_confirmation=bool(found.confirm),
        description=" ".join(found.confirm) or "Computed from the syntax tree.",
    )


def of_written(written: Written) -> types.ChangeAnnotation:
    said = f"Written by {written.model.name} and checked: {checked(written.task)}."
    return types.ChangeAnnotation(
        label=as_shown(written.title),
        needs_confirmation=written.may_change_behaviour or bool(written.notes),
        description=as_shown(" ".join((said, *written.notes))),
    )


def checked(task: Task) -> str:
    """What is known of an edit that passed as this task."""
    if grammar_of(task.language) is None:
        return "it changes nothing outside of what was selected"
    said = ["it parses"]
    if task.purpose is Purpose.DOCSTRING:
        said.append("nothing but documentation differs")
    elif task.purpose is Purpose.TYPES:
        said.append("nothing but types differs")
    if task.language in _SCOPES:
        said.append("no name or import is made up")
        if task.purpose not in (Purpose.DOCSTRING, Purpose.TYPES):
            kept = "the signature may differ, as was asked" if task.signature_may_change else ""
            said.append(kept or "the signature is as it was")
    return ", ".join(said)
