"""Small workspaces, drawn: files under headings, one of them with a visible cursor.

== shop/cart.py
from shop.money import Money
total = █
== shop/money.py
class Money: ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from inglenook_context.candidates import candidates
from inglenook_context.choice import choose, snippets
from inglenook_context.document import Cursor
from inglenook_context.facts import Facts, facts_of
from inglenook_context.nearby import names_in, without_imports
from inglenook_context.reading import read
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Scene
from tests.support.drawn import MARK, cursor_of

_LANGUAGES: Final = {
    "py": "python",
    "pyi": "python",
    "ts": "typescript",
    "mts": "typescript",
    "tsx": "typescriptreact",
    "js": "javascript",
    "jsx": "javascriptreact",
    "go": "go",
    "rs": "rust",
    "java": "java",
}


@dataclass(frozen=True)
class DrawnFiles:
    """`inglenook_context.resolve.Known` over a drawing."""

    texts: Mapping[str, str]  # with the mark in one of them

    @classmethod
    def of(cls, drawing: str) -> DrawnFiles:
        parts = re.split(r"(?m)^== (\S+)\n", drawing.lstrip("\n"))
        return cls(dict(zip(parts[1::2], parts[2::2], strict=True)))

    @cached_property
    def _facts(self) -> dict[str, Facts]:
        return {
            path: facts_of(path, language_of(path), text.replace(MARK, ""))
            for path, text in self.texts.items()
        }

    def facts(self, path: str) -> Facts | None:
        return self._facts.get(path)

    def exists(self, path: str) -> bool:
        return path in self.texts

    def listed(self, directory: str) -> list[str]:
        return [path for path in self.texts if path.rpartition("/")[0] == directory]

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(self)

    @property
    def path(self) -> str:
        """Of the file with the cursor."""
        return next(path for path, text in self.texts.items() if MARK in text)

    @property
    def cursor(self) -> Cursor:
        return cursor_of(self.texts[self.path], language_of(self.path))

    @property
    def scene(self) -> Scene:
        text = self.texts[self.path].replace(MARK, "")
        used = frozenset(names_in(without_imports(text)))
        facts = self._facts[self.path]
        return Scene.at(self.cursor, read(self.cursor), facts, used, self.resolver)

    def name(self, place: Place | None) -> str:
        """A place as ``path:Owner.name``, or the path of a module."""
        if place is None:
            return "?"
        definition = self.resolver.definition(place)
        if definition is None:
            return place.path
        owner = f"{definition.parent}." if definition.parent else ""
        return f"{place.path}:{owner}{definition.name}"

    def ranked(self) -> list[str]:
        """The candidates at the cursor, the best first."""
        found = sorted(candidates(self.scene), key=lambda each: (-each.score, each.place))
        return [self.name(each.place) for each in found]

    def shown(self, budget: int = 2_000) -> str:
        """What a model is shown of the other files."""
        chosen = choose(candidates(self.scene), self.resolver, budget)
        places = [each.place for each in chosen]
        return "".join(f"== {each.path}\n{each.text}" for each in snippets(places, self.resolver))


def language_of(path: str) -> str:
    return _LANGUAGES[path.rpartition(".")[2]]
