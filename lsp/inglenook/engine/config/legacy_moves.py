"""How values of a ``config.json`` get to their places in the words of ``config.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from inglenook.engine.config.legacy_keys import Target, nearest
from inglenook.engine.config.tree import Value, key_name, kind, shown, walk
from inglenook.engine.settings import Fate, Level, Notice, Row

# What a key is called whose value nobody but its owner should read.
_SECRET: Final = re.compile(
    r"(?i)(?:key|keyid|token|secret|password|passphrase|authorization|cookie)(?:\[\d+\])*\Z"
)


class Moves:
    """What was moved from where, and what was left.

    ``names`` are what the old file calls the places in the new value: "models[0].name" ->
    "models[0].title". ``made`` are places with what the old file does not say.
    """

    def __init__(self, old: Value) -> None:
        self.old = old.entries
        self.rows: list[Row] = []
        self.notices: list[Notice] = []
        self.names: dict[str, str] = {}
        self.made: set[str] = set()

    def make(self, keys: dict[str, Value], where: str, key: str, value: Value) -> None:
        """``value`` for a key that must be there and is not."""
        if key not in keys:
            keys[key] = value
            self.made.add(f"{where}.{key}")

    def put(
        self, keys: dict[str, Value], where: str, target: Target, value: Value, old: str
    ) -> None:
        """``value`` at ``target`` below ``keys``; what stands there already stays."""
        first, *rest = target
        path = f"{where}.{first}".removeprefix(".")
        here = keys.get(first)
        if rest:
            inner = dict(here.entries) if here is not None else {}
            self.put(inner, path, tuple(rest), value, old)
            keys[first] = Value(inner, value.file, here.line if here is not None else value.line)
        elif here is not None and here.entries and value.entries:
            for key in value.entries:
                self.names.setdefault(f"{path}.{key_name(key)}", f"{old}.{key_name(key)}")
            keys[first] = replace(here, data={**value.entries, **here.entries})
        else:
            keys.setdefault(first, value)
            self.names.setdefault(path, old)

    def entry(
        self,
        where: str,
        entry: Value,
        old: str,
        known: Mapping[str, Target | str],
        within: Mapping[str, str] | None = None,
    ) -> dict[str, Value]:
        """The keys of an entry of a list, by a table of their places, or of why they are left.

        ``within`` says of keys that stand deeper in the old file where they do.
        """
        keys: dict[str, Value] = {}
        for key, value in entry.entries.items():
            path = f"{old}.{(within or {}).get(key, '')}{key_name(key)}"
            place = known.get(key)
            if isinstance(place, tuple):
                self.put(keys, where, place, value, path)
            elif isinstance(place, str):
                self.leave(value, path, place)
            else:
                self.unknown(key, value, path, tuple(known))
        return keys

    def within(self, value: Value | None, path: str) -> Mapping[str, Value]:
        """The keys of a mapping that has no place of its own; what is none is said."""
        if value is None or value.entries:
            return value.entries if value is not None else {}
        if value.data is None or value.data == {}:
            self.leave(value, path, "It has no value.")
            return {}
        text = f"is {kind(value)}; expected keys with values"
        self.rows.append(Row(path, Fate.REFUSED, value.file, value.line, f"I{text[1:]}."))
        self.notices.append(Notice(Level.WARNING, f"{value.file}:{value.line}: {path}: {text}"))
        return {}

    def leave(self, value: Value, path: str, why: str) -> None:
        for each, place in _leaves(value, path):
            text = shown(each, secret=bool(_SECRET.search(place)))
            self.rows.append(Row(place, Fate.IGNORED, each.file, each.line, why, text))

    def unknown(self, key: str, value: Value, path: str, known: Sequence[str]) -> None:
        close = nearest(key, known)
        mean = f"did you mean {close!r}?" if close else ""
        why = f"No such key is known{'; ' + mean if mean else '.'}"
        self.rows.append(Row(path, Fate.UNKNOWN, value.file, value.line, why))
        tail = mean or f"expected one of {', '.join(known)}"
        text = f"{value.file}:{value.line}: {path}: is no key of config.json; {tail}"
        self.notices.append(Notice(Level.WARNING, text))


def listed(texts: Sequence[str], place: Value) -> Value:
    """A list of texts that stands where ``place`` does."""
    items = tuple(Value(text, place.file, place.line) for text in texts)
    return Value(items, place.file, place.line)


def _leaves(value: Value, path: str) -> Iterator[tuple[Value, str]]:
    """What stands in ``value`` without keys of its own, and where."""
    if value.entries:
        for key, entry in value.entries.items():
            yield from _leaves(entry, f"{path}.{key_name(key)}")
    elif any(each.entries for each in walk(value)):
        for number, entry in enumerate(value.items):
            yield from _leaves(entry, f"{path}[{number}]")
    else:
        yield value, path
