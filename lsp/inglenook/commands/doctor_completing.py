"""Who completes in a folder and a language, as a server would have it there, and on whose word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inglenook.engine.choices import NONE, Choices, Chosen, longest
from inglenook.engine.ignored import Ignored
from inglenook.engine.settings import FolderSettings
from inglenook.models.choose import Choice
from inglenook.models.model import ModelInfo
from inglenook.models.spec import ModelSpec

ROLE: Final = "autocomplete"
# Patterns for all files mean each of these; patterns for some of them spare another.
_ORDINARY: Final = (
    *("README.md", "config.yaml", "index.html", "main.c", "x.cpp", "x.cs", "x.go", "x.js"),
    *("x.lua", "x.php", "x.py", "x.rb", "x.rs", "x.sh", "x.sql", "src/x.ts", "src/x.tsx"),
    *("a/b/Main.java", "a/b/Main.kt", "a/b/style.css", "a/b/x.swift", "docs/notes.txt"),
)
_UNDOTTED: Final = ("Makefile", "a/b/Dockerfile")


@dataclass(frozen=True, slots=True)
class Completing:
    """``language`` is empty for all of which nobody says anything else.

    ``choice`` without ``info``: that model is wanted, and ``failure`` says why it does not serve.
    Neither: there is no model, and ``failure`` says why.
    """

    language: str
    chosen: Chosen
    choice: Choice | None
    info: ModelInfo | None
    failure: str

    @property
    def entry(self) -> ModelSpec | None:
        """What the user's file says of the model."""
        return self.choice.found.spec if self.choice else None

    @property
    def off(self) -> str:
        """The option of the entry by which it completes nothing; empty if it may complete."""
        options = self.entry.autocomplete if self.entry else None
        if options is None:
            return ""
        if not options.enabled:
            return "disable"
        return "disableInFiles" if meant(Ignored.by([options.disabled_files])) else ""

    @property
    def works(self) -> bool:
        return self.info is not None and not self.off


def meant(ignored: Ignored) -> str:
    """Which files are left out, in words, if they are all that people write; else empty.

    Who is spared nothing but files as a Makefile would wonder where completions are.
    """
    spared = [path for zone in ignored.zones for line in zone for path in _taken_back(line)]
    if not all(map(ignored.leaves_out, (*_ORDINARY, *spared))):
        return ""
    whole = all(map(ignored.leaves_out, _UNDOTTED))
    return "every file" if whole else "every file with a dot in its name"


def _taken_back(line: str) -> tuple[str, ...]:
    """Files that a pattern with a "!" could spare, for none of the ordinary ones may be."""
    if not line.startswith("!"):
        return ()
    path = re.sub(r"\*+|\?", "x", line[1:].strip().strip("/"))
    path = re.sub(r"\[([^\]])[^\]]*\]", r"\1", path)
    return path, f"{path}/x.py"


def said_in(choices: Choices, folder: str) -> FolderSettings:
    """What the files of the workspace say."""
    return choices.folders.get(folder, FolderSettings())


def special(choices: Choices, folder: str) -> tuple[str, ...]:
    """The languages in which another model is chosen than in all others, and that are not off."""
    everywhere = choices.chosen(folder, ROLE).name
    off = disabled(choices, folder)
    return tuple(
        language
        for role, language in choices.named(folder)
        if role == ROLE and language and language not in off
        if choices.chosen(folder, ROLE, language).name != everywhere
    )


def disabled(choices: Choices, folder: str) -> frozenset[str]:
    """The languages in which nothing is completed."""
    own, theirs = choices.settings.switches, said_in(choices, folder).switches
    return own.disabled_languages | theirs.disabled_languages


def amends(choices: Choices, folder: str, language: str) -> str:
    """Where whoever chose a model can choose another one, as the end of a sentence."""
    file = choices.settings.config_file
    if choices.picks.get(folder, NONE).name(ROLE, language):
        return "choose another in the editor (Inglenook: Select Model, or :Inglenook model)"
    rule = longest(choices.settings, folder)
    if rule is not None and rule[1].name(ROLE, language):
        return f"name another for the folders {rule[0]!a} in {file}"
    theirs = said_in(choices, folder)
    if theirs.selection.name(ROLE, language):
        files = dict.fromkeys(row.file for row in theirs.rows)
        return f"name another in {' or '.join(files) or folder}"
    return f"name another in {file}"
