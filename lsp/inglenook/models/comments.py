"""Pieces of other files as comments, for models that have no token for another file."""

from __future__ import annotations

from inglenook_context.comments import comment_marks
from inglenook_context.prompt import Prompt


def snippets_as_comments(prompt: Prompt) -> str:
    """Each snippet with its path, in comments of the language of ``prompt``; whole lines."""
    return "".join(
        _comment(f"Path: {snippet.path}\n{snippet.text}", prompt.language)
        for snippet in prompt.snippets
    )


def _comment(text: str, language: str) -> str:
    text = text.rstrip("\n")
    opening, closing = comment_marks(language)
    if closing:
        # The snippet must not end the comment; a visible space keeps it readable.
        inside = text.replace(closing, closing[:1] + " " + closing[1:])
        return f"{opening}\n{inside}\n{closing}\n"
    return "".join(f"{opening} {line}".rstrip() + "\n" for line in text.split("\n"))
