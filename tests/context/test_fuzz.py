"""Whatever a text is, nothing that a completion does with it raises, and none of it takes long.

Texts of every language that there is a grammar for are torn, spliced, nested and decoded from
bytes that are none; seeds are fixed. ``INGLENOOK_TEST_FUZZ=20`` tries twenty times as many.
"""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

import pytest

from inglenook_context.candidates import candidates
from inglenook_context.check import breaks_parse
from inglenook_context.choice import choose, snippets
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import Facts, dump, facts_of, load, made
from inglenook_context.grammar import GRAMMARS
from inglenook_context.imports import imports_of
from inglenook_context.nearby import names_in, nearby, without_imports
from inglenook_context.parse import Parse
from inglenook_context.reading import read
from inglenook_context.resolve import Resolver
from inglenook_context.scene import Scene
from inglenook_context.scope import enclosing, wants_block
from inglenook_context.style import fit, style_at
from inglenook_context.symbols import Extraction
from inglenook_context.text import Text
from inglenook_context.window import SMALL, window
from tests.support.fuzz_sources import source_of

MORE: Final = int(os.environ.get("INGLENOOK_TEST_FUZZ", "1"))
_TEXTS: Final = 24 * MORE  # of each kind and language
_DEEP: Final = 3_000  # brackets in one another
_HANGS: Final = 20.0  # seconds in which the slowest machine is done with one text
_STEPS: Final = (3, 2_000)  # of work that is done in slices: for each character, and besides
_ODD: Final = [
    "\0",
    "\ud800",
    "\udfff",
    "\u2028",
    "\r",
    "\r\n",
    "\x0c",
    "\ufeff",
    "\U0001f600",
    "é",
]
_PIECES: Final = [
    *(*"()[]{}<>\"'`:;,.\\#@$&|?!=", "\n", "\t", "    ", '"""', "'''", "//", "/*", "*/", "<!--"),
    *("import ", "from ", "use ", "import (", "import static ", "pub use a::{", "mod x;", "\n\n"),
    *("class A ", "def f(", "func (s *S) f(", "fn f(", "impl A for B {", "=> {", "->", "::", "..."),
    *(
        "x := ",
        "let x: ",
        "var x = ",
        "new A(",
        "return ",
        "#include <",
        "<?php ",
        "<<EOT\n",
        "%w[",
    ),
]
_NESTS: Final = (
    "(",
    "[",
    "{",
    "<",
    "f(",
    "a[",
    "if (x) {",
    "<a>",
    "${",
    "`${",
    "- ",
    "> ",
    "* ",
    "a.",
    "a::",
    "!",
    "A<",
    "class A {\n",
    "x = (",
    "fn a() {",
    "impl A { fn a() {",
    "import (\n",
    "use a::{",
    "/*",
    '"',
    "if x:\n ",
)
_FILE: Final = {"python": "py", "go": "go", "rust": "rs", "java": "java", "typescript": "ts"}


@dataclass
class Steps:
    """A clock that stands still, and counts how often a slice of work looks at it."""

    count: int = 0

    def __call__(self) -> float:
        self.count += 1
        return 0.0


@dataclass
class Files:
    """`inglenook_context.resolve.Known` of the text and of what it was made from."""

    texts: dict[str, Facts] = field(default_factory=dict)

    def facts(self, path: str) -> Facts | None:
        return self.texts.get(path)

    def exists(self, path: str) -> bool:
        return path in self.texts

    def listed(self, directory: str) -> list[str]:
        return [path for path in self.texts if path.rpartition("/")[0] == directory]


