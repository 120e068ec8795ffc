"""Answers on the disk, as long as the configuration wants them there."""

from __future__ import annotations

import asyncio
from pathlib import Path

from inglenook.engine.complete import Completer
from inglenook.engine.disk_cache import DiskCache


class Keeping:
    """Gives ``completer`` the cache in a directory, or none."""

    def __init__(self, completer: Completer, directory: Path | None) -> None:
        self._completer = completer
        self._directory: Path | None = None
        self._disk: DiskCache | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self.renew(directory)

    def renew(self, directory: Path | None) -> None:
        """Keep answers there from now on; what is kept elsewhere stays as it is."""
        if directory == self._directory:
            return
        older, self._directory = self._disk, directory
        self._disk = DiskCache(directory) if directory is not None else None
        self._completer.keep_on(self._disk)
        if older is not None:
            task = asyncio.get_running_loop().create_task(older.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        if self._disk is not None:
            await self._disk.close()
        await asyncio.gather(*self._closing)
