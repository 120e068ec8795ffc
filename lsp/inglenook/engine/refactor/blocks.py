"""The block of code in what a model answers."""

from __future__ import annotations

import re
from typing import Final

_OPENING: Final = re.compile(r"[ \t]*(`{3,}|~{3,})[^`\n]*")  # a whole line
_TICKS: Final = "```"
# One block of code and nothing beside it (GBNF: llama.cpp, grammars/README.md).
GRAMMAR: Final = (
    'root ::= "```" [a-z]* "\\n" code "```"\ncode ::= ( [^`] | "`" [^`] | "``" [^`] )*\n'
)


def has_ticks(code: str) -> bool:
    """Whether code holds what looks like the end of a block: then `GRAMMAR` cannot be obeyed."""
    return _TICKS in code


def block_of(answer: str, *, ticks: bool = False) -> str:
    """The first block of code, or all of an answer that has none.

    ``ticks``: the code itself may hold fences, and so the block goes on to the last one.
    """
    found = _block(answer, ticks)
    return answer.strip("\n") if found is None else found[0]


def is_closed(answer: str) -> bool:
    """Whether the first block has ended, so that nothing of use can follow."""
    found = _block(answer, ticks=False)
    return found is not None and found[1]


def _block(answer: str, ticks: bool) -> tuple[str, bool] | None:
    """The block's code, and whether it was closed."""
    lines = answer.split("\n")
    for first, line in enumerate(lines):
        match = _OPENING.fullmatch(line.rstrip("\r"))
        if match is None:
            continue
        ends = [
            at
            for at in range(first + 1, len(lines))
            if re.fullmatch(rf"[ \t]*{match[1][0]}{{{len(match[1])},}}[ \t\r]*", lines[at])
        ]
        if not ends:
            return "\n".join(lines[first + 1 :]), False
        return "\n".join(lines[first + 1 : ends[-1] if ticks else ends[0]]), True
    return None
