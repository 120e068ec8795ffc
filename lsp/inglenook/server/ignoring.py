"""Open documents that the ignore files leave out are not shown on behalf of others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from inglenook.engine.session import Session
from inglenook.server.base import InglenookServer
from inglenook.server.uris import path_of
from inglenook.workspace.ignored import is_ignored


class Ignoring:
    """Reading ignore files is left to a thread; until it is known a document is hidden."""

    def __init__(
        self,
        server: InglenookServer,
        session: Session,
        leaves_out: Callable[[str, str], bool] = lambda _uri, _path: False,
    ) -> None:
        self._leaves_out = leaves_out  # by the configuration: a URI, and its path in its folder
        self._server = server
        self._session = session
        self._open: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def on_open(self, uri: str) -> None:
        self._open.add(uri)
        self._judge(uri)

    def on_close(self, uri: str) -> None:
        self._open.discard(uri)

    def renew(self) -> None:
        """The configuration changed: what is open is judged anew, and hidden until then."""
        for uri in self._open:
            self._judge(uri)

    def _judge(self, uri: str) -> None:
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
        ignored = await asyncio.to_thread(is_ignored, root, path)
        if not ignored and not self._leaves_out(uri, path):
            self._session.reveal(uri)

    def _placed(self, uri: str) -> tuple[Path, str] | None:
        """The innermost folder that a document is in, and its path there."""
        found = self._server.folders.placed(uri)
        root = path_of(found.folder) if found is not None else None
        return (root, found.path) if found is not None and root is not None else None
