"""What the synchronisation messages say, read strictly from their JSON.

cattrs would turn ``null`` into ``"None"`` and ``"3"`` into ``3``; in a document's text that is
damage, so these four messages are read here and not by lsprotocol.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class MalformedChange(ValueError):
    """A synchronisation message does not have the protocol's form."""


class Place(NamedTuple):
    line: int
    character: int


class ContentChange(NamedTuple):
    """``text`` replaces what stands between two places, or the whole text if there are none."""

    start: Place | None
    end: Place | None
    text: str


class Opened(NamedTuple):
    uri: str
    language: str
    version: int
    text: str


class Changed(NamedTuple):
    uri: str
    version: int
    changes: list[ContentChange]


def uri_in(params: Any) -> str | None:
    """The document that the params of a synchronisation message name, if any."""
    try:
        uri = params["textDocument"]["uri"]
    except (TypeError, KeyError):
        return None
    return uri if isinstance(uri, str) else None


def read_opened(params: Any) -> Opened:
    """The params of ``textDocument/didOpen``; MalformedChange if they are none."""
    try:
        document = params["textDocument"]
        return Opened(
            string(document["uri"]),
            string(document.get("languageId", "")),
            whole_number(document["version"]),
            string(document["text"]),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise MalformedChange("textDocument/didOpen") from error


def read_changed(params: Any) -> Changed:
    """The params of ``textDocument/didChange``; MalformedChange if they are none."""
    try:
        document = params["textDocument"]
        changes = [_change(change) for change in params["contentChanges"]]
        return Changed(string(document["uri"]), whole_number(document["version"]), changes)
    except (TypeError, KeyError, AttributeError) as error:
        raise MalformedChange("textDocument/didChange") from error


def _change(change: Any) -> ContentChange:
    text = string(change["text"])
    span = change.get("range")
    if span is None:
        return ContentChange(None, None, text)
    return ContentChange(_place(span["start"]), _place(span["end"]), text)


def _place(position: Any) -> Place:
    return Place(whole_number(position["line"]), whole_number(position["character"]))


def string(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("not a string")
    return value


def whole_number(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)  # some clients' JSON has one number type and writes 3.0
    raise TypeError("not a whole number")
