"""The index of the workspace's folders: begun after the start, told of what the editor does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from inglenook.engine.ignored import Ignored
from inglenook.engine.left_out import without
from inglenook.engine.sensitive import SECRET
from inglenook.server.base import InglenookServer
from inglenook.server.uris import path_of

if TYPE_CHECKING:
    from inglenook.engine.session import Session
    from inglenook.workspace.index import Index
    from inglenook_context.document import Document

_PAUSE: Final = 1.0  # seconds after the start: the model and the first completion come first
_TOKEN: Final = "inglenook/index"
_WATCH: Final = "inglenook/watch"
_WORTH_SHOWING: Final = 100  # files, from which on progress is shown


class Indexing:
    """Gives ``session`` the files of the server's folders.

    ``store`` is for the databases alone; None: nothing is kept, and so nothing is indexed.
    """

    def __init__(
        self,
        server: InglenookServer,
        session: Session,
        store: Path | None,
        left_out: Callable[[], Ignored] = Ignored,
    ) -> None:
        self._left_out = left_out  # by the configuration
        self._server = server
        self._session = session
        self._store = store
        self._index: Index | None = None
        self._roots: list[Path] = []
        self._open: dict[str, Path] = {}
        self._bar: asyncio.Task[None] | None = None
        self._done = asyncio.Event()
        self._shown = False
        self._alone = asyncio.Lock()  # who begins anew
        self._restarting: set[asyncio.Task[None]] = set()
        self._listen()
        self._starting = asyncio.get_running_loop().create_task(self._start(_PAUSE))

    async def _start(self, pause: float) -> None:
        if self._store is None:
            return
        await asyncio.sleep(pause)
        roots = [path for folder in self._server.folders if (path := path_of(folder)) is not None]
        self._roots = await asyncio.to_thread(_directories, roots)
        if not self._roots:
            return
        from inglenook.workspace.index import Index

        self._index = Index(self._roots, self._store, secret=SECRET, progress=self._progress)
        self._shown_as_configured()
        self._index.prefer(self._open.values())
        self._index.start()
        await self._register()

    def renew(self, store: Path | None) -> None:
        """The configuration changed."""
        if store != self._store:
            self._store = store
            task = asyncio.get_running_loop().create_task(self._again())
            self._restarting.add(task)
            task.add_done_callback(self._restarting.discard)
        self._shown_as_configured()

    def _shown_as_configured(self) -> None:
        """What the configuration leaves out is not there for a model."""
        if self._index is not None:
            self._session.files = without(self._index, self._left_out())

    def _listen(self) -> None:
        @self._server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
        async def watched(params: types.DidChangeWatchedFilesParams) -> None:
            paths = [path for each in params.changes if (path := path_of(each.uri)) is not None]
            if paths and self._index is not None:
                self._index.changed(paths)

        @self._server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
        async def folders_changed(_params: types.DidChangeWorkspaceFoldersParams) -> None:
            await self._again()

    async def _register(self) -> None:
        """Ask the client to tell of files that change, if it can be asked that."""
        workspace = self._server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is None or not watching.dynamic_registration:
            return
        every = types.FileSystemWatcher("**/*")
        options = types.DidChangeWatchedFilesRegistrationOptions([every])
        wanted = types.Registration(_WATCH, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        with contextlib.suppress(Exception):  # a client that refuses is looked after by the clock
            await self._server.ask(
                types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([wanted])
            )

    async def close(self) -> None:
        self._starting.cancel()
        await asyncio.wait([self._starting])
        if self._bar is not None:
            self._bar.cancel()
        index, self._index = self._index, None
        self._session.files = None
        if index is not None:
            await index.close()

    # -- what the editor does ------------------------------------------------------------------

    def on_open(self, document: Document) -> None:
        path = path_of(document.uri)
        if path is not None:
            self._open.pop(document.uri, None)
            self._open[document.uri] = path
            if self._index is not None:
                self._index.prefer(self._open.values())

    def on_save(self, document: Document) -> None:
        path = path_of(document.uri)
        if path is not None and self._index is not None:
            self._index.changed([path])

    def on_close(self, uri: str) -> None:
        self._open.pop(uri, None)

    async def _again(self) -> None:
        async with self._alone:
            await self.close()
            self._starting = asyncio.get_running_loop().create_task(self._start(0.0))

    # -- progress ------------------------------------------------------------------------------

    def _progress(self, done: int, total: int) -> None:
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        if self._bar is None and done < total and total >= _WORTH_SHOWING:
            self._done.clear()
            self._bar = asyncio.get_running_loop().create_task(self._show())
        elif self._bar is not None and done >= total:
            self._done.set()
        elif self._shown:
            share = min(100 * done // max(total, 1), 100)
            self._tell(types.WorkDoneProgressReport(message=f"{done} of {total}", percentage=share))

    async def _show(self) -> None:
        """A progress bar of the server's own, until everything is indexed."""
        with contextlib.suppress(Exception):  # a client that refuses the token gets no progress
            await self._server.ask(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(_TOKEN)
            )
            self._tell(types.WorkDoneProgressBegin("Indexing", percentage=0))
            self._shown = True
            await self._done.wait()
            self._shown = False
            self._tell(types.WorkDoneProgressEnd())
        self._bar = None

    def _tell(self, value: Any) -> None:
        self._server.protocol.notify("$/progress", types.ProgressParams(_TOKEN, value))


def _directories(paths: list[Path]) -> list[Path]:
    found = []
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            if path.is_dir():
                found.append(path)
    return found
