"""What a post-filter knows of the place that a candidate is meant for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a document, in the terms of the candidate: line ends are always ``\\n``.

    ``before`` and ``after`` are bounded windows of the text round the cursor. ``breaks_parse``
    tells whether the text inserted at the cursor makes the file's syntax worse than it was; it
    is None where no grammar is at hand and may answer False when it could not tell in time.
    """

    before: str
    after: str
    language: str
    multiline: bool
    breaks_parse: Callable[[str], bool] | None = None

    @property
    def line_before(self) -> str:
        return self.before[self.before.rfind("\n") + 1 :]

    @property
    def line_after(self) -> str:
        end = self.after.find("\n")
        return self.after if end < 0 else self.after[:end]
