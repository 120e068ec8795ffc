"""What was asked of the model, what the world outside the file has, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol


class Purpose(Enum):
    """What an edit is for, which decides what it may change."""

    FIX = "fix"
    TYPES = "types"
    DOCSTRING = "docstring"
    SIMPLIFY = "simplify"
    EDIT = "edit"
    EXTRACT = "extract"
    INLINE = "inline"
    RENAME = "rename"


# What vanishes in these makes them wrong; of the others it is said.
STRICT: Final = frozenset(
    {Purpose.EXTRACT, Purpose.INLINE, Purpose.RENAME, Purpose.DOCSTRING, Purpose.TYPES}
)


@dataclass(frozen=True, slots=True)
class Task:
    """``target`` is what may change, in code points of the text before.

    ``signature_may_change``: what other code sees of the target was to change;
    ``defaults_may_change``: of that only the defaults of its parameters. ``may_remove``: code was
    to go away; ``may_empty``: all of a body was, as where a stub is asked for.
    ``gone`` and ``come`` are names that may vanish (the old name, the variable that is put into
    its place) and appear (the new name, what was extracted).
    """

    language: str  # LSP language identifier
    target: tuple[int, int]
    purpose: Purpose = Purpose.EDIT
    signature_may_change: bool = False
    defaults_may_change: bool = False
    may_remove: bool = False
    may_empty: bool = False
    gone: frozenset[str] = frozenset()
    come: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A module as it is written (``..a.b``, ``./x``), and a name of it or empty for the module.

    ``name`` with an empty module is a global of a script's surroundings.
    """

    module: str
    name: str = ""


class World(Protocol):
    """What is outside the file, as the file sees it. None says that it cannot be told."""

    def has_module(self, module: str) -> bool | None: ...

    def has_name(self, module: str, name: str) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Answers:
    """A world that was asked ahead; what is not in it cannot be told."""

    known: Mapping[Wanted, bool | None] = field(default_factory=dict)

    def has_module(self, module: str) -> bool | None:
        return self.known.get(Wanted(module))

    def has_name(self, module: str, name: str) -> bool | None:
        return self.known.get(Wanted(module, name))


@dataclass(frozen=True, slots=True)
class Failure:
    """``check`` names what failed; ``reason`` is one sentence for the user and for the model.

    It may hold names and lines of the user's code, so it belongs into an answer, never into a log.
    """

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``notes`` say, a sentence each, what vanished where that is allowed."""

    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.failures
