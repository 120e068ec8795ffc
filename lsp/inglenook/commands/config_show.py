"""``inglenook config show``: what is in force, and where each of it was said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inglenook.commands.config_table import as_dict, notice_dicts, notice_lines, one_line, table

if TYPE_CHECKING:
    from inglenook.engine.settings import FolderSettings, Selection, Settings
    from inglenook.models.spec import ModelSpec


def run_show(folder: Path | None, *, as_json: bool) -> int:
    from inglenook.engine.config import load_settings

    settings = load_settings()
    where = (folder if folder is not None else Path.cwd()).resolve()
    of_folder = read_folder(where, settings)
    if as_json:
        print(json.dumps(_report(settings, of_folder, where)))
        return 0
    for line in _page(settings, of_folder, where):
        print(line)
    return 0


def read_folder(where: Path, settings: Settings) -> FolderSettings:
    """What the files of a workspace say, with the rights that those have."""
    from inglenook.engine.settings import FolderSettings
    from inglenook.workspace.settings_files import read_settings_files

    files = read_settings_files(where, settings.files)
    if not files:
        return FolderSettings()
    from inglenook.engine.config.folder import load_folder

    return load_folder(settings, str(where), files)


def _page(settings: Settings, of_folder: FolderSettings, where: Path) -> Iterator[str]:
    there = "" if settings.config_file.exists() else " (there is none)"
    yield f"Your configuration: {one_line(str(settings.config_file))}{there}"
    yield from table(settings.rows)
    if of_folder.rows:
        yield f"The workspace {one_line(str(where))}:"
        yield from table(of_folder.rows)
    for notice in (*settings.notices, *of_folder.notices):
        yield from notice_lines(notice)
    yield ""
    yield "Models:" if settings.models else "Models: whatever is found on this machine"
    for spec in settings.models:
        yield f"  {one_line(describe(spec))}"
    for name, selection in (("all folders", settings.selection), (str(where), of_folder.selection)):
        for line in _selected(selection):
            yield f"Selected for {one_line(name)}: {one_line(line)}"
    for rule in settings.folder_rules:
        for line in _selected(rule.selection):
            yield f"Selected for {one_line(rule.pattern)}: {one_line(line)}"
    allowed = sorted(settings.policy.allowed)
    yield f"Hosts: this machine{''.join(f', {one_line(origin)}' for origin in allowed)}"


def describe(spec: ModelSpec) -> str:
    """One line, without its secrets."""
    at = f" at {spec.address}" if spec.address else ""
    roles = ", ".join(spec.roles) or "any role that no other has"
    return f"{spec.name}: {spec.model} of {spec.provider}{at} ({roles})"


def _selected(selection: Selection) -> Iterator[str]:
    for role, name in selection.roles.items():
        yield f"{role}: {name}"
    for language, roles in selection.languages.items():
        for role, name in roles.items():
            yield f"{role} in {language}: {name}"


def _report(settings: Settings, of_folder: FolderSettings, where: Path) -> dict[str, Any]:
    return {
        "file": str(settings.config_file),
        "found": settings.config_file.exists(),
        "folder": str(where),
        "rows": [as_dict(row) for row in (*settings.rows, *of_folder.rows)],
        "notices": notice_dicts((*settings.notices, *of_folder.notices)),
        "models": [_model(spec) for spec in settings.models],
        "selection": _selection(settings.selection),
        "workspaces": [
            {"folder": rule.pattern, "selection": _selection(rule.selection)}
            for rule in settings.folder_rules
        ],
        "folder_selection": _selection(of_folder.selection),
        "hosts": sorted(settings.policy.allowed),
    }


def _model(spec: ModelSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "provider": str(spec.provider),
        "model": spec.model,
        "address": spec.address,
        "roles": list(spec.roles),
    }


def _selection(selection: Selection) -> dict[str, Any]:
    languages = {name: dict(roles) for name, roles in selection.languages.items()}
    return {**selection.roles, **({"languages": languages} if languages else {})}
