"""What a key of a configuration file can hold, and what becomes of it: the words of the schema.

The tables that are written in these words are `inglenook.engine.config.schema` and the modules
beside it; `inglenook.engine.config.check` reads a file by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Flag as FlagEnum
from enum import auto

from inglenook.engine.settings import Fate


class Zone(FlagEnum):
    """Who wrote a file. What a lower zone says may only narrow what the user's own file allows."""

    USER = auto()  # the user's own file
    FOLDER = auto()  # a file of a workspace, which whoever wrote the repository wrote
    EDITOR = auto()  # settings that an editor sends, into which a workspace may write


ANYBODY = Zone.USER | Zone.FOLDER | Zone.EDITOR


@dataclass(frozen=True, slots=True)
class Text:
    lines: bool = False  # may have more than one line
    empty: bool = False  # may be empty
    expected: str = "a text"


@dataclass(frozen=True, slots=True)
class Number:
    low: float = float("-inf")
    high: float = float("inf")
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    pass


@dataclass(frozen=True, slots=True)
class Choice:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    of: Kind
    one: bool = False  # one alone may stand there without a list
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class MapOf:
    """Keys of the user's choice."""

    of: Kind


@dataclass(frozen=True, slots=True)
class Keys:
    keys: Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Either:
    """What stands there decides by its form, of which no two kinds have the same."""

    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    pass


Kind = Text | Number | Flag | Choice | ListOf | MapOf | Keys | Either | Anything


@dataclass(frozen=True, slots=True)
class Key:
    """``why`` is one sentence for the user, if the key is ignored or refused.

    ``quiet`` keys are ignored without a word, for they are not meant to do anything.
    ``narrow`` is the one value that a lower zone may give it. ``never`` are values that are
    refused, whoever gives them, and why.
    """

    kind: Kind
    fate: Fate = Fate.USED
    why: str = ""
    required: bool = False
    secret: bool = False
    quiet: bool = False
    zones: Zone = Zone.USER
    narrow: bool | None = None
    never: Mapping[object, str] = field(default_factory=dict)
    about: str = ""  # what it does, for an editor to show


def used(kind: Kind, about: str = "", *, zones: Zone = Zone.USER, secret: bool = False) -> Key:
    return Key(kind, about=about, zones=zones, secret=secret)


def required(kind: Kind, about: str = "") -> Key:
    return Key(kind, about=about, required=True)


def ignored(
    kind: Kind, why: str, *, zones: Zone = Zone.USER, quiet: bool = False, secret: bool = False
) -> Key:
    return Key(kind, Fate.IGNORED, why, zones=zones, quiet=quiet, secret=secret)


def refused(kind: Kind, why: str) -> Key:
    return Key(kind, Fate.REFUSED, why, secret=True)


def open_to(zones: Zone, keys: Mapping[str, Key]) -> dict[str, Key]:
    """The same keys, which these zones may write too; what is in them keeps its own zones."""
    return {name: replace(key, zones=zones) for name, key in keys.items()}


def expected(kind: Kind) -> str:
    """As in "expected …"."""
    match kind:
        case Text():
            return kind.expected
        case Number():
            return _number(kind)
        case Flag():
            return "true or false"
        case Choice():
            return f"one of {', '.join(kind.names)}"
        case ListOf():
            return f"{expected(kind.of)}, or a list of such" if kind.one else "a list"
        case MapOf() | Keys():
            return "keys with values"
        case Either():
            return " or ".join(dict.fromkeys(expected(each) for each in kind.kinds))
        case Anything():
            return "a value"


def _number(kind: Number) -> str:
    text = "a whole number" if kind.whole else "a number"
    low, high = kind.low != float("-inf"), kind.high != float("inf")
    if low and high:
        return f"{text} from {kind.low:g} to {kind.high:.15g}"
    if low:
        return f"{text} of at least {kind.low:g}"
    return text


def is_plain(kind: Kind) -> bool:
    """Whether it has no keys of its own, so that a list of such is one row of a report."""
    if isinstance(kind, Either):
        return all(is_plain(each) for each in kind.kinds)
    return isinstance(kind, (Text, Number, Flag, Choice, Anything))


def names(keys: Iterable[str]) -> dict[str, str]:
    """The keys by what they are however they are spelled."""
    return {folded(key): key for key in keys}


def folded(key: str) -> str:
    """``key`` so that two spellings of it are one: "ApiBase" and "apibase"."""
    if key.isascii():
        return key.lower()
    from unicodedata import normalize

    return normalize("NFKC", key).casefold()
