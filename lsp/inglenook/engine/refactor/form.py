"""One way of asking for an edit: what the model is shown and told, and what its answer makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from inglenook_context.verify.task import Task

TOKENS: Final = 256  # of an answer that is no code, and beside code that is written anew

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Put:
    """The whole text that an answer makes of the file, and what that may have changed."""

    after: str = field(repr=False)
    task: Task


@dataclass(frozen=True, slots=True)
class Form:
    """``start`` to ``stop`` is the code that the model is shown.

    ``put`` takes an answer; it raises `Unusable`. The answer is held to ``schema`` (JSON) or
    ``grammar`` (GBNF) where the backend can; ``is_code`` tells that it is code of the file, and
    ``is_block`` that all of use has come once a block of code has ended.
    """

    start: int
    stop: int
    title: str
    wish: str = field(repr=False)
    tokens: int
    put: Callable[[str], Put] = field(repr=False)
    schema: Schema | None = None
    grammar: str = ""
    is_code: bool = False
    is_block: bool = False


class Unusable(Exception):
    """An answer of which no edit can be made; the message is for the user and the model."""
