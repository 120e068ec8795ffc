"""Places in 600-line files of real code to type at, in texts that no engine has seen before."""

from __future__ import annotations

import builtins
import keyword
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEYS: Final = 30
ENTERS: Final = 8
_LINES: Final = 600
_AROUND: Final = range(280, 340)
_KEPT: Final = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}
_WORD: Final = re.compile(r"[^\W\d]\w*")
_CODE: Final = re.compile(
    r"\s*(?:(?:def|if|elif|for|while|with|return|raise|yield) |[a-z_][\w.]*(?: = |\())[^#]*\Z"
)


@dataclass(frozen=True, slots=True)
class Place:
    """``keys`` are typed between ``before`` and ``after``, then ``rests`` come one at a time.

    Each of ``rests`` is what the line still lacks, its end, and the indentation of the next one:
    as if a completion were accepted and Enter were pressed. ``opening`` is the first character of
    the second line.
    """

    before: str
    keys: str
    rests: tuple[str, ...]
    opening: str
    after: str


def places(trees: Path, seed: int) -> list[Path]:
    """Python files below ``trees`` that are long enough and hold a place, in a seeded order."""
    files = [file for file in sorted(trees.rglob("*.py")) if _line(_read(file)) is not None]
    random.Random(seed).shuffle(files)
    return files


def place_in(file: Path, seed: int) -> Place:
    """The place in ``file`` whose names were dealt out anew by ``seed``.

    Names change place with others of the same length throughout the file, so the text is new to
    an engine that keeps earlier prompts, and as hard to cut into tokens as real code is.
    """
    lines = _fresh("".join(_read(file)), seed).splitlines(keepends=True)
    line = _line(lines)
    assert line is not None
    indents = [_indent(text) for text in lines[line : line + ENTERS + 1]]
    bodies = [
        text[len(indent) :]
        for text, indent in zip(lines[line : line + ENTERS], indents, strict=False)
    ]
    wholes = [body + indent for body, indent in zip(bodies, indents[1:], strict=True)]
    return Place(
        before="".join(lines[:line]) + indents[0],
        keys=wholes[0][:KEYS],
        rests=(wholes[0][KEYS:], *wholes[1:]),
        opening=wholes[1][0],
        after="\n" + "".join(lines[line + ENTERS + 1 :]),
    )


def _read(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines(keepends=True)[:_LINES]


def _line(lines: list[str]) -> int | None:
    """The first line about the middle that is long enough to type, before another of code."""
    if len(lines) < _LINES:
        return None
    for number in _AROUND:
        line, following = lines[number].rstrip("\n"), lines[number + 1].rstrip("\n")
        long = len(line.strip()) >= KEYS
        if long and line.isascii() and _CODE.match(line) and _CODE.match(following):
            return number
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _fresh(source: str, seed: int) -> str:
    dealt = dict(_deal(set(_WORD.findall(source)) - _KEPT, random.Random(seed)))
    return _WORD.sub(lambda match: dealt.get(match[0], match[0]), source)


def _deal(names: set[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    by_length: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for name in sorted(names):
        by_length[len(name), name[0].isupper()].append(name)
    for same in by_length.values():
        yield from zip(same, rng.sample(same, len(same)), strict=True)
