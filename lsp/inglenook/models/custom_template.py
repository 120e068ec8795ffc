"""A completion prompt of the user's own (``promptTemplates.autocomplete`` of Continue).

It is text with variables of Handlebars in it: ``prefix``, ``suffix``, ``filename``, ``reponame``
and ``language``, in two or three braces. Helpers, conditions and loops are not understood. As in
Continue the template is all that is sent: pieces of other files stand as comments in ``prefix``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from inglenook.models.comments import snippets_as_comments
from inglenook.models.templates import neutralise_any
from inglenook_context.prompt import Prompt

VARIABLES: Final = ("prefix", "suffix", "filename", "reponame", "language")

_BRACES: Final = re.compile(r"\{\{(\{?)\s*([^{}]*?)\s*\}\}(\}?)")
# What a tokenizer may take for one token: text of a document must not hold it.
_TOKEN: Final = re.compile(r"<[^\s<>]{1,40}>|\[[A-Z_]{3,20}\]")


def trouble(template: str) -> str:
    """Why a template cannot be used, as the end of a sentence; empty if it can."""
    for match in _BRACES.finditer(template):
        name = match[2]
        if len(match[1]) != len(match[3]):
            return "has braces that do not match"
        if name not in VARIABLES:
            if not name.isidentifier():
                return "has a helper or condition of Handlebars; only variables are understood"
            return f"has the variable {name[:40]!a}; there are {', '.join(VARIABLES)}"
    if "prefix" not in (match[2] for match in _BRACES.finditer(template)):
        return "shows the model no {{{prefix}}}"
    return ""


def filled(template: str, prompt: Prompt) -> tuple[str, tuple[str, ...]]:
    """The text that is sent, and the strings at which an answer ends."""
    tokens = _tokens(template)

    def clean(text: str) -> str:
        text = neutralise_any(text)
        for token in tokens:
            text = text.replace(token, token[0] + " " + token[1:])
        return text

    values = {
        "prefix": clean(snippets_as_comments(prompt) + prompt.prefix + prompt.typed),
        "suffix": clean(prompt.suffix),
        "filename": clean(prompt.path.rpartition("/")[2]),
        "reponame": "",
        "language": clean(prompt.language),
    }
    return _BRACES.sub(lambda match: values.get(match[2], ""), template), tokens


@lru_cache(maxsize=16)
def _tokens(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TOKEN.findall(_BRACES.sub(" ", template))))
