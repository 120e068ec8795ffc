"""One seeded run of the notebook oracle against the server's notebooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from inglenook.server.notebook import Notebook
from inglenook.server.notebooks import Notebooks
from inglenook.server.positions import Encoding, offset_at, position_at
from inglenook.server.uris import key_of
from inglenook_context.document import Document
from inglenook_context.text import Edit
from tests.support.notebook_oracle import (
    NOTEBOOK,
    TEXTS,
    NotebookEditor,
    OracleCell,
    expected_text,
    expected_view,
)
from tests.support.sync_run import wire


@dataclass(slots=True)
class Follower:
    """Keeps the views' texts from the edits alone, as an incremental parser would."""

    documents: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def on_open(self, document: Document) -> None:
        if document.uri in self.texts:
            self.errors.append("opened twice")
        self._keep(document)

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        old, new = self.texts[document.uri], str(document.text)
        if len(edits) != 1:
            self.errors.append("more than one edit, or none")
        start, stop, new_stop = edits[0]
        if old[:start] + new[start:new_stop] + old[stop:] != new:
            self.errors.append(f"the edit {edits[0]} does not lead to the new text")
        if document.version <= self.documents[document.uri].version:
            self.errors.append("the version does not grow")
        self._keep(document)

    def on_save(self, document: Document) -> None:
        pass

    def on_leave(self, uri: str) -> None:
        if uri not in self.texts:
            self.errors.append("left without being open")

    def on_close(self, uri: str) -> None:
        del self.texts[uri], self.documents[uri]

    def _keep(self, document: Document) -> None:
        self.documents[document.uri] = document
        self.texts[document.uri] = str(document.text)


def run(seed: int, encoding: str, alphabet: str, steps: int) -> tuple[int, str | None]:
    """Make that many messages; returns how many cells were compared, and the first difference."""
    random = Random(f"notebook {seed} {encoding} {alphabet}")
    editor = NotebookEditor(random, encoding, TEXTS[alphabet])
    reports: list[str] = []
    notebooks, follower = Notebooks(lambda uri, fault: reports.append(f"{fault} {uri}")), Follower()
    notebooks.encoding = Encoding(encoding)
    notebooks.listen(follower)
    notebooks.did_open(wire(editor.open()))
    compared = 0
    for step in range(steps):
        difference = _difference(notebooks, editor, follower)
        if difference or reports or follower.errors:
            said = difference or str(reports or follower.errors)
            return compared, f"seed {seed}, {encoding}, {alphabet}, step {step}: {said}"
        compared += len(editor.cells)
        notebooks.did_change(wire(editor.step()))
    notebooks.did_close(wire({"notebookDocument": {"uri": NOTEBOOK}, "cellTextDocuments": []}))
    return compared, "views are left" if follower.texts or len(notebooks) else None


def _difference(notebooks: Notebooks, editor: NotebookEditor, follower: Follower) -> str | None:
    """The first cell, in random order, that is not as the editor has it."""
    keys = [key_of(cell.uri) for cell in editor.cells]
    for cell in editor.random.sample(editor.cells, len(editor.cells)):
        notebook = notebooks.holding(cell.uri)
        if notebook is None:
            return f"nobody holds {cell.uri}"
        if list(notebook.order) != keys:
            return f"the order is {list(notebook.order)} and not {keys}"
        if difference := _cell_difference(notebook, editor, cell, follower):
            return f"{cell.language} {cell.text!r}: {difference}"
    written = {cell.written_in for cell in editor.cells}
    if len(follower.documents) > 4:
        return f"{len(follower.documents)} views are kept"
    for document in follower.documents.values():
        if document.language not in written:
            return f"a view of {document.language} is kept"
        if str(document.text) != expected_view(document.language, editor.cells):
            return f"the view of {document.language} is {str(document.text)!r}"
    return None


def _cell_difference(
    notebook: Notebook, editor: NotebookEditor, cell: OracleCell, follower: Follower
) -> str | None:
    served = notebook.served(key_of(cell.uri))
    if served is None:
        return "not served"
    document = served.document
    if follower.documents.get(document.uri) is not document:
        return "the engine knows another view"
    if (document.language, str(served.text)) != (cell.written_in, cell.text):
        return f"it is {document.language} {str(served.text)!r}"
    view = str(document.text)
    if view != expected_view(cell.written_in, editor.cells):
        return f"the view is {view!r}"
    stop = served.start + len(served.text)
    if view[served.start : stop] != expected_text(cell.written_in, cell.text):
        return f"it is not at {served.start} of {view!r}"
    # There and back: a place of the editor, in the cell, in the view, and the editor's again.
    buffer = cell.typist.editor
    boundary = cell.typist.some_boundary()
    place = buffer.position(boundary, buffer.line_starts())
    offset = offset_at(served.text, *place, Encoding(editor.encoding))
    cursor = served.cursor(offset)
    before = view[served.start : cursor.offset]
    if before != expected_text(cell.written_in, cell.text)[:offset]:
        return f"{place} is {cursor.offset} in the view"
    back = position_at(served.text, cursor.offset - served.start, Encoding(editor.encoding))
    return None if back == place else f"{place} came back as {back}"
