"""Edits that a model writes, for the document of an editor: who writes, of which files, for what
text. Requests and code actions both come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inglenook.engine.chat.configured import editing, manner
from inglenook.engine.refactor.own_settings import check_settings
from inglenook.engine.refactor.parsed import parsed
from inglenook.engine.refactor.series import as_one
from inglenook.engine.refactor.wish import NotOffered, Wish, Written, check_paths
from inglenook.engine.refactor.world import Here, Look
from inglenook.engine.refactor.writer import MOVED, Writer
from inglenook.engine.sensitive import is_sensitive
from inglenook.engine.settings import Check, CheckKind
from inglenook.models.chatting import Chats
from inglenook.models.errors import ModelError
from inglenook.server.asked import RequestFailed
from inglenook.server.paths import paths_of
from inglenook.server.sentences import as_shown
from inglenook.server.uris import name_of, path_of
from inglenook_context.verify.task import Failure

if TYPE_CHECKING:
    from inglenook.server.serving import Serving
    from inglenook_context.document import Document
    from inglenook_context.syntax import Syntax

_CLOSED: Final = "The document was closed while the edit was being written."
OTHER_LANGUAGE: Final = "The document is of another language by now: ask again."
_LOOKS: Final = 4  # at a document that goes on changing

Told = Callable[[str], None]


@contextmanager
def refusals() -> Iterator[None]:
    """What a model or a check says against an edit becomes the answer to a request."""
    try:
        yield
    except ModelError as error:
        raise RequestFailed(message=as_shown(str(error))) from None
    except NotOffered as error:
        checks = list(dict.fromkeys(each.check for each in error.failures))
        raise RequestFailed(message=as_shown(str(error)), data={"checks": checks}) from None


class Writing:
    """The edits of one server."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._writer = Writer(serving.session)

    # -- of which files ------------------------------------------------------------------------

    def is_ready(self, document: Document) -> bool:
        """Whether a model is there, or is chosen and was not looked for yet; nothing is loaded."""
        fleet = self._serving.fleet
        folder = fleet.configuring.folder(document.uri)
        name = editing(fleet.choices, folder, document.language)
        supply = fleet.supplies.in_use().get(name)
        if supply is None:
            return bool(name)
        return supply.lane is not None and isinstance(supply.lane.model, Chats)

    async def paths(self, document: Document) -> tuple[str, ...]:
        """All names of a document's file; raises `NotOffered` if no edit of a model may touch it,
        or if it is shown to no model."""
        uri = document.uri
        folders, configuring = self._serving.server.folders, self._serving.fleet.configuring
        shown = folders.relative_path(uri) or name_of(uri)
        found = await asyncio.to_thread(paths_of, uri, shown, tuple(folders))
        check_paths(found.all)
        if (file := path_of(uri)) is not None:
            await asyncio.to_thread(check_settings, Path(file))
        why = ""
        if any(map(is_sensitive, found.all)):
            why = "by its name it holds secrets"
        elif any(configuring.leaves_out(uri, path) for path in found.below):
            why = "the configuration leaves it out (inglenook config show)"
        if why:
            said = f"{shown} is shown to no model: {why}."
            raise NotOffered(said, (Failure("left out", said),))
        return found.all

    # -- what is written -----------------------------------------------------------------------

    async def write(
        self, uri: str, wish: Wish, told: Told = lambda _: None, *, tests: bool = True
    ) -> Written:
        """An edit of the document as it is when it was written; raises `NotOffered` and
        `ModelError`. ``uri`` is the client's. ``tests``: also those of the user's checks count
        that run a whole folder's tests."""
        fleet, document = self._serving.fleet, wish.document
        folder = fleet.configuring.folder(document.uri)
        name = editing(fleet.choices, folder, document.language)
        written = await self._writer.write(
            wish,
            fleet.supplies.named(name),
            manner(fleet.choices, folder, "edit"),
            checks=[each for each in self._checks if tests or each.kind is not CheckKind.TEST],
            root=self._root(document),
            look=self._look(document),
            told=told,
        )
        return await self.now(uri, written)

    async def now(self, uri: str, written: Written) -> Written:
        """An edit for the document as it is by now; raises `NotOffered` if its code changed."""
        for _ in range(_LOOKS):
            document = self.document(uri)
            if document.language != written.document.language:
                raise NotOffered(OTHER_LANGUAGE)
            if document.text is written.document.text:
                return replace(written, document=document)  # perhaps of another version
            written = await self._writer.rebased(written, document, self._look(document))
        raise NotOffered(MOVED)

    async def as_one(self, parts: list[Written], title: str, notes: list[str]) -> Written:
        """Edits of one document that were written without ``tests``, as one."""
        document = parts[0].document
        return await as_one(
            parts,
            title,
            notes,
            path=self._serving.session.path(document.uri),
            look=self._look(document),
            checks=[each for each in self._checks if each.kind is CheckKind.TEST],
            root=self._root(document),
        )

    def document(self, uri: str) -> Document:
        """As it is now; raises `NotOffered` if it was closed."""
        served = self._serving.served(uri)
        if served is None:
            raise NotOffered(_CLOSED)
        return served.document

    async def syntax(self, document: Document) -> Syntax | None:
        return await parsed(self._serving.session, document)

    # -- what the checks need ------------------------------------------------------------------

    @property
    def _checks(self) -> tuple[Check, ...]:
        return self._serving.fleet.choices.settings.checks

    def _root(self, document: Document) -> Path | None:
        folder = self._serving.fleet.configuring.folder(document.uri)
        return Path(folder) if folder else None

    def _look(self, document: Document) -> Look | None:
        """What tells of the world outside of the file; None for one that is in no directory."""
        root, path = self._root(document), path_of(document.uri)
        if root is None and path is not None:
            root = path.parent
        return Look(Here(self._serving.session, root)) if root is not None else None
