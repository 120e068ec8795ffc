"""Configurations of every shape that the schema has, and of many others, for hypothesis."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from inglenook.engine.config.kinds import (
    Anything,
    Choice,
    Either,
    Flag,
    Keys,
    Kind,
    ListOf,
    MapOf,
    Number,
)
from inglenook.models.spec import ROLES
from tests.support.hostile_settings import EVIL

NAMES: Final = ("Qwen", "Fast", "Team", "Qwem", "AUTODETECT")  # the user's, and others
EVILS: Final = (
    *(EVIL, "http://127.0.0.1:11434", "canary.example", "http://[::1]:9", "ollama", "openai"),
    *("/etc/passwd", "~/.ssh/id_rsa", "../../evil.pem", "file:///etc/passwd", "evil.gguf"),
    *("sh -c 'touch /tmp/x'", "${{ secrets.KEY }}", "$KEY", "Bearer sk-canary", "owner/block"),
    *("!*", "**", "yes", "on", "1", "", "\u202e", "\ud800", "a.b.c"),
)
_TEXTS: Final = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(EVILS),
    st.sampled_from(sorted(ROLES)),
    st.text(max_size=8),
)
_SCALARS: Final = st.one_of(
    _TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
JUNK: Final = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """What ``kind`` can hold, and now and then what it cannot."""
    return st.one_of(_of(kind), _of(kind), _of(kind), JUNK)


def _of(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Number():
            return st.integers(-2, 100_000)
        case Flag():
            return st.booleans()
        case Choice():
            return st.sampled_from(kind.names)
        case ListOf():
            return st.lists(st.deferred(lambda: values(kind.of)), max_size=3)
        case MapOf():
            return st.dictionaries(_TEXTS, st.deferred(lambda: values(kind.of)), max_size=3)
        case Keys():
            return mappings(kind)
        case Either():
            return st.one_of([_of(each) for each in kind.kinds])
        case Anything():
            return JUNK
        case _:
            return _TEXTS


@st.composite
def mappings(draw: st.DrawFn, keys: Keys) -> dict[str, Any]:
    """A few of the keys with their values, in some of their spellings."""
    names = [name for name, key in keys.keys.items() if key.required]
    names += draw(st.lists(st.sampled_from(sorted(keys.keys)), max_size=_FEW))
    names += [name for name in _OFTEN if name in keys.keys and draw(st.booleans())]
    found: dict[str, Any] = draw(st.dictionaries(_TEXTS, JUNK, max_size=1))
    for name in dict.fromkeys(names):
        spelling = draw(st.sampled_from(_SPELLINGS))
        found |= _spelled(name, draw(values(keys.keys[name].kind)), spelling)
    return found


_FEW: Final = 3
_OFTEN: Final = ("inglenook", "models")  # lead to what counts
_SPELLINGS: Final = ("as it is",) * 8 + ("upper", "dotted", "twice", "wide")


def _spelled(name: str, value: Any, spelling: str) -> dict[str, Any]:
    if spelling == "upper":
        return {name.upper(): value}
    if spelling == "wide":
        return {chr(ord(name[0]) + 0xFEE0) + name[1:]: value}
    inner = value if isinstance(value, dict) else {}
    if spelling == "dotted" and inner:
        return {f"{name}.{key}": each for key, each in inner.items()}
    again = list(inner.items())[: spelling == "twice"]
    return {name: value, **{f"{name}.{key}": each for key, each in again}}


# What a workspace may say, so that not everything is refused.
_FINE: Final = st.fixed_dictionaries(
    {},
    optional={
        "inglenook": st.fixed_dictionaries(
            {},
            optional={
                "models": st.dictionaries(
                    st.sampled_from(sorted(ROLES)), st.sampled_from(NAMES), max_size=3
                ),
                "enabled": st.booleans(),
                "automatic": st.booleans(),
                "disabledLanguages": st.lists(st.sampled_from(("go", "python")), max_size=1),
                "ignore": st.lists(st.sampled_from(("*.py", "!*.pem")), max_size=1),
            },
        ),
        "rules": st.lists(_TEXTS, max_size=2),
        "prompts": st.lists(st.fixed_dictionaries({"name": _TEXTS, "prompt": _TEXTS}), max_size=1),
        "models": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(NAMES),
                    "roles": st.lists(st.sampled_from(sorted(ROLES)), max_size=2),
                },
                optional={"apiBase": _TEXTS, "requestOptions.proxy": _TEXTS},
            ),
            max_size=2,
        ),
    },
)


def documents(keys: Keys) -> st.SearchStrategy[bytes]:
    """Files: JSON is YAML, so that one text is read by both; cut and broken ones among them."""
    both = st.builds(lambda fine, wild: {**wild, **fine}, _FINE, mappings(keys))
    whole = st.one_of(both, mappings(keys), _FINE).map(lambda value: json.dumps(value).encode())
    return st.one_of(whole, whole, whole, whole.flatmap(_otherwise), st.binary(max_size=40))


def _otherwise(data: bytes) -> st.SearchStrategy[bytes]:
    front = b"---\n" + data + b"\n---\nBe brief.\n"
    merged = b"x-a: &a " + data + b"\ninglenook: *a\n<<: *a\nmodels: [{<<: *a, name: Qwen}]\n"
    return st.one_of(st.sampled_from((front, merged)), st.integers(1, 40).map(lambda n: data[:-n]))
