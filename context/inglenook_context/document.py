"""A document at one version, and a cursor in it."""

from __future__ import annotations

from dataclasses import dataclass

from inglenook_context.text import Text


@dataclass(frozen=True, slots=True)
class Document:
    """What an editor shows under one URI. ``language`` is an LSP language identifier."""

    uri: str
    language: str
    version: int
    text: Text


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two characters of a document; ``offset`` counts code points."""

    document: Document
    offset: int

    def before(self, size: int) -> str:
        """At most ``size`` characters that stand before the cursor."""
        return self.document.text.slice(self.offset - size, self.offset)

    def after(self, size: int) -> str:
        """At most ``size`` characters that stand after the cursor."""
        return self.document.text.slice(self.offset, self.offset + size)

    @property
    def line(self) -> int:
        return self.document.text.line_at(self.offset)

    @property
    def line_before(self) -> str:
        """The part of the cursor's line that stands before it."""
        text = self.document.text
        return text.slice(text.line_start(self.line), self.offset)

    @property
    def line_after(self) -> str:
        """The part of the cursor's line that stands after it, without the line end."""
        text = self.document.text
        line = self.line
        end = text.line_start(line) + len(text.line(line))
        return text.slice(self.offset, end)
