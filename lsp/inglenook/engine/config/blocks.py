"""Entries of lists, wherever they stand: in the main file, in files that it names, beside it.

A block of Continue's hub ("owner/name") is reported and never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from inglenook.engine.config.check import check
from inglenook.engine.config.files import LISTS
from inglenook.engine.config.kinds import Zone
from inglenook.engine.config.options import text_of
from inglenook.engine.config.reading import read_bytes, read_value
from inglenook.engine.config.report import Report
from inglenook.engine.config.rule_files import RULE_FILES, read_rule_file
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.secrets import Secrets
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Fate, Level, Notice

_MOST_FILES: Final = 200  # of one folder
_YAML: Final = frozenset({".yaml", ".yml"})
_SLUG: Final = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*(?:@[\w.-]+)?", re.ASCII)
_NO_TOOLS: Final = "Inglenook starts no programs and connects to no servers for tools."


class Blocks:
    """Gathers the entries of all lists, in the order in which they count."""

    def __init__(self, directory: Path, secrets: Secrets, report: Report) -> None:
        self._directory = directory
        self._secrets = secrets
        self._report = report
        self._found: dict[str, list[Value]] = {name: [] for name in LISTS}
        self.looked: list[Path] = []

    @property
    def found(self) -> dict[str, tuple[Value, ...]]:
        return {name: tuple(values) for name, values in self._found.items()}

    def add(self, entries: Mapping[str, Value]) -> None:
        """The lists of the main file; what names another file stands for what is in that."""
        for name in LISTS:
            for entry in entries[name].items if name in entries else ():
                uses = entry.entries.get("uses")
                found = entry if uses is None else self._used(name, entry, uses)
                if found is None:
                    why = "What it names cannot be used."
                    self._report.mark(entry, self._report.path(entry), Fate.REFUSED, why)
                if found is not None and found.data is not None:
                    self._found[name].append(found)

    def add_beside(self) -> None:
        """The files of the folders beside the main file."""
        for name in LISTS:
            folder = self._directory / name
            self.looked.append(folder)
            for file in _files(folder):
                self.looked.append(file)
                self._found[name] += self._of_file(name, file)

    def _of_file(self, name: str, file: Path) -> list[Value]:
        suffix = file.suffix.lower()
        if name in RULE_FILES and suffix in RULE_FILES[name]:
            return self._of_markdown(name, file)
        if suffix == ".json" and name == "mcpServers":
            self._report.row(Value(None, str(file), 1), (name,), Fate.REFUSED, _NO_TOOLS)
            return []
        if suffix not in _YAML:
            return []
        value, notices = read_value(file)
        self._report.add(notices)
        return self._checked(name, value, {}) if value is not None else []

    def _of_markdown(self, name: str, file: Path) -> list[Value]:
        data, trouble = read_bytes(file)
        if data is None:
            self._report.add([Notice(Level.WARNING, f"{file}: {trouble}")] if trouble else [])
            return []
        found = read_rule_file(data, str(file), name, Zone.USER, self._report)
        return [found] if found is not None else []

    def _checked(self, name: str, value: Value, inputs: Mapping[str, Value]) -> list[Value]:
        """The entries of a block file that are for this list; nothing else in it counts."""
        tree = check(self._secrets.fill(value, inputs), CONFIG, Zone.USER, self._report).tree
        entries = tree.entries if tree is not None else {}
        for key, other in entries.items():
            if key != name:
                why = f"In a file of {name} only {name} counts."
                self._report.mark(other, self._report.path(other), Fate.IGNORED, why)
        found = entries[name].items if name in entries else ()
        for each in found:
            if "uses" in each.entries:
                text = "is not followed from a file that is used itself; expected the entry"
                self._report.refuse(each.entries["uses"], text)
        return [each for each in found if each.data is not None and "uses" not in each.entries]

    def _used(self, name: str, entry: Value, uses: Value) -> Value | None:
        """The entry that ``uses`` names, with what goes before it here; None if there is none."""
        file = self._file(uses)
        if file is None:
            return None
        if name in RULE_FILES and file.suffix.lower() in RULE_FILES[name]:
            found = self._of_markdown(name, file)
        else:
            value, notices = read_value(file)
            self._report.add(notices)
            given = entry.entries["with"].entries if "with" in entry.entries else {}
            found = self._checked(name, value, given) if value is not None else []
        if not found:
            self._report.refuse(uses, f"names a file that has no entry of {name} that can be used")
            return None
        block, path = found[0], self._report.path(found[0])
        if "override" in entry.entries and block.entries:
            both = {**block.entries, **entry.entries["override"].entries}
            return self._report.placed(replace(block, data=both), path)
        return block

    def _file(self, uses: Value) -> Path | None:
        """The path that ``uses`` means, or None after a notice why it means none."""
        text = text_of(uses)
        path = _path(text)
        if path is None:
            hub = _SLUG.fullmatch(text) is not None
            self._report.refuse(
                uses,
                "names a block of Continue's hub, and nothing is ever fetched; expected the "
                "entry itself, or the path of a file"
                if hub
                else "is no path; expected a path, or file://…",
            )
            return None
        if not path.is_absolute():
            if ".." in path.parts:
                text = "leaves the folder of the configuration; expected a path below it, or a "
                self._report.refuse(uses, text + "whole one")
                return None
            path = self._directory / path
        self.looked.append(path)
        data, trouble = read_bytes(path)
        if data is None:
            text = f"names a file that {trouble or 'is not there'}"
            self._report.refuse(uses, text)
            return None
        return path


def _path(text: str) -> Path | None:
    """What is written as a path; None for what is a name on the hub, or neither."""
    try:
        if text.lower().startswith("file:"):
            parts = urlsplit(text)
            return Path(unquote(parts.path)) if parts.netloc in ("", "localhost") else None
        if "://" in text:
            return None
        path = Path(text).expanduser()
    except (RuntimeError, ValueError):
        return None
    written = text.startswith(("/", "~", "./", ".\\")) or path.is_absolute()
    known = path.suffix.lower() in _YAML | {".md"}
    return path if written or known or ".." in path.parts else None


def _files(folder: Path) -> Iterable[Path]:
    """The files of a folder by name; none if there is no such folder."""
    try:
        return sorted(islice(folder.iterdir(), _MOST_FILES))
    except OSError:
        return ()
