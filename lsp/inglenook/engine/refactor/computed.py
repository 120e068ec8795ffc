"""The refactors that the syntax tree computes, as far as each is right at a place.

They go through a whole function, and some through a whole file: call them in a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.typescript.extract_variable import (
    extract_variable as extract_constant,
)
from inglenook_context.refactor.typescript.inline_variable import (
    inline_variable as inline_constant,
)
from inglenook_context.syntax import Syntax

log = logging.getLogger(__name__)

KINDS: Final = ("refactor.extract", "refactor.inline")
_LONGEST: Final = 400_000  # characters of a file in which anything is offered
SCRIPTS: Final = ("typescript", "typescriptreact", "javascript", "javascriptreact")

Compute = Callable[[Syntax, int, int], Refactoring | Refusal]
_Named = tuple[str, Compute]


def _inline(syntax: Syntax, start: int, _stop: int) -> Refactoring | Refusal:
    return inline_variable(syntax, start)


def _inline_constant(syntax: Syntax, start: int, _stop: int) -> Refactoring | Refusal:
    return inline_constant(syntax, start)


# By language: code action kinds of the protocol, and what computes one.
_OF_PYTHON: Final[Sequence[_Named]] = (
    ("refactor.extract.function", extract_function),
    ("refactor.extract.variable", extract_variable),
    ("refactor.extract.variable", partial(extract_variable, everywhere=True)),
    ("refactor.inline.variable", _inline),
)
_OF_SCRIPTS: Final[Sequence[_Named]] = (
    ("refactor.extract.variable", extract_constant),
    ("refactor.extract.variable", partial(extract_constant, everywhere=True)),
    ("refactor.inline.variable", _inline_constant),
)
_COMPUTED: Final = {"python": _OF_PYTHON, **dict.fromkeys(SCRIPTS, _OF_SCRIPTS)}


def is_computed(language: str) -> bool:
    """Whether anything is computed for a language (LSP identifier)."""
    return language in _COMPUTED


def offered(
    syntax: Syntax, language: str, start: int, stop: int, only: Sequence[str] = ()
) -> tuple[Refactoring, ...]:
    """What is right for the characters from ``start`` to ``stop``; nothing for broken code.

    Something can be extracted from a selection only. ``only`` are kinds that are wanted, each
    with all below it; empty: all.
    """
    if not syntax.exact or len(syntax.text) > _LONGEST:
        return ()
    return tuple(_offered(syntax, language, start, stop, only))


def _offered(
    syntax: Syntax, language: str, start: int, stop: int, only: Sequence[str]
) -> Iterator[Refactoring]:
    for kind, compute in _COMPUTED.get(language, ()):
        if only and not any(kind == each or kind.startswith(f"{each}.") for each in only if each):
            continue
        if kind.startswith("refactor.extract") and start == stop:
            continue
        try:
            found = compute(syntax, start, stop)
        except Exception as error:  # one that breaks must not take the others along
            log.error("%s could not be computed: %s", kind, type(error).__name__)
            continue
        if isinstance(found, Refactoring):
            yield found
