"""Text of others on its way to a terminal."""

from __future__ import annotations

import sys
from typing import Final

_KEPT: Final = frozenset("\n\t")


def safe(text: str) -> str:
    """``text`` with every character that could steer a terminal written out, as ``\\x1b``.

    Line ends and tabs stay. What Unicode calls not printable goes (controls, bidirectional
    marks, zero-width characters, private use, lone surrogates, unusual blanks).
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in _KEPT else ascii(sign)[1:-1] for sign in text
    )


def failed(sentence: str, code: int) -> int:
    """Say on stderr, in one line, why a command ends with exit code ``code``, and return it."""
    print("inglenook:", safe(sentence).replace("\n", " "), file=sys.stderr)
    return code
