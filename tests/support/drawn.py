"""Drawn cases: source with a visible cursor (``█``) in, values out, and back."""

from __future__ import annotations

from typing import Final

from inglenook_context.document import Cursor, Document
from inglenook_context.text import Text

MARK: Final = "█"
_SUFFIXES: Final = {
    "python": "py",
    "typescript": "ts",
    "typescriptreact": "tsx",
    "javascript": "js",
    "javascriptreact": "jsx",
}


def cursor_of(
    drawing: str, language: str = "python", *, uri: str | None = None, version: int = 1
) -> Cursor:
    """The cursor that ``drawing`` shows by its one ``█``, in a document without the mark."""
    before, mark, after = drawing.partition(MARK)
    if not mark or MARK in after:
        raise ValueError(f"a drawing has exactly one {MARK}")
    uri = uri or f"file:///drawn/case.{_SUFFIXES.get(language, 'txt')}"
    return Cursor(Document(uri, language, version, Text.of(before + after)), len(before))


def drawing_of(cursor: Cursor, inserted: str = "") -> str:
    """The document as a drawing, with ``inserted`` standing before the mark."""
    text = cursor.document.text
    before, after = text.slice(0, cursor.offset), text.slice(cursor.offset, len(text))
    return before + inserted + MARK + after
