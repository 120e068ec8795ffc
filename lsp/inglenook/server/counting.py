"""What is counted of the completions, and what the editor's other extensions do beside them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inglenook.engine import other_providers
from inglenook.engine.counters import Counters, Event
from inglenook.engine.settings import Settings
from inglenook.engine.tally import Tally
from inglenook.server.base import InglenookServer
from inglenook.server.telling import warn


class Counting:
    """``tally`` is told what is offered and edited; nothing is counted that the user has off."""

    def __init__(self, server: InglenookServer, settings: Settings) -> None:
        self._server = server
        self._directory = _directory(settings)
        self._state_dir = settings.state_dir
        self._counters = Counters(self._directory)
        self._warned: tuple[str, ...] = ()
        self._closing: set[asyncio.Task[None]] = set()
        self.tally = Tally(self._count)

    def _count(self, event: Event, model: str, language: str) -> None:
        self._counters.count(event, model, language)

    def renew(self, settings: Settings) -> None:
        """The settings changed."""
        self._state_dir = settings.state_dir
        if _directory(settings) != self._directory:
            older, self._directory = self._counters, _directory(settings)
            self._counters = Counters(self._directory)
            task = asyncio.get_running_loop().create_task(older.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def others(self, params: Any) -> None:
        """The client tells which other extensions offer completions: say it once to the user."""
        told = params.get("providers") if isinstance(params, dict) else None
        names = other_providers.named(told)
        if names and names != self._warned:
            self._warned = names
            warn(self._server, other_providers.sentence(names))
        await asyncio.to_thread(other_providers.save, self._state_dir, names, datetime.now(UTC))

    async def close(self) -> None:
        await self._counters.close()


def _directory(settings: Settings) -> Path | None:
    return settings.state_dir if settings.counters else None
