"""A prompt in the frame of a model's family, laid out for the engine's cache.

    PSM          prefix typed | suffix | middle           every key re-evaluates the suffix
    FROZEN_LINE  prefix | suffix | middle typed-          a key re-evaluates what was typed

``typed-`` is the typed part of the line less its last token piece. A model has never seen a word
torn in two, so the piece is taken back and the answer is made to begin with it ("token healing"):
by a grammar where the engine takes one, else by dropping an answer that does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inglenook.models.comments import snippets_as_comments
from inglenook.models.custom_template import filled
from inglenook.models.templates import TEMPLATES, Template
from inglenook_context.prompt import Prompt

CUSTOM: Final = "custom:"  # begins the family of a template of the user's own, which follows it
HEAL_LIMIT: Final = 12  # characters; longer pieces are rare in vocabularies and cost time
HEAL_TOKENS: Final = 4  # that a piece of so many characters can cost an answer

# How tokenizers cut, read off the end: one blank (of several, the last goes with the word to come,
# "   " and " foo"; a run that is forced back whole is often answered by more blanks and nothing
# else); digits; marks with one blank before them; the last hump of a word with the one mark or
# blank before it (" foo", ".foo", "_foo" are single tokens everywhere).
_LAST_PIECE: Final = re.compile(
    r"(?:\s|\d+|[ ]?(?:[^\w\s]|_)+|[\W_]?(?:[A-Z]?[^\W\d_A-Z]+|[A-Z]+))\Z"
)
_BLANKS: Final = str.maketrans("\t\n\r", "   ")


class Layout(StrEnum):
    PSM = "prefix-suffix-middle"
    FROZEN_LINE = "frozen-line"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent. The answer has to begin with ``heal``, which is not part of it."""

    text: str
    stop: tuple[str, ...]
    heal: str = ""


def framed(prompt: Prompt, family: str, layout: Layout) -> Rendered:
    """``prompt`` in the frame of a family, or in one of the user's own (`CUSTOM`)."""
    if family.startswith(CUSTOM):
        text, stop = filled(family.removeprefix(CUSTOM), prompt)
        return Rendered(text, stop)
    return render(prompt, TEMPLATES[family], layout)


def render(prompt: Prompt, template: Template, layout: Layout) -> Rendered:
    """``prompt`` in the frame of ``template``."""
    clean = template.neutralise
    typed, piece = prompt.typed, ""
    if layout is Layout.FROZEN_LINE:
        piece = last_piece(typed)
        typed = typed[: len(typed) - len(piece)]
    # What will stand side by side is cleaned in one, so that no token arises across the seam.
    if layout is Layout.PSM or not template.middle:
        before, behind = clean(prompt.prefix + typed), ""
    else:
        before, behind = clean(prompt.prefix), clean(typed)
    head, opening = "", ""
    if prompt.snippets and template.file:
        path = clean(prompt.path)
        head = _other_files(prompt, template) + template.own[0].replace("{path}", path)
        opening = template.own[1].replace("{path}", path)
    elif prompt.snippets:
        opening = clean(snippets_as_comments(prompt))
    prefix = template.prefix + opening + before
    suffix = template.suffix + clean(prompt.suffix)
    frame = suffix + prefix if template.suffix_first else prefix + suffix
    return Rendered(head + frame + template.middle + behind, template.stop, piece)


def _other_files(prompt: Prompt, template: Template) -> str:
    clean = template.neutralise
    files = [
        template.file.replace("{path}", clean(snippet.path)) + _ended(clean(snippet.text))
        for snippet in prompt.snippets
    ]
    return template.repository + "".join(files)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def last_piece(typed: str) -> str:
    """The end of ``typed`` that a tokenizer would join with what comes next; at most 12 long.

    Empty if it holds what is not printable (NUL, say): no grammar and no stream gives it back.
    """
    line = typed.rfind("\n") + 1  # an answer that had to begin with a line end would stop there
    match = _LAST_PIECE.search(typed, max(line, len(typed) - HEAL_LIMIT))
    return match[0] if match and match[0].translate(_BLANKS).isprintable() else ""


def grammar_for(piece: str) -> str:
    """A GBNF grammar (llama.cpp, grammars/README.md): any text that begins with ``piece``."""
    return f"root ::= {literal(piece)} [^\\x00]*"


def literal(text: str) -> str:
    """``text`` as a literal of a GBNF grammar."""
    return f'"{"".join(map(_escape, text))}"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return f"\\u{ord(character):04x}" if character < " " else character


class Healer:
    """Takes the forced piece off the front of a stream, however it is cut into chunks."""

    def __init__(self, piece: str) -> None:
        self._rest = piece
        self.failed = False  # the answer does not begin with the piece: it must be dropped

    def feed(self, text: str) -> str:
        """What of ``text`` belongs at the cursor."""
        if self.failed:
            return ""
        if not self._rest:
            return text
        if text.startswith(self._rest):
            text, self._rest = text[len(self._rest) :], ""
            return text
        self.failed = not self._rest.startswith(text)
        self._rest = self._rest[len(text) :]
        return ""
