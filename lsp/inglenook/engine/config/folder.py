"""What the files of a workspace folder say, of which only that counts which narrows.

Whoever wrote the repository wrote them. They may choose among the user's own models, by name and
for roles that the user has them for; switch off; leave files out; and give rules and prompts,
which are texts. All else is refused, each key with one message. No secret, address, path or
command can come from here: `FolderSettings` has no place for one, and its names are the user's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from inglenook.engine.config import ours, texts
from inglenook.engine.config.check import check
from inglenook.engine.config.json_tree import read_json
from inglenook.engine.config.kinds import Either, Flag, Keys, ListOf, Zone, used
from inglenook.engine.config.legacy import Legacy, convert, retold
from inglenook.engine.config.narrowing import joined, selection, why_not
from inglenook.engine.config.options import text_of
from inglenook.engine.config.options import texts as listed
from inglenook.engine.config.report import Report
from inglenook.engine.config.rule_files import RULE_FILES, read_rule_file
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.schema_models import MODEL
from inglenook.engine.config.tree import Value, decoded
from inglenook.engine.config.yaml_tree import read_yaml
from inglenook.engine.settings import (
    FolderSettings,
    Level,
    Notice,
    Rule,
    Selection,
    Settings,
    Switches,
)
from inglenook.workspace.ignore import takes_back

_ZONE: Final = Zone.USER | Zone.FOLDER
_TOO_MUCH: Final = "at most 200 files of a folder's settings are read, 256 KiB each, 1 MiB in all"
_AS_IN_YAML: Final = ("rules", "prompts", "inglenook")  # keys that config.json never had
_CHOOSES: Final = Keys(
    {
        **{name: replace(key, required=False) for name, key in MODEL.keys.items()},
        **{name: replace(MODEL.keys[name], zones=_ZONE) for name in ("name", "roles")},
    }
)
# An entry that chooses none of the user's models is put in as a flag, which is refused as a whole.
_FOLDER: Final = Keys(
    {**CONFIG.keys, "models": used(ListOf(Either((_CHOOSES, Flag())), most=100), zones=_ZONE)}
)


def load_folder(
    settings: Settings, root: str, files: Sequence[tuple[str, bytes | None]]
) -> FolderSettings:
    """``files`` have paths below ``root``, in the order in which they count; None instead of what
    is in a file that was not read.

    Never raises. A hostile folder can cost seconds: this is nothing for an event loop.
    """
    parts = [_part(settings, str(PurePath(root, path)), path, data) for path, data in files]
    return joined(root, parts)


def _part(settings: Settings, file: str, path: str, data: bytes | None) -> FolderSettings:
    """What one file says."""
    if data is None:
        return FolderSettings(notices=(Notice(Level.WARNING, f"{file}: is not read: {_TOO_MUCH}"),))
    report = Report()
    place = PurePath(path)
    kind = place.parent.name
    if place.suffix == ".json":
        return _of_json(settings, data, file, report)
    if place.suffix in (".yaml", ".yml"):
        value, notices = read_yaml(data, file)
        report.add(notices)
        return _said(settings, value, report)
    if kind in RULE_FILES:
        entry = read_rule_file(data, file, kind, Zone.FOLDER, report)
        entries = {kind: (entry,) if entry is not None else ()}
        return _with_texts(FolderSettings(), entries, report)
    text, notices = decoded(data, file)
    report.add(notices)
    rules = (Rule(text.strip(), place.name, source=file),) if text.strip() else ()
    return FolderSettings(rules=rules, rows=report.rows, notices=report.notices)


def _of_json(settings: Settings, data: bytes, file: str, report: Report) -> FolderSettings:
    """A file of Continue's older schema, read in the words of the newer."""
    value, notices = read_json(data, file)
    report.add(notices)
    if value is None or not value.entries:
        return _said(settings, value, report)
    newer = {key: each for key, each in value.entries.items() if key in _AS_IN_YAML}
    older = {key: each for key, each in value.entries.items() if key not in _AS_IN_YAML}
    legacy = convert(replace(value, data=older)) if older else Legacy(value)
    both = {**legacy.value.entries, **newer}
    for key in newer.keys() & legacy.value.entries.keys():  # a system message is a rule
        both[key] = _in_one(legacy.value.entries[key], newer[key])
    found = _said(settings, replace(value, data=both), report)
    rows, said = retold(legacy, found.rows, found.notices)
    return replace(found, rows=tuple(rows), notices=tuple(said))


def _in_one(one: Value, other: Value) -> Value:
    lists = isinstance(one.data, tuple) and isinstance(other.data, tuple)
    return replace(other, data=(*one.items, *other.items)) if lists else other


def _said(settings: Settings, value: Value | None, report: Report) -> FolderSettings:
    """What a whole configuration says, with all that it may not say refused."""
    found = FolderSettings()
    if value is not None:
        value = _marked(value, settings)
        tree = check(value, _FOLDER, Zone.FOLDER, report).tree
        entries: Mapping[str, Value] = tree.entries if tree is not None else {}
        block = entries["inglenook"].entries if "inglenook" in entries else {}
        chosen = selection(block.get("models"), settings, report)
        models = entries["models"].items if "models" in entries else ()
        found = FolderSettings(
            selection=_chosen(chosen, models, settings, report),
            switches=_switches(block, report),
        )
        lists = {name: entries[name].items for name in RULE_FILES if name in entries}
        return _with_texts(found, lists, report)
    return replace(found, rows=report.rows, notices=report.notices)


def _with_texts(
    found: FolderSettings, entries: Mapping[str, tuple[Value, ...]], report: Report
) -> FolderSettings:
    rules, prompts = entries.get("rules", ()), entries.get("prompts", ())
    return replace(
        found,
        rules=texts.rules(rules),
        prompts=texts.prompts(prompts, rules),
        rows=report.rows,
        notices=report.notices,
    )


def _marked(value: Value, settings: Settings) -> Value:
    """``value`` with a flag for each entry of ``models`` that chooses none of the user's."""
    models = value.entries.get("models")
    if models is None or not isinstance(models.data, tuple):
        return value
    names = {spec.name for spec in settings.models}

    def chooses(entry: Value) -> bool:
        named = text_of(entry.entries.get("name")).strip()
        return named in names and "roles" in entry.entries

    items = tuple(
        each if chooses(each) else Value(True, each.file, each.line) for each in models.data
    )
    return replace(value, data={**value.entries, "models": replace(models, data=items)})


def _chosen(
    chosen: Selection, models: Sequence[Value], settings: Settings, report: Report
) -> Selection:
    """``chosen``, and what entries of ``models`` choose beside it."""
    roles = dict(chosen.roles)
    for entry in models:
        if entry.data is True:
            text = "is refused in a file of a workspace, which may only choose one of your own "
            report.refuse(entry, text + "models, by its name and roles")
        name = text_of(entry.entries.get("name"))
        for role in listed(entry.entries.get("roles")):
            trouble = why_not(name, role, settings)
            if trouble:
                report.refuse(entry.entries["roles"], trouble)
                break
            roles.setdefault(role, name)
    return replace(chosen, roles=roles)


def _switches(block: Mapping[str, Value], report: Report) -> Switches:
    """Patterns only leave files out here: what the user leaves out is nothing to write about."""
    found = ours.switches(block)
    for each in block["ignore"].items if "ignore" in block else ():
        if takes_back(text_of(each)):
            text = "takes files back, which is refused in a file of a workspace"
            report.say(each, ("inglenook", "ignore"), text)
    kept = tuple(pattern for pattern in found.ignored if not takes_back(pattern))
    return replace(found, ignored=kept)
