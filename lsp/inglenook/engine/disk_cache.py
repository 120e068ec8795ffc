"""Answers that survive a restart, behind those in memory; several servers share them.

Contract: that of `inglenook.engine.cache`. One thread owns the database, and the event loop never
waits for it: a miss is a look into a set of the keys in memory, a write is put into a queue, and
a read that takes too long is a miss. Whatever goes wrong costs the cache and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from inglenook.engine.cache import Kept
from inglenook.private import Unusable

log = logging.getLogger(__name__)

_FORMAT: Final = 1
_SUM_BYTES: Final = 16
_QUEUE: Final = 256  # writes that may wait; what comes then is lost
_KEYS: Final = 20_000  # the newest, that are known in memory
_SECONDS_KEPT: Final = 30 * 86_400.0
_STATEMENT_SECONDS: Final = 0.5
_READ_SECONDS: Final = 0.1
_OPEN_SECONDS: Final = 0.25  # that the first request waits for the cache to be opened
_CLOSE_SECONDS: Final = 0.5
_NEWS_SECONDS: Final = 10.0  # between looks for what other servers have stored
_FAULTS: Final = 3  # so often it is opened again; then it stays closed

_Job = Callable[[], None]


class DiskCache:
    """Call everything but the constructor from the event loop."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._keys: set[bytes] = set()
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_QUEUE)
        self._ready = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._worker = _Worker(directory, self._keys)
        self._thread = threading.Thread(target=self._run, name="inglenook-cache", daemon=True)
        self._thread.start()

    async def get(self, key: bytes) -> Kept | None:
        """The answer under ``key``; None if there is none, or not soon."""
        try:
            if not self._ready.is_set():
                async with asyncio.timeout(_OPEN_SECONDS):
                    await self._ready.wait()
            if key not in self._keys:
                return None
            read: asyncio.Future[Kept | None] = self._loop.create_future()
            self._jobs.put_nowait(lambda: self._reply(read, self._worker.read(key)))
            async with asyncio.timeout(_READ_SECONDS):
                return await read
        except (TimeoutError, queue.Full):
            return None

    def put(self, key: bytes, kept: Kept) -> None:
        """Store an answer some time soon, or never."""
        if (key in self._keys and not kept.complete) or self._jobs.full():
            return
        value = encode(key, kept)
        if value is not None:
            self._jobs.put_nowait(lambda: self._worker.write(key, value))

    async def close(self) -> None:
        """Write what waits, as far as that is quick."""
        try:
            self._jobs.put_nowait(None)
        except queue.Full:
            return
        await asyncio.to_thread(self._thread.join, _CLOSE_SECONDS)

    def _reply(self, read: asyncio.Future[Kept | None], kept: Kept | None) -> None:
        def settle() -> None:
            if not read.done():
                read.set_result(kept)

        self._loop.call_soon_threadsafe(settle)

    def _run(self) -> None:
        try:
            self._worker.open()
            self._loop.call_soon_threadsafe(self._ready.set)
            while (job := self._next()) is not None:
                job()
            self._worker.close()
        except RuntimeError:
            pass  # the event loop is closed: the process ends
        except Exception as error:
            log.error("The cache on the disk broke: %s", type(error).__name__)

    def _next(self) -> _Job | None:
        try:
            return self._jobs.get(timeout=_NEWS_SECONDS)
        except queue.Empty:
            return self._worker.look_for_news


