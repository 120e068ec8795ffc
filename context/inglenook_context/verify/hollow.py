"""Bodies that were left out: nothing is done any more, or an error says that it is yet to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from inglenook_context.verify.definitions import Defined

_UNDONE: Final = re.compile(
    r"(?:raise|throw)\b[^\n;]*?(?:NotImplemented|\b(?:not|un)[- _]?(?:yet[- _])?implemented"
    r"|\bTODO\b|\bto\s+be\s+implemented|\bunfinished\b|\bplaceholder\b)[^\n;]*;?",
    re.IGNORECASE,
)
_RAISES: Final = re.compile(r"(?<!\w)(?:raise|throw)\b[^\n;]*")
_CAST: Final = r"\s*(?:!\s*|\s*\bas\b\s*[\w.]+\s*(?:<[^;]*>|\[\s*\]\s*)*)*"  # of TypeScript
_NOTHING: Final = re.compile(
    r"(?:pass|return(?:\s+\(?(?:None|undefined|null|void 0|NotImplemented)"
    rf"{_CAST}\)?)?|\.\.\.|None)\s*;?"
)
_CONSTANT: Final = re.compile(
    r"return\s+(?:True|False|true|false|-?\d[\w.]*|\[\]|\{\}|\(\)|\w+\(\)|(['\"`])(?:(?!\1).)*\1)"
    rf"{_CAST}\s*;?"
)
_DOES: Final = re.compile(
    r"[(\[.]|(?<!\w)(?:return|yield|raise|throw|del|delete|await|global|nonlocal)\b"
)
_WORKS: Final = re.compile(r"\w\(\s*[^\s)]|^(?:async\s+)?(?:for|while)\b", re.MULTILINE)
_WORD: Final = re.compile(r"\w+")


def is_hollow(old: Defined, new: Defined, *, constant: bool) -> bool:
    """Whether a function did something and does nothing now.

    With ``constant`` one that only gives the same whatever it is given does nothing either.
    """
    if old.body == new.body:
        return False
    if not any(map(does, old.body)):
        return False
    marks = _marks(new.body) > _marks(old.body)
    if marks and _words(new.body) < _words(old.body):
        return True
    busy = [each for each in new.body if not is_idle(each)]
    if not busy:
        return True
    works = any(map(_WORKS.search, old.body)) and not set(busy) <= set(old.body)
    return constant and works and len(busy) == 1 and is_constant(busy[0])


def is_idle(statement: str) -> bool:
    """Whether a statement does nothing, or refuses as not being written yet."""
    return bool(_NOTHING.fullmatch(statement) or _UNDONE.fullmatch(statement))


def does(statement: str) -> bool:
    """Whether something is lost without a statement. A plain assignment, a constant that is given
    and an error are nothing by themselves."""
    if is_idle(statement) or _RAISES.fullmatch(statement) or is_constant(statement):
        return False
    return _DOES.search(statement) is not None


def is_constant(statement: str) -> bool:
    """Whether a statement gives the same always."""
    return _CONSTANT.fullmatch(statement) is not None


def without_idle_end(new: Sequence[str], old: Sequence[str]) -> Sequence[str]:
    """A body up to what a model ends it with in place of what it left out."""
    stop = len(new)
    while stop and is_idle(new[stop - 1]) and new[stop - 1] not in old:
        stop -= 1
    return new[:stop]


def _marks(body: Iterable[str]) -> int:
    return sum(len(_UNDONE.findall(each)) for each in body)


def _words(body: Iterable[str]) -> int:
    """Words of code; errors are none, for another error may take the place of one."""
    rest = [_RAISES.sub("", each) for each in body if not is_constant(each)]
    return sum(len(_WORD.findall(each)) for each in rest)
