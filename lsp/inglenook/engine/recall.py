"""Answers that are known already, asked for before anything else is done."""

from __future__ import annotations

from inglenook.engine.ask import Ask
from inglenook.engine.cache import Kept, MemoryCache, Typed, TypeThrough
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

    def get(self, ask: Ask, lane: Lane) -> Kept | None:
        """What is known for a place; it may be fewer alternatives than are wanted."""
        asked, language = self._asked(ask, lane), ask.cursor.document.language
        kept = None
        if ask.selected is None:
            kept = self._typed.get(ask.uri, asked, language, ask.target.offset, ask.place)
        return kept or self._cache.get(self._key(ask, lane))

    async def stored(self, ask: Ask, lane: Lane) -> Kept | None:
        """What is known from before this process was started, or from another one."""
        if self._disk is None or not self._is_durable(ask, lane):
            return None
        return await self._disk.get(self._key(ask, lane))

    def put(self, ask: Ask, lane: Lane, kept: Kept) -> None:
        key = self._key(ask, lane)
        self._cache.put(key, kept)
        if self._disk is not None and self._is_durable(ask, lane):
            self._disk.put(key, kept)
        if ask.selected is None:
            asked, language = self._asked(ask, lane), ask.cursor.document.language
            typed = Typed(asked, language, ask.target.offset, ask.place, kept)
            self._typed.put(ask.uri, typed)

    def forget(self, uri: str) -> None:
        self._typed.forget(uri)

    def _is_durable(self, ask: Ask, lane: Lane) -> bool:
        """Whether an answer may outlive the process.

        A backend that tells no digest of its weights may have others under the name tomorrow.
        """
        info = lane.model.info
        return info.digest != info.name and not is_sensitive(self._session.path(ask.uri))

    def _asked(self, ask: Ask, lane: Lane) -> str:
        """Who is asked, on behalf of which file, and beside which others."""
        session = self._session
        return f"{lane.recipe} {session.edition(ask.uri)} {session.path(ask.uri)}"

    def _key(self, ask: Ask, lane: Lane) -> bytes:
        language = ask.cursor.document.language
        return recipe(self._asked(ask, lane), language, ask.selected is not None, ask.place)
