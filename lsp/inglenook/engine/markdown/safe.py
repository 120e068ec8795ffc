"""What a model writes, as Markdown in which nothing is active; in pieces, while it arrives.

No link, image, HTML or address that a renderer would follow is left, and nothing is invisible or
steers a terminal. Code is shown as it is. `SafeMarkdown` holds back what the next characters
decide: the last word, the beginning of a line, an address, inline code that is not closed (until
the line ends, `LIMIT` characters at most).

The defence has three parts. `Signs` writes out what cannot be seen. Where prose is, `Prose` takes
the meaning from every sign that could begin something active. Where code is, all renderers must
agree that it is code: inline code ends on its line, and each line of a fence is given just the
indentation that the list or quote round it asks for, so that no renderer can think that this has
ended. Code that is only indented gets a fence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.markdown.blocks import (
    Blocks,
    Fence,
    Indented,
    is_delimiters,
    may_be_delimiters,
)
from inglenook.engine.markdown.prose import LIMIT, Prose
from inglenook.engine.markdown.signs import Signs, plain

_SLICE: Final = 4096  # characters that are looked at together, so that time is linear in the text

__all__ = ["LIMIT", "SafeMarkdown", "plain", "safe_markdown"]


def safe_markdown(text: str) -> str:
    """A whole answer; the same as its pieces give."""
    safe = SafeMarkdown()
    return safe.feed(text) + safe.finish()


@dataclass(slots=True)
class SafeMarkdown:
    """One answer. What comes out does not depend on how it was cut into pieces."""

    _signs: Signs = field(default_factory=Signs)
    _blocks: Blocks = field(default_factory=Blocks)
    _prose: Prose = field(default_factory=Prose)
    _fence: Fence | None = None
    _held: str = ""
    _within: bool = False  # a line whose beginning was shown goes on

    def feed(self, piece: str) -> str:
        """What can be shown now."""
        slices = (piece[at : at + _SLICE] for at in range(0, len(piece), _SLICE))
        return "".join(self._take(self._signs.feed(part), final=False) for part in slices)

    def finish(self) -> str:
        """The rest. A fence that is open is closed."""
        shown = self._take(self._signs.feed("", final=True), final=True)
        if self._fence:
            shown += ("\n" if self._within else "") + self._fence.close
            self._fence = None
        return shown

    def _take(self, text: str, final: bool) -> str:
        self._held += text
        text, at, shown = self._held, 0, [""]
        while at < len(text):
            stop = text.find("\n", at)
            ended = stop >= 0
            stop = stop if ended else len(text)
            if not self._within:
                begun = self._begin(text[at:stop], ended or final)
                if begun is None:
                    break
                shown.append(begun.shown)
                at += begun.taken
                if begun.again:
                    continue
                self._within = True
            if self._fence:
                shown.append(text[at:stop])
                at = stop
            elif at < stop:
                more, at = self._prose.take(text, at, stop, ended or final)
                shown.append(more)
            if at < stop or not ended:
                break
            shown.append("\n")
            at, self._within = stop + 1, False
        self._held = text[at:]
        return "".join(shown)

    def _begin(self, line: str, whole: bool) -> _Begun | None:
        """How a line begins; None if that is not decided yet."""
        if len(line) > LIMIT:  # decided by these, however many have come
            line, whole, hold = line[:LIMIT], False, False
        else:
            hold = not whole
        if self._fence:
            return self._begin_code(self._fence, line, whole, hold)
        if not line.strip(" \t"):
            if hold:
                return None
            self._prose.begin(blank=whole)
            if whole:
                self._blocks.blank()
            return _Begun("", len(line))
        if hold and may_be_delimiters(line):
            return None
        piped = self._prose.piped
        self._prose.begin(blank=False)
        if is_delimiters(line):
            if piped or not whole:  # then no table: in one, the line above would be cut
                self._blocks.close()
                bare = line.lstrip(" \t>")
                return _Begun(f"{line[: len(line) - len(bare)]}\\{bare}", len(line))
            self._prose.in_table = True
        opening = self._blocks.opening(line, whole, hold)
        if opening is None:
            return None
        self._fence = opening.fence
        if isinstance(opening.fence, Indented):
            return _Begun(f"{opening.shown}\n", 0, again=True)
        shown = opening.shown
        if line.startswith(":", opening.taken):
            shown += "\\"  # containers and definition lists, which some renderers draw
        return _Begun(shown, opening.taken)

    def _begin_code(self, fence: Fence, line: str, whole: bool, hold: bool) -> _Begun | None:
        if hold and not fence.begins_code(line):
            return None
        code = fence.code(line)
        if code is None:
            self._fence, self._blocks.fresh = None, True
            return _Begun(f"{fence.close}\n", 0, again=True)
        if hold and not code.strip("`~ \t"):
            return None
        if not fence.is_close(code):
            return _Begun(fence.shown(code), len(line))
        self._fence, self._blocks.fresh = None, True
        self._prose.begin(blank=True)
        return _Begun(fence.close if whole else f"{fence.close}\n", len(line))


@dataclass(frozen=True, slots=True)
class _Begun:
    shown: str
    taken: int  # characters of the line
    again: bool = False  # the same line begins once more