@contextmanager
def not_long(text: str) -> Iterator[None]:
    """Fail for a text with which something hangs."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"this takes long: {text[:200]!r} ({len(text)} characters)")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, _HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def complete(text: str, language: str, offset: int, other: Facts) -> None:
    """All that is done without a model for a completion at ``offset``."""
    whole = Text.of(text)
    assert len(whole) == len(text)
    most = _STEPS[0] * len(text) + _STEPS[1]
    steps = Steps()
    parse = Parse(language, whole, steps)
    while not parse.done:
        parse.advance(1_000)
    syntax = parse.tree()
    assert steps.count <= most, "parsing takes too many steps"
    definitions = ()
    if syntax is not None:
        steps = Steps()
        extraction = Extraction(syntax, steps)
        while not extraction.advance(1_000):
            pass
        definitions = extraction.definitions
        assert steps.count <= most, "outlining takes too many steps"
        for each in definitions:
            assert 0 <= each.start <= each.stop <= len(text)
            assert "\r" not in each.signature
    path = f"a/b/own.{_FILE.get(language, 'txt')}"
    facts = made(path, language, definitions, imports_of(whole, language, 1 << 20))
    again = load(path, dump(facts))
    assert again is not None
    assert (again.definitions, again.imports, again.digest) == (
        facts.definitions,
        facts.imports,
        facts.digest,
    )
    cursor = Cursor(Document("untitled:x", language, 1, whole), offset)
    shown = window(cursor, SMALL)
    assert len(shown.prefix) + len(shown.typed) + len(shown.suffix) <= len(text)
    wants_block(cursor, syntax)
    if syntax is not None:
        enclosing(syntax, offset)
        breaks_parse(syntax, cursor, "x(", 5)
    style = style_at(cursor)
    fit("x\n  y\n", style)
    nearby(cursor)
    resolver = Resolver(Files({path: facts, other.path: other}))
    used = frozenset(names_in(without_imports(text)))
    scene = Scene.at(cursor, read(cursor), facts, used, resolver)
    chosen = choose(candidates(scene, (other,)), resolver, SMALL.snippets)
    snippets([each.place for each in chosen], resolver)


# -- the texts -------------------------------------------------------------------------------------


def prefixes(source: str, chance: random.Random) -> Iterator[tuple[str, int]]:
    """A file that is written from its top: it ends at the cursor."""
    stops = range(len(source) + 1) if MORE > 1 else chance.sample(range(len(source) + 1), _TEXTS)
    for stop in stops:
        yield source[:stop], stop


def torn(source: str, chance: random.Random) -> Iterator[tuple[str, int]]:
    """Files of which a part is missing, in the middle or at the end, between any two bytes."""
    data = source.encode()
    for _ in range(_TEXTS):
        start, stop = sorted(chance.choices(range(len(data) + 1), k=2))
        end = chance.choice((b"", data[stop:]))
        text = (data[:start] + end).decode("utf-8", "replace")
        yield text, chance.randint(0, len(text))


def spliced(source: str, chance: random.Random) -> Iterator[tuple[str, int]]:
    """Pieces of it and of other languages in any place, with the cursor behind the last."""
    others = "\n".join(map(source_of, chance.sample(sorted(GRAMMARS), 2)))
    for _ in range(_TEXTS):
        text, at = source, 0
        for _ in range(chance.randint(1, 12)):
            at = chance.randint(0, len(text))
            start = chance.randint(0, len(others))
            far = others[start : start + chance.randint(1, 80)]
            piece = chance.choice((chance.choice(_PIECES), chance.choice(_ODD), far))
            text = text[:at] + piece + text[at + chance.choice((0, 0, len(piece), 200)) :]
            at += len(piece)
        yield text, min(at, len(text))


def noise(source: str, chance: random.Random) -> Iterator[tuple[str, int]]:
    """Bytes, words and odd characters without any order."""
    words = re.findall(r"\w+|\W", source)
    for _ in range(_TEXTS):
        size = chance.randint(0, 400)
        text = chance.choice(
            (
                chance.randbytes(size).decode("utf-8", "replace"),
                "".join(chance.choices(_PIECES + _ODD, k=size)),
                "".join(chance.choices(words + _ODD, k=size)),
                "".join(map(chr, chance.choices(range(0x110000), k=size))),
            )
        )
        yield text, chance.randint(0, len(text))


def nested(source: str, chance: random.Random) -> Iterator[tuple[str, int]]:
    """What is in itself, so deep that a parser would stall, alone or within a file."""
    for opened in _NESTS if MORE > 1 else chance.sample(_NESTS, min(_TEXTS // 3, len(_NESTS))):
        deep = opened * (_DEEP // len(opened))
        at = source.find("\n", chance.randint(0, len(source))) + 1
        for text in (deep, source[:at] + deep + source[at:]):
            yield text, len(text)


@pytest.mark.parametrize("language", [*sorted(GRAMMARS), "", "lua"])
@pytest.mark.parametrize("kind", [prefixes, torn, spliced, noise, nested])
def test_nothing_raises_and_nothing_hangs(
    kind: Callable[[str, random.Random], Iterator[tuple[str, int]]], language: str
) -> None:
    source = source_of(language)
    other = facts_of(f"a/b/other.{_FILE.get(language, 'txt')}", language, source)
    chance = random.Random(f"{kind.__name__} {language}")
    for text, offset in kind(source, chance):
        with not_long(text):
            complete(text, language, offset, other)


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_the_whole_text_is_understood(language: str) -> None:
    """What is torn above is worth tearing: its grammar takes it, and finds definitions in it."""
    source = source_of(language)
    parse = Parse(language, Text.of(source))
    parse.advance(60_000)
    assert parse.done
    assert parse.tree() is not None
    complete(source, language, len(source) // 2, made("a/b/x.py", language, (), ()))
