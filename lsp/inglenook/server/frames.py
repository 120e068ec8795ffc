"""Where one message ends and the next begins (LSP 3.18, "Base Protocol"), without any I/O.

Everything a broken or hostile peer can write is survived: header names in any case, lengths
that are missing, negative, doubled, absurd or untrue. After a header that cannot be believed,
what follows is skipped up to the next one that can: JSON holds no raw line ends inside its
strings, so an empty line never stands inside the compact bodies that clients write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

HEADER_LIMIT: Final = 8 * 1024  # bytes
BODY_LIMIT: Final = 32 * 1024 * 1024  # bytes
_HEAD: Final = 4 * 1024  # how much of a lost message is kept to tell what it was
_END: Final = b"\r\n\r\n"
_FIELD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*:[^\r\n]*")
_LENGTH: Final = re.compile(rb"content-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_NUMBER: Final = re.compile(rb"[0-9]{1,20}[ \t]*")


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of the stream that is no message and was skipped; ``head`` is how it began.

    ``is_body`` tells that it was framed well and only its JSON was not.
    """

    head: bytes
    is_body: bool = False


class Splitter:
    """Cuts a stream of bytes into the bodies of messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # where the end of a header is looked for next
        self._body: int | None = None  # length of the body that is being read
        self._skipping = False
        self._head: bytes | None = None  # how the skipped stretch began, until it is reported

    def feed(self, data: bytes) -> Iterator[bytes | Lost]:
        """What is complete with ``data``, in order."""
        self._buffer += data
        while True:
            if self._body is not None:
                if len(self._buffer) < self._body:
                    return
                yield self._take(self._body)
                self._body = None
            end = self._buffer.find(_END, self._searched)
            if end < 0:
                yield from self._wait_for_header()
                return
            if end > HEADER_LIMIT:
                self._skip(end - HEADER_LIMIT)
                end = HEADER_LIMIT
            header = self._take(end)
            self._take(len(_END))
            yield from self._read_header(header)

    def _read_header(self, header: bytes) -> Iterator[Lost]:
        """Go on to the body that ``header`` announces, or begin or continue to skip."""
        lengths = [_number(value) for value in _LENGTH.findall(header)]
        if not self._skipping and all(map(_FIELD.fullmatch, header.split(b"\r\n"))):
            length = lengths[0] if len(set(lengths)) == 1 else None
            if length is not None and length > BODY_LIMIT:
                self._skip(0)
            elif length is None:
                self._skip(0, header)
        else:
            length = lengths[-1] if lengths else None
            self._skip(0, header)
        if length is not None and length <= BODY_LIMIT:
            yield from self._report()
            self._body, self._skipping = length, False
        elif self._head:
            yield from self._report()

    def _wait_for_header(self) -> Iterator[Lost]:
        """Keep no more of an unfinished header than one may have."""
        if len(self._buffer) > HEADER_LIMIT:
            self._skip(len(self._buffer) - HEADER_LIMIT)
        self._searched = max(0, len(self._buffer) - len(_END) + 1)
        if self._head is not None and len(self._head) >= _HEAD:
            yield from self._report()

    def _skip(self, size: int, header: bytes = b"") -> None:
        """Drop ``size`` bytes; the first stretch dropped since the last message is kept."""
        if not self._skipping:
            self._skipping, self._head = True, header and header + b"\n" + self._buffer[:_HEAD]
        if self._head is not None:
            self._head += self._buffer[: min(size, max(0, _HEAD - len(self._head)))]
        del self._buffer[:size]
        self._searched = 0

    def _report(self) -> Iterator[Lost]:
        head, self._head = self._head, None
        if head is not None:
            yield Lost(head)

    def _take(self, size: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        self._searched = 0
        return taken


def _number(value: bytes) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None
