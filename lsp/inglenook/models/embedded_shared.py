"""The engine that all processes of one user share: join the one that runs, or start it.

Whoever finds none starts it under a short lock, so that of many who come at once one does; the
others wait at the door. The engine belongs to nobody: it outlives whoever started it, and goes
when it has been idle (`inglenook.models.embedded_lease`). `Unusable` where sharing cannot be.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any, Final

from inglenook.file_lock import INHERITED, Lock, take
from inglenook.models.embedded_home import Home, Place, Record, clear, sweep
from inglenook.models.embedded_lease import Lease, take_lease
from inglenook.models.embedded_plan import (
    LOAD_SECONDS,
    STARTS,
    TOO_OFTEN,
    Ending,
    Plan,
    slow,
    stopped,
    unloadable,
)
from inglenook.models.embedded_private import COMMAND, INSTALL_HINT
from inglenook.models.errors import (
    BackendFailed,
    BackendOffline,
    BackendTimeout,
    ModelError,
    ModelMissing,
)
from inglenook.private import Unusable, own

_POLL: Final = 0.05  # seconds between two looks at what other processes do
_DEAF_SECONDS: Final = 10.0  # an engine that lives and does not answer for so long is left alone


@dataclass(frozen=True, slots=True)
class SharedEngine:
    """A place at the engine, until it is closed."""

    lease: Lease

    @property
    def address(self) -> str:
        return self.lease.address

    @property
    def key(self) -> str:
        return self.lease.key

    @property
    def pid(self) -> int:
        return self.lease.pid

    @property
    def alive(self) -> bool:
        return self.lease.alive

    @property
    def left(self) -> bool:
        """Whether it went by itself, because nobody asked it for anything."""
        return self.lease.said_bye

    @property
    def epitaph(self) -> str:
        return stopped()

    def use(self) -> None:
        self.lease.use()

    async def ended(self, seconds: float) -> bool:
        return await self.lease.ended(seconds)

    async def close(self) -> None:
        await self.lease.close()


async def join(plan: Plan, home: Home) -> SharedEngine:
    """The engine that has loaded ``plan``'s model; raises `ModelError`, or `Unusable`."""
    joining = _Joining(plan, home)
    try:
        own(home.directory)
        async with asyncio.timeout(LOAD_SECONDS):
            return SharedEngine(await joining.lease())
    except TimeoutError:
        joining.kill()
        raise BackendTimeout(slow(plan)) from None
    except OSError as error:
        text = f"{home.directory} cannot be used: {error.strerror}; empty it."
        raise Unusable(text) from None


def tidy(plan: Plan, home: Home, *, forget: bool) -> None:
    """For a client that goes: remove what the engine left if it was killed.

    To ``forget`` its starts is for one that never was more than started.
    """
    with contextlib.suppress(OSError, Unusable):
        if home.directory.is_dir():
            own(home.directory)
            clear(Place(home.directory, plan.name), forget=forget)


class _Joining:
    """One attempt to get a lease."""

    def __init__(self, plan: Plan, home: Home) -> None:
        self._plan = plan
        self._home = home
        self._place = Place(home.directory, plan.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._deaf: tuple[Record | None, float] = (None, 0.0)

    async def lease(self) -> Lease:
        while True:
            if lease := await self._knock():
                return lease
            if start := take(self._place.start):
                try:
                    return await self._started()
                finally:
                    start.drop()
            await asyncio.sleep(_POLL)

    def kill(self) -> None:
        """End the engine if it was started here: it does not get ready."""
        if self._process is not None:
            self._process.kill()

    async def _started(self) -> Lease:
        """The same for the one who may start the engine."""
        while True:
            # Another may just have started it, or one that died may have left it loading.
            if lease := await self._knock():
                return lease
            if self._process is None:
                if lock := self._place.vacate():
                    self._process = self._start(lock)
            elif self._process.returncode is not None:
                code, self._process = self._process.returncode, None
                if code != Ending.TAKEN:
                    self._clear(code)
                    raise self._failure(code)
            await asyncio.sleep(_POLL)

    async def _knock(self) -> Lease | None:
        """A lease if the engine is there."""
        record = self._place.read_record()
        lease = await take_lease(record) if record else None
        if record is None or lease is not None:
            return lease
        # Where no engine is, whoever may start one removes its record at once.
        known, since = self._deaf
        if known != record:
            self._deaf = record, time.monotonic()
        elif time.monotonic() - since > _DEAF_SECONDS:
            raise Unusable("The embedded engine that runs already does not answer.")
        return None

    def _start(self, lock: Lock) -> subprocess.Popen[bytes]:
        try:
            recent = self._place.recent_starts()
            if len(recent) >= STARTS:
                raise BackendOffline(TOO_OFTEN)
            sweep(self._home.directory)
            self._place.note_start(recent)
        except BaseException:
            lock.drop()
            raise
        return _spawn(self._plan, self._home, lock)

    def _clear(self, code: int) -> None:
        """Remove what the engine left that ended while it loaded; being told to is no crash."""
        if lock := self._place.vacate():
            if code == -signal.SIGTERM:
                self._place.leave(lock)
            else:
                lock.drop()

    def _failure(self, code: int) -> ModelError | Unusable:
        if code == Ending.MISSING:
            return ModelMissing(INSTALL_HINT)
        if code == Ending.UNLOADABLE:
            return BackendFailed(unloadable(self._plan))
        if code == Ending.HOMELESS:
            return Unusable(f"{self._home.directory} cannot be written.")
        return BackendOffline(stopped(code))


def _spawn(plan: Plan, home: Home, lock: Lock) -> subprocess.Popen[bytes]:
    """Start the engine, which gets ``lock``; nothing ties it to this process."""
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    told = asdict(plan) | {
        "name": plan.name,
        "directory": str(home.directory.absolute()),
        "idle_seconds": home.idle_seconds,
        "unused_seconds": home.unused_seconds,
    }
    if INHERITED:
        flags["pass_fds"] = (lock.file,)
        told["lock"] = lock.file
    else:
        lock.drop()  # the engine takes it; nobody else does, because of the start lock
    try:
        process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=plan.file.parent,
            **flags,
        )
    except OSError as error:
        if INHERITED:
            lock.drop()
        raise BackendFailed(f"The embedded engine cannot be started: {error.strerror}.") from None
    if INHERITED:
        lock.hand_over()
    # It may end while this process goes on, and then somebody must ask for its exit code.
    threading.Thread(target=process.wait, name="inglenook-engine", daemon=True).start()
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin:
        process.stdin.write(json.dumps(told).encode() + b"\n")
    return process
