"""Secrets over several lines: private keys, whole or cut by a window, and what a name opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from inglenook.engine.redaction_names import is_open, named
from inglenook.engine.redaction_patterns import Secret, is_suspicious

_BEGIN: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_END: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY")
_PUBLIC: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*(?:CERTIFICATE|PUBLIC KEY|MESSAGE|SIGNATURE)")
# One run of base64, in the quotes, joins and comments of the code that it may stand in.
_BODY: Final = re.compile(
    r"\s*+(?:(?:[#*>|]++|//|\+)\s++)?[(\s]*+(?:[brf]?[\"'`])?(?P<body>[A-Za-z0-9+/]++={0,2})"
    r"(?:\\++[nr])*+[\"'`]?[\s+,;)\\.&]*+\Z"
)
_HEADER: Final = re.compile(
    r"[\s\"'`#*/+]*+(?:(?:[A-Z][A-Za-z-]*+: .*)|(?:\\++[nr])*+[\"'`+\s,]*+)\Z"
)
_ENOUGH: Final = 40  # characters of base64 that a line needs to be of a key on its own
_ROWS: Final = 3  # such lines that are a key without its first and last line

_OPENERS: Final = ("=", ":", "(", ",", "[", "\\", " ")

_Span = tuple[int, int]


def is_body(line: str) -> bool:
    """Whether a line is a row of base64 and nothing else."""
    match = _BODY.match(line) if len(line) >= _ENOUGH else None
    body = match["body"] if match else ""
    digits = any(map(str.isdigit, body))
    return len(body) >= _ENOUGH and digits and body != body.lower() and body != body.upper()


def over_lines(lines: Sequence[str]) -> list[Secret]:
    """The secrets that no line shows alone, with their places in the text of all lines."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    keys = [Secret(*span, "KEY") for span in _key_blocks(lines, starts)]
    return [*keys, *_opened(lines, starts)]


def _opened(lines: Sequence[str], starts: Sequence[int]) -> Iterator[Secret]:
    """Values on the line below their name."""
    for number, line in enumerate(lines[:-1]):
        if line.endswith(_OPENERS) and is_suspicious(line) and is_open(line):
            below = lines[number + 1]
            indent = len(below) - len(below.lstrip())
            moved = starts[number + 1] + indent - len(line)
            for start, stop, kind in named(line + below[indent:]):
                if start >= len(line):
                    yield Secret(start + moved, stop + moved, kind)


def _key_blocks(lines: Sequence[str], starts: Sequence[int]) -> Iterator[_Span]:
    """The bodies of private keys; ``starts`` tells where in the text each line begins."""
    number = 0
    while number < len(lines):
        line = lines[number]
        begin = _BEGIN.search(line)
        stop = number
        if begin is not None:
            stop = _behind(lines, number + 1, headers=True)
            first = number + 1
        elif is_body(line):
            first, stop = number, _behind(lines, number, headers=False)
            if not _is_private(lines, first, stop):
                number = stop
                continue
        if stop > number:
            yield from _span(lines[first:stop], starts[first:stop])
        number = max(stop, number + 1)


def _behind(lines: Sequence[str], number: int, headers: bool) -> int:
    """The first line after the rows of base64 that begin at ``number``."""
    while number < len(lines):
        line = lines[number]
        if is_body(line):
            headers = False
        elif not (headers and _HEADER.match(line)) and not _is_last(lines, number):
            break
        number += 1
    return number


def _is_last(lines: Sequence[str], number: int) -> bool:
    """Whether a line is the short row at the end of a key, or one that the window cuts."""
    if _BODY.match(lines[number]) is None:
        return False
    after = lines[number + 1] if number + 1 < len(lines) else ""
    before = lines[number - 1] if number else ""
    return bool(_END.search(after)) or is_body(before)


def _is_private(lines: Sequence[str], first: int, stop: int) -> bool:
    before = lines[first - 1] if first else ""
    after = lines[stop] if stop < len(lines) else ""
    if _END.search(after):
        return True
    return stop - first >= _ROWS and not _PUBLIC.search(before)


def _span(lines: Sequence[str], starts: Sequence[int]) -> Iterator[_Span]:
    """From the first to the last character of base64; what is left keeps its quotes in pairs."""
    bodies = [
        (start + match.start("body"), start + match.end("body"))
        for line, start in zip(lines, starts, strict=True)
        if (match := _BODY.match(line))
    ]
    if bodies and bodies[-1][1] - bodies[0][0] >= 16:
        yield bodies[0][0], bodies[-1][1]
