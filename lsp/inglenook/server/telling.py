"""How the editor learns what the engine is doing: status, progress, and a line in its log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lsprotocol import types

from inglenook.engine.settings import Level, Notice
from inglenook.engine.status import State, Status
from inglenook.server.base import InglenookServer

log = logging.getLogger(__name__)

_WORTH_LOGGING: Final = {
    State.OFFLINE: types.MessageType.Warning,
    State.REFUSED: types.MessageType.Warning,
    State.IDLE: types.MessageType.Info,
    State.LOADING: types.MessageType.Info,
}
_KINDS: Final = {Level.WARNING: types.MessageType.Warning, Level.INFO: types.MessageType.Info}
_TOKEN: Final = "inglenook/loading"


def show_notices(server: InglenookServer, notices: Sequence[Notice]) -> None:
    """Say what the configuration asks for and does not get: in the log, and once on screen."""
    for notice in notices:
        server.window_log_message(types.LogMessageParams(_KINDS[notice.level], notice.text))
    warnings = [notice.text for notice in notices if notice.level is Level.WARNING]
    if warnings:
        more = f" ({len(warnings) - 1} more in the log.)" if warnings[1:] else ""
        message = types.ShowMessageParams(types.MessageType.Warning, warnings[0] + more)
        server.window_show_message(message)


def warn(server: InglenookServer, text: str) -> None:
    """Show the user a sentence, and leave it in the log."""
    server.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))
    server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))


@dataclass(eq=False, slots=True)
class Telling:
    """Sends `inglenook/status` at every change, and `window/logMessage` when it says something."""

    server: InglenookServer
    _said: str = ""
    _loading: asyncio.Task[None] | None = None
    _loaded: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, status: Status) -> None:
        self.server.protocol.notify(
            "inglenook/status",
            {
                "state": str(status.state),
                "text": status.text,
                "model": status.model,
                "locality": status.locality,
            },
        )
        kind = _WORTH_LOGGING.get(status.state)
        said = f"{status.state}: {status.model} {status.text}".strip()
        if kind is not None and said != self._said:
            self._said = said
            log.info("%s", status.state)
            self.server.window_log_message(types.LogMessageParams(kind, said))
        self._show_loading(status)

    def _show_loading(self, status: Status) -> None:
        """A progress bar of the server's own while a model is loaded, where clients have one."""
        if status.state is not State.LOADING:
            self._loaded.set()
            return
        window = self.server.client_capabilities.window
        if window is None or not window.work_done_progress or self._loading is not None:
            return
        self._loaded.clear()
        self._loading = asyncio.get_running_loop().create_task(self._bar(status.text))

    async def _bar(self, title: str) -> None:
        def progress(value: Any) -> None:
            self.server.protocol.notify("$/progress", types.ProgressParams(_TOKEN, value))

        with contextlib.suppress(Exception):  # a client that refuses the token gets no progress
            await self.server.ask(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE,
                types.WorkDoneProgressCreateParams(_TOKEN),
            )
            progress(types.WorkDoneProgressBegin(title))
            await self._loaded.wait()
            progress(types.WorkDoneProgressEnd())
        self._loading = None
