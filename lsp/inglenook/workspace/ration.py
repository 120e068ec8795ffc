"""How much of a turn of the event loop may be spent with reading: what is left waits for others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_TURN: Final = 0.006  # seconds of reading in one turn, but for the file that exceeds it
_SLICE: Final = 0.003  # in a turn that does nothing else
_MOST: Final = 256  # files that wait; what is more is asked for again

File = tuple[int, str, str]  # what ``read`` takes


@dataclass(slots=True, eq=False)
class Ration:
    """``read`` reads one file, and ``done`` is called when all that had to wait were read."""

    read: Callable[[int, str, str], object]
    done: Callable[[], None]
    _spent: float = 0.0
    _waiting: dict[File, None] = field(default_factory=dict)

    def allows(self, file: File) -> bool:
        """Whether a file may be read now; if not, it will be in a later turn."""
        if self._spent < _TURN:
            return True
        if len(self._waiting) < _MOST:
            self._waiting[file] = None
        return False

    def spend(self, seconds: float) -> None:
        """So long a file took that was read in this turn."""
        if not self._spent:
            asyncio.get_running_loop().call_soon(self._next_turn)
        self._spent += max(seconds, 1e-9)

    def clear(self) -> None:
        """Nothing that waits is wanted any more."""
        self._waiting.clear()

    def _next_turn(self) -> None:
        self._spent = 0.0
        if not self._waiting:
            return
        began = time.perf_counter()
        while self._waiting and time.perf_counter() - began < _SLICE:
            file = next(iter(self._waiting))
            del self._waiting[file]
            self.read(*file)
        if not self._waiting:
            self.done()
        elif not self._spent:  # nothing of it had to be read
            asyncio.get_running_loop().call_soon(self._next_turn)
