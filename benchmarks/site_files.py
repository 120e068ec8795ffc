"""The packages of the completion sites as files that are known, read when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.sites_data.build import Site, Text, read_site, workspace
from inglenook_context.candidates import candidates
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import Facts, facts_of
from inglenook_context.nearby import names_in, without_imports
from inglenook_context.reading import read
from inglenook_context.resolve import Resolver
from inglenook_context.scene import Candidate, Scene
from inglenook_context.text import Text as Rope
from tests.support.test_model import model_path

TREES: Final = model_path().parent / "sites"
_LANGUAGES: Final = {".py": "python", ".pyi": "python", ".ts": "typescript"}
_LANGUAGES_MORE: Final = {".tsx": "typescriptreact", ".js": "javascript", ".jsx": "javascriptreact"}
_known: dict[Path, Facts | None] = {}


@dataclass
class SiteFiles:
    """`inglenook_context.resolve.Known` of one site: the masked part is known nowhere."""

    root: Path
    own: Facts
    _there: dict[str, bool] = field(default_factory=dict)

    def facts(self, path: str) -> Facts | None:
        if path == self.own.path:
            return self.own
        file = self.root / path
        if file not in _known:
            language = language_of(path)
            there = bool(language) and file.is_file()
            text = file.read_bytes().decode("utf-8", "replace") if there else ""
            _known[file] = facts_of(path, language, text) if there else None
        return _known[file]

    def listed(self, directory: str) -> tuple[str, ...]:
        return ()  # no package of these languages is a directory

    def exists(self, path: str) -> bool:
        if path not in self._there:
            self._there[path] = (self.root / path).is_file()
        return self._there[path]


@dataclass(frozen=True)
class Prepared:
    """A site as an editor shows it."""

    site: Site
    shown: Text
    cursor: Cursor
    used: frozenset[str]
    files: SiteFiles

    def scene(self, resolver: Resolver) -> Scene:
        return Scene.at(self.cursor, read(self.cursor), self.files.own, self.used, resolver)

    def candidates(self, resolver: Resolver) -> Sequence[Candidate]:
        return candidates(self.scene(resolver))


def language_of(path: str) -> str:
    suffix = Path(path).suffix
    return _LANGUAGES.get(suffix) or _LANGUAGES_MORE.get(suffix, "")


def prepare(site: Site) -> Prepared:
    shown = read_site(site, TREES)
    text, language = shown.prefix + shown.suffix, language_of(site.path)
    document = Document(f"file:///{site.path}", language, 1, Rope.of(text))
    used = frozenset(names_in(without_imports(text)))
    files = SiteFiles(workspace(site, TREES), facts_of(site.path, language, text))
    return Prepared(site, shown, Cursor(document, len(shown.prefix)), used, files)
