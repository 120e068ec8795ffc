"""The index of the workspace, as the server's event loop uses it.

Contract: what `facts`, `exists` and `named` say was so lately; None, False and nothing mean *not
known now*. None of them waits for anything but the page cache. A process of its own does the work
(`inglenook.workspace.worker`); when it dies it is started again, and meanwhile what it has stored
can be read.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from inglenook.workspace.reader import Reader
from inglenook_context.facts import Facts

log = logging.getLogger(__name__)

# Not from the working directory (-P), which is the user's workspace.
COMMAND: Final = (sys.executable, "-P", "-m", "inglenook.workspace.worker")
_KEPT_BYTES: Final = 3 << 20  # of facts as they are stored; parsed they take about four times that
_ROW_BYTES: Final = 300  # that an answer takes besides
_LINE_BYTES: Final = 4 << 20  # of one event
_MANY: Final = 2_000  # changed paths: to look at everything costs less than to name them
_CLOSE_SECONDS: Final = 1.0
_FIRST_PAUSE: Final = 0.2  # seconds before the worker is started again; then twice that, ...
_LONGEST_PAUSE: Final = 60.0
_HEALTHY_SECONDS: Final = 60.0  # a worker that lived so long did not fail at its start

Progress = Callable[[int, int], None]


def _nothing(_done: int, _total: int) -> None:
    pass


class Index:
    """Call everything from the event loop.

    ``roots`` are the workspace's folders, ``store`` a directory for the databases alone,
    ``secret`` an expression (verbose, without case) for the names of files that are never read.
    ``progress`` is told how many files of how many are done, while the index is built.
    """

    def __init__(
        self, roots: Sequence[Path], store: Path, *, secret: str, progress: Progress = _nothing
    ) -> None:
        self.generation = 0  # grows whenever an answer may have changed
        self._roots = tuple(roots)
        self._plan = {"store": str(store), "secret": secret, "roots": [str(root) for root in roots]}
        self._progress = progress
        self._readers: list[Reader | None] = [None] * len(self._roots)
        self._databases: list[Path | None] = [None] * len(self._roots)
        self._kept: OrderedDict[tuple[int, str], tuple[Facts | None, int]] = OrderedDict()
        self._kept_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._edition = (-1, "")
        self._preferred: list[str] = []
        self._ticket = 0
        self._walked = asyncio.Event()
        self._settled = asyncio.Event()

    # -- what is known -------------------------------------------------------------------------

    def facts(self, path: str) -> Facts | None:
        """The facts of a file by its path below its root, with forward slashes."""
        for number in range(len(self._readers)):
            found = self._facts(number, path)
            if found is not None:
                return found
        return None

    def exists(self, path: str) -> bool:
        """Whether there is a file of that path that is indexed, or is going to be."""
        return any(reader is not None and reader.exists(path) for reader in self._readers)

    @property
    def edition(self) -> str:
        """Tells apart what is known, in this process and in any other."""
        known, edition = self._edition
        if known != self.generation:
            each = [f"{reader.edition():x}" for reader in self._readers if reader is not None]
            edition = ".".join(each)
            self._edition = self.generation, edition
        return edition

    def named(self, name: str, limit: int = 8) -> tuple[str, ...]:
        """Paths of files that define ``name`` at their top, in no order."""
        found: list[str] = []
        for reader in self._readers:
            if reader is not None and len(found) < limit:
                found += reader.named(name, limit - len(found))
        return tuple(found)

    def _facts(self, number: int, path: str) -> Facts | None:
        key = (number, path)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept[0]
        reader = self._readers[number]
        if reader is None:
            return None
        facts, size = reader.facts(path)
        if reader.is_damaged:
            self._readers[number] = None
            self._say({"damaged": number})
            return None
        size += _ROW_BYTES + len(path)
        self._kept[key] = (facts, size)
        self._kept_bytes += size
        while self._kept_bytes > _KEPT_BYTES:
            _, (_, size) = self._kept.popitem(last=False)
            self._kept_bytes -= size
        return facts

    # -- what happens --------------------------------------------------------------------------

    def start(self) -> None:
        """Start the worker; soon after, what was stored before can be read."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def changed(self, paths: Iterable[Path]) -> None:
        """Files or directories were saved, made, renamed or removed. Absolute paths."""
        named = [str(path) for path in paths]
        if len(named) > _MANY:
            self.look()
        else:
            self._say({"changed": named, "ticket": self._new_ticket()})

    def prefer(self, paths: Iterable[Path]) -> None:
        """Files near these come first. Absolute paths, the most important last."""
        self._preferred = [str(path) for path in paths][-16:]
        self._say({"prefer": self._preferred})

    def look(self) -> None:
        """Look at everything again, for changes that nobody tells of."""
        self._say({"look": True, "ticket": self._new_ticket()})

    def _new_ticket(self) -> int:
        self._settled.clear()
        self._ticket += 1
        return self._ticket

    async def walked(self) -> None:
        """Wait until it is known which files there are and which have changed; for tests."""
        await self._walked.wait()

    async def settled(self) -> None:
        """Wait until nothing is left to be done; for tests and headless use."""
        await self._settled.wait()

    async def close(self) -> None:
        """End the worker and let everything go; nothing is known afterwards."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._show([None] * len(self._roots))

    # -- the worker ----------------------------------------------------------------------------

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await self._one_life()
            except OSError as error:
                log.warning("The index cannot be kept: %s.", error.strerror)
            finally:
                await self._end()
            if time.monotonic() - began > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _one_life(self) -> None:
        """Start a worker and listen to it until it ends."""
        flags: dict[str, Any] = {}
        if sys.platform == "win32":
            flags = {
                "creationflags": subprocess.CREATE_NO_WINDOW
                | subprocess.BELOW_NORMAL_PRIORITY_CLASS
            }
        self._process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            limit=_LINE_BYTES,
            **flags,
        )
        assert self._process.stdout is not None
        self._say(self._plan | {"parent": os.getpid(), "ticket": self._ticket})
        if self._preferred:
            self._say({"prefer": self._preferred})
        with contextlib.suppress(ValueError):  # a line too long, or none of ours
            while line := await self._process.stdout.readline():
                self._hear(json.loads(line))

    def _say(self, message: dict[str, Any]) -> None:
        process = self._process
        if process is not None and process.stdin is not None and process.returncode is None:
            with contextlib.suppress(OSError, RuntimeError):
                process.stdin.write(json.dumps(message).encode() + b"\n")

    def _hear(self, message: dict[str, Any]) -> None:
        event = message["event"]
        if event == "ready":
            self._databases = [Path(each) if each else None for each in message["databases"]]
            self._show([None] * len(self._roots))
            for trouble in filter(None, message["trouble"]):
                log.warning("%s", trouble)
        elif event == "walked":
            self._show(self._databases)
            self._walked.set()
        elif event == "changed":
            self._forget(message["root"], message["paths"])
        elif event == "progress":
            self._progress(message["done"], message["total"])
        elif event == "settled" and message["ticket"] == self._ticket:
            self._settled.set()

    def _show(self, databases: Sequence[Path | None]) -> None:
        """Read these from now on."""
        for reader in self._readers:
            if reader is not None:
                reader.close()
        self._readers = [Reader(each) if each is not None else None for each in databases]
        self._forget(0, None)

    def _forget(self, number: int, paths: list[str] | None) -> None:
        """Facts of these files of a root may have changed; None: of all."""
        self.generation += 1
        if paths is None:
            self._kept.clear()
            self._kept_bytes = 0
        for path in paths or ():
            _, size = self._kept.pop((number, path), (None, 0))
            self._kept_bytes -= size

    async def _end(self) -> None:
        """End the process, which has nothing to lose but a moment's work."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await process.wait()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
