"""What is completed under a URI: a document by itself, or a cell as a part of its notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inglenook_context.document import Cursor, Document
from inglenook_context.notebook import line_end_of, within_cell
from inglenook_context.style import to_model
from inglenook_context.text import Text

if TYPE_CHECKING:
    from inglenook.engine.ask import Answer


@dataclass(frozen=True, slots=True)
class Served:
    """``text`` is the editor's, in which its positions count; the engine knows it as the part of
    ``document`` that begins at ``start``."""

    text: Text
    document: Document
    start: int = 0
    is_cell: bool = False

    def cursor(self, offset: int) -> Cursor:
        """An offset in the editor's text as the engine knows it."""
        return Cursor(self.document, self.start + offset)

    def line_before(self, offset: int) -> str:
        """What stands before an offset in the editor's text, on its line."""
        return self.text.slice(self.text.line_start(self.text.line_at(offset)), offset)

    def fitted(self, answer: Answer) -> tuple[int, tuple[str, ...]]:
        """The offset in the editor's text at which an answer may be inserted, and its texts.

        None is left of an answer that is for another place by now: a cell was moved while it
        was made.
        """
        offset = answer.offset - self.start
        if not answer.texts or not 0 <= offset <= len(self.text):
            return 0, ()
        if not self.is_cell:
            return offset, answer.texts
        if answer.document.version != self.document.version:
            return 0, ()
        before, language = self.line_before(offset), self.document.language
        cut = [within_cell(text, language, before) for text in answer.texts]
        ends = line_end_of(self.text)
        if ends is not None:  # the engine looks at the neighbours too
            cut = [to_model(text).replace("\n", ends) for text in cut]
        return offset, tuple(dict.fromkeys(text for text in cut if text))
