"""The configuration of one server: read in a thread, looked at again while the server runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inglenook.engine.configuration import Configured, Sources, read, real, stamp
from inglenook.engine.picks import Pick, with_pick
from inglenook.engine.settings import Notice
from inglenook.server.notebook import notebook_of
from inglenook.server.uris import name_of, path_of

if TYPE_CHECKING:
    from inglenook.engine.choices import Choices
    from inglenook.server.base import InglenookServer

log = logging.getLogger(__name__)

_LOOK: Final = 2.0  # seconds between looks at the files


@dataclass(frozen=True, slots=True)
class Start:
    """What a server starts with; see `Sources` for what the editor sent."""

    configured: Configured
    section: object = None
    vouched: bool = False


def begin(server: InglenookServer, section: object, *, vouched: bool) -> Start:
    """Read the configuration; for a thread."""
    return Start(read(_sources(server, section, vouched)), section, vouched)


def _sources(server: InglenookServer, section: object, vouched: bool) -> Sources:
    roots = [root for folder in server.folders if (root := path_of(folder)) is not None]
    return Sources(tuple(roots), section, vouched, server.trusts_workspace)


def _with(configured: Configured, more: Iterable[Pick]) -> Configured:
    choices = configured.choices
    for pick in more:
        choices = replace(choices, picks=with_pick(choices.picks, pick))
    return replace(configured, choices=choices)


class Configuring:
    """Calls ``changed`` with the old and the new configuration, and ``tell`` with new notices."""

    def __init__(
        self,
        server: InglenookServer,
        start: Start,
        changed: Callable[[Choices, Choices], None],
        tell: Callable[[list[Notice]], None],
    ) -> None:
        self._server = server
        self._now = start.configured
        self._vouched = start.vouched
        self._changed = changed
        self._tell = tell
        self._section = start.section
        self._said = {notice.text for notice in start.configured.notices}
        self._unkept: list[Pick] = []
        self._meanwhile: list[Pick] = []  # since the files were read last
        self._again = asyncio.Event()
        self._roots: dict[str, str] = {}
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    @property
    def choices(self) -> Choices:
        return self._now.choices

    def choose(self, uri: str, language: str) -> str:
        """The name of the entry that completes a document, "" where nobody chose one."""
        return self.choices.chosen(self.folder(uri), "autocomplete", language).name

    def serves(self, uri: str, language: str, *, automatic: bool) -> bool:
        uri = notebook_of(uri) or uri
        path = self._server.folders.relative_path(uri) or name_of(uri)
        return self.choices.serves(self.folder(uri), path, language, automatic=automatic)

    def leaves_out(self, uri: str, path: str) -> bool:
        """Whether a document is shown to no model, by the configuration of its folder."""
        return self.choices.left_out(self.folder(uri)).leaves_out(path)

    def folder(self, uri: str) -> str:
        """The real path of the innermost folder that a document is in; empty if it is in none.

        The cells of a notebook are where it is.
        """
        found = self._server.folders.placed(notebook_of(uri) or uri)
        root = path_of(found.folder) if found is not None else None
        return self._real(root) if root is not None else ""

    def pick(self, pick: Pick, *, kept: bool) -> None:
        """The user chose otherwise; the next request is for what is chosen now.

        Unless it is ``kept`` no file has it, so it is held here.
        """
        place = (pick.folder, pick.role, pick.language)
        self._unkept = [
            each for each in self._unkept if (each.folder, each.role, each.language) != place
        ]
        if not kept:
            self._unkept.append(pick)
        self._meanwhile.append(pick)
        self._now = _with(self._now, [pick])

    def edited(self, section: object) -> None:
        """The editor's settings changed, or its folders."""
        self._section = section
        self._again.set()

    def look(self) -> None:
        """Read everything again soon."""
        self._again.set()

    async def close(self) -> None:
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching

    def _real(self, root: Path) -> str:
        key = str(root)
        if key not in self._roots:
            self._roots[key] = real(root)
        return self._roots[key]

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), _LOOK)
            try:
                await self._look()
            except Exception as error:  # whatever a disk does, the next look may find it well
                log.error("The configuration could not be read: %s", type(error).__name__)

    async def _look(self) -> None:
        wanted = _sources(self._server, self._section, self._vouched)
        if not self._again.is_set():
            files = self.choices.settings.files
            if await asyncio.to_thread(stamp, wanted.roots, files) == self._now.stamp:
                return
        self._again.clear()
        self._meanwhile.clear()
        configured = await asyncio.to_thread(read, wanted)
        # The files that were read may be older than what was chosen meanwhile.
        before, self._now = self._now, _with(configured, [*self._unkept, *self._meanwhile])
        self._roots.clear()
        if self._now.choices != before.choices:
            self._changed(before.choices, self._now.choices)
        fresh = [each for each in self._now.notices if each.text not in self._said]
        self._said = {notice.text for notice in self._now.notices}
        if fresh:
            self._tell(fresh)
