"""What a JSON value is as a JSON-RPC 2.0 message, and its params as lsprotocol's types.

A message is structured once, from its top level; pygls does it for every nested object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

if TYPE_CHECKING:
    from cattrs import Converter

Id = int | str


class Request(NamedTuple):
    id: Id
    method: str
    params: Any


class Notification(NamedTuple):
    method: str
    params: Any


class Response(NamedTuple):
    id: Id
    message: dict[str, Any]


class Invalid(NamedTuple):
    """No JSON-RPC message; ``id`` is the request's where it has one that can be answered."""

    id: Id | None


class InvalidParams(ValueError):
    """The params of a message are not what its method takes."""


Message = Request | Notification | Response | Invalid


def classify(value: Any) -> Message:
    """Tell what a decoded body is; never raises."""
    if type(value) is not dict:
        return Invalid(None)
    id, method = value.get("id"), value.get("method")
    known_id = id if type(id) is int or type(id) is str else None
    if value.get("jsonrpc") != "2.0":
        return Invalid(known_id if method is not None else None)
    if method is None and known_id is not None and ("result" in value or "error" in value):
        return Response(known_id, value)
    if type(method) is not str:
        return Invalid(known_id)
    if "id" not in value:
        return Notification(method, value.get("params"))
    return Invalid(None) if known_id is None else Request(known_id, method, value.get("params"))


def structure(method: str, params: Any, converter: Converter) -> Any:
    """The params as lsprotocol's type; those of methods it does not know stay as they came.

    Raises `InvalidParams`, without the words of the client.
    """
    kind = _params_type(method)
    if kind is None:
        return params
    try:
        return converter.structure({} if params is None else params, kind)
    except RecursionError as error:
        raise InvalidParams(f"{method}: nested too deeply") from error
    except Exception:
        # cattrs' exceptions quote what they could not read, and would carry it into logs.
        raise InvalidParams(f"{method}: not of type {getattr(kind, '__name__', kind)}") from None


def _params_type(method: str) -> Any:
    known = types.METHOD_TO_TYPES.get(method)
    return known[2] if known is not None else None
