"""One open notebook: the texts of its cells, their order, and what is composed of them.

The texts are in step with the editor like those of other documents, by `Documents`. The engine
never sees a cell: it is shown *views*, one document for each language that is completed in (see
`inglenook_context.notebook`), which follow the cells edit by edit. The view of the language that
most cells are written in is there from the start, so that it is parsed and outlined in time; any
other is made when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import quote

from inglenook.server.documents import FEATURE_LIMIT, Documents, Listener
from inglenook.server.notebook_changes import Handle, NotebookChanged, NotebookOpened, Splice
from inglenook.server.served import Served
from inglenook.server.splice import replace_all
from inglenook.server.uris import key_of
from inglenook_context.document import Document
from inglenook_context.notebook import (
    Cell,
    View,
    compose,
    edited,
    main_language,
    recomposed,
    written_in,
)
from inglenook_context.text import Edit

CELL_LIMIT: Final = 1_000  # a notebook of more cells is only kept in step
_VIEWS: Final = 4  # languages of one notebook that are shown at the same time
_FEW: Final = 8  # texts that change in one message and are told one by one
_SCHEME: Final = "inglenook-notebook"


class ViewListener(Listener, Protocol):
    """What is told of views, as of documents, and when their cells come, go or move."""

    def on_leave(self, uri: str, /) -> None:
        """What was asked for the document counts no more; a change of it may follow."""


class LostStep(Exception):
    """The notebook's cells may differ from the editor's; the argument says why."""


def view_uri(notebook: str, language: str) -> str:
    """The URI under which the engine knows a view; no editor opens one of that scheme."""
    return f"{_SCHEME}:{quote(language, safe='')}:{notebook}"


def notebook_of(uri: str) -> str | None:
    """The URI of the notebook, if ``uri`` is that of a view."""
    scheme, _, rest = uri.partition(":")
    return rest.partition(":")[2] if scheme == _SCHEME else None


class _Made(NamedTuple):
    """A cell, and what it was made of; without a document its text is not known."""

    cell: Cell
    markup: bool
    document: Document | None


@dataclass(eq=False, slots=True)
class _Shown:
    view: View
    document: Document | None  # None: the view is too long for any feature


class Notebook:
    """Tell it the messages about it: `open` once, then `change`; after a `LostStep` `lose` it."""

    def __init__(self, uri: str, documents: Documents, listeners: list[ViewListener]) -> None:
        self.uri = uri
        self.lost = False
        self._texts = documents
        self._listeners = listeners
        self._version = 0
        self._order: dict[str, bool] = {}  # key of a cell's URI -> whether it is markup
        self._documents: dict[str, Document] = {}  # by the same key; those that can be trusted
        self._made: dict[str, _Made] = {}  # in order
        self._numbers: dict[str, int] = {}
        self._views: dict[str, _Shown] = {}  # by language; the one served last at the end
        self._told = 0  # versions of views so far
        self._waiting = False  # several things change before the views follow
        documents.listen(self)

    @property
    def order(self) -> tuple[str, ...]:
        """The keys of the cells' URIs."""
        return tuple(self._order)

    def __contains__(self, key: str) -> bool:
        return key in self._order

    def documents(self) -> Iterator[Document]:
        """The views as they are shown now."""
        for shown in self._views.values():
            if shown.document is not None:
                yield shown.document

    def served(self, key: str) -> Served | None:
        """What may be completed in a cell; None if it may not."""
        made = self._made.get(key)
        if self.lost or made is None or made.document is None:
            return None
        if len(self._made) > CELL_LIMIT:
            return None
        language = made.cell.language
        shown = self._views.pop(language, None)
        if shown is None:
            shown = self._compose(language)
        self._views[language] = shown
        start = shown.view.place(self._numbers[key])
        if shown.document is None or start is None:
            return None
        return Served(made.document.text, shown.document, start, is_cell=True)

    # -- messages ------------------------------------------------------------------------------

    def open(self, opened: NotebookOpened) -> None:
        """Raises `LostStep`."""
        self._version = opened.version
        with self._together():
            for params in opened.opened:
                self._texts.did_open(params)
            self._order = _ordered([], opened.cells, [])

    def change(self, changed: NotebookChanged) -> None:
        """Raises `LostStep`."""
        if self.lost:
            return
        # Keys typed into a cell need not count as a change of the notebook (vscode #119561).
        if changed.version < self._version:
            raise LostStep("its version went back")
        self._version = changed.version
        if changed.splice is None and not changed.cells and len(changed.texts) <= _FEW:
            self._change_texts(changed.texts)
            return
        with self._together():
            if changed.splice is not None:
                self._splice(changed.splice)
            for cell in changed.cells:
                key = key_of(cell.uri)
                if key in self._order:
                    self._order[key] = cell.markup
            self._change_texts(changed.texts)

    def close(self) -> None:
        for language in list(self._views):
            self._close(language)

    def lose(self) -> None:
        """Serve nothing from now on."""
        self.lost = True
        self.close()

    def _splice(self, splice: Splice) -> None:
        order = list(self._order.items())
        start, stop = splice.start, splice.start + splice.removed
        if not 0 <= start <= stop <= len(order):
            raise LostStep("cells were to be replaced that it does not have")
        for params in splice.closed:
            self._texts.did_close(params)
        for params in splice.opened:
            self._texts.did_open(params)
        self._order = _ordered(order[:start], splice.cells, order[stop:])

    def _change_texts(self, texts: list[Any]) -> None:
        for params in texts:
            self._texts.did_change(params)

    # -- what `Documents` tells of the cells' texts ----------------------------------------------

    def on_open(self, document: Document) -> None:
        self._documents[key_of(document.uri)] = document
        self._follow()

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        key = key_of(document.uri)
        before = self._documents[key]
        self._documents[key] = document
        made = self._made.get(key)
        if self._waiting or made is None or made.document is not before:
            return
        cell = _cell(document, made.markup)
        if cell.language != made.cell.language:
            self._follow()
            return
        self._made[key] = _Made(cell, made.markup, document)
        if not edits:  # a version that changes nothing is legal
            return
        edit = edits[0]
        if len(edits) > 1:
            _, edit = replace_all(before.text, str(document.text))
        for language, shown in self._views.items():
            self._tell(language, shown, *edited(shown.view, self._numbers[key], cell, edit))

    def on_save(self, document: Document) -> None:
        pass

    def on_close(self, uri: str) -> None:
        del self._documents[key_of(uri)]
        self._follow()

    # -- views ---------------------------------------------------------------------------------

    @contextmanager
    def _together(self) -> Iterator[None]:
        """What happens inside is shown as one change."""
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False
        self._follow()

    def _follow(self) -> None:
        """Bring the views up to what the cells are now."""
        if self._waiting or self.lost:
            return
        made = {}
        for key, markup in self._order.items():
            document, before = self._documents.get(key), self._made.get(key)
            if before is None or before.markup != markup or before.document is not document:
                before = _Made(_cell(document, markup), markup, document)
            made[key] = before
        self._made = made
        self._numbers = {key: number for number, key in enumerate(made)}
        if len(made) > CELL_LIMIT:
            self.close()
            return
        cells = self._cells()
        for language, shown in list(self._views.items()):
            view, edit = recomposed(shown.view, cells)
            if not view.is_needed:
                self._close(language)
                continue
            if edit is not None and shown.document is not None:
                for listener in self._listeners:
                    listener.on_leave(shown.document.uri)
            self._tell(language, shown, view, edit)
        main = main_language(cells)
        if main is not None and main not in self._views:
            self._views[main] = self._compose(main)

    def _cells(self) -> list[Cell]:
        return [made.cell for made in self._made.values()]

    def _compose(self, language: str) -> _Shown:
        """Make a view, in the place of one that was served long ago if there are many."""
        cells = self._cells()
        main = main_language(cells)
        others = [other for other in self._views if other != main]
        if len(self._views) >= _VIEWS and others:
            self._close(others[0])
        shown = _Shown(compose(language, cells), None)
        self._show(language, shown, ())
        return shown

    def _tell(self, language: str, shown: _Shown, view: View, edit: Edit | None) -> None:
        shown.view = view
        if edit is not None:
            self._show(language, shown, (edit,))

    def _show(self, language: str, shown: _Shown, edits: tuple[Edit, ...]) -> None:
        before, text = shown.document, shown.view.text
        if len(text) > FEATURE_LIMIT:
            shown.document = None
        else:
            self._told += 1
            uri = before.uri if before is not None else view_uri(self.uri, language)
            shown.document = Document(uri, language, self._told, text)
        for listener in self._listeners:
            if before is None and shown.document is not None:
                listener.on_open(shown.document)
            elif before is not None and shown.document is not None:
                listener.on_change(shown.document, edits)
            elif before is not None:
                listener.on_close(before.uri)

    def _close(self, language: str) -> None:
        document = self._views.pop(language).document
        if document is not None:
            for listener in self._listeners:
                listener.on_close(document.uri)


def _ordered(
    before: list[tuple[str, bool]], new: list[Handle], after: list[tuple[str, bool]]
) -> dict[str, bool]:
    """The order of cells; `LostStep` if one stands in it twice."""
    cells = [*before, *((key_of(cell.uri), cell.markup) for cell in new), *after]
    order = dict(cells)
    if len(order) < len(cells):
        raise LostStep("a cell stands in it twice")
    return order


def _cell(document: Document | None, markup: bool) -> Cell:
    if document is None:
        return Cell("", None)
    return Cell(written_in(document.language, markup, document.text), document.text)
