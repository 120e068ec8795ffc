"""Drawn refactors: the source with its selection or cursor, ``->``, and what comes of it.

A refusal is drawn as ``! `` and its reason, what is to be confirmed as ``? `` lines at the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inglenook_context.refactor.edits import Refactoring, Refusal, applied

_CASES: Final = Path(__file__).parent / "cases"


def cases(name: str) -> list[tuple[str, str]]:
    """The drawings in ``cases/<name>.txt``: before and after."""
    text = (_CASES / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")
    found = []
    for drawing in text.split("\n------\n"):
        before, arrow, after = drawing.partition("\n->\n")
        assert arrow, f"a drawing without an arrow: {drawing[:60]}"
        found.append((before, after))
    return found


def selection(drawing: str) -> tuple[str, int, int]:
    """The source without ``«`` and ``»``, and where they stood."""
    before, _, rest = drawing.partition("«")
    inside, mark, after = rest.partition("»")
    assert mark, "a drawing needs « and »"
    return before + inside + after, len(before), len(before) + len(inside)


def drawn(source: str, result: Refactoring | Refusal) -> str:
    if isinstance(result, Refusal):
        return f"! {result.reason}"
    after = applied(source, result.changes).rstrip("\r\n")
    return "\n".join([after, *(f"? {reason}" for reason in result.confirm)])
