"""What a session remembers of its documents: where the user was, and what they were before.

A spot is two offsets, moved by later edits; its text is cut out when a prompt is built, and kept
while no edit touches it. A document's earlier text shares its blocks with the present one, so it
costs what was changed since. What is remembered of a document goes when it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote

from inglenook_context.before import LIMIT
from inglenook_context.document import Cursor, Document
from inglenook_context.excerpt import Excerpt
from inglenook_context.spots import Spot
from inglenook_context.spots import spot as cut
from inglenook_context.text import Edit, Text

_REGIONS: Final = 16
_NEAR: Final = 400  # characters between two spots that are one
_LONGEST: Final = 2_000  # characters of a spot; what is inserted at once is seldom longer
_OLD_SIDES: Final = ("git", "gitlens", "review")  # schemes under which editors show what was


def working_uri(uri: str) -> str:
    """The URI of the file whose earlier text a document is; empty if it is none.

    Editors show the left side of a diff as `git:/a/b.py?...`.
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme.lower() not in _OLD_SIDES:
        return ""
    path = rest.partition("?")[0].partition("#")[0]
    if path.startswith("//"):  # with an authority, which is the repository
        path = "/" + path[2:].partition("/")[2]
    return f"file://{path}"


def same_file(one: str, other: str) -> bool:
    """Whether two URIs name one file, but for how they are escaped."""
    return one == other or unquote(one) == unquote(other)


@dataclass(slots=True, eq=False)
class _Tracked:
    """Offsets of a spot, and (while ``made`` holds) of the lines that it is shown as."""

    uri: str
    start: int
    stop: int
    edited: bool
    made: Spot | None = None
    made_at: tuple[int, int] = (0, 0)
    most: int = -1  # for which it was made; -1 if it was not

    def forget(self) -> None:
        self.made, self.most = None, -1

    def near(self, start: int, stop: int) -> bool:
        if start > self.stop + _NEAR or stop < self.start - _NEAR:
            return False
        return max(stop, self.stop) - min(start, self.start) <= _LONGEST

    def move(self, edit: Edit) -> bool:
        """Follow an edit elsewhere in the document; false if it took the spot away."""
        if edit.start >= self.stop and edit.start > self.start:
            touched = edit.start <= self.made_at[1]
        else:
            grown = edit.new_stop - edit.stop
            if edit.stop <= self.start:
                self.start, self.stop = self.start + grown, self.stop + grown
                touched = edit.stop >= self.made_at[0]
                self.made_at = (self.made_at[0] + grown, self.made_at[1] + grown)
            else:
                if edit.start <= self.start and edit.stop >= self.stop:
                    return False
                touched = True
                self.start = min(self.start, edit.start)
                self.stop = max(self.stop, edit.stop) + grown
        if touched:
            self.forget()
        return True


@dataclass(slots=True, eq=False)
class Recent:
    """The spots of all documents, newest first, and the documents' earlier texts."""

    _spots: list[_Tracked] = field(default_factory=list)
    _before: dict[str, Text] = field(default_factory=dict)
    _changes: dict[str, int] = field(default_factory=dict)  # of what is open
    _all: int = 0

    # -- what happens ----------------------------------------------------------------------------

    def on_open(self, document: Document) -> None:
        self._count(document.uri)
        self.on_save(document)

    def on_save(self, document: Document) -> None:
        """From now on the document's earlier text is the present one."""
        if document.text.length <= LIMIT:
            self._before[document.uri] = document.text
        else:
            self._before.pop(document.uri, None)

    def on_change(self, document: Document, edits: Iterable[Edit]) -> None:
        """Note where a document was edited; each edit is in offsets of what the last one left."""
        self._count(document.uri)
        for edit in edits:
            self._spots = [
                spot for spot in self._spots if spot.uri != document.uri or spot.move(edit)
            ]
            start, stop = edit.start, edit.new_stop
            self._note(document.uri, max(start, stop - _LONGEST), stop, edited=True)

    def on_outlined(self, uri: str) -> None:
        """A document's newest text has been gone through, and other passages may be found."""
        self._count(uri)

    def on_visit(self, cursor: Cursor) -> None:
        """Note where the user asks for a completion."""
        newest = self._spots[0] if self._spots else None
        uri, offset = cursor.document.uri, cursor.offset
        if newest is None or newest.uri != uri or not newest.start <= offset <= newest.stop:
            self._note(uri, offset, offset, edited=False)

    def on_close(self, uri: str) -> None:
        self._spots = [spot for spot in self._spots if spot.uri != uri]
        self._before.pop(uri, None)
        self._changes.pop(uri, None)
        self._all += 1

    def _count(self, uri: str) -> None:
        self._changes[uri] = self._changes.get(uri, 0) + 1
        self._all += 1

    def _note(self, uri: str, start: int, stop: int, *, edited: bool) -> None:
        for at, spot in enumerate(self._spots):
            if spot.uri == uri and spot.near(start, stop):
                del self._spots[at]
                if start < spot.start or stop > spot.stop or (edited and not spot.edited):
                    spot.start, spot.stop = min(start, spot.start), max(stop, spot.stop)
                    spot.edited = spot.edited or edited
                    spot.forget()
                break
        else:
            spot = _Tracked(uri, start, stop, edited)
        self._spots.insert(0, spot)
        del self._spots[_REGIONS:]

    # -- what is known of it ---------------------------------------------------------------------

    def spots(
        self,
        documents: Callable[[str], tuple[str, Text] | None],
        most: int,
        hidden: tuple[str, int, int],
    ) -> list[Spot]:
        """The spots as they can be shown, each at most ``most`` characters, newest first.

        ``documents`` gives path and text of those that may be shown. ``hidden`` is a document and
        two offsets: spots that reach between them are shown anyway.
        """
        found = []
        for spot in self._spots:
            if spot.uri == hidden[0] and spot.start <= hidden[2] and hidden[1] <= spot.stop:
                continue
            known = documents(spot.uri)
            if known is not None and (made := _made(spot, *known, most)) is not None:
                found.append(made)
        return found

    def stamp(self, uri: str) -> int:
        """Another number when a document but this one was opened, changed, outlined or closed."""
        return self._all - self._changes.get(uri, 0)

    def before(self, uri: str) -> Text | None:
        """A document's text as it was opened or last saved, unless it was long."""
        return self._before.get(uri)


def _made(spot: _Tracked, path: str, text: Text, most: int) -> Spot | None:
    if spot.most != most or (spot.made is not None and spot.made.path != path):
        first, stop = text.line_at(spot.start), text.line_at(spot.stop) + 1
        spot.made, spot.most = cut(path, text, first, stop, most, edited=spot.edited), most
        low, high = first, stop
        if spot.made is not None:
            low, high = min(spot.made.shown.first, first), max(spot.made.shown.stop, stop)
        end = text.line_start(high) if high < text.line_count else text.length
        spot.made_at = (text.line_start(low), end)
    elif spot.made is not None and spot.made.text is not text:
        # Nothing touched its lines, but there may be more or fewer above them.
        shown = Excerpt(text.line_at(spot.made_at[0]), spot.made.shown.text)
        spot.made = replace(spot.made, text=text, shown=shown)
    return spot.made
