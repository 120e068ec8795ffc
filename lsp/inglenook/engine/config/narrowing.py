"""What a lower zone may do to the user's settings: choose among the user's models, switch off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inglenook.engine.settings import (
    Fate,
    FolderSettings,
    Level,
    Notice,
    PromptTemplate,
    Selection,
    Settings,
    Switches,
)
from inglenook.models.egress import EgressPolicy, check
from inglenook.models.errors import EgressRefused
from inglenook.models.spec import ModelSpec, serves

if TYPE_CHECKING:
    from inglenook.engine.config.report import Report
    from inglenook.engine.config.tree import Value

MOST: Final = 50  # notices on one folder
# What all patterns of a folder may have: whoever wrote them is not to keep the event loop busy.
MOST_PATTERNS: Final = 100
MOST_TEXT: Final = 4_096  # characters
MOST_WILDCARDS: Final = 120  # each of * ? and [; ``**`` for whole names costs nothing
_WHOLE_NAMES: Final = re.compile(r"(?<![^/])\*\*(?![^/])")


def narrowed(all_of: Iterable[Switches]) -> Switches:
    """On is what is on in all of them; the user's own come first."""
    found = Switches()
    for each in all_of:
        found = Switches(
            found.enabled and each.enabled,
            found.automatic and each.automatic,
            found.disabled_languages | each.disabled_languages,
            tuple(dict.fromkeys((*found.ignored, *each.ignored))),
        )
    return found


def joined(place: str, parts: Sequence[FolderSettings]) -> FolderSettings:
    """All parts in one; what comes first chooses a model for a role, and has a prompt's name."""
    switches = narrowed(part.switches for part in parts)
    ignored = bounded(switches.ignored)
    dropped = _dropped(place, len(switches.ignored), len(ignored))
    prompts: dict[str, PromptTemplate] = {}
    for part in parts:
        for prompt in part.prompts:
            prompts.setdefault(prompt.name, prompt)
    return FolderSettings(
        selection=_first([part.selection for part in parts]),
        switches=replace(switches, ignored=ignored),
        rules=tuple(rule for part in parts for rule in part.rules),
        prompts=tuple(prompts.values()),
        rows=tuple(row for part in parts for row in part.rows),
        notices=few(place, [*dropped, *(notice for part in parts for notice in part.notices)]),
    )


def bounded(patterns: Sequence[str]) -> tuple[str, ...]:
    """The first of them, and of those that are too large none."""
    kept: list[str] = []
    text = wildcards = 0
    for pattern in patterns:
        more = sum(mark in "*?[" for mark in _WHOLE_NAMES.sub("", pattern))
        if text + len(pattern) <= MOST_TEXT and wildcards + more <= MOST_WILDCARDS:
            kept.append(pattern)
            text, wildcards = text + len(pattern), wildcards + more
    return tuple(kept[:MOST_PATTERNS])


def _dropped(place: str, count: int, kept: int) -> list[Notice]:
    if kept == count:
        return []
    text = (
        f"{place}: inglenook.ignore: only {kept} of the {count} patterns in this folder's files "
        f"count; expected at most {MOST_PATTERNS}, with {MOST_TEXT:,} characters and "
        f"{MOST_WILDCARDS} wildcards in all. Have the others in a file .inglenookignore"
    )
    return [Notice(Level.WARNING, text)]


def few(place: str, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """As many as somebody reads."""
    more = len(notices) - MOST
    if more <= 0:
        return tuple(notices)
    text = f"{place}: and {more} more; all are in: inglenook config show"
    return (*notices[:MOST], Notice(Level.WARNING, text))


def selection(value: Value | None, settings: Settings, report: Report) -> Selection:
    """Names by role, as they stand in a checked tree; those that cannot be are refused."""
    if value is None:
        return Selection()
    languages = value.entries["languages"].entries if "languages" in value.entries else {}
    special = {name: _by_role(each.entries, settings, report) for name, each in languages.items()}
    return Selection(
        _by_role(value.entries, settings, report),
        {name: roles for name, roles in special.items() if roles},
    )


def _by_role(entries: Mapping[str, Value], settings: Settings, report: Report) -> dict[str, str]:
    found = {}
    for role, value in entries.items():
        if role == "languages" or not isinstance(value.data, str):
            continue
        trouble = why_not(value.data, role, settings, hint=not report.is_full(value.file))
        if trouble:
            path = report.path(value)
            report.say(value, path, trouble)
            report.row(value, path, Fate.REFUSED, trouble[0].upper() + trouble[1:])
        else:
            found[role] = value.data
    return found


def why_not(name: str, role: str, settings: Settings, *, hint: bool = True) -> str:
    """Why a model may not be chosen for a role from outside; empty if it may.

    With a ``hint`` it says which could be meant, which costs a comparison with all.

    A model that the user has for chats only may be on another machine: a repository does not
    get to send every key there. Nor to one without roles, while others are named for the role.
    """
    from inglenook.engine.config.scalars import nearest

    spec = next((spec for spec in settings.models if spec.name == name), None)
    if spec is not None:
        if spec in serves(settings.models, role) or (not spec.roles and _is_here(spec)):
            return ""
        roles = ", ".join(spec.roles) or f"what no other model is named for, and {role} is"
        return f"names a model that your own configuration has for {roles} only"
    names = [spec.name for spec in settings.models]
    if not names:
        return "names a model, but there are none in your own configuration"
    meant = nearest(name, {each.lower(): each for each in names}) if hint else ""
    if meant:
        return f"names no model of your own configuration; did you mean {meant!r}?"
    shown = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    return f"names no model of your own configuration; expected one of {shown}"


def _is_here(spec: ModelSpec) -> bool:
    """Whether a model is on this machine."""
    try:
        return not spec.address or bool(check(spec.address, EgressPolicy()))
    except EgressRefused:
        return False


def _first(selections: Sequence[Selection]) -> Selection:
    roles: dict[str, str] = {}
    languages: dict[str, dict[str, str]] = {}
    for each in reversed(selections):
        roles |= each.roles
        for language, special in each.languages.items():
            languages[language] = languages.get(language, {}) | dict(special)
    return Selection(roles, languages)
