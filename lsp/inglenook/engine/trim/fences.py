"""What a chat model wraps code in: Markdown fences, and the sentence before them."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.lexis import lex
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_OPENING: Final = re.compile(r"\s*```[\w+#.-]*[ \t]*\n")
_MAYBE_OPENING: Final = re.compile(r"\s*(?:`{0,3}|```[\w+#.-]*[ \t]*)\Z")
_CHATTER: Final = re.compile(
    r"\s*(?:sure|certainly|of course|okay|here(?:'s| is| are)|below is|i'?ve|"
    r"the (?:completed|missing|full|rest of))\b[^\n]*",
    re.IGNORECASE,
)
_CHATTER_WORDS: Final = ("sure", "certainly", "of", "okay", "here", "below", "i", "the")
_WORD: Final = re.compile(r"\s*([A-Za-z]*)")
_CODE_IN_IT: Final = re.compile(
    r"\b(?:code|completion|function|implementation|class|method)\b.*:\s*\Z"
)
_FENCE: Final = re.compile(r"^[ \t]*```", re.MULTILINE)
_MAYBE_FENCE: Final = re.compile(r"(?:^|\n)([ \t]*`{0,2})\Z")


def fences(text: str, site: Site, final: bool) -> Trimmed:
    if site.is_prose or site.in_text:
        return Trimmed(text)
    body = _unwrapped(text, final)
    if body is None:
        return Trimmed("")
    if "```" in body:
        lexed = lex(body, site.language)
        for fence in _FENCE.finditer(body):
            # A fence inside a docstring or a comment belongs to it.
            if not lexed.in_text(fence.start()):
                return Trimmed(body[: fence.start()], True)
    if not final and (maybe := _MAYBE_FENCE.search(body)):
        body = body[: maybe.start(1)]
    return Trimmed(body)


def _unwrapped(text: str, final: bool) -> str | None:
    """What follows an opening fence and the chatter before it; None: cannot be told yet."""
    if opening := _OPENING.match(text):
        return text[opening.end() :]
    if _MAYBE_OPENING.match(text):
        return None if not final else "" if "```" in text else text
    word = _WORD.match(text)
    assert word
    if not final and word.end() == len(text):
        begun = word[1].lower()
        return None if any(known.startswith(begun) for known in _CHATTER_WORDS) else text
    if word[1].lower() not in _CHATTER_WORDS:
        return text
    return _after_chatter(text, final)


def _after_chatter(text: str, final: bool) -> str | None:
    line_end = text.find("\n", len(text) - len(text.lstrip()))
    if line_end < 0:
        return text if final else None
    chatter, rest = text[:line_end], text[line_end + 1 :]
    if not _CHATTER.fullmatch(chatter):
        return text
    if opening := _OPENING.match(rest):
        return rest[opening.end() :]
    if _MAYBE_OPENING.match(rest) and not final:
        return None
    return rest if _CODE_IN_IT.search(chatter) else text
