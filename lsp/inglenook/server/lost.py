"""What can be told of a message that could not be read, from its first bytes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple

_REQUEST: Final = re.compile(
    rb'\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*([0-9]{1,15}|"[^"\\]{0,200}")\s*,'
    rb'\s*"method"\s*:'
)
_SYNC: Final = re.compile(rb'"(?:text|notebook)Document(?:/|\\/)did(Open|Change)"')
_URI: Final = re.compile(rb'"uri"\s*:\s*("(?:[^"\\]|\\.){1,2000}")')


class Clue(NamedTuple):
    """``id`` of a request that can be answered; whether a text was lost, and whose."""

    id: int | str | None
    lost_text: bool
    uri: str | None


def clue_of(head: bytes) -> Clue:
    """Read the beginning of a lost message; never raises."""
    request, sync, uri = _REQUEST.match(head), _SYNC.search(head), _URI.search(head)
    return Clue(
        json.loads(request[1]) if request else None,
        sync is not None,
        _string(uri[1]) if uri else None,
    )


def _string(quoted: bytes) -> str | None:
    try:
        value = json.loads(quoted)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


class Allowance:
    """So many at once and so many a second from then on; for answers to what is no message."""

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left = float(burst)
        self._seen = clock()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = self._clock()
        earned = (now - self._seen) * self._per_second
        self._left, self._seen = min(self._burst, self._left + earned), now
        if self._left < 1:
            return False
        self._left -= 1
        return True
