"""What a refactor comes to: text edits that can be shown and applied, or one sentence why not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """``new`` in the place of the characters from ``start`` to ``stop`` (code points)."""

    start: int
    stop: int
    new: str


@dataclass(frozen=True, slots=True)
class Refactoring:
    """``kind`` is an LSP code action kind; ``changes`` are in the order of the text and do not
    overlap; ``name`` is what was introduced or renamed to.

    ``confirm`` says, a sentence each, where behaviour may change in a way that the file alone
    cannot show. Empty means that it does not.
    """

    kind: str
    title: str
    changes: tuple[Change, ...]
    name: str = ""
    confirm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a refactor is not offered, as one sentence for the user.

    It names variables of the user's code, so it belongs into an answer and never into a log.
    """

    reason: str


class Refused(Exception):
    """Ends the work on a refactor; the public functions turn it into a `Refusal`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def applied(text: str, changes: tuple[Change, ...]) -> str:
    """``text`` after ``changes``."""
    pieces: list[str] = []
    at = 0
    for change in changes:
        pieces += [text[at : change.start], change.new]
        at = change.stop
    return "".join([*pieces, text[at:]])


def in_order(changes: list[Change]) -> tuple[Change, ...]:
    return tuple(sorted(set(changes), key=lambda change: (change.start, change.stop)))
