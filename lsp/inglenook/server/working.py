"""Work that takes a while, as its editor shows it: how far it is, and a way to cancel it.

The progress goes under the client's own token, else under one that the server makes (LSP 3.18,
"Server Initiated Progress"). The work does not wait for the client to agree to that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from lsprotocol import types

from inglenook.server.base import InglenookServer

_NUMBERS: Final = count(1)

Told = Callable[[str], None]


@asynccontextmanager
async def working(
    server: InglenookServer, title: str, token: types.ProgressToken | None = None
) -> AsyncIterator[Told]:
    """Show what the current task does; who cancels it in the editor cancels the task.

    Gives a function that says what is going on.
    """
    task = asyncio.current_task()
    assert task is not None
    bar = _Bar(server, title, task)
    opening: asyncio.Task[None] | None = None
    if token is not None:
        bar.begin(token)
    elif _shows(server):
        opening = asyncio.get_running_loop().create_task(bar.open())
    try:
        yield bar.tell
    finally:
        if opening is not None:
            opening.cancel()
        bar.end()


def _shows(server: InglenookServer) -> bool:
    window = server.client_capabilities.window
    return window is not None and bool(window.work_done_progress)


@dataclass(eq=False, slots=True)
class _Bar:
    server: InglenookServer
    title: str
    task: asyncio.Task[Any]
    said: str | None = None
    token: types.ProgressToken | None = None

    async def open(self) -> None:
        token = f"inglenook/work/{next(_NUMBERS)}"
        params = types.WorkDoneProgressCreateParams(token)
        with contextlib.suppress(Exception):  # a client that refuses the token gets no progress
            await self.server.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
            self.begin(token)

    def begin(self, token: types.ProgressToken) -> None:
        self.token, progress = token, self.server.protocol.progress
        begun = types.WorkDoneProgressBegin(self.title, cancellable=True, message=self.said)
        progress.begin(token, begun)
        progress.tokens[token].add_done_callback(self._done)

    def tell(self, said: str) -> None:
        self.said = said
        if self.token is not None:
            report = types.WorkDoneProgressReport(cancellable=True, message=said)
            self.server.protocol.progress.report(self.token, report)

    def end(self) -> None:
        token, self.token = self.token, None
        if token is not None:
            self.server.protocol.progress.end(token, types.WorkDoneProgressEnd())

    def _done(self, future: Future[Any]) -> None:
        """The client said `window/workDoneProgress/cancel`."""
        if future.cancelled() and self.token is not None:
            self.task.cancel()
