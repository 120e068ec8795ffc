"""One definition at a time: when its body is finished, the next one is cut."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.dedent import logical_lines
from inglenook.engine.trim.lexis import lex, width
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_INDENTED: Final = re.compile(r"\s*(?:(?:async\s+def|def|class)\s|@\w)")
_BRACED: Final = re.compile(
    r"\s*(?:(?:export|default|async|abstract|declare|public|private|protected|static|readonly|"
    r"override|get|set)\s+)*"
    r"(?:(?:function|class|interface|enum|namespace|fn|func|struct|impl|trait)\b"
    r"|(?:const|let|var)\s+\w+\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)[^=]*=>|\w+\s*=>)"
    r"|(?!(?:if|for|while|switch|catch|with|return|do|else)\b)[#\w$]+\s*(?:<[^>]*>)?"
    r"\([^;]*\)\s*(?::[^{;=]+)?\{)"
)


def definitions(text: str, site: Site, final: bool) -> Trimmed:
    if site.is_prose or "\n" not in text:
        return Trimmed(text)
    defines = _INDENTED if site.is_indented else _BRACED
    first = site.line_before + text[: text.find("\n")]
    header = width(first) if defines.match(first) else -1  # column of the first definition
    finished = False
    for start, line in _lines(text, site):
        whole = final or text.find("\n", start) >= 0
        if not whole and not line.strip():
            return Trimmed(text[:start])
        if not line.strip():
            continue
        if finished and width(line) <= header:
            if defines.match(line):
                return Trimmed(text[:start], True)
            if not whole:
                return Trimmed(text[:start])
        if header < 0:
            header = width(line) if whole and defines.match(line) else -1
        elif _ends_body(line, header, site):
            finished = True
    return Trimmed(text)


def _lines(text: str, site: Site) -> list[tuple[int, str]]:
    """(offset, line) of the lines after the first that begin outside of strings."""
    lexed = lex(text, site.language, site.lexed.state)
    if site.is_indented:
        return list(logical_lines(text, lexed, site.openers))
    starts = [at + 1 for at, character in enumerate(text) if character == "\n"]
    stops = [*[start - 1 for start in starts[1:]], len(text)]
    pairs = zip(starts, stops, strict=True)
    return [(start, text[start:stop]) for start, stop in pairs if not lexed.in_text(start)]


def _ends_body(line: str, header: int, site: Site) -> bool:
    """Whether a definition at column ``header`` may be over after ``line``."""
    if site.is_indented:
        return width(line) > header
    return width(line) == header and line.lstrip().startswith("}")
