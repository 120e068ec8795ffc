"""What an editor sends as its settings, into which a repository may have written.

They may do what a workspace's file may: switch off, and choose among the user's models by name.
The object ``machine`` in them is the user's own, but only if the server was started so: a
repository writes settings (``.vscode/settings.json``), and no command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inglenook.engine.settings import Fate, FolderSettings, Settings

if TYPE_CHECKING:
    from inglenook.engine.config.kinds import Keys
    from inglenook.engine.config.report import Report
    from inglenook.engine.config.tree import Value

_FILE: Final = "the editor's settings"
_MACHINE: Final = "the editor's settings of this machine"
_BLOCK: Final = "inglenook"
_OWN: Final = ("path", "trace")  # what editors' extensions have for themselves under our name
_UNVOUCHED: Final = (
    "A repository could have written it; start the server as `inglenook serve --machine-scoped` "
    "if your editor keeps it for the machine alone"
)
_ANOTHER_FORM: Final = "Your editor vouches for the object `machine` itself, in no other form"


def load_editor(
    settings: Settings, section: object, *, vouched: bool
) -> tuple[Settings, FolderSettings]:
    """``section`` is the object ``inglenook`` of the editor's settings, or what came instead.

    The settings are the same unless ``vouched`` and there is a ``machine``, which may name files
    that are read. Never raises.
    """
    if section is None or section == {}:
        return settings, FolderSettings()
    # Only who has settings pays for these.
    from inglenook.engine.config.json_tree import from_json
    from inglenook.engine.config.report import Report

    report = Report()
    value = from_json(section, _FILE)
    if vouched and isinstance(section, Mapping) and "machine" in value.entries:
        from inglenook.engine.config.machine import with_machine

        settings = with_machine(settings, from_json(section["machine"], _MACHINE), report)
        rest = {name: each for name, each in value.entries.items() if name != "machine"}
        value = replace(value, data=rest)
    return settings, _narrowing(settings, value, vouched, report)


def _narrowing(settings: Settings, value: Value, vouched: bool, report: Report) -> FolderSettings:
    """What the section switches off and chooses, with all else in it refused."""
    from inglenook.engine.config import ours
    from inglenook.engine.config.check import check
    from inglenook.engine.config.kinds import Zone, folded, names
    from inglenook.engine.config.narrowing import few, selection
    from inglenook.engine.config.schema import EDITOR
    from inglenook.engine.config.undotted import undotted

    restricted = _restricted(vouched)
    mine: dict[str, Value] = {}
    others: dict[str, Value] = {}
    known = names([*restricted.keys, *EDITOR.keys])
    for name, entry in undotted(_lifted(value), known).items():
        if name in _OWN:
            report.row(entry, (name,), Fate.IGNORED, "It is your editor's own.")
        elif folded(name) in names(restricted.keys):
            others[name] = entry
        elif not _changes_nothing(name, entry, settings):
            mine[name] = _strict(name, entry)
    check(replace(value, data=others), restricted, Zone.EDITOR, report)
    whole = replace(value, data=mine) if value.entries else value  # what is none is said so
    tree = check(whole, EDITOR, Zone.EDITOR, report).tree
    entries = tree.entries if tree is not None else {}
    chosen = selection(entries.get("models"), settings, report)
    notices = few(_FILE, report.notices)
    return FolderSettings(chosen, ours.switches(entries), rows=report.rows, notices=notices)


def _restricted(vouched: bool) -> Keys:
    """All that only the user's own file may set, at whatever depth it stands there."""
    from inglenook.engine.config.kinds import ANYBODY, Anything, Keys, Zone, refused
    from inglenook.engine.config.schema import CONFIG, EDITOR, INGLENOOK
    from inglenook.engine.config.schema_models import MODEL, REQUEST_OPTIONS

    keys = {**REQUEST_OPTIONS.keys, **MODEL.keys, **INGLENOOK.keys, **CONFIG.keys}
    users = {
        name: replace(key, zones=Zone.USER, required=False)
        for name, key in keys.items()
        if name not in EDITOR.keys
    }
    why = _ANOTHER_FORM if vouched else _UNVOUCHED
    return Keys({**users, "machine": replace(refused(Anything(), why), zones=ANYBODY)})


def _lifted(value: Value) -> Mapping[str, Value]:
    """The keys of the section, and those that stand in it under our name once more."""
    from inglenook.engine.config.undotted import undotted

    entries = undotted(value.entries, {_BLOCK: _BLOCK})
    again = entries.get(_BLOCK)
    if again is None or not isinstance(again.data, Mapping):
        return entries
    rest = {name: entry for name, entry in entries.items() if name != _BLOCK}
    dotted = {f"{_BLOCK}.{name}": entry for name, entry in again.entries.items()}
    both = undotted({_BLOCK: replace(value, data=rest), **dotted}, {_BLOCK: _BLOCK})
    return both[_BLOCK].entries


def _changes_nothing(name: str, entry: Value, settings: Settings) -> bool:
    """Whether it switches on what is on, as an editor sends that has defaults."""
    switches = settings.switches
    is_on = {"enabled": switches.enabled, "automatic": switches.automatic}
    return entry.data is True and is_on.get(name, False)


def _strict(name: str, entry: Value) -> Value:
    """An editor that means true or false sends it; "no" would be a text of somebody else's."""
    if name in ("enabled", "automatic", "reportTimings", "rename") and isinstance(entry.data, str):
        return replace(entry, data=None, unread="a text")
    return entry
