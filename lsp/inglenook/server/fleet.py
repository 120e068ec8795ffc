"""The models of one server, kept to its configuration: who serves what, and what changes live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from inglenook.engine.choices import Choices
from inglenook.engine.find import finder
from inglenook.engine.probing import Probing
from inglenook.engine.status import Status
from inglenook.engine.supplies import Supplies
from inglenook.engine.supply import Find
from inglenook.models.http import HttpClient
from inglenook.server.base import InglenookServer
from inglenook.server.configuring import Configuring, Start
from inglenook.server.telling import show_notices
from inglenook_context.document import Document

_GRACE: Final = 5.0  # seconds that requests of older settings have to come to their end


class Fleet:
    """``supplies`` are asked for models; ``client`` carries the requests of all of them."""

    def __init__(
        self,
        server: InglenookServer,
        start: Start,
        tell: Callable[[Status], None],
    ) -> None:
        configured = start.configured
        self.client = HttpClient(configured.choices.settings.policy)
        self._older: list[HttpClient] = []  # that requests of older settings may still use
        self.configuring = Configuring(
            server, start, self._changed, lambda new: show_notices(server, new)
        )
        self.supplies = Supplies(self._finder, self.configuring.choose, tell, self._probing)
        self.listeners: list[Callable[[Choices], None]] = []  # of a changed configuration
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def choices(self) -> Choices:
        return self.configuring.choices

    def start(self) -> None:
        """Look for the model of the first folder, and load it."""
        first = next(iter(self.choices.folders), "")
        self.supplies.show(self.choices.chosen(first, "autocomplete").name)

    def on_open(self, document: Document) -> None:
        """A document that will be completed soon: its model is looked for, and loaded."""
        choose = self.configuring.choose
        self.supplies.named(choose(document.uri, document.language))

    async def close(self) -> None:
        await self.configuring.close()
        for task in tuple(self._tasks):
            task.cancel()
        await self.supplies.close()
        await self.client.close()

    def _finder(self, name: str) -> Find:
        return finder(self.choices.settings, self.client, name)

    def _probing(self) -> Probing:
        settings = self.choices.settings
        return Probing(settings.probes_dir, settings.probes)

    def _changed(self, before: Choices, after: Choices) -> None:
        """What was asked for by older settings is not what these would have asked for."""
        if before.settings != after.settings:
            if before.settings.policy != after.settings.policy:
                older, self.client = self.client, HttpClient(after.settings.policy)
                self._older.append(older)
                for each in self._older:  # at once, for what still uses them
                    each.policy = after.settings.policy
                self._background(self._leave(older))
            for supply in self.supplies.in_use().values():
                supply.probing.renew(after.settings.probes_dir, active=after.settings.probes)
            self._background(self.supplies.renew(self._finder, after.names()))
        for listener in self.listeners:
            listener(after)
        self.start()

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _leave(self, client: HttpClient) -> None:
        try:
            await asyncio.sleep(_GRACE)
        finally:
            await client.close()
            self._older.remove(client)
