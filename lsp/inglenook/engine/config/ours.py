"""The block ``inglenook``: hosts, the choice of models, reasoning, and what can be switched off."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inglenook.engine.address import AddressRefused, allowed_origin
from inglenook.engine.config.certificates import authority_files, both
from inglenook.engine.config.options import flag, text_of, texts, think
from inglenook.engine.config.report import Report
from inglenook.engine.config.scalars import nearest
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import FolderRule, Level, Selection, Switches
from inglenook.models.egress import Trust
from inglenook.models.spec import Think


@dataclass(frozen=True, slots=True)
class Hosts:
    """What beside this machine may be asked."""

    allowed: frozenset[str] = frozenset()
    trust: tuple[Trust, ...] = ()


@dataclass(frozen=True, slots=True)
class Ours:
    selection: Selection = Selection()
    folders: tuple[FolderRule, ...] = ()
    think: Mapping[str, Think] = field(default_factory=dict)
    switches: Switches = Switches()


def hosts(block: Mapping[str, Value], directory: Path, report: Report) -> Hosts:
    """The allow-list; an entry that is not exactly one origin allows nothing."""
    allowed: dict[str, Trust] = {}
    for entry in block["hosts"].items if "hosts" in block else ():
        if entry.data is None:
            continue
        named = entry.entries.get("origin", entry)
        try:
            origin = allowed_origin(text_of(named))
        except AddressRefused as refused:
            text = f"{refused}; expected scheme, host and port, as in https://gpu.example:8443"
            report.refuse(named, text)
            continue
        files = tuple(authority_files(entry.entries.get("ca"), directory, report))
        allowed[origin] = Trust(origin, files)
        if origin.startswith("http://") and not _is_here(origin):
            text = "is not https: whoever is on the way can read the code that goes there"
            report.say(named, report.path(named), text, Level.INFO)
    return Hosts(frozenset(allowed), tuple(each for each in allowed.values() if each.ca_files))


def together(one: Sequence[Trust], other: Sequence[Trust]) -> tuple[Trust, ...]:
    """One for each origin, with the files of both."""
    found: dict[str, Trust] = {}
    for trust in (*one, *other):
        found[trust.origin] = both(found.get(trust.origin), trust)
    return tuple(found.values())


def read_ours(block: Mapping[str, Value], names: Sequence[str], report: Report) -> Ours:
    """The rest of the block; ``names`` are those of the models that can be chosen."""
    chosen = selection(block.get("models"), names, report)
    rules = []
    for entry in block["workspaces"].items if "workspaces" in block else ():
        if entry.data is None:
            continue
        folder = entry.entries["folder"]
        pattern = _pattern(text_of(folder))
        if not pattern:
            text = "is no whole path; expected one that begins with / or ~"
            report.refuse(folder, text)
            continue
        chosen_there = selection(entry.entries.get("models"), names, report)
        rules += [FolderRule(each, chosen_there) for each in _spellings(pattern)]
    reasons = block["think"].entries if "think" in block else {}
    thinks = {role: found for role, value in reasons.items() if (found := think(value))}
    return Ours(chosen, tuple(rules), thinks, switches(block))


def selection(value: Value | None, names: Sequence[str], report: Report) -> Selection:
    """Names by role. One that no entry has is said, and stands: it may be a model's own."""
    if value is None:
        return Selection()
    roles = _by_role(value, names, report)
    languages = value.entries["languages"].entries if "languages" in value.entries else {}
    special = {name: _by_role(each, names, report) for name, each in languages.items()}
    return Selection(roles, {name: each for name, each in special.items() if each})


def switches(block: Mapping[str, Value]) -> Switches:
    def on(key: str) -> bool:
        found = flag(block.get(key))
        return True if found is None else found

    return Switches(
        enabled=on("enabled"),
        automatic=on("automatic"),
        disabled_languages=frozenset(texts(block.get("disabledLanguages"))),
        ignored=texts(block.get("ignore")),
    )


def _by_role(value: Value, names: Sequence[str], report: Report) -> dict[str, str]:
    found = {}
    for role, entry in value.entries.items():
        name = text_of(entry)
        if role == "languages" or not name:
            continue
        found[role] = name
        if names and name not in names:
            meant = nearest(name, {each.lower(): each for each in names})
            tail = f"; did you mean {meant!r}?" if meant else ""
            text = f"no entry of models has this name{tail}"
            report.say(entry, report.path(entry), text, Level.INFO)
    return found


def _pattern(text: str) -> str:
    """``text`` with the home for its "~"; empty if it is no whole path."""
    try:
        path = Path(text).expanduser()
    except (RuntimeError, ValueError):
        return ""
    return str(path) if path.is_absolute() else ""


def _spellings(pattern: str) -> tuple[str, ...]:
    """``pattern``, and what it is without the links before its first "*": folders are known by
    their real paths."""
    start, star, rest = pattern.partition("*")
    start, slash, name = start.rpartition(os.sep) if star else (start, "", "")
    try:
        real = os.path.realpath(start) if start else ""
    except (OSError, ValueError):
        return (pattern,)
    if "*" in real:  # a name, and no wildcard
        return (pattern,)
    return tuple(dict.fromkeys((pattern, real + slash + name + star + rest)))


def _is_here(origin: str) -> bool:
    from inglenook.engine.address import model_address

    try:
        model_address(origin, 80)
    except AddressRefused:
        return False
    return True
