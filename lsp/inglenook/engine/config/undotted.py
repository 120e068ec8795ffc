"""Keys with dots in them ("requestOptions.proxy") read as the keys in keys that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inglenook.engine.config.kinds import folded
from inglenook.engine.config.tree import MAX_DEPTH, Value, twice


def undotted(entries: Mapping[str, Value], known: Mapping[str, str]) -> Mapping[str, Value]:
    """``entries`` with each dotted key whose first part is known put where it belongs.

    ``known`` has the known keys by what they are however they are spelled. Editors send settings
    so, and one who hides a key hides it so: nested, dotted or both, it is one key.
    """
    dotted = {
        name: entry
        for name, entry in entries.items()
        if "." in name and folded(name) not in known and folded(name.partition(".")[0]) in known
    }
    if not dotted:
        return entries
    found = {name: entry for name, entry in entries.items() if name not in dotted}
    for name, entry in dotted.items():
        head, _, rest = name.partition(".")
        nested = entry
        for step in reversed(rest.split(".", MAX_DEPTH)):
            nested = Value({step: nested}, entry.file, entry.line)
        found[head] = _joined(found[head], nested) if head in found else nested
    return found


def _joined(one: Value, other: Value) -> Value:
    """Both in one; a key that both have is there twice."""
    if not isinstance(one.data, Mapping) or not isinstance(other.data, Mapping):
        return twice(one, other.line)
    both = dict(one.data)
    for name, entry in other.data.items():
        both[name] = _joined(both[name], entry) if name in both else entry
    return replace(one, data=both)
