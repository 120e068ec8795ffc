"""What a model is shown, as a value, before any template is applied to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of another file that the code near the cursor uses or resembles."""

    path: str  # as it is shown to the model: relative, with forward slashes
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One hole in one file, and pieces of other files; line ends are always ``\\n``.

    ``prefix + typed`` stands before the cursor and ``suffix`` after it. ``prefix`` ends a few
    lines above the cursor, at a place that stays put while these are typed, so that an engine
    which keeps its prompt cache evaluates only what was typed again from key to key (see the
    layouts in ARCHITECTURE.md). Snippets come in an order that does not change while the cursor
    stays in its neighbourhood.
    """

    path: str
    language: str
    snippets: tuple[Snippet, ...]
    prefix: str
    typed: str
    suffix: str

    @property
    def size(self) -> int:
        """Characters of code, without a template's frame."""
        window = len(self.prefix) + len(self.typed) + len(self.suffix)
        return window + sum([len(each.path) + len(each.text) for each in self.snippets])
