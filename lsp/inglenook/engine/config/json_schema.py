"""The JSON schema of a configuration file, for the editor in which it is written.

It is made of the same table by which a file is read. It cannot tell which addresses, providers
and names can be used; `inglenook config check` does.
"""

from __future__ import annotations

from typing import Any, Final

from inglenook.engine.config.kinds import (
    Anything,
    Choice,
    Either,
    Flag,
    Key,
    Keys,
    Kind,
    ListOf,
    MapOf,
    Number,
    Text,
)
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.settings import Fate

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
# As YAML 1.1 has them, which are read as true and false too.
_WORDS: Final = "^([yY][eE][sS]|[oO][nN]|[nN][oO]|[oO][fF][fF])$"
_HOLDERS: Final = r"^(x-|\.)"  # top-level keys that are there for their anchors


def json_schema() -> dict[str, Any]:
    """Draft 2020-12."""
    made = _keys(CONFIG)
    made["patternProperties"] = {_HOLDERS: True}
    return {"$schema": _DIALECT, "title": "Inglenook's config.yaml", **made}


def _key(key: Key) -> dict[str, Any]:
    about = " ".join(text for text in (key.about, key.why) if text)
    described = {"description": about} if about else {}
    if key.fate is Fate.REFUSED:
        return {**described, "type": "null"}  # a key without a value does nothing
    if key.fate is Fate.IGNORED:
        # What has no effect is not looked at, but for the values that are never let through.
        made: dict[str, Any] = {"deprecated": not key.quiet}
        if key.never:
            made["not"] = {"anyOf": [_never(value) for value in key.never]}
        return {**described, **made}
    made = _kind(key.kind)
    return {**described, **(made if key.required else _or_nothing(made))}


def _never(value: object) -> dict[str, Any]:
    if value is False:
        return {
            "anyOf": [{"const": False}, {"pattern": "^([nN][oO]|[oO][fF][fF])$", "type": "string"}]
        }
    return {"const": value}


def _or_nothing(made: dict[str, Any]) -> dict[str, Any]:
    """A key that need not be there may have no value either."""
    if not made:
        return made
    if set(made) == {"anyOf"}:
        return {"anyOf": [*made["anyOf"], {"type": "null"}]}
    return {"anyOf": [made, {"type": "null"}]}


def _kind(kind: Kind) -> dict[str, Any]:
    match kind:
        case Text():
            made: dict[str, Any] = {"type": "string"}
            return made if kind.empty else {**made, "pattern": r"\S"}
        case Number():
            bounds = {"minimum": kind.low, "maximum": kind.high}
            finite = {name: value for name, value in bounds.items() if abs(value) != float("inf")}
            return {"type": "integer" if kind.whole else "number", **finite}
        case Flag():
            return {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _WORDS}]}
        case Choice():
            return {"enum": list(kind.names)}
        case ListOf():
            one = _kind(kind.of)
            many = {"type": "array", "items": one, "maxItems": kind.most}
            return {"anyOf": [one, many]} if kind.one else many
        case MapOf():
            return {"type": "object", "additionalProperties": _kind(kind.of)}
        case Keys():
            return _keys(kind)
        case Either():
            return {"anyOf": [_kind(each) for each in kind.kinds]}
        case Anything():
            return {}


def _keys(kind: Keys) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {name: _key(key) for name, key in kind.keys.items()},
        "additionalProperties": False,
    }
    needed = [name for name, key in kind.keys.items() if key.required]
    if needed and "uses" in kind.keys:  # the rest is in the file that it names
        made["anyOf"] = [{"required": ["uses"]}, {"required": needed}]
    elif needed:
        made["required"] = needed
    return made
