"""What other code sees of a text: its definitions with their signatures, and their bodies.

The same for every language: `python_definitions` and `script_definitions` make them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from inglenook_context.verify.task import Purpose, Task

PROMISE: Final = "kind of result (a promise or not)"
ASYNC: Final = "async"
_LONGEST: Final = 40  # characters of code in a sentence
_SHARED: Final = re.compile(r"[\[{]|(?:list|dict|set|bytearray)\(")


@dataclass(frozen=True, slots=True)
class Parameter:
    """``kind`` tells how it is given; ``type`` and ``default`` are normalised, and empty where none
    is written."""

    kind: str
    name: str
    optional: bool
    type: str = ""
    default: str = ""

    def __str__(self) -> str:
        return f"{self.kind}{self.name}{'=…' if self.optional else ''}"


@dataclass(frozen=True, slots=True)
class Defined:
    """``name`` is qualified by its classes. ``traits`` are what must stay as it is, by what it is
    called in a reason. ``body`` are the statements, normalised; ``public`` tells whether other
    files may use it, and ``alone`` whether it may be defined once only."""

    name: str
    kind: str  # function, class, variable, field, import, type
    public: bool
    parameters: tuple[Parameter, ...] | None = None
    returns: str = ""
    traits: tuple[tuple[str, str], ...] = ()
    body: tuple[str, ...] = ()
    alone: bool = False
    stub: bool = False  # nothing but a docstring, `pass`, `...`, or an error


def changed(old: Defined, new: Defined, task: Task) -> str:
    """How the signature differs, as a sentence; empty if it does not."""
    if old.kind != new.kind:
        return f"{old.name} was a {old.kind} and is a {new.kind} now."
    if old.parameters is not None and new.parameters is not None:
        one = [(each.kind, each.name, each.optional) for each in old.parameters]
        two = [(each.kind, each.name, each.optional) for each in new.parameters]
        if one != two:
            was, now = _listed(old.parameters), _listed(new.parameters)
            return f"The parameters of {old.name} were changed from ({was}) to ({now})."
        if reason := _other_default(old, new, task):
            return reason
    had, got = dict(old.traits), dict(new.traits)
    for trait in dict.fromkeys([*had, *got]):
        if trait == "fields" and _more_fields(had.get(trait, ""), got.get(trait, "")):
            continue
        if trait == PROMISE and {had.get(trait, ""), got.get(trait, "")} != {ASYNC, ""}:
            continue  # a type that was added makes no promise of what is none
        if had.get(trait, "") != got.get(trait, ""):
            return f"The {trait} of {old.name} changed."
    if task.purpose is Purpose.TYPES:
        return ""
    for each, other in zip_longest(old.parameters or (), new.parameters or ()):
        if each and other and not _widened(each.type, other.type):
            return f"The type of the parameter {each.name} of {old.name} was changed."
    if not _widened(old.returns, new.returns):
        return f"The return type of {old.name} was changed."
    return ""


def _more_fields(had: str, got: str) -> bool:
    """Whether fields came behind those that were there, which nobody has to give."""
    more = got.removeprefix(f"{had}, ")
    return bool(had) and more != got and all("=" in each for each in more.split(", "))


def _other_default(old: Defined, new: Defined, task: Task) -> str:
    """Whoever does not give the parameter would get something else.

    None for a value that all calls would share is how that is mended, where the body asks for it;
    where a default was complained of, but one that is shared is there, only that was meant.
    """
    pairs = list(zip(old.parameters or (), new.parameters or (), strict=True))
    shared = [each.name for each, _ in pairs if _SHARED.match(each.default)]
    mends = task.defaults_may_change or task.purpose in (Purpose.FIX, Purpose.SIMPLIFY)
    body = "\n".join(new.body)
    for each, other in pairs:
        if each.default == other.default:
            continue
        if task.defaults_may_change and not shared:
            continue
        if each.name in shared and other.default == "None" and mends and _asks(body, each.name):
            continue
        was, now = shortened(each.default), shortened(other.default)
        return f"The default of {each.name} of {old.name} was changed from {was} to {now}."
    return ""


def _asks(body: str, name: str) -> bool:
    """Whether a body tells None, or what is false, from what was given."""
    word = re.escape(name)
    tested = rf"(?<!\w){word}\s*(?:is|==|!=|or\b)|(?<!\w)(?:not|if)\s+{word}(?!\w)|\?\?"
    return re.search(tested, body) is not None


def shortened(code: str) -> str:
    """One line of a piece of code, for a sentence."""
    line = " ".join(code.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _widened(old: str, new: str) -> bool:
    """Whether a type is the same, is newly written, or allows more than it did."""
    if not old or old == new:
        return True
    return bool(new) and set(old.split(" | ")) <= set(new.split(" | "))


def _listed(parameters: Iterable[Parameter]) -> str:
    return ", ".join(map(str, parameters))
