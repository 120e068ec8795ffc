"""Brackets, strings and comments of a piece of code, without a grammar.

Candidates are torn pieces, read again with every chunk, so this is one regular expression and
not a parser. It is wrong now and then (an apostrophe in JSX text); filters that use it only
ever shorten a candidate.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, NamedTuple

_HASH: Final = frozenset(
    {
        *("python", "starlark", "gdscript", "nim", "ruby", "shellscript", "yaml", "toml", "r"),
        *(
            "dockerfile",
            "makefile",
            "perl",
            "elixir",
            "julia",
            "cmake",
            "powershell",
            "coffeescript",
        ),
    }
)
_CLOSERS: Final = {")": "(", "]": "[", "}": "{"}
_WITH_HASH: Final = re.compile(r'"""|\'\'\'|["\'#()\[\]{}]')
_REGEX: Final = r"(?<=[=(,:\[!&|?{};])[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/"
_WITH_SLASHES: Final = re.compile(rf'//|/\*|["\'`()\[\]{{}}]|{_REGEX}')
_REST: Final = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]|\\.)*", re.DOTALL),
}
_ENDS: Final = {'"""': '"""', "'''": "'''", "/*": "*/"}


class Lexed(NamedTuple):
    """``brackets`` are (offset, bracket) in code; ``state`` opens the string or comment in
    which the text ends (``""`` in code); ``texts`` are (start, stop) of strings and comments."""

    brackets: list[tuple[int, str]]
    texts: list[tuple[int, int]]
    state: str

    @property
    def openers(self) -> str:
        """Brackets that nothing in the text closes, outermost first."""
        return "".join(self._balance()[0])

    @property
    def closers(self) -> list[int]:
        """Offsets of the brackets that close nothing in the text."""
        return self._balance()[1]

    def _balance(self) -> tuple[list[str], list[int]]:
        opened: list[str] = []
        closed: list[int] = []
        for offset, bracket in self.brackets:
            if bracket not in _CLOSERS:
                opened.append(bracket)
            elif opened:
                opened.pop()
            else:
                closed.append(offset)
        return opened, closed

    def in_text(self, offset: int) -> bool:
        """Whether ``offset`` stands inside a string or comment."""
        nth = bisect_left(self.texts, (offset,)) - 1  # the last one that starts before
        if nth < 0:
            return False
        is_last = nth == len(self.texts) - 1
        return offset < self.texts[nth][1] or (is_last and bool(self.state))


def lex(text: str, language: str, state: str = "") -> Lexed:
    """``text`` read from ``state``: what `Lexed.state` said of the text before it."""
    tokens = _WITH_HASH if language in _HASH else _WITH_SLASHES
    brackets: list[tuple[int, str]] = []
    texts: list[tuple[int, int]] = []
    at = 0
    if state:
        at, closed = _end(state, text, 0)
        texts.append((-1, at))
        if not closed:
            return Lexed(brackets, texts, state)
    while found := tokens.search(text, at):
        token, start, at = found.group(), found.start(), found.end()
        if token in "()[]{}":
            brackets.append((start, token))
        elif len(token) < 4 and token in ("#", "//", "/*", '"', "'", "`", '"""', "'''"):
            at, closed = _end(token, text, at)
            texts.append((start, at))
            if not closed:
                return Lexed(brackets, texts, token)
        else:
            texts.append((start, at))
    return Lexed(brackets, texts, "")


def bare(line: str) -> str:
    """A line as it is compared with others: tabs count four columns, no trailing space."""
    return line.rstrip().expandtabs(4)


def letters(line: str) -> int:
    """How many letters and digits a line has: how much it says."""
    return sum(map(str.isalnum, line))


def width(line: str) -> int:
    """The indentation of a line in columns."""
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip())


def _end(token: str, text: str, at: int) -> tuple[int, bool]:
    """Where the string or comment that ``token`` began stops, and whether it was closed."""
    if token in _ENDS:
        end = text.find(_ENDS[token], at)
        return (end + len(_ENDS[token]), True) if end >= 0 else (len(text), False)
    if token in ("#", "//"):
        end = text.find("\n", at)
        return (end, True) if end >= 0 else (len(text), False)
    rest = _REST[token].match(text, at)
    end = rest.end() if rest else at
    if end >= len(text) or (text[end] == "\\" and end + 1 == len(text)):
        return len(text), False
    # A quote that the line end cuts off was an apostrophe or a typing slip: code goes on.
    return (end + 1 if text[end] == token else end), True
