"""The names that the code near a cursor uses, the most telling first."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final, NamedTuple

from inglenook_context.document import Cursor

_BEFORE: Final = 4_000  # characters at most, whatever the number of lines
_AFTER: Final = 3_000
_USE: Final = re.compile(r"([^\W\d]\w*)(\(|(?=\.[^\W\d]))?")
_PYTHON: Final = frozenset({*keyword.kwlist, *dir(builtins), "self", "cls", "match", "case"})
_SCRIPT: Final = frozenset(
    (
        "abstract any arguments Array as async await bigint Boolean boolean break case catch class "
        "console const constructor continue debugger declare default delete do else enum Error "
        "export extends false finally for from function get if implements import in Infinity "
        "instanceof interface is JSON keyof let Map Math module namespace NaN never new null "
        "Number number Object of private Promise protected public readonly Record require return "
        "satisfies Set set static String string super switch symbol this throw true try type "
        "typeof undefined unknown var void while window with yield document process"
    ).split()
)
_EVERY: Final = _PYTHON | _SCRIPT


class Names(NamedTuple):
    """Identifiers, the most telling first: those that are called, and the others."""

    called: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        return self.called + self.other


# What is imported is no use of it.
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from\b[^\n(]*(?:\([^)]*\)?)?|import\b[^\n{]*(?:\{[^}]*\}?)?)[^\n]*", re.MULTILINE
)


def names_near(cursor: Cursor, before_lines: int = 40, after_lines: int = 15) -> Names:
    """Identifiers within so many lines of the cursor: first those that are called, then those
    that have a member taken or look like classes; each group with the nearest first.

    Keywords and builtins are left out, and so is a word that is still being typed.
    """
    before = _IMPORT.sub("", _last_lines(cursor.before(_BEFORE), before_lines))
    after = "\n".join(cursor.after(_AFTER).split("\n", after_lines + 1)[: after_lines + 1])
    language = cursor.document.language
    dull = _PYTHON if language == "python" else _SCRIPT if "script" in language else _EVERY
    used: list[tuple[int, str, str | None]] = []
    for found in _USE.finditer(before):
        used.append((len(before) - found.end(), found[1], found[2]))
    if used and used[-1][0] == 0 and used[-1][2] is None:
        used.pop()
    for found in _USE.finditer(after):
        # What stands below says less about what comes now than what stands above.
        used.append((2 * found.start() + 1, found[1], found[2]))
    used.sort(key=lambda use: use[0])
    groups: tuple[dict[str, None], ...] = ({}, {}, {})
    for _, name, use in used:
        if len(name) > 1 and name not in dull:
            group = 0 if use == "(" else 1 if use is not None or name[0].isupper() else 2
            groups[group][name] = None
    called, *others = groups
    rest = dict.fromkeys(name for group in others for name in group if name not in called)
    return Names(tuple(called), tuple(rest))


def _last_lines(text: str, count: int) -> str:
    at = len(text)
    for _ in range(count + 1):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return text
    return text[at + 1 :]
