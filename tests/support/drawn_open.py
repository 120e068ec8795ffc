"""Open documents, drawn: files under headings, one with a visible cursor, and what is shown.

== a.py
total = █
== b.py
def total(): ...
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inglenook.engine.elsewhere import Other, passages
from inglenook.engine.recent import Recent
from inglenook_context.document import Cursor, Document
from inglenook_context.passages import Passage
from inglenook_context.similar import Shape, shaping
from inglenook_context.text import Edit, Text
from inglenook_context.window import Budget
from tests.support.drawn import MARK

TIGHT = Budget(snippets=2_400, prefix=80, step=1, suffix=60)  # a window of few lines


def shape_of(path: str, text: Text) -> Shape:
    *_, shape = shaping(path, text)
    assert shape is not None
    return shape


class Open:
    """Documents that are open, and a cursor in one of them; the URI of ``a.py`` is file:///a.py."""

    def __init__(self, drawing: str, budget: Budget = TIGHT) -> None:
        parts = re.split(r"(?m)^== (\S+)\n", drawing.lstrip("\n"))
        self.budget = budget
        self.recent = Recent()
        self.documents: dict[str, Document] = {}
        self.hidden: set[str] = set()
        self.outlined: dict[str, Shape] = {}  # what is not here is outlined as it is now
        self.shown: tuple[Passage, ...] = ()
        for path, drawn in zip(parts[1::2], parts[2::2], strict=True):
            self.open(uri_of(path), drawn)

    def open(self, uri: str, drawn: str) -> None:
        text = Text.of(drawn.replace(MARK, ""))
        self.documents[uri] = Document(uri, "python", 1, text)
        self.recent.on_open(self.documents[uri])
        if MARK in drawn:
            self.cursor = Cursor(self.documents[uri], drawn.index(MARK))

    def close(self, path: str) -> None:
        del self.documents[uri_of(path)]
        self.recent.on_close(uri_of(path))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace the first ``old``; the cursor stays, or comes behind what is new in its file."""
        uri = uri_of(path)
        document = self.documents[uri]
        start = str(document.text).index(old)
        stop, new_stop = start + len(old), start + len(new)
        text = document.text.replace(start, stop, new)
        self.documents[uri] = Document(uri, document.language, document.version + 1, text)
        self.recent.on_change(self.documents[uri], (Edit(start, stop, new_stop),))
        if self.cursor.document.uri == uri:
            self.cursor = Cursor(self.documents[uri], new_stop)

    def go(self, path: str, before: str) -> None:
        """Put the cursor in front of some text, and ask for a completion there."""
        document = self.documents[uri_of(path)]
        self.cursor = Cursor(document, str(document.text).index(before))
        self.recent.on_visit(self.cursor)

    def ask(self) -> str:
        """What is shown at the cursor now, as a drawing."""
        self.shown = self.chosen(self.shown)
        return "".join(f"== {each.path} ({each.reason})\n{each.text}" for each in self.shown)

    def chosen(self, kept: Sequence[Passage]) -> tuple[Passage, ...]:
        return passages(self.cursor, self.others, self.recent, self.budget, kept)

    @property
    def others(self) -> dict[str, Other]:
        return {
            uri: Other(path_of(uri), document.text, self._shape(uri))
            for uri, document in self.documents.items()
            if path_of(uri) not in self.hidden
        }

    def _shape(self, uri: str) -> Shape:
        path = path_of(uri)
        return self.outlined.get(path) or shape_of(path, self.documents[uri].text)


def uri_of(path: str) -> str:
    return path if ":" in path else f"file:///{path}"


def path_of(uri: str) -> str:
    return uri.partition("?")[0].rpartition("/")[2]