class _Worker:
    """What the one thread does. No method raises for what is wrong with the database."""

    def __init__(self, directory: Path, keys: set[bytes]) -> None:
        self._directory = directory
        self._keys = keys  # only added to, but for one clear; read by the event loop
        self._cache: Any = None
        self._inode = (0, 0)
        self._last_row = 0
        self._faults = 0
        self._busy = False  # another process had it when it was to be opened

    def open(self) -> None:
        from inglenook.engine.safe_disk import InUse, open_cache

        self._keys.clear()
        self._last_row = 0
        self._busy = False
        try:
            self._cache = open_cache(self._directory, _STATEMENT_SECONDS)
            self._inode = self._found()
        except Unusable as error:
            self._cache = None
            self._busy = isinstance(error, InUse)
            log.warning("%s", error)
            return
        self.look_for_news()

    def close(self) -> None:
        if self._cache is not None:
            self._cache.close()

    def read(self, key: bytes) -> Kept | None:
        value = self._guarded(lambda cache: cache.get(key, default=b""))
        kept = decode(key, value) if isinstance(value, bytes) else None
        if kept is None:
            self._keys.discard(key)  # it is gone, and may come again
        return kept

    def write(self, key: bytes, value: bytes) -> None:
        if self._guarded(lambda cache: cache.set(key, value, expire=_SECONDS_KEPT)):
            self._keys.add(key)

    def look_for_news(self) -> None:
        """Learn the keys that were stored since, by us or by another server."""
        from inglenook.engine.safe_disk import read_only

        if self._busy:
            self.open()  # somebody was at it
        if self._cache is None:
            return
        try:
            with read_only(self._directory) as connection:
                (last,) = connection.execute("SELECT max(rowid) FROM Cache").fetchone()
                if (last or 0) < self._last_row:  # it was emptied, and counts from the start
                    self._keys.clear()
                    self._last_row = 0
                rows = connection.execute(
                    "SELECT rowid, key FROM Cache WHERE rowid > ? AND length(key) = 16"
                    " ORDER BY rowid DESC LIMIT ?",
                    (self._last_row, _KEYS),
                ).fetchall()
        except sqlite3.Error:
            return
        if rows:
            self._last_row = rows[0][0]
        if len(self._keys) + len(rows) > _KEYS:
            self._keys.clear()
        self._keys.update(key for _, key in rows if isinstance(key, bytes))

    def _found(self) -> tuple[int, int]:
        """Which file is the database now."""
        try:
            status = (self._directory / "cache.db").stat()
        except OSError:
            return 0, 0
        return status.st_dev, status.st_ino

    def _guarded(self, ask: Callable[[Any], Any]) -> Any:
        """What ``ask`` returns; None if it fails, and then a broken database begins again."""
        from inglenook.engine.safe_disk import Busy

        if self._cache is None:
            return None
        try:
            if self._inode != self._found():
                raise sqlite3.DatabaseError("the file was removed or replaced")
            return ask(self._cache)
        except Busy:
            return None
        except (sqlite3.Error, OSError, ValueError, TypeError) as error:
            self._begin_again(error)
            return None

    def _begin_again(self, error: Exception) -> None:
        from inglenook.engine.safe_disk import is_full, start_over

        log.warning("The cache on the disk failed: %s", type(error).__name__)
        cache, self._cache = self._cache, None
        cache.close()
        self._keys.clear()
        self._faults += 1
        if self._faults > _FAULTS or is_full(error):
            return
        start_over(self._directory, error)
        self.open()


def encode(key: bytes, kept: Kept) -> bytes | None:
    """What is stored: a sum over key and body, so that no other row's value is taken for it."""
    from inglenook.engine.safe_disk import ENTRY_BYTES

    body = json.dumps([_FORMAT, kept.complete, kept.texts]).encode()
    return _sum(key, body) + body if len(body) < ENTRY_BYTES - _SUM_BYTES else None


def decode(key: bytes, value: bytes) -> Kept | None:
    """The answer in a value; None if it is not whole, or another key's."""
    told, body = value[:_SUM_BYTES], value[_SUM_BYTES:]
    if told != _sum(key, body):
        return None
    try:
        number, complete, texts = json.loads(body)
    except (ValueError, TypeError, RecursionError):
        return None
    fits = number == _FORMAT and isinstance(complete, bool) and isinstance(texts, list)
    if not fits or not all(isinstance(text, str) for text in texts):
        return None
    return Kept(tuple(texts), complete)


def _sum(key: bytes, body: bytes) -> bytes:
    return blake2b(body, key=key, digest_size=_SUM_BYTES).digest()
