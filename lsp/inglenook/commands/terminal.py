"""Text of others on its way to a terminal."""

from __future__ import annotations

import os
import sys
from typing import Final, TextIO

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
    try:
        print("inglenook:", safe(sentence).replace("\n", " "), file=sys.stderr, flush=True)
    except OSError:  # whoever does not read it is told by the code all the same
        unheard(sys.stderr)
    return code


def unheard(stream: TextIO) -> None:
    """Let what is still to be written to a stream that failed go nowhere: it would fail again when
    Python ends, which then says 120 (sys.exit; the note on SIGPIPE in signal)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
