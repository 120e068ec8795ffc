"""The index of the workspace, as the server's event loop uses it.

Contract: what `facts`, `exists`, `listed` and `named` say was so lately; None, False and nothing
mean *not known now*. None of them waits for anything but the page cache. A process of its own does
the work (`inglenook.workspace.worker`); when it dies it is started again, and meanwhile what it has
stored can be read.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from inglenook.workspace.aliases import unpacked
from inglenook.workspace.kept import Kept
from inglenook.workspace.ration import Ration
from inglenook.workspace.reader import Reader
from inglenook.workspace.spawned import begun, ended
from inglenook.workspace.wanted import Wanted
from inglenook_context.digest import blake2b
from inglenook_context.facts import Facts
from inglenook_context.modules import INSTALLED
from inglenook_context.modules_script import Aliases

log = logging.getLogger(__name__)

_LISTED: Final = 400  # files of a directory that are told
_MANY: Final = 2_000  # changed paths: to look at everything costs less than to name them
_FIRST_PAUSE: Final = 0.2  # seconds before the worker is started again; then twice that, ...
_LONGEST_PAUSE: Final = 60.0
_HEALTHY_SECONDS: Final = 60.0  # a worker that lived so long did not fail at its start

Progress = Callable[[int, int], None]


def _nothing(_done: int, _total: int) -> None:
    pass


class Index:
    """Call everything from the event loop.

    Files of installed packages have the path that they have below ``site-packages``, and that
    name before it. They are read when they are first asked for: a moment later they are known.

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
        self._environments: dict[int, Wanted] = {}
        self._ration = Ration(self._facts, self._revise)
        self._is_asking = False
        self._aliases: tuple[Aliases, ...] = ()
        self._aliased = ""  # tells them apart
        self._kept = Kept()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._edition = (-1, "")
        self._listings: tuple[int, dict[str, tuple[str, ...]]] = (-1, {})
        self._preferred: list[str] = []
        self._ticket = 0
        self._walked = asyncio.Event()
        self._settled = asyncio.Event()

    # -- what is known -------------------------------------------------------------------------

    def facts(self, path: str) -> Facts | None:
        """The facts of a file by its path below its root, with forward slashes."""
        for number, below in self._places(path, path.removeprefix(INSTALLED)):
            found = self._facts(number, below, path)
            if found is not None:
                return found
            if number in self._environments:
                self._ask(number, below)
        return None

    def exists(self, path: str) -> bool:
        """Whether there is a file of that path that is indexed, or is going to be."""
        directory = path.removeprefix(INSTALLED).rpartition("/")[0]
        for number, below in self._places(path, f"{directory}/"):
            reader = self._readers[number]
            if reader is not None and reader.exists(below):
                return True
        return False

    def listed(self, directory: str) -> tuple[str, ...]:
        """Paths of files of a directory, and of none below it; of very many only some."""
        if self._listings[0] != self.generation:
            self._listings = self.generation, {}
        listings = self._listings[1]
        if directory not in listings:
            found: dict[str, None] = {}
            start = f"{directory}/" if directory else ""
            for reader in self._readers[: len(self._roots)]:
                names = reader.listed(directory, _LISTED) if reader is not None else ()
                found |= dict.fromkeys(start + name for name in names)
            listings[directory] = tuple(found)
        return listings[directory]

    def aliases(self) -> tuple[Aliases, ...]:
        """What the workspace's configuration says of the modules of scripts."""
        return self._aliases

    @property
    def edition(self) -> str:
        """Tells apart what is known, in this process and in any other."""
        known, edition = self._edition
        if known != self.generation:
            each = [f"{reader.edition():x}" for reader in self._readers if reader is not None]
            edition = ".".join([*each, *([self._aliased] if self._aliases else [])])
            self._edition = self.generation, edition
        return edition

    def named(self, name: str, limit: int = 8) -> tuple[str, ...]:
        """Paths of files that define ``name`` at their top, in no order."""
        found: list[str] = []
        for reader in self._readers[: len(self._roots)]:
            if reader is not None and len(found) < limit:
                found += reader.named(name, limit - len(found))
        return tuple(found)

    def _places(self, path: str, wanted: str) -> Iterator[tuple[int, str]]:
        """The roots or environments that may have a file, and its path below these.

        ``wanted`` is what an environment is asked for of which that is not known.
        """
        if not path.startswith(INSTALLED):
            yield from ((number, path) for number in range(len(self._roots)))
            return
        below = path.removeprefix(INSTALLED)
        for number, known in self._environments.items():
            if known.believes(below):
                yield number, below
            elif known.has_package(below):
                self._ask(number, wanted)

    def _facts(self, number: int, path: str, shown: str) -> Facts | None:
        file = (number, path)
        if self._kept.has(file):
            return self._kept.get(file)
        reader = self._readers[number]
        is_installed = number in self._environments
        if reader is None or (is_installed and not self._ration.allows((number, path, shown))):
            return None
        began = time.perf_counter()
        facts, size = reader.facts(path, shown)
        if is_installed:  # of which one import can lead to a hundred
            self._ration.spend(time.perf_counter() - began)
        if reader.is_damaged:
            self._readers[number] = None
            self._say({"damaged": number})
            return None
        self._kept.keep(file, facts, size)
        return facts

    # -- what happens --------------------------------------------------------------------------

    def start(self, worker: Process | None = None) -> None:
        """Start the worker, if it is not begun already; soon after, what was stored before can be
        read."""
        if self._task is None:
            self._process = worker
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

    def _ask(self, number: int, wanted: str) -> None:
        """Ask the worker for something of an environment, at the end of this turn."""
        if self._environments[number].ask(wanted) and not self._is_asking:
            self._is_asking = True
            asyncio.get_running_loop().call_soon(self._send)

    def _send(self) -> None:
        self._is_asking = False
        each = self._environments.items()
        asked = [(number, path) for number, wanted in each for path in wanted.take()]
        if asked:
            self._say({"wanted": asked, "ticket": self._new_ticket()})

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
        self._environments.clear()

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
        self._process = self._process or await begun()
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
            self._show([None] * len(self._databases))
            self._environments.clear()
            for trouble in filter(None, message["trouble"]):
                log.warning("%s", trouble)
        elif event == "walked":
            self._show(self._databases)
            self._walked.set()
        elif event == "changed":
            self._forget(message["root"], message["paths"])
        elif event == "listed":
            wanted = self._environments.setdefault(message["root"], Wanted())
            wanted.directories.update(message["directories"])
            if message["names"] is not None:
                wanted.names = frozenset(message["names"])
            self.generation += 1
        elif event == "aliases":
            self._take_aliases(message["of"])
        elif event == "progress":
            self._progress(message["done"], message["total"])
        elif event == "settled" and message["ticket"] == self._ticket:
            self._settled.set()

    def _take_aliases(self, told: list[Any]) -> None:
        aliases = tuple(unpacked(each) for each in told)
        if aliases != self._aliases:
            self._aliases = aliases
            self._aliased = blake2b(json.dumps(told).encode(), digest_size=8).hexdigest()
            self.generation += 1

    def _revise(self) -> None:
        self.generation += 1

    def _show(self, databases: Sequence[Path | None]) -> None:
        """Read these from now on."""
        for reader in self._readers:
            if reader is not None:
                reader.close()
        self._ration.clear()
        self._readers = [Reader(each) if each is not None else None for each in databases]
        self._forget(0, None)

    def _forget(self, number: int, paths: list[str] | None) -> None:
        """Facts of these files of a root may have changed; None: of all."""
        self.generation += 1
        self._kept.forget(number, paths)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await ended(process)
