"""The process that keeps the index: walks the roots, has changed files parsed, writes the store.

JSON lines on stdin, the first of which is ``{"parent": PID, "store": DIRECTORY, "secret":
EXPRESSION, "roots": [PATH, ...]}``; then, in any order, lists of absolute paths: ``{"changed":
[...]}`` (written, made, renamed or removed) and ``{"prefer": [...]}`` (files near these come
first), ``{"look": true}`` (look at everything again), ``{"damaged": NUMBER}`` (the database of
a root cannot be read) and ``{"wanted": [[NUMBER, PATH], ...]}`` (files, or with a slash
directories, of installed packages). A message may have a ``ticket``, a number. On stdout JSON
lines with an ``event``:

- ``ready`` with the ``databases`` of the roots, in their order, then those of the packages that
  are installed for them, null where there is none, and the ``trouble`` in one sentence each, null
  where there is none;
- ``walked``: what changed while nobody looked is known, so the rest can be believed;
- ``changed`` with a ``root`` (its number) and ``paths`` below it, or null: any of them;
- ``listed``: of the environment with the number ``root`` these ``directories`` are known, and
  these are the ``names`` at its top (null: as before);
- ``aliases``: what the roots' configuration says of modules (`aliases.packed`);
- ``progress``: of ``total`` files ``done`` are looked at; equal when all is;
- ``settled`` with the ``ticket`` of the last message that had one: all is done.

It ends when stdin ends, and with its parent. File names are user text: they go to the parent and
nowhere else.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sqlite3
import sys
import threading
import time
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final

from inglenook.workspace.aliases import packed
from inglenook.workspace.child import die_with, silence
from inglenook.workspace.environments import SETTINGS, site_packages
from inglenook.workspace.installed import Installed
from inglenook.workspace.pool import Done, Job, Pool
from inglenook.workspace.tree import Text, Tree
from inglenook.workspace.trees import Trees, Troubles

_NICE: Final = 10
_WRITE_SECONDS: Final = 0.2
_STEP_SECONDS: Final = 0.02  # between looks into the inbox
_KILL_SECONDS: Final = 0.25  # between looks for parsers that take too long
_POLL_SECONDS: Final = 1.0  # between looks for other branches and other workers' writing
_LOOK_SECONDS: Final = 60.0  # between looks at everything, while the user is there
_LOOK_SHARE: Final = 0.02  # of the time that may be spent with these
_PURGE_SECONDS: Final = 86_400.0  # between looks for facts that nothing has had for long,
_PURGE_AFTER: Final = 30.0  # and from the start to the first
_MOST_UNWRITTEN: Final = 1_000  # changes
_LONGEST_TOLD: Final = 2 << 20  # bytes of aliases; the server takes a line of twice that
_MOST_PATHS: Final = 500  # in one event


def main() -> None:
    plan = json.loads(sys.stdin.buffer.readline())
    report = os.fdopen(os.dup(1), "wb")
    silence()
    die_with(plan["parent"])
    if hasattr(os, "nice"):
        os.nice(_NICE)  # Linux gives the reads of a nice process less of the disk, too
    worker = Worker(plan, report)
    threading.Thread(target=worker.listen, args=(sys.stdin.buffer,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        worker.run()
    worker.close()
    os._exit(0)  # the threads wait for pipes


class Worker:
    def __init__(self, plan: dict[str, Any], report: BinaryIO) -> None:
        self._report = report
        self._roots = [Path(root) for root in plan["roots"]]
        self._aliases: list[Any] | None = None  # as they were told
        self._trees = Trees(self._roots, Path(plan["store"]), plan["secret"], self._tell_ready)
        self._inbox: queue.SimpleQueue[dict[str, Any] | Done | None] = queue.SimpleQueue()
        self._pool = Pool(self._inbox.put)
        self._in_pool = 0
        self._written = self._polled = self._looked = time.monotonic()
        self._look_took = 0.0
        self._purge_at = time.monotonic() + _PURGE_AFTER
        self._is_user_there = True
        self._ticket = int(plan.get("ticket", 0))
        self._total = 0
        self._progress = (0, 0)
        self._has_walked = self._has_settled = False  # and told so

    def listen(self, stdin: BinaryIO) -> None:
        """Put every line of stdin into the inbox; None at its end."""
        for line in stdin:
            with contextlib.suppress(ValueError):
                self._inbox.put(dict(json.loads(line)))
        self._inbox.put(None)

    def run(self) -> None:
        self._tell_ready(self._trees.open(self._sites()))
        self._look()
        self._tell_state()
        while self._handle():
            self._pool.check()
            self._trees.each(self._work)
            self._tell_state()
            self._poll()

    def close(self) -> None:
        self._pool.close()
        self._trees.close()

    # -- messages ------------------------------------------------------------------------------

    def _handle(self) -> bool:
        """Take what came, and wait for something if there is nothing else to do; False at the
        end."""
        wait = self._patience()
        while True:
            try:
                message = self._inbox.get(timeout=wait) if wait else self._inbox.get_nowait()
            except queue.Empty:
                return True
            wait = 0.0
            if message is None:
                return False
            if isinstance(message, Done):
                self._take(message)
            else:
                self._obey(message)

    def _patience(self) -> float:
        """Seconds that may be waited for a message."""
        room = self._in_pool < self._pool.capacity
        for tree in self._trees:
            if tree.starved or (tree.has_work and (room or tree.is_walking)):
                return 0.0
        now = time.monotonic()
        wait = self._polled + _POLL_SECONDS - now
        if self._in_pool:
            wait = min(wait, _KILL_SECONDS)
        if any(tree.unwritten for tree in self._trees):
            wait = min(wait, self._written + _WRITE_SECONDS - now)
        return max(wait, 0.001)

    def _obey(self, message: dict[str, Any]) -> None:
        self._is_user_there = True
        self._has_settled = False
        self._ticket = message.get("ticket", self._ticket)
        changed = [Path(name) for name in message.get("changed", ())]
        preferred = [Path(name) for name in message.get("prefer", ())]

        def tell(tree: Tree | Installed, _: int) -> None:
            for path in changed:
                tree.changed(path)
            for path in preferred:
                tree.prefer(path)

        self._trees.each(tell)
        for number, path in message.get("wanted", ()):
            tree = self._trees[number]
            if isinstance(tree, Installed):
                tree.want(path)
        if message.get("look"):
            self._look()
        if message.get("look") or any(path.name in SETTINGS for path in changed):
            self._install()
        if "damaged" in message:
            self._trees.begin_anew(message["damaged"], sqlite3.DatabaseError())

    def _take(self, done: Done) -> None:
        """An answer of a parser."""
        self._in_pool -= 1
        tree, text = done.job.about
        if tree not in self._trees or not isinstance(text, Text):
            return
        if tree.under_way.get(text.path) == text.digest:
            del tree.under_way[text.path]
        if not done.broken:
            tree.unwritten.append(text.filled(done.body, done.names))

    # -- work ----------------------------------------------------------------------------------

    def _work(self, tree: Tree | Installed, number: int) -> None:
        until = time.monotonic() + _STEP_SECONDS
        while time.monotonic() < until and len(tree.unwritten) < _MOST_UNWRITTEN:
            full = self._in_pool >= self._pool.capacity
            text = None if full else tree.next()
            if text is not None:
                tree.under_way[text.path] = text.digest
                self._in_pool += 1
                self._pool.ask(Job(text.path, text.language, text.data, (tree, text)))
            elif not tree.step() and (full or not tree.has_work):
                break
        self._write(tree, number)
        news = tree.news() if isinstance(tree, Installed) else None
        if news is not None:
            self._tell("listed", root=number, directories=news.directories, names=news.names)

    def _write(self, tree: Tree | Installed, number: int) -> None:
        now = time.monotonic()
        many = len(tree.unwritten) >= _MOST_UNWRITTEN
        late = now - self._written >= _WRITE_SECONDS
        if not tree.unwritten or not (tree.starved or many or late or not self._in_pool):
            return
        self._written = now
        paths = tree.write()
        few = len(paths) <= _MOST_PATHS and not any(path.endswith("/") for path in paths)
        self._tell("changed", root=number, paths=paths if few else None)
        self._tell_progress()

    def _look(self) -> None:
        self._looked = time.monotonic()
        self._is_user_there = False
        self._trees.each(lambda tree, _: tree.look())

    def _sites(self) -> list[Path]:
        """Where the packages are that are installed for the roots."""
        activated = os.environ.get("VIRTUAL_ENV", "")
        found = (site_packages(root, activated) for root in self._roots)
        return list(dict.fromkeys(site for site in found if site is not None))

    def _install(self) -> None:
        """Environments may have come or gone."""
        troubles = self._trees.install(self._sites())
        if troubles is not None:
            self._tell_ready(troubles)

    def _poll(self) -> None:
        """Look for what nobody tells of."""
        now = time.monotonic()
        if now - self._polled < _POLL_SECONDS:
            return
        self._polled = now
        self._trees.each(self._compare)
        if self._has_settled and now >= self._purge_at:
            self._purge_at = now + _PURGE_SECONDS
            self._trees.each(lambda tree, _: tree.store.purge())
        rest = max(_LOOK_SECONDS, self._look_took / _LOOK_SHARE)
        if self._is_user_there and now - self._looked > rest:
            self._install()
            self._look()

    def _compare(self, tree: Tree | Installed, number: int) -> None:
        if not tree.store.is_there():
            raise FileNotFoundError("another worker began anew")
        if tree.is_written_by_others():
            self._tell("changed", root=number, paths=None)
        if tree.is_moved():
            tree.look()

    # -- what the server is told ---------------------------------------------------------------

    def _tell(self, event: str, **about: Any) -> None:
        self._report.write(json.dumps({"event": event, **about}).encode() + b"\n")
        self._report.flush()

    def _tell_ready(self, troubles: Troubles) -> None:
        self._has_walked = self._has_settled = False
        self._tell("ready", databases=self._trees.databases, trouble=troubles)
        for tree in self._trees.installed():
            tree.tell_again()

    def _tell_state(self) -> None:
        if not self._has_walked:
            self._has_walked = all(tree.walked and not tree.starved for tree in self._trees)
            if not self._has_walked:
                return
            self._tell_aliases()
            self._look_took = time.monotonic() - self._looked
            self._tell("walked")
            self._tell_progress()
            self._pool.warm()
        self._tell_aliases()
        idle = all(tree.idle for tree in self._trees)
        if idle and not self._has_settled:
            self._tell("settled", ticket=self._ticket)
        self._has_settled = idle

    def _tell_aliases(self) -> None:
        """Tell what the configuration of the roots says, when that is new and all was found."""
        trees = list(self._trees.roots())
        if all(tree.walked for tree in trees) and any(tree.configs.stale for tree in trees):
            told = [packed(each) for tree in trees for each in tree.configs.read()]
            sizes = accumulate(len(json.dumps(each)) + 2 for each in told)
            found = [each for each, size in zip(told, sizes, strict=True) if size < _LONGEST_TOLD]
            if found != self._aliases:
                self._aliases = found
                self._tell("aliases", of=found)

    def _tell_progress(self) -> None:
        if not self._has_walked:
            return
        left = 0

        def count(tree: Tree | Installed, _: int) -> None:
            nonlocal left
            left += tree.left

        self._trees.each(count)
        self._total = max(self._total, left)
        progress = (self._total - left, self._total)
        if progress != self._progress and self._total:
            self._progress = progress
            self._tell("progress", done=progress[0], total=progress[1])
        if not left:
            self._total = 0


if __name__ == "__main__":
    main()
