"""Continue's older ``config.json``, said in the words of ``config.yaml``.

Every value keeps its file and line. Continue's own converter loses ``template``,
``contextLength``, ``capabilities``, ``tabAutocompleteOptions``, a model's ``systemMessage`` and
what Ollama loads a model with; here they stay. What nothing corresponds to gets its row here; of
all the rest the rows are made by whoever checks the new value, and `retold` gives them the names
that the file has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.engine.config.legacy_keys import (
    COMMAND,
    CONTEXT,
    DOCS,
    EXPERIMENTAL,
    IGNORED,
    MCP,
    ROLES,
    ROOT,
    Target,
)
from inglenook.engine.config.legacy_models import models
from inglenook.engine.config.legacy_moves import Moves
from inglenook.engine.config.tree import Value, key_name
from inglenook.engine.settings import Fate, Notice, Row

_PATHS: Final = re.compile(
    r"(?<![\w./-])(?:models|rules|prompts|docs|context|mcpServers|inglenook|data)(?![\w/-])[\w.\[\]-]*"
)
_WORST: Final = (Fate.REFUSED, Fate.UNKNOWN, Fate.USED, Fate.IGNORED)
_ALL_OWN: Final = "Every model has a value of its own for it, or there is none."
_NO_TAB: Final = "There is no tabAutocompleteModel that it could be for."
_NO_MAP: Final = "Inglenook chooses files by their names, without a model."


@dataclass(frozen=True, slots=True)
class Legacy:
    """``names`` are what the file calls the places in ``value``; ``made`` are not in it at all."""

    value: Value
    rows: tuple[Row, ...] = ()
    notices: tuple[Notice, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    made: frozenset[str] = frozenset()


def convert(value: Value) -> Legacy:
    """What is no mapping stays as it is, for whoever checks it to say so."""
    if not value.entries:
        return Legacy(value)
    moves = Moves(value)
    new: dict[str, Value] = {}
    for key, each in value.entries.items():
        if key in ROOT:
            moves.put(new, "", ROOT[key], each, key)
        elif key in IGNORED:
            moves.leave(each, key, IGNORED[key])
        elif key not in _PARTS:
            moves.unknown(key, each, key_name(key), (*ROOT, *IGNORED, *_PARTS))
    found = models(moves)
    if found is not None:
        new["models"] = found
    for key, (name, known) in _LISTS.items():
        if key in value.entries:
            _list(moves, new, name, value.entries[key], key, known)
    _system_message(moves, new)
    _experimental(moves, new)
    _chosen_reranker(moves, new)
    _for_all(moves, new)
    _dev_data(moves, new)
    told = tuple(moves.rows), tuple(moves.notices)
    return Legacy(replace(value, data=new), *told, dict(moves.names), frozenset(moves.made))


def retold(
    legacy: Legacy, rows: Iterable[Row], notices: Iterable[Notice]
) -> tuple[list[Row], list[Notice]]:
    """What was found in the new value, under the names of the old file and in its order.

    One key of the old file may have become several; the fate that costs the user most is told.
    """
    told: dict[tuple[str, int], Row] = {}
    for row in (*legacy.rows, *rows):
        if row.key in legacy.made:
            continue  # the file does not say it
        named = replace(row, key=old_name(row.key, legacy.names))
        place = (named.key, named.line)
        if place not in told or _WORST.index(named.fate) < _WORST.index(told[place].fate):
            told[place] = named
    texts: dict[str, Notice] = {}
    for notice in (*legacy.notices, *notices):
        text = _PATHS.sub(lambda match: old_name(match[0], legacy.names), notice.text)
        texts.setdefault(text, replace(notice, text=text))
    return sorted(told.values(), key=lambda row: row.line), list(texts.values())


def old_name(path: str, names: Mapping[str, str]) -> str:
    """``path`` by the longest part of it that has a name in the old file."""
    end = len(path)
    while end > 0:
        if path[:end] in names:
            return names[path[:end]] + path[end:]
        end = max(path.rfind(".", 0, end), path.rfind("[", 0, end))
    return path


_LISTS: Final[dict[str, tuple[str, Mapping[str, Target | str]]]] = {
    "contextProviders": ("context", CONTEXT),
    "customCommands": ("prompts", COMMAND),
    "docs": ("docs", DOCS),
}
_PARTS: Final = (
    "models",
    "tabAutocompleteModel",
    "tabAutocompleteOptions",
    "embeddingsProvider",
    "reranker",
    "completionOptions",
    "systemMessage",
    "experimental",
    "devData",
    *_LISTS,
)


def _list(
    moves: Moves,
    new: dict[str, Value],
    name: str,
    value: Value,
    old: str,
    known: Mapping[str, Target | str],
) -> None:
    """A list whose entries have other keys for the same."""
    moves.names[name] = old
    made = []
    for number, entry in enumerate(value.items):
        path, where = f"{old}[{number}]", f"{name}[{number}]"
        moves.names[where] = path
        flat, within = _flat(entry)
        keys = moves.entry(where, flat, path, known, within)
        if name == "mcpServers" and keys:
            moves.make(keys, where, "name", Value("MCP Server", entry.file, entry.line))
        made.append(replace(entry, data=keys) if entry.entries else entry)
    new[name] = replace(value, data=tuple(made)) if isinstance(value.data, tuple) else value


def _flat(entry: Value) -> tuple[Value, Mapping[str, str]]:
    """An entry with what its ``transport`` says beside the rest; only an MCP server has one."""
    transport = entry.entries.get("transport")
    if transport is None or not transport.entries:
        return entry, {}
    rest = {key: value for key, value in entry.entries.items() if key != "transport"}
    within = {key: "transport." for key in transport.entries if key not in rest}
    return replace(entry, data={**transport.entries, **rest}), within


def _system_message(moves: Moves, new: dict[str, Value]) -> None:
    value = moves.old.get("systemMessage")
    if value is None:
        return
    if value.data in (None, ""):
        moves.leave(value, "systemMessage", "It has no value.")
        return
    new["rules"] = Value((value,), value.file, value.line)
    moves.names["rules[0]"] = moves.names["rules"] = "systemMessage"


def _experimental(moves: Moves, new: dict[str, Value]) -> None:
    for key, each in moves.within(moves.old.get("experimental"), "experimental").items():
        path = f"experimental.{key_name(key)}"
        if key == "modelRoles":
            _model_roles(moves, new, each)
        elif key == "modelContextProtocolServers":
            _list(moves, new, "mcpServers", each, path, MCP)
        elif key in EXPERIMENTAL:
            moves.leave(each, path, EXPERIMENTAL[key])
        else:
            known = (*EXPERIMENTAL, "modelRoles", "modelContextProtocolServers")
            moves.unknown(key, each, path, known)


def _model_roles(moves: Moves, new: dict[str, Value], value: Value) -> None:
    for key, each in moves.within(value, "experimental.modelRoles").items():
        path = f"experimental.modelRoles.{key_name(key)}"
        if key in ROLES:
            moves.put(new, "", ("inglenook", "models", ROLES[key]), each, path)
        elif key == "repoMapFileSelection":
            moves.leave(each, path, _NO_MAP)
        else:
            moves.unknown(key, each, path, (*ROLES, "repoMapFileSelection"))


def _chosen_reranker(moves: Moves, new: dict[str, Value]) -> None:
    """A reranker that is one of the models."""
    value = moves.old.get("reranker")
    name = value.entries.get("name") if value is not None else None
    if value is None or name is None or name.data != "llm":
        return
    moves.rows.append(Row("reranker.name", Fate.USED, name.file, name.line, "", "llm"))
    for key, each in moves.within(value.entries.get("params"), "reranker.params").items():
        path = f"reranker.params.{key_name(key)}"
        if key in ("modelTitle", "modelName"):
            moves.put(new, "", ("inglenook", "models", "rerank"), each, path)
        else:
            moves.unknown(key, each, path, ("modelTitle",))


def _for_all(moves: Moves, new: dict[str, Value]) -> None:
    """What holds for all models, where there is none that lacks it."""
    taken = set(moves.names.values())
    for group, why in (("completionOptions", _ALL_OWN), ("tabAutocompleteOptions", _NO_TAB)):
        value = moves.old.get(group)
        if value is None or group in taken:
            continue
        for key, each in moves.within(value, group).items():
            path = f"{group}.{key_name(key)}"
            if group == "tabAutocompleteOptions" and key == "disable" and each.data is True:
                off = replace(each, data=False)
                moves.put(new, "", ("inglenook", "automatic"), off, path)
            elif path not in taken:
                moves.leave(each, path, why)


def _dev_data(moves: Moves, new: dict[str, Value]) -> None:
    """Where older versions sent development data."""
    for key, each in moves.within(moves.old.get("devData"), "devData").items():
        if key != "url":
            moves.unknown(key, each, f"devData.{key_name(key)}", ("url",))
            continue
        before = new["data"].items if "data" in new else ()
        where = f"data[{len(before)}]"
        moves.names[where], moves.names[f"{where}.destination"] = "devData", "devData.url"
        made = {"destination": each}
        moves.make(made, where, "name", Value("devData", each.file, each.line))
        moves.make(made, where, "schema", Value("0.1.0", each.file, each.line))
        entry = Value(made, each.file, each.line)
        new["data"] = Value((*before, entry), each.file, each.line)
