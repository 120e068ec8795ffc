"""Which values of a configuration are nobody's business but their owner's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from inglenook.engine.config.kinds import Anything, Either, Key, Keys, Kind, ListOf, MapOf
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.settings import Fate

HIDDEN: Final = "(hidden)"
_TEMPLATES: Final = re.compile(r"\$\{\{\s*(?:secrets|inputs)\.[^}\s]{1,200}\s*\}\}")
_ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)(\S*)")
_ADDRESSES: Final = frozenset(
    {"apiBase", "proxy", "startUrl", "destination", "url", "faviconUrl", "hosts", "origin"}
)
_SCHEMES: Final = ("", "bearer", "basic", "token")  # of Authorization, before a template


def is_secret(path: str) -> bool:
    """Whether what stands at ``path`` is nobody's business, by the schema.

    What the schema does not know may be anything.
    """
    kinds: list[Kind] = [CONFIG]
    for step in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        kinds = [one for each in kinds for one in _alternatives(each)]
        if step.startswith("["):
            kinds = [each.of for each in kinds if isinstance(each, ListOf)]
            continue
        keys = [each.keys[step] for each in kinds if isinstance(each, Keys) and step in each.keys]
        maps = [each.of for each in kinds if isinstance(each, MapOf)]
        if any(_is_private(key) for key in keys) or not (keys or maps):
            return True
        kinds = [*(key.kind for key in keys), *maps]
    return any(isinstance(each, Anything) for each in kinds) and "." in path


def _is_private(key: Key) -> bool:
    """Whether a key may have a secret: said to, or a place for anything that nobody reads."""
    open_ended = isinstance(key.kind, (MapOf, Anything)) and key.fate is not Fate.USED
    return key.secret or key.fate is Fate.REFUSED or open_ended


def _alternatives(kind: Kind) -> Iterable[Kind]:
    if isinstance(kind, Either):
        return [one for each in kind.kinds for one in _alternatives(each)]
    return [kind, *_alternatives(kind.of)] if isinstance(kind, ListOf) and kind.one else [kind]


def without_secrets(text: str, path: str) -> str:
    """``text`` as whoever looks over the owner's shoulder may see it.

    A template's name is no secret. Of an address the scheme, the host and the path are none.
    """
    if is_secret(path) and text:
        rest, count = _TEMPLATES.subn("", text)
        return text if count and rest.strip().lower() in _SCHEMES else HIDDEN
    if path.rpartition(".")[2].partition("[")[0] in _ADDRESSES:
        scheme, separator, rest = text.rpartition("://")
        return _bare(scheme + separator, rest)
    if "://" in text and "@" in text:  # in prose nobody knows where a password ends
        return HIDDEN
    return _ADDRESS.sub(lambda match: _bare(match[1], match[2]), text)


def _bare(scheme: str, rest: str) -> str:
    """An address without its user, parameters, query and fragment; hidden if they are unclear."""
    kept = re.split(r"[;?#]", rest, maxsplit=1)[0]
    users = kept.partition("/")[0].count("@")
    if rest.count("@") != users or users > 1 or "://" in scheme[:-3]:
        return HIDDEN
    return scheme + kept.rpartition("@")[2]
