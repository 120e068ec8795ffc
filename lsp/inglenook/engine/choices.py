"""Which model serves a role in a folder and a language, and on whose word.

From the strongest: what the user chose in the editor, what the user's file says of the folder,
what the editor's settings say, what the workspace's file says, what the user's file says of all
folders. The editor's settings and the workspace's file may come from a repository; all that they
can give is the name of a model that the user's own file has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from inglenook.engine.ignored import Ignored, Zone
from inglenook.engine.settings import FolderSettings, Selection, Settings, Switches

NONE: Final = Selection()
_NO_FOLDER: Final = FolderSettings()


@dataclass(frozen=True, slots=True)
class Chosen:
    """``name`` is empty where Inglenook itself looks for the best; ``why`` says who chose."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All that is said of models and switches. Folders are absolute paths, "" for none.

    All patterns are compiled when a value is made, and not again for one that is made of it.
    """

    settings: Settings
    editor: FolderSettings = _NO_FOLDER
    folders: Mapping[str, FolderSettings] = field(default_factory=dict)
    picks: Mapping[str, Selection] = field(default_factory=dict)
    _ignored: Mapping[str, Ignored] = field(init=False, compare=False, repr=False)
    _models: tuple[Ignored, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        every = {folder: Ignored.by(self._zones(folder)) for folder in (*self.folders, "")}
        files = {spec.autocomplete.disabled_files for spec in self.settings.models}
        object.__setattr__(self, "_ignored", every)
        object.__setattr__(self, "_models", tuple(map(_one, files)))
        for rule in self.settings.folder_rules:
            _expression(rule.pattern)

    def chosen(self, folder: str, role: str, language: str = "") -> Chosen:
        for selection, why in self._said(folder):
            if name := selection.name(role, language):
                return Chosen(name, why)
        return Chosen("", "Nobody chose: the best that was found is used.")

    def named(self, folder: str) -> list[tuple[str, str]]:
        """The roles and languages of which anybody says something, and completion in any case."""
        found = {("autocomplete", ""): None}
        for selection, _ in self._said(folder):
            found |= {(role, ""): None for role in selection.roles}
            for language, roles in selection.languages.items():
                found |= {(role, language): None for role in roles}
        return list(found)

    def names(self) -> frozenset[str]:
        """The models that are chosen for completion anywhere, "" for the best that is found."""
        return frozenset(
            self.chosen(folder, role, language).name
            for folder in (*self.folders, "")
            for role, language in self.named(folder)
            if role == "autocomplete"
        )

    def left_out(self, folder: str) -> Ignored:
        """The files of a folder that are shown to no model."""
        return self._ignored.get(folder, self._ignored[""])

    def left_out_by_user(self) -> Ignored:
        """The files that they leave out themselves, in whatever folder."""
        return Ignored.by((self.settings.switches.ignored, self.editor.switches.ignored))

    def left_out_anywhere(self) -> Ignored:
        """Those of all folders."""
        return Ignored.by(zone for each in self._ignored.values() for zone in each.zones)

    def serves(self, folder: str, path: str, language: str, *, automatic: bool) -> bool:
        """Whether ghost text is wanted in a file; ``path`` is below the folder."""
        for switches in self._switches(folder):
            if not switches.enabled or language in switches.disabled_languages:
                return False
            if automatic and not switches.automatic:
                return False
        return not self.left_out(folder).leaves_out(path)

    def _switches(self, folder: str) -> tuple[Switches, Switches, Switches]:
        return self.settings.switches, self.editor.switches, self._of(folder).switches

    def _zones(self, folder: str) -> tuple[Zone, ...]:
        return tuple(switches.ignored for switches in self._switches(folder))

    def _of(self, folder: str) -> FolderSettings:
        return self.folders.get(folder, _NO_FOLDER)

    def _said(self, folder: str) -> Iterator[tuple[Selection, str]]:
        """Selections, the strongest first."""
        yield self.picks.get(folder, NONE), "You chose it in the editor for this folder."
        rule = longest(self.settings, folder)
        if rule is not None:
            yield rule[1], f"Your configuration file has it for the folders {rule[0]!a}."
        yield self.editor.selection, "The editor's settings name it."
        yield self._of(folder).selection, "The workspace's configuration file names it."
        yield self.settings.selection, "Your configuration file has it for all folders."


def longest(settings: Settings, folder: str) -> tuple[str, Selection] | None:
    """What the user's file says of a folder: of the longest pattern that means it."""
    meant = [rule for rule in settings.folder_rules if folder and means(rule.pattern, folder)]
    best = max(meant, key=lambda rule: len(rule.pattern), default=None)
    return (best.pattern, best.selection) if best else None


def means(pattern: str, folder: str) -> bool:
    """Whether a pattern means a folder: it, or one that it is below. Both are absolute."""
    return _expression(pattern).match(folder.replace("\\", "/").rstrip("/") + "/") is not None


@lru_cache(maxsize=8_192)  # more than there can be: see `Choices`
def _expression(pattern: str) -> re.Pattern[str]:
    """``*`` stays within a name, ``**`` does not."""
    parts = []
    for piece in pattern.replace("\\", "/").rstrip("/").split("/"):
        if piece == "**":
            parts.append("(?:[^/]+/)*?")
        else:
            parts.append("".join("[^/]*" if c == "*" else re.escape(c) for c in piece) + "/")
    return re.compile("".join(parts))


def leaves_out(patterns: Zone, path: str) -> bool:
    """Whether patterns as in .gitignore leave out a path, or a directory that it is in."""
    return _one(patterns).leaves_out(path)


@lru_cache(maxsize=64)
def _one(patterns: Zone) -> Ignored:
    return Ignored.by((patterns,))
