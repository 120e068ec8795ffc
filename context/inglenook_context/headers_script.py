"""Which classes and functions of a script are round the end of a text, by indentation.

Braces would have to be counted from the top of the file, past strings and comments that may be
broken just now; the indentation is right in almost all code and costs a look at each line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_HEADER: Final = 40  # lines
_LEVELS: Final = 24  # of blocks round a place
_LONGEST: Final = 3_000  # characters of a header
_MODIFIERS: Final = (
    r"(?:(?:export|default|declare|abstract|async|public|private|protected|static|override|readonly"
    r"|get|set|accessor)\s+)*"
)
_NAME: Final = r"#?[^\W\d][\w$]*|\$[\w$]*"
_CLASS: Final = re.compile(
    rf"\s*(?:@[\w.]+(?:\([^()\n]*\))?\s+)*{_MODIFIERS}(?:(?:const|let|var)\s+({_NAME})\s*=\s*)?"
    rf"class\b\s*((?!extends\b|implements\b){_NAME})?"
)
_FUNCTION: Final = re.compile(rf"\bfunction\b\s*\*?\s*({_NAME})?\s*[<(]")
_METHOD: Final = re.compile(
    rf"\s*(?:@[\w.]+(?:\([^()\n]*\))?\s+)*{_MODIFIERS}\*?\s*({_NAME})\s*[<(]"
)
_ASSIGNED: Final = re.compile(
    rf"\s*{_MODIFIERS}(?:(?:const|let|var)\s+|(?:[\w$]+\.)*)({_NAME})\s*(?::[^=]*?)?[=:]\s*(?!=)"
)
_BLOCKS: Final = frozenset(
    "if for while switch catch with do else try finally return await super new throw typeof".split()
)
_ELSE: Final = re.compile(r"\}\s*(?:else|catch|finally|while)\b")
_OPENS: Final = ("{", "(", "[", "=>", "=", "?", "&&", "||", "<", "${", "`")
_CONTINUES: Final = (")", "]", "}", ">", "{")
_COMMENTS: Final = ("//", "/*", "*/", "* ", "#!")


class Header(NamedTuple):
    """What begins a function or class at ``start``, up to its body; ``name`` may be empty."""

    is_class: bool
    name: str
    start: int
    text: str


def headers(text: str, line: str) -> Iterator[Header]:
    """The headers round the end of ``text``, whose last line is ``line``, innermost first."""
    rows = text.split("\n")
    depth = depth_at(text, line)
    levels = 0
    last = -1  # row in which a header that has been met from below ends
    for at in range(len(rows) - 2, -1, -1):
        if depth <= 0 or levels >= _LEVELS:
            return
        row = rows[at]
        if not row or row[:depth].isspace():
            continue
        bare = row.strip()
        indent = len(row) - len(row.lstrip())
        if not bare or indent >= depth or bare.startswith(_COMMENTS) or bare == "*":
            continue
        if last < 0 and bare.endswith(_OPENS):
            last = at
        is_header = _CLASS.match(row) or (last < 0 and _FUNCTION.search(row))
        if last < 0 and not is_header:
            continue  # text of a string, or a statement over several lines
        if bare.startswith(_CONTINUES):
            depth = indent + 1
            last = -1 if _ELSE.match(bare) else last
            continue
        depth, levels = indent, levels + 1
        found = _header("\n".join(rows[at : min(max(last, at) + 1, at + _HEADER)])[:_LONGEST])
        last = -1
        if found is not None:
            start = len(text) - sum(map(len, rows[at:])) - (len(rows) - at - 1)
            yield Header(found[0], found[1], start, found[2])


def depth_at(text: str, line: str) -> int:
    """The column of what is written at the end of ``text``, whose last line is ``line``."""
    if line.strip():
        return len(line) - len(line.lstrip())
    for row in text[-1_000:].split("\n")[-2:-20:-1]:
        if row.strip():
            above = len(row) - len(row.lstrip())
            return max(len(line), above + 1 if row.rstrip().endswith(_OPENS) else above)
    return len(line)


def _header(text: str) -> tuple[bool, str, str] | None:
    """Whether lines begin a class or a function, its name and its header."""
    if match := _CLASS.match(text):
        return True, match[2] or match[1] or "", text
    if match := _FUNCTION.search(text):
        named = match[1] or ((assigned := _ASSIGNED.match(text)) and assigned[1])
        return False, named or "", text
    end = text.rstrip()
    if end.endswith("=>") or re.search(r"=>\s*[{(\[]?$", end):
        assigned = _ASSIGNED.match(text)
        return False, assigned[1] if assigned else "", text
    match = _METHOD.match(text)
    if match and end.endswith("{") and match[1] not in _BLOCKS and "=>" not in text:
        return False, match[1], text
    return None
