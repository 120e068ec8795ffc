"""The open notebooks: `notebookDocument/*` (LSP 3.17, "Notebook Document Synchronization").

What cannot be true of a notebook equal to the editor's (cells replaced that are not there, one
cell in two places, a version that goes back) makes it serve nothing until it is opened again, as
with `Documents`; its user is told, and the log why. A cell whose text alone is in doubt serves
nothing and is left out of the other cells' context until a whole text mends it.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from lsprotocol import types

from inglenook.server.changes import MalformedChange
from inglenook.server.documents import Documents, Fault, Report
from inglenook.server.notebook import LostStep, Notebook, ViewListener
from inglenook.server.notebook_changes import (
    NotebookOpened,
    notebook_uri_in,
    read_notebook_changed,
    read_notebook_opened,
)
from inglenook.server.positions import Encoding
from inglenook.server.uris import key_of

log = logging.getLogger(__name__)

# Every notebook with all of its cells: what is Markdown in it explains the code.
SYNC_OPTIONS: Final = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithNotebook(notebook="*")], save=False
)
_STRANGERS: Final = 256  # how many notebooks that were never opened are remembered


class Notebooks:
    """All open notebooks by URI, in any spelling of it."""

    def __init__(self, report: Report | None = None) -> None:
        self.encoding = Encoding.UTF16
        self._report: Report = report or (lambda _uri, _fault: None)
        self._open: dict[str, Notebook] = {}
        self._listeners: list[ViewListener] = []
        self._strangers: dict[str, None] = {}

    def listen(self, listener: ViewListener) -> None:
        """Tell ``listener`` of the views that are there now and of everything from now on."""
        self._listeners.append(listener)
        for notebook in self._open.values():
            for document in notebook.documents():
                listener.on_open(document)

    def holding(self, uri: str) -> Notebook | None:
        """The notebook that has a cell of that URI."""
        key = key_of(uri)
        found = (notebook for notebook in reversed(self._open.values()) if key in notebook)
        return next(found, None)

    def __len__(self) -> int:
        return len(self._open)

    # The three messages; params are the JSON as it came.

    def did_open(self, params: Any) -> None:
        try:
            opened = read_notebook_opened(params)
        except MalformedChange:
            self._lose(notebook_uri_in(params), "a message about it was malformed")
            return
        key = key_of(opened.uri)
        self._strangers.pop(key, None)
        self._close(key)
        self._open[key] = self._opened(opened)

    def did_change(self, params: Any) -> None:
        try:
            changed = read_notebook_changed(params)
        except MalformedChange:
            self._lose(notebook_uri_in(params), "a message about it was malformed")
            return
        notebook = self._open.get(key_of(changed.uri))
        if notebook is None:
            self._meet_stranger(changed.uri)
            return
        try:
            notebook.change(changed)
        except LostStep as lost:
            self._give_up(notebook, str(lost))

    def did_close(self, params: Any) -> None:
        uri = notebook_uri_in(params)
        if uri is not None:
            self._close(key_of(uri))

    def distrust(self, uri: str | None = None) -> None:
        """Serve nothing of a notebook (named by itself or a cell), or of all of them, until it
        is opened again: a message about it was lost."""
        self._lose(uri, "a message was lost")

    def _lose(self, uri: str | None, why: str) -> None:
        if uri is None:
            lost = list(self._open.values())
        else:
            notebook = self._open.get(key_of(uri)) or self.holding(uri)
            lost = [notebook] if notebook is not None else []
        for notebook in lost:
            if not notebook.lost:
                self._give_up(notebook, why)

    def _opened(self, opened: NotebookOpened) -> Notebook:
        documents = Documents(self._report_cell)
        documents.encoding = self.encoding
        notebook = Notebook(opened.uri, documents, self._listeners)
        try:
            notebook.open(opened)
        except LostStep as lost:
            self._give_up(notebook, str(lost))
        return notebook

    def _close(self, key: str) -> None:
        notebook = self._open.pop(key, None)
        if notebook is not None:
            notebook.close()

    def _give_up(self, notebook: Notebook, why: str) -> None:
        notebook.lose()
        log.warning("A notebook is out of step with the editor: %s.", why)
        self._report(notebook.uri, Fault.DIRTY)

    def _report_cell(self, uri: str, fault: Fault) -> None:
        log.warning("A cell of a notebook serves nothing: its text is %s.", fault)
        self._report(uri, fault)

    def _meet_stranger(self, uri: str) -> None:
        key = key_of(uri)
        if key in self._strangers:
            return
        if len(self._strangers) >= _STRANGERS:
            del self._strangers[next(iter(self._strangers))]
        self._strangers[key] = None
        log.warning("A notebook was changed that is not open.")
        self._report(uri, Fault.DIRTY)
