"""Answers that are known already, asked for before anything else is done."""

from __future__ import annotations

from inglenook.engine.ask import Ask
from inglenook.engine.cache import Asked, Kept, MemoryCache, Typed, TypeThrough
from inglenook.engine.disk_cache import DiskCache
from inglenook.engine.lane import Lane
from inglenook.engine.recipe import recipe
from inglenook.engine.sensitive import is_sensitive
from inglenook.engine.session import Session


class Recall:
    """The answers of one session's documents: those that are being typed out, then all others."""

    def __init__(self, session: Session, disk: DiskCache | None = None) -> None:
        self._session = session
        self._disk = disk
        self._cache = MemoryCache()
        self._typed = TypeThrough()

    def keep_on(self, disk: DiskCache | None) -> None:
        """Have another cache behind those in memory, or none."""
        self._disk = disk

    def asked(self, ask: Ask, lane: Lane) -> Asked:
        """What decides over an answer beside the text, as it is now."""
        session = self._session
        return Asked(lane.recipe, session.path(ask.uri), session.edition(ask.uri))

    def get(self, ask: Ask, lane: Lane) -> Kept | None:
        """What is known for a place; it may be fewer alternatives than are wanted."""
        asked, language = self.asked(ask, lane), ask.cursor.document.language
        kept = None
        if ask.selected is None:
            kept = self._typed.get(ask.uri, asked, language, ask.target.offset, ask.place)
        # What is being typed out stands on the screen already: that is no cache.
        return kept if kept or not lane.options.use_cache else self._cache.get(_key(ask, asked))

    async def stored(self, ask: Ask, asked: Asked) -> Kept | None:
        """What is known from before this process was started, or from another one."""
        return await self._disk.get(_key(ask, asked)) if self._disk is not None else None

    def put(self, ask: Ask, asked: Asked, kept: Kept) -> None:
        """Keep what was answered; ``asked`` is as it was when the prompt was made."""
        self._cache.put(_key(ask, asked), kept)
        if ask.selected is None:
            language = ask.cursor.document.language
            typed = Typed(asked, language, ask.target.offset, ask.place, kept)
            self._typed.put(ask.uri, typed)

    def store(self, ask: Ask, asked: Asked, kept: Kept) -> None:
        """Keep an answer beyond this process."""
        if self._disk is not None:
            self._disk.put(_key(ask, asked), kept)

    def forget(self, uri: str) -> None:
        self._typed.forget(uri)

    def is_durable(self, ask: Ask, lane: Lane) -> bool:
        """Whether an answer may outlive the process.

        A backend that does not tell which weights it has may have others tomorrow.
        """
        known = lane.model.info.identified and self._disk is not None and lane.options.use_cache
        return known and not is_sensitive(self._session.path(ask.uri))


def _key(ask: Ask, asked: Asked) -> bytes:
    language = ask.cursor.document.language
    return recipe(" ".join(asked), language, ask.selected is not None, ask.place)
