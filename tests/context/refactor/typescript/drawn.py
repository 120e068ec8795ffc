"""Drawn refactors: the source with its selection or cursor, ``->``, and what comes of it.

A file of drawings is called ``REFACTOR.ENDING.txt``; the ending says in which language it is
drawn. A refusal is drawn as ``! `` and its reason, what is to be confirmed as ``? `` lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inglenook_context.languages import language_of
from inglenook_context.refactor.edits import Refactoring, Refusal, applied
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.support.parsed import parsed

_CASES: Final = Path(__file__).parent / "cases"


def cases() -> Iterator[tuple[str, str, str, str]]:
    """Each drawing: the refactor, the language, before and after."""
    for file in sorted(_CASES.glob("*.txt")):
        refactor, _, ending = file.name.removesuffix(".txt").partition(".")
        text = file.read_text(encoding="utf-8").removesuffix("\n")
        for drawing in text.split("\n------\n"):
            before, arrow, after = drawing.partition("\n->\n")
            assert arrow, f"a drawing without an arrow: {drawing[:60]}"
            yield refactor, language_of(f"x.{ending}") or "", before, after


def selection(drawing: str) -> tuple[str, int, int]:
    """The source without ``«`` and ``»``, and where they stood."""
    before, _, rest = drawing.partition("«")
    inside, mark, after = rest.partition("»")
    assert mark, "a drawing needs « and »"
    return before + inside + after, len(before), len(before) + len(inside)


def syntax_of(source: str, language: str) -> Syntax:
    syntax = parsed(Text.of(source), language)
    assert syntax is not None
    return syntax


def drawn(source: str, result: Refactoring | Refusal) -> str:
    if isinstance(result, Refusal):
        return f"! {result.reason}"
    after = applied(source, result.changes).rstrip("\r\n")
    return "\n".join([after, *(f"? {reason}" for reason in result.confirm)])
