"""Closing brackets that the suffix has already: the candidate is cut before the first of them."""

from __future__ import annotations

from inglenook.engine.trim.lexis import lex
from inglenook.engine.trim.site import Site


def closers(text: str, site: Site) -> str:
    if site.is_prose:
        return text
    lexed = lex(text, site.language, site.lexed.state)
    closed = lexed.closers
    # A candidate that closes and opens again ("a) + b(c") leaves the balance as it was.
    if len(closed) - len(lexed.openers) <= site.missing:
        return text
    return text[: closed[site.missing]]
