"""What a file says in words: adjacent lines as one text, without the signs of comments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.invisible import seen
from inglenook.review.checks.looked import Looked

_AROUND: Final = 12  # lines before and after a new one whose words may go with its words
_END: Final = " #/%-<>|~=+,()&$@^"  # what ends a sentence stays
_BEGIN: Final = f"{_END}.;!}}[]"
_COMMENT: Final = re.compile(r"(?:^|\s)(?:(?:#+|//+|/\*+|;+|<!--)(?=[\s\w])|--+(?=\s))")
# Names that are sentences, and a word in brackets.
_NAMED: Final = re.compile(
    r"(?<!\w)(?:ignore|disregard|forget|bypass|override|approve|do_not|dont|ai|llm)_\w{8,200}"
)
_ASIDE: Final = re.compile(r"(?<!\S)\((\w{1,24})\)(?!\S)")
# Letters that look like Latin ones. (What Unicode calls compatible is folded without a table.)
_LOOKS: Final = dict(
    zip(
        map(ord, "аеорсухіјѕԁԛԝһӏѵкАВЕКМНОРСТХУІЈЅοανιρυκτΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհıɡɑ"),
        "aeopcyxijsdqwhlvkABEKMHOPCTXYIJSoavipuktABEZHIKMNOPTYXonuhiga",
        strict=True,
    )
)
_MARKS: Final = {"Mn", "Me"}
_PLAIN: Final = str.maketrans("\"'`*\\\t\f\v\r", " " * 9)


class _Letters(dict[int, str]):
    """What each character stands for in a word. One by one, because sorting the marks of a long
    run, as Unicode's normal forms do, takes quadratic time."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", seen(chr(code)))
        kept = (each for each in plain if unicodedata.category(each) not in _MARKS)
        self[code] = "".join(_LOOKS.get(ord(each), each) for each in kept).replace("\n", " ")
        return self[code]


_ASCII: Final = {code: chr(code) for code in range(0x80)}
_QUOTES: Final = {0x2018: " ", 0x2019: " ", 0x201C: " ", 0x201D: " ", 0x2013: "-", 0x2014: "-"}


def passages(looked: Looked) -> Iterator[tuple[int, str]]:
    """Texts with as many lines as the file has there, and the line at which each begins.

    They hold each wanted line and what stands around it, once; where comments stand behind code,
    these come once more as a text of their own. The words are in lower case, with one space
    between them, and without quotes. Takes time in proportion to the length of the file.
    """
    letters = _Letters(_ASCII | _QUOTES)
    for start, stop in _runs(looked):
        text = looked.lines.slice(start, stop)
        if not text.isascii():
            text = text.translate(letters)
        lines = text.replace("\\n", "  ").lower().translate(_PLAIN).split("\n")
        yield start, "\n".join([_words(line) for line in lines])
        comments, behind_code = _comments(text.lower().split("\n"))
        if behind_code:
            yield start, comments


def _words(line: str) -> str:
    if "_" in line:
        line = _NAMED.sub(lambda found: found[0].replace("_", " "), line)
    if "(" in line:
        line = _ASIDE.sub(r"\1", line)
    return " ".join(line.lstrip(_BEGIN).rstrip(_END).split())


def _runs(looked: Looked) -> Iterator[tuple[int, int]]:
    """The lines around those that are wanted: first and last of each run, in order."""
    start = stop = 0
    for line in sorted(looked.wanted):
        if line - _AROUND > stop + 1:
            if start:
                yield start, stop
            start = max(line - _AROUND, 1)
        start = start or 1
        stop = min(line + _AROUND, looked.lines.count)
    if start:
        yield start, stop


def _comments(lines: list[str]) -> tuple[str, bool]:
    """The comments alone, and whether one of them stands behind code."""
    behind_code = False
    shown: list[str] = []
    for line in lines:
        found = _COMMENT.search(line)
        if found and line[: found.start()].strip():
            behind_code = True
        words = line[found.end() :].translate(_PLAIN) if found else ""
        shown.append(_words(words))
    return "\n".join(shown), behind_code
