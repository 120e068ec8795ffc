"""What the notebook messages say, read strictly from their JSON (LSP 3.17, "Notebook Document
Synchronization"). The texts of cells are left for `Documents`, as params of its messages."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from inglenook.server.changes import MalformedChange, string, whole_number

_MARKUP: Final = 1


class Handle(NamedTuple):
    """A cell in its notebook's order."""

    uri: str
    markup: bool


class Splice(NamedTuple):
    """``removed`` cells from ``start`` on (from 0) are replaced by ``cells``."""

    start: int
    removed: int
    cells: list[Handle]
    closed: list[Any]
    opened: list[Any]


class NotebookOpened(NamedTuple):
    uri: str
    version: int
    cells: list[Handle]
    opened: list[Any]


class NotebookChanged(NamedTuple):
    uri: str
    version: int
    splice: Splice | None
    cells: list[Handle]  # whose kind may be another now
    texts: list[Any]


def notebook_uri_in(params: Any) -> str | None:
    """The notebook that the params of a message name, if any."""
    try:
        uri = params["notebookDocument"]["uri"]
    except (TypeError, KeyError):
        return None
    return uri if isinstance(uri, str) else None


def read_notebook_opened(params: Any) -> NotebookOpened:
    """The params of ``notebookDocument/didOpen``; MalformedChange if they are none."""
    try:
        notebook = params["notebookDocument"]
        return NotebookOpened(
            string(notebook["uri"]),
            whole_number(notebook["version"]),
            [_handle(cell) for cell in notebook["cells"]],
            [{"textDocument": document} for document in params["cellTextDocuments"]],
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise MalformedChange("notebookDocument/didOpen") from error


def read_notebook_changed(params: Any) -> NotebookChanged:
    """The params of ``notebookDocument/didChange``; MalformedChange if they are none."""
    try:
        notebook = params["notebookDocument"]
        cells = params["change"].get("cells") or {}
        structure = cells.get("structure")
        return NotebookChanged(
            string(notebook["uri"]),
            whole_number(notebook["version"]),
            _splice(structure) if structure is not None else None,
            [_handle(cell) for cell in cells.get("data") or ()],
            [_text(change) for change in cells.get("textContent") or ()],
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise MalformedChange("notebookDocument/didChange") from error


def _splice(structure: Any) -> Splice:
    array = structure["array"]
    return Splice(
        whole_number(array["start"]),
        whole_number(array["deleteCount"]),
        [_handle(cell) for cell in array.get("cells") or ()],
        [{"textDocument": document} for document in structure.get("didClose") or ()],
        [{"textDocument": document} for document in structure.get("didOpen") or ()],
    )


def _handle(cell: Any) -> Handle:
    return Handle(string(cell["document"]), whole_number(cell["kind"]) == _MARKUP)


def _text(change: Any) -> Any:
    return {"textDocument": change["document"], "contentChanges": change["changes"]}
