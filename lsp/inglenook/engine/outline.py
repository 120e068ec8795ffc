"""One open document with what is known of it, and the making of that, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from inglenook.engine.sensitive import is_sensitive
from inglenook_context.document import Document
from inglenook_context.facts import Facts, making
from inglenook_context.imports import imports_of
from inglenook_context.nearby import names_in, without_imports
from inglenook_context.parse import Parse
from inglenook_context.passages import Passage
from inglenook_context.reading import Reading
from inglenook_context.region import Region
from inglenook_context.resolve import Resolver
from inglenook_context.scene import Candidate
from inglenook_context.similar import Shape, shaping
from inglenook_context.style import Style
from inglenook_context.symbols import Definition, Extraction
from inglenook_context.text import Text, encode

_PIECE: Final = 16_384  # characters whose names are gathered at once


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the last prompt of a document held of other files, and what it was chosen by."""

    line: int = -1
    reading: Reading = Reading()
    resolver: Resolver | None = None
    region: Region = Region()
    prefix: str = ""  # of the window of that prompt
    found: tuple[Candidate, ...] = ()
    passages: tuple[Passage, ...] = ()
    stamp: int = -1  # of the other documents when the passages were chosen
    is_whole: bool = True  # else there was no time for all; look again when it is looked up


NOTHING_SHOWN: Final = Shown()


@dataclass(eq=False, slots=True)
class Open:
    document: Document
    path: str
    parse: Parse
    changed: float
    letters: bool = False  # all that changed since the last parse is letters that were typed
    edition: int = 0  # digest of its facts, 0 without any
    body: int = 0  # digest of its text, when that was last outlined; 0 of a secret
    facts: Facts | None = None
    imported: int = 0  # digest of what it imports
    used: frozenset[str] = frozenset()  # the names in it, but for those of its imports
    shape: Shape | None = None  # by which what resembles other code is found in it
    outlined: Text | None = None  # the text that the facts are of
    outlining: Iterator[None] | None = None
    shown: Shown = NOTHING_SHOWN
    typed_to: int = -1  # where the word ends that was typed on since then, if nothing else was
    style: tuple[int, Style] = (-1, Style())  # at which line


def outlining(opened: Open) -> Iterator[None]:
    """Make the facts of a document's present text, a little at each step."""
    text, syntax = opened.document.text, opened.parse.tree()
    language = opened.document.language
    imports = imports_of(text, language)
    definitions: tuple[Definition, ...] = ()
    if syntax is not None and not is_sensitive(opened.path):
        extraction = Extraction(syntax)
        while not extraction.advance(1.0):
            yield
        definitions = extraction.definitions
    used: set[str] = set()
    for start in range(0, len(text), _PIECE):
        used.update(names_in(without_imports(text.slice(start, start + _PIECE))))
        yield
    if not is_sensitive(opened.path):
        for shape in shaping(opened.path, text):
            opened.shape = shape or opened.shape
            yield
        for made in making(opened.path, language, definitions, imports):
            opened.facts = made or opened.facts
            yield
    opened.used = frozenset(used)
    opened.imported = digest_of(repr(imports))
    opened.outlined = text


def digest_of(text: str) -> int:
    return int.from_bytes(blake2b(encode(text), digest_size=8).digest(), "big")
