"""What a request of our own asks about: a document, a place in it, what the editor says of it.

Bad input is `JsonRpcInvalidParams` with one sentence that names the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from inglenook.engine.chat.question import Trouble
from inglenook.server.positions import Encoding, PositionError, offset_at
from inglenook.server.uris import name_of

if TYPE_CHECKING:
    from inglenook.server.served import Served
    from inglenook.server.serving import Serving

REQUEST_FAILED: Final = -32803  # LSP 3.17, LSPErrorCodes.RequestFailed
_LONGEST: Final = 100_000  # characters of a text
_MOST_TROUBLES: Final = 20
_LONGEST_TROUBLE: Final = 500  # characters
_SEVERITIES: Final = {1: "error", 2: "warning", 3: "information", 4: "hint"}


class RequestFailed(JsonRpcException):
    CODE = REQUEST_FAILED
    MESSAGE = "Request failed"


def body_of(params: Any) -> Mapping[str, Any]:
    return params if isinstance(params, Mapping) else {}


def text_in(body: Mapping[str, Any], key: str, default: str | None) -> str:
    """The text of a field, which must be there if ``default`` is None."""
    value = body.get(key)
    value = default if value is None else value
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise JsonRpcInvalidParams(message=f"{key}: expected a text")
    return value


def served_in(body: Mapping[str, Any], serving: Serving) -> Served:
    """The open document that ``textDocument`` names."""
    document = body.get("textDocument")
    uri = document.get("uri") if isinstance(document, Mapping) else None
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams(message="textDocument: expected {uri}")
    served = serving.served(uri)
    if served is None:
        said = f"{name_of(uri) or 'The document'} is not open here, or is too large."
        raise JsonRpcInvalidParams(message=said)
    return served


def range_in(value: Any, served: Served, encoding: Encoding) -> tuple[int, int]:
    """Offsets in the editor's text; an end before the start is taken as the start."""
    try:
        ends = [(value[end]["line"], value[end]["character"]) for end in ("start", "end")]
        if not all(type(number) is int for end in ends for number in end):
            raise TypeError
        start, stop = (offset_at(served.text, *end, encoding) for end in ends)
    except (TypeError, KeyError, PositionError):
        raise JsonRpcInvalidParams(message="range: is not in the document") from None
    return min(start, stop), max(start, stop)


def troubles_in(
    value: Any, served: Served, encoding: Encoding, within: tuple[int, int] | None = None
) -> tuple[Trouble, ...]:
    """Diagnostics (LSP) whose place exists, for an editor's can be older than its text, and that
    touch the lines of ``within`` (offsets in the editor's text); the gravest, if there are many.
    """
    found = sorted(_troubles(value, served, encoding, within), key=lambda each: each[0])
    return tuple(each for _, each in found[:_MOST_TROUBLES])


def _troubles(
    value: Any, served: Served, encoding: Encoding, within: tuple[int, int] | None
) -> Iterator[tuple[int, Trouble]]:
    for each in value if isinstance(value, list) else ():
        with suppress(TypeError, KeyError, PositionError, AttributeError):
            start, end = each["range"]["start"], each["range"]["end"]
            if within is not None and (
                end["line"] < served.text.line_at(within[0])
                or start["line"] > served.text.line_at(within[1])
            ):
                continue
            at = offset_at(served.text, start["line"], start["character"], encoding)
            severity = each.get("severity")
            rank = severity if severity in _SEVERITIES else len(_SEVERITIES) + 1
            yield rank, trouble(each["message"], severity, served, at)


def trouble(message: object, severity: Any, served: Served, at: int) -> Trouble:
    """A diagnostic at an offset in the editor's text; its message can be ``MarkupContent``."""
    if isinstance(message, Mapping):
        message = message.get("value", "")
    line = served.document.text.line_at(served.start + at)
    return Trouble(line, str(message)[:_LONGEST_TROUBLE], _SEVERITIES.get(severity, ""))
