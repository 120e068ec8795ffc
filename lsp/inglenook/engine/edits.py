"""What a user's edits say of how much has to be looked at again."""

from __future__ import annotations

from typing import Final

from inglenook_context.document import Document
from inglenook_context.text import Edit, Text

_FEW: Final = 80  # characters


def is_letters(text: Text, edit: Edit) -> bool:
    """Whether an edit is nothing but a few letters that were typed."""
    inserted = text.slice(edit.start, min(edit.new_stop, edit.start + _FEW))
    small = edit.start == edit.stop and edit.new_stop - edit.start < _FEW
    return small and inserted.isalnum()


def stays_on(line: int, document: Document, edits: tuple[Edit, ...]) -> bool:
    """Whether edits changed nothing but a few characters of one line."""
    text = document.text
    return all(
        edit.stop - edit.start < _FEW
        and edit.new_stop - edit.start < _FEW
        and text.line_at(edit.start) == text.line_at(edit.new_stop) == line
        for edit in edits
    )
