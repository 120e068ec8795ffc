"""A configuration file held against the schema: what of it counts, and what is said of the rest.

Each key becomes exactly one row of the report (a key that is ignored, refused or unknown stands
for all that is in it). A value that is wrong costs its key, a required one its entry; everything
else works. Who may set a key is asked of the key as it was read, so that no spelling of it, no
dots and no alias, gets past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from inglenook.engine.config.kinds import (
    Anything,
    Key,
    Keys,
    Kind,
    ListOf,
    MapOf,
    Zone,
    expected,
    folded,
    is_plain,
    names,
)
from inglenook.engine.config.report import Report
from inglenook.engine.config.scalars import Wrong, as_flag, nearest, pick, scalar, sentence
from inglenook.engine.config.tree import Path, Value, kind, shown, walk
from inglenook.engine.config.undotted import undotted
from inglenook.engine.settings import Fate, Notice, Row

_MOST_NAMED: Final = 14
_NONE: Final = Value(None, "", 0)
_OWN: Final = "only your own configuration file may set it"
_REFUSED_IN: Final = {
    Zone.FOLDER: f"is refused in a file of a workspace; {_OWN}",
    Zone.EDITOR: f"is refused in the editor's settings; {_OWN}",
    Zone.USER: "is refused",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """``tree`` has only keys that are used, with values of their kind.

    An entry of a list that cannot be used is a value without data, so that places stay as they
    are in the file. None: nothing can be used.
    """

    tree: Value | None
    report: Report

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.report.rows

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.report.notices


def check(value: Value, schema: Keys, zone: Zone, report: Report | None = None) -> Checked:
    """Read ``value`` by ``schema`` as something that was written in ``zone``."""
    report = Report() if report is None else report
    return Checked(_Checker(zone, report).whole(value, schema), report)


class _Checker:
    def __init__(self, zone: Zone, report: Report) -> None:
        self._zone = zone
        self._report = report
        self.barred = False  # something was refused that is right in its form

    def whole(self, value: Value, schema: Keys) -> Value | None:
        if not isinstance(value.data, Mapping):
            self._report.say(value, (), f"is {kind(value)}; expected keys with values")
            return None
        return self._keys(value, schema, ())

    def _keys(self, value: Value, schema: Keys, path: Path) -> Value | None:
        found: dict[str, Value] = {}
        spoiled = ""
        entries = undotted(value.entries, names(schema.keys))
        # Then the rest is in that file.
        referred = "uses" in schema.keys and kind(entries.get("uses", _NONE)) != "nothing"
        if referred and self._zone not in schema.keys["uses"].zones:
            spoiled = "uses"
        for name, entry in entries.items():
            key = schema.keys.get(name)
            if key is None:
                self._unknown(name, entry, schema, (*path, name))
                continue
            good = self._key(entry, key, (*path, name))
            if good is not None:
                found[name] = good
            elif key.required and not referred:
                spoiled = spoiled or name
        if referred and "uses" not in found:
            spoiled = spoiled or "uses"
        for name, key in schema.keys.items():
            missing = name not in entries or kind(entries[name]) == "nothing"
            if key.required and missing and not referred:
                text = f"is missing; expected {expected(key.kind)}"
                self._report.say(entries.get(name, value), (*path, name), text)
                spoiled = spoiled or name
        if spoiled:
            why = f"Without a usable {spoiled!r} what it stands in is not used."
            self._report.mark(value, path, Fate.REFUSED, why)
            return None
        if not entries and path:
            self._report.row(value, path, Fate.USED)
        return self._report.placed(replace(value, data=found), path)

    def _key(self, entry: Value, key: Key, path: Path) -> Value | None:
        """The value of a key that the schema has, if it is used."""
        if self._zone not in key.zones:
            return self._refused(entry, path, _REFUSED_IN[self._zone])
        if entry.data is None and not entry.unread:
            self._report.row(entry, path, Fate.IGNORED, "It has no value.")
            return None
        if key.fate is Fate.REFUSED:
            return self._refused(entry, path, f"is refused. {key.why}.")
        if not isinstance(entry.data, (tuple, Mapping)):
            data = as_flag(entry.data)
            if key.narrow is not None and self._zone is not Zone.USER and data is (not key.narrow):
                text = "may only be switched off here, and is refused otherwise"
                return self._refused(entry, path, text)
            if data in key.never:
                return self._refused(entry, path, f"is refused. {key.never[data]}.")
        if key.fate is Fate.IGNORED:
            plain = is_plain(key.kind) and not isinstance(entry.data, (tuple, Mapping))
            text = shown(entry, key.secret) if plain else ""
            self._report.row(entry, path, Fate.IGNORED, key.why, text)
            if not key.quiet:
                self._report.ignored(entry, path)
            return None
        return self._value(entry, key.kind, path, key.secret)

    def _value(self, value: Value, of: Kind, path: Path, secret: bool) -> Value | None:
        kind_there = pick(of, value)
        if value.unread or kind_there is None:
            return self._fault(value, f"is {kind(value)}", of, path)
        if isinstance(kind_there, Keys):
            return self._keys(value, kind_there, path)
        if isinstance(kind_there, MapOf):
            return self._map(value, kind_there, path, secret)
        if isinstance(kind_there, ListOf):
            return self._list(value, kind_there, path, secret)
        try:
            data = value.data if isinstance(kind_there, Anything) else scalar(value, kind_there)
        except Wrong as wrong:
            return self._fault(value, str(wrong), of, path)
        self._report.row(value, path, Fate.USED, shown=shown(value, secret))
        return self._report.placed(replace(value, data=data), path)

    def _map(self, value: Value, of: MapOf, path: Path, secret: bool) -> Value:
        found = {}
        for name, entry in value.entries.items():
            good = self._value(entry, of.of, (*path, name), secret)
            if good is not None:
                found[name] = good
        if not value.entries:
            self._report.row(value, path, Fate.USED)
        return self._report.placed(replace(value, data=found), path)

    def _list(self, value: Value, of: ListOf, path: Path, secret: bool) -> Value | None:
        items = value.items if isinstance(value.data, tuple) else (value,)
        if len(items) > of.most:
            return self._fault(value, f"has {len(items)} entries", of, path, f"at most {of.most}")
        found = []
        if not is_plain(of.of) and items:
            for number, item in enumerate(items):
                good = self._value(item, of.of, (*path, number), secret)
                found.append(good or Value(None, item.file, item.line))
        else:
            found = self._plain_list(value, items, of, path, secret)
        return self._report.placed(replace(value, data=tuple(found)), path)

    def _plain_list(
        self, value: Value, items: tuple[Value, ...], of: ListOf, path: Path, secret: bool
    ) -> list[Value]:
        """The items that are as they should be; each other is one notice, and all are one row."""
        found, whys = [], []
        for number, item in enumerate(items):
            try:
                found.append(replace(item, data=scalar(item, of.of)))
            except Wrong as wrong:
                there = (*path, number) if isinstance(value.data, tuple) else path
                text = sentence(item, str(wrong), of.of)
                self._report.say(item, there, text)
                whys.append(f"Entry {number + 1} {text}")
        fate = Fate.REFUSED if whys and not found else Fate.USED
        text = shown(value, secret) if not whys else ""
        self._report.row(value, path, fate, "; ".join(whys[:3]), text)
        return found

    def _fault(
        self, value: Value, found: str, of: Kind, path: Path, wanted: str = ""
    ) -> Value | None:
        text = sentence(value, found, of, wanted)
        self._report.say(value, path, text)
        self._report.row(value, path, Fate.REFUSED, text[0].upper() + text[1:] + ".")
        return None

    def _refused(self, value: Value, path: Path, text: str) -> Value | None:
        self.barred = True
        self._report.say(value, path, text)
        self._report.row(value, path, Fate.REFUSED, text[0].upper() + text[1:])
        return None

    def _unknown(self, name: str, entry: Value, schema: Keys, path: Path) -> None:
        """A key that the schema has not: it has no effect, but may hold what another refuses."""
        known = names(schema.keys)
        meant = known.get(folded(name), "")
        if meant:
            # Read as the key that it almost is, for what would be refused there is refused here.
            aside = Report()
            checker = _Checker(self._zone, aside)
            checker._key(entry, schema.keys[meant], path)
            if checker.barred:
                self.barred = True
                aside.mark_used(Fate.UNKNOWN, f"Did you mean {meant!r}?")
                self._report.take(aside)
                return
        elif len(path) == 1 and _is_holder(name, entry):
            why = "It holds what aliases stand for, or is nobody's key on purpose."
            self._report.row(entry, path, Fate.IGNORED, why)
            return
        if not meant and not self._report.is_full(entry.file):
            meant = nearest(name, known)
        mean = f"did you mean {meant!r}?" if meant else ""
        more = "…" if len(schema.keys) > _MOST_NAMED else ""
        tail = mean or f"expected one of {', '.join(list(schema.keys)[:_MOST_NAMED])}{more}"
        self._report.say(entry, path, f"is no key that is known here; {tail}")
        why = f"No such key is known{'; ' + mean if mean else '.'}"
        self._report.row(entry, path, Fate.UNKNOWN, why)


def _is_holder(name: str, entry: Value) -> bool:
    """Whether a top-level key is there for its anchor only, as Continue's users have it."""
    return name.startswith(("x-", ".")) or any(each.shared for each in walk(entry))


__all__ = ["Checked", "Report", "check", "nearest"]
