"""The models of a ``config.json``, which has a list of them and three places for special ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from inglenook.engine.config.legacy_keys import (
    EMBEDDINGS,
    EMBEDDINGS_MODEL,
    MODEL,
    RERANKER,
    SKILLS,
    Target,
)
from inglenook.engine.config.legacy_moves import Moves, listed
from inglenook.engine.config.tree import Value, key_name

_CHAT: Final = ("chat", "edit", "apply", "summarize")  # what Continue gives those of the list
_TAB: Final = ("autocomplete",)


def models(moves: Moves) -> Value | None:
    """The list ``models``; None if the file has none at all."""
    made: list[Value] = []
    old = moves.old
    for key, roles in (("models", _CHAT), ("tabAutocompleteModel", _TAB)):
        value = old.get(key)
        if value is None or value.data is None:
            continue
        if not isinstance(value.data, tuple):
            _add(moves, made, value, key, roles, MODEL)
        for number, entry in enumerate(value.items):
            _add(moves, made, entry, f"{key}[{number}]", roles, MODEL)
    if (value := old.get("embeddingsProvider")) is not None and value.data is not None:
        _embeddings(moves, made, value)
    if (value := old.get("reranker")) is not None and value.data is not None:
        _reranker(moves, made, value)
    place = old.get("models") or (made[0] if made else None)
    return Value(tuple(made), place.file, place.line) if place is not None else None


def _add(
    moves: Moves,
    made: list[Value],
    entry: Value,
    old: str,
    roles: Sequence[str],
    known: Mapping[str, Target | str],
    name: str = "",
    within: Mapping[str, str] | None = None,
) -> None:
    where = f"models[{len(made)}]"
    moves.names[where] = old
    if not entry.entries:
        made.append(entry)
        return
    rest = entry
    skills = entry.entries.get("capabilities")
    if skills is not None and skills.entries:
        others = {key: value for key, value in entry.entries.items() if key != "capabilities"}
        rest = replace(entry, data=others)
    keys = moves.entry(where, rest, old, known, within)
    if rest is not entry and skills is not None:
        keys["capabilities"] = _capabilities(moves, skills, f"{old}.capabilities")
        moves.names[f"{where}.capabilities"] = f"{old}.capabilities"
    _beneath(moves, keys, where, "defaultCompletionOptions", "completionOptions")
    if roles == _TAB:
        _beneath(moves, keys, where, "autocompleteOptions", "tabAutocompleteOptions")
    if name or "model" in keys:
        given = Value(name, entry.file, entry.line) if name else keys["model"]
        moves.make(keys, where, "name", given)
    _rename(keys, made, roles)
    moves.make(keys, where, "roles", listed(roles, entry))
    made.append(replace(entry, data=keys))


def _rename(keys: dict[str, Value], made: Sequence[Value], roles: Sequence[str]) -> None:
    """A model for completions may be called as one for chats is; here no two are called alike."""
    name = keys.get("name")
    others = [each.entries["name"].data for each in made if "name" in each.entries]
    if roles == _TAB and name is not None and isinstance(name.data, str) and name.data in others:
        keys["name"] = replace(name, data=f"{name.data} ({roles[0]})")


def _beneath(moves: Moves, keys: dict[str, Value], where: str, new: str, old: str) -> None:
    """Lets what the file says for all models hold where this one says nothing."""
    general, own = moves.old.get(old), keys.get(new)
    if general is None or general.data is None:
        return
    if own is None:
        moves.put(keys, where, (new,), general, old)
    elif own.entries and general.entries:
        keys[new] = replace(own, data={**general.entries, **own.entries})
        for key in general.entries:
            if key not in own.entries:
                moves.names[f"{where}.{new}.{key_name(key)}"] = f"{old}.{key_name(key)}"


def _capabilities(moves: Moves, value: Value, old: str) -> Value:
    """The list of those that are there; what is false is said by its absence."""
    found = []
    for key, each in value.entries.items():
        if key not in SKILLS:
            moves.unknown(key, each, f"{old}.{key_name(key)}", tuple(SKILLS))
        elif each.data is True:
            found.append(SKILLS[key])
    return listed(found, value)


def _embeddings(moves: Moves, made: list[Value], value: Value) -> None:
    provider = value.entries.get("provider")
    if provider is not None and "model" not in value.entries:
        model = EMBEDDINGS_MODEL.get(str(provider.data))
        if model is not None:
            given = Value(model, value.file, value.line)
            value = replace(value, data={**value.entries, "model": given})
    _add(moves, made, value, "embeddingsProvider", ("embed",), EMBEDDINGS, "Embeddings Model")


def _reranker(moves: Moves, made: list[Value], value: Value) -> None:
    """One of ``llm`` names a model of the list and is none itself: see `legacy.convert`."""
    name, params = value.entries.get("name"), value.entries.get("params")
    if name is not None and name.data == "llm":
        return
    flat = dict(moves.within(params, "reranker.params"))
    if name is not None:
        flat["name"] = name
    within = {key: "params." for key in flat if key != "name"}
    entry = replace(value, data=flat) if value.entries else value
    _add(moves, made, entry, "reranker", ("rerank",), RERANKER, "Reranker", within)
