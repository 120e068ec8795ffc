"""Whether a value is of a type, so that an annotation can be judged by values."""

from __future__ import annotations

import collections.abc
import types
import typing
from typing import Any


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type, as type checkers see it (an int is a float to them)."""
    origin, given = typing.get_origin(hint), typing.get_args(hint)
    if hint is typing.Any:
        return True
    if hint is None or hint is type(None):
        return value is None
    if isinstance(hint, typing.TypeVar):
        kinds = hint.__constraints__ or ((hint.__bound__,) if hint.__bound__ else ())
        return not kinds or any(fits(value, kind) for kind in kinds)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, kind) for kind in given)
    if origin is typing.Literal:
        return value in given
    if origin is typing.Annotated:
        return fits(value, given[0])
    if hint is float:
        return isinstance(value, (int, float))
    if origin is None:
        return isinstance(value, getattr(hint, "__supertype__", hint))
    if origin is collections.abc.Callable:
        return callable(value)
    return isinstance(value, origin) and _holds(value, origin, given)


def _holds(value: Any, origin: Any, given: tuple[Any, ...]) -> bool:
    """Whether what a value of a generic type holds is of the types that are given."""
    if origin is tuple:
        if len(given) == 2 and given[1] is ...:
            return all(fits(each, given[0]) for each in value)
        return len(value) == len(given) and all(map(fits, value, given))
    if issubclass(origin, collections.abc.Mapping):
        kinds = given if len(given) == 2 else (*given, int)  # of a Counter
        return all(fits(key, kinds[0]) and fits(each, kinds[1]) for key, each in value.items())
    if issubclass(origin, collections.abc.Iterable):
        return all(fits(each, given[0]) for each in value)
    return True
