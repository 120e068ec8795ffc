"""What a post-filter knows of the place that a candidate is meant for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from inglenook.engine.trim.lexis import Lexed, bare, lex

_WINDOW: Final = 6_000  # characters on each side that are looked at for brackets and lines
_LINES: Final = 40  # lines on each side that a candidate is compared with
_UNKNOWN: Final = 99  # brackets may be open that the window does not show
_TOP_LEVEL: Final = re.compile(r"^(?=[A-Za-z_@])", re.MULTILINE)

PROSE: Final = frozenset(
    {"asciidoc", "git-commit", "latex", "markdown", "mdx", "plaintext", "restructuredtext", "tex"}
)
INDENTED: Final = frozenset({"python", "starlark", "gdscript", "nim"})


@dataclass(frozen=True)
class Site:
    """A place in a document, in the terms of the candidate: line ends are always ``\\n``.

    ``before`` and ``after`` are bounded windows of the text round the cursor. ``breaks_parse``
    tells whether the text inserted at the cursor makes the file's syntax worse than it was; it
    is None where no grammar is at hand and may answer False when it could not tell in time.
    What is derived from them is computed once for each site, not for each chunk.
    """

    before: str
    after: str
    language: str
    multiline: bool
    breaks_parse: Callable[[str], bool] | None = None

    @cached_property
    def line_before(self) -> str:
        return self.before[self.before.rfind("\n") + 1 :]

    @cached_property
    def line_after(self) -> str:
        end = self.after.find("\n")
        return self.after if end < 0 else self.after[:end]

    @cached_property
    def on_blank_line(self) -> bool:
        """Whether nothing but white space stands before the cursor on its line."""
        return not self.line_before.strip()

    @cached_property
    def single_line(self) -> bool:
        """Whether one line is all that fits: so asked, or code stands right of the cursor."""
        return not self.multiline or bool(self.line_after.strip())

    @cached_property
    def is_prose(self) -> bool:
        return self.language in PROSE

    @cached_property
    def is_indented(self) -> bool:
        """Whether blocks are made by indentation."""
        return self.language in INDENTED

    @cached_property
    def lines_above(self) -> tuple[str, ...]:
        """Non-blank lines above the cursor's line, bare, in the order of the file."""
        above = self.before[-_WINDOW:].split("\n")[:-1]
        return tuple([bare(line) for line in above[-_LINES:] if line.strip()])

    @cached_property
    def lines_below(self) -> tuple[str, ...]:
        """Non-blank lines below the cursor's line, bare, in the order of the file."""
        below = self.after[:_WINDOW].split("\n", _LINES)[1 : _LINES + 1]
        return tuple([bare(line) for line in below if line.strip()])

    @cached_property
    def lexed(self) -> Lexed:
        """Brackets and strings from the last top-level line to the cursor."""
        window = self._window_before
        start = window.rfind("\n", 0, len(window) - len(self.line_before)) + 1
        while start > 0 and not _TOP_LEVEL.match(window, start):
            start = window.rfind("\n", 0, start - 1) + 1
        found = lex(window[start:], self.language)
        odd = window.count('"""') % 2 or window.count("'''") % 2
        if self.is_indented and not found.state and odd:
            # A docstring may hold lines that look like top-level ones: count its quotes.
            whole = lex(window, self.language)
            return whole if whole.state in ('"""', "'''") and self._is_whole else found
        return found

    @cached_property
    def _window_before(self) -> str:
        return self.before[-_WINDOW:].lstrip("\n")

    @cached_property
    def _is_whole(self) -> bool:
        """Whether the window before the cursor begins outside of any block."""
        return bool(_TOP_LEVEL.match(self._window_before)) or not self._window_before

    @cached_property
    def openers(self) -> str:
        """The brackets that are open at the cursor, outermost first."""
        return self.lexed.openers

    @cached_property
    def missing(self) -> int:
        """How many of the open brackets nothing right of or below the cursor closes."""
        window = self.after[:_WINDOW]
        state = self.lexed.state
        first = window.find("\n") + 1
        next_top = _TOP_LEVEL.search(window, first) if first else None
        found = lex(window[: next_top.start()] if next_top else window, self.language, state)
        if not self._is_whole and not _TOP_LEVEL.search(self._window_before):
            return 0 if found.closers else _UNKNOWN
        return max(len(self.openers) - len(found.closers), 0)

    @cached_property
    def in_text(self) -> bool:
        """Whether the cursor stands inside a string or a comment."""
        return bool(self.lexed.state)
