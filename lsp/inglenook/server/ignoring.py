"""Open documents that the ignore files leave out are not shown on behalf of others."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from inglenook.engine.session import Session
from inglenook.server.base import InglenookServer
from inglenook.server.uris import path_of
from inglenook.workspace.ignored import is_ignored


class Ignoring:
    """Reading ignore files is left to a thread; until it is known a document is hidden."""

    def __init__(self, server: InglenookServer, session: Session) -> None:
        self._server = server
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()

    def on_open(self, uri: str) -> None:
        found = self._placed(uri)
        if found is not None:
            self._session.hide(uri)
            task = asyncio.get_running_loop().create_task(self._look(uri, *found))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _look(self, uri: str, root: Path, path: str) -> None:
        if not await asyncio.to_thread(is_ignored, root, path):
            self._session.reveal(uri)

    def _placed(self, uri: str) -> tuple[Path, str] | None:
        """The innermost folder that a document is in, and its path there."""
        path = path_of(uri)
        if path is None:
            return None
        folders = [root for each in self._server.folders if (root := path_of(each)) is not None]
        inside = [root for root in folders if path.is_relative_to(root)]
        root = max(inside, key=lambda each: len(each.parts), default=None)
        return (root, path.relative_to(root).as_posix()) if root is not None else None
