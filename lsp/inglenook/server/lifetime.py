"""When and how the process ends: always, within two seconds, whatever the handlers do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from typing import Final

from inglenook.server import watchdog

_log = logging.getLogger(__name__)

GRACE: Final = 2.0  # seconds between the wish to end and the hard end


class Lifetime:
    """The end of the server, which any thread may bring about; the first one decides."""

    def __init__(self) -> None:
        self.code: int | None = None  # of the process, once it is to end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()
        self._lock = threading.Lock()
        self._limited = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def wait(self) -> int:
        """Wait for the end; returns the process's exit code."""
        await self._ended.wait()
        return 1 if self.code is None else self.code

    def end(self, code: int) -> None:
        """End with ``code``: orderly if the loop still turns, and hard if it does not."""
        with self._lock:
            if self.code is not None:
                return
            self.code = code
        if self._loop is None:
            return
        self.limit()
        with contextlib.suppress(RuntimeError):  # a closed loop: the end is already under way
            self._loop.call_soon_threadsafe(self._ended.set)

    def limit(self, seconds: float = GRACE) -> None:
        """From now on the process lives ``seconds`` at most, even with a hung event loop."""
        with self._lock:
            if self._limited:
                return
            self._limited = True

        def exit_hard() -> None:
            time.sleep(seconds)
            os._exit(1 if self.code is None else self.code)

        threading.Thread(target=exit_hard, name="backstop", daemon=True).start()

    def follow(self, pid: int) -> None:
        """End when the process ``pid``, the editor, does."""

        def died() -> None:
            _log.warning("the editor's process is gone")
            self.end(1)

        if self._loop is not None:
            watchdog.watch(pid, died)
