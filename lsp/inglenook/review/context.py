"""What a unit is shown with: the definitions that it uses, who calls it, and its tests.

Definitions come from the engine that finds a completion's context. One file is open at a time, so
that memory does not grow with the number of files.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from inglenook.engine.chat.material import Material, gathered
from inglenook.engine.chat.question import Question
from inglenook.engine.sensitive import SECRET
from inglenook.engine.session import Session
from inglenook.review.lines import Lines
from inglenook.review.units import units_of
from inglenook.review.values import Changed, Excerpt, Unit
from inglenook.workspace.index import Index
from inglenook.workspace.mentions import Mention, Wanted, mentions
from inglenook_context.document import Document
from inglenook_context.languages import language_of
from inglenook_context.symbols import Definition
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

PLAIN: Final = "plaintext"
_SECRET: Final = re.compile(SECRET, re.VERBOSE | re.IGNORECASE)
_CALLERS: Final = 3  # of one unit that are shown
_TESTS: Final = 2
_ROUNDS: Final = 3  # in which installed packages lead to others
_INDEX_SECONDS: Final = 2.0  # that one file waits for what the index looks up for it


@dataclass(frozen=True, slots=True)
class Opened:
    """One changed file as the engine knows it; ``definitions`` are those of its new text."""

    changed: Changed
    document: Document
    syntax: Syntax | None
    definitions: tuple[Definition, ...]


@dataclass(eq=False, slots=True)
class Surroundings:
    """Call it from the event loop. ``called`` are the places that `callers_of` found; no file that
    is left out is shown."""

    session: Session
    index: Index | None = None
    leaves_out: Callable[[str], bool] = lambda _path: False
    called: Mapping[str, Sequence[Mention]] = field(default_factory=dict)

    @asynccontextmanager
    async def opened(self, changed: Changed) -> AsyncIterator[Opened]:
        """A file while it is being read. Its URI is its path."""
        language = language_of(changed.path) or PLAIN
        document = Document(changed.path, language, 0, Text.of(changed.text))
        self.session.on_open(document)
        try:
            await self.session.settled()
            facts = self.session.facts(document.uri)
            definitions = facts.definitions if facts is not None else ()
            syntax = self.session.syntax(document)
            yield Opened(changed, document, syntax, definitions)
        finally:
            self.session.on_close(document.uri)

    async def units(self, opened: Opened, room: int) -> tuple[Unit, ...]:
        """The units of a file with their excerpts; ``room`` is that of the code alone."""
        changed, document = opened.changed, opened.document
        found = units_of(changed, document.language, opened.definitions, room)
        if changed.partial:
            return found
        lines = Lines.of(changed.text)
        questions = [
            Question(document, lines.starts[each.start - 1], lines.starts[each.stop], "")
            for each in found
        ]
        materials = await self._materials(questions)
        return tuple(
            replace(unit, excerpts=(*_used(material, changed.path), *self._callers(unit)))
            for unit, material in zip(found, materials, strict=True)
        )

    async def _materials(self, questions: Sequence[Question]) -> list[Material]:
        """The definitions that each uses, once the index has read the packages that it needs."""
        found = [await gathered(self.session, each) for each in questions]
        for _ in range(_ROUNDS if self.index is not None else 0):
            assert self.index is not None
            before = self.index.generation
            await asyncio.sleep(0)  # in which it asks for them
            try:
                async with asyncio.timeout(_INDEX_SECONDS):
                    await self.index.settled()
            except TimeoutError:
                break
            if self.index.generation == before:
                break
            found = [await gathered(self.session, each) for each in questions]
        return found

    def _callers(self, unit: Unit) -> list[Excerpt]:
        """Who calls it, and tests that do, but for calls in the unit itself."""
        inside = range(unit.start, unit.stop + 1)
        found = [
            each
            for each in self.called.get(key_of(unit.path, unit.symbol), ())
            if not (each.path == unit.path and each.line in inside)
        ]
        callers = [each for each in found if not each.is_test][:_CALLERS]
        tests = [each for each in found if each.is_test][:_TESTS]
        return [
            *(Excerpt(each.path, each.line, each.text, "caller") for each in callers),
            *(Excerpt(each.path, each.line, each.text, "test") for each in tests),
        ]


def _used(material: Material, path: str) -> list[Excerpt]:
    """Signatures of the same file, and of others."""
    own = [Excerpt(path, 0, material.own, "uses")] if material.own else []
    return own + [Excerpt(each.path, 0, each.text, "uses") for each in material.snippets]


def key_of(path: str, symbol: str) -> str:
    return f"{path}\0{symbol}"


async def callers_of(
    root: Path,
    symbols: Sequence[tuple[str, str]],
    seconds: float,
    leaves_out: Callable[[str], bool] = lambda _path: False,
) -> dict[str, tuple[Mention, ...]]:
    """Who calls these symbols (path and qualified name), as far as that is found in time."""
    wanted = {}
    for path, symbol in symbols:
        owner, _, name = symbol.rpartition(".")
        if name.isidentifier() and len(name) > 1:
            words = {owner.rpartition(".")[2]} if owner else set()
            words.add(_module(path))
            wanted[key_of(path, symbol)] = Wanted(name, path, frozenset(words - {""}))
    if not wanted:
        return {}
    return await asyncio.to_thread(mentions, root, _SECRET, wanted, seconds, leaves_out)


def _module(path: str) -> str:
    """The word by which other files import one."""
    directory, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return directory.rpartition("/")[2] if stem in ("__init__", "index", "mod", "lib") else stem
