"""A program of the user's own: which one a name means, and one run of it, ended in any case.

A program is never taken from the workspace, which somebody else wrote: of PATH only whole
directories outside of it count. No shell reads the arguments, no output is kept without a bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

KEPT: Final = 64 << 10  # bytes of each stream
_LINGER: Final = 1.0  # seconds that what a program has started may keep its output open
_ENDS: Final = (".exe", ".com")  # of Windows; a .bat file would be read by a shell


class NotRun(Exception):
    """Why a program was not run, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Ran:
    """``code`` is None if it took too long and was ended; ``cut``: ``out`` is not all of it."""

    code: int | None
    out: bytes = field(repr=False)
    errors: bytes = field(repr=False)
    cut: bool = False


def program(name: str, root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The program that a name, or a whole path, means to the user; raises `NotRun`."""
    if Path(name).is_absolute():
        if not _is_program(Path(name)):
            raise NotRun(f"there is no program {name}")
        return Path(name)
    inside = Path(os.path.realpath(root))
    bare = sys.platform != "win32" or name.lower().endswith(_ENDS)
    for each in environ.get("PATH", os.defpath).split(os.pathsep):
        directory = Path(each)
        if not directory.is_absolute() or _is_below(directory, inside):
            continue
        for end in ("",) if bare else _ENDS:
            place = directory / (name + end)
            if _is_program(place) and not _is_below(place, inside):
                return place
    raise NotRun(
        f"there is no program {name} on your PATH (what lies in the workspace does not count); "
        "give its whole path"
    )


def _is_program(place: Path) -> bool:
    try:
        return stat.S_ISREG(place.stat().st_mode) and os.access(place, os.X_OK)
    except (OSError, ValueError):
        return False


def _is_below(place: Path, inside: Path) -> bool:
    """Whether a whole path lies in a directory (a real path), as it is written or in truth."""
    try:
        spelled = (Path(os.path.normpath(place)), Path(os.path.realpath(place)))
    except ValueError:
        return True
    return any(each == inside or inside in each.parents for each in spelled)


async def run(
    command: Sequence[str | Path],
    directory: Path,
    text: bytes,
    seconds: float,
    most: int = KEPT,
    *,
    last: bool = False,
) -> Ran:
    """Run a command with ``text`` on its stdin; the first ``most`` bytes of its stdout are kept,
    or the ``last``.

    Raises `NotRun`. It and all that it has started is ended when the time is up, and when this
    is cancelled.
    """
    # In a group of its own, so that what it starts can be ended with it.
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    loop = asyncio.get_running_loop()
    try:
        transport, heard = await loop.subprocess_exec(
            lambda: _Heard(most, last), *map(str, command), cwd=directory, **flags
        )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "the command cannot be given"
        raise NotRun(f"it cannot be started: {why}") from None
    try:
        _say(transport, text)
        async with asyncio.timeout(seconds):
            await heard.exited.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                await heard.closed.wait()
        return heard.ran(transport.get_returncode())
    except TimeoutError:
        return heard.ran(None)
    finally:
        _end(transport, heard)
        waiting = asyncio.ensure_future(heard.exited.wait())
        try:
            await asyncio.shield(waiting)
        finally:  # also when it is cancelled while it ends by itself
            await waiting
            transport.close()


class _Heard(asyncio.SubprocessProtocol):
    """What comes out while a program runs: the first bytes of each stream, or the last. All is
    read, so that the program never waits for us."""

    def __init__(self, most: int, last: bool) -> None:
        self.exited, self.closed = asyncio.Event(), asyncio.Event()
        self._kept = {1: bytearray(), 2: bytearray()}  # by descriptor
        self._most = {1: most, 2: KEPT}
        self._last = last
        self._cut = False

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        kept, most = self._kept[fd], self._most[fd]
        left = most - len(kept)
        self._cut = self._cut or (fd == 1 and len(data) > left)
        if self._last:
            kept += data
            del kept[:-most]
        else:
            kept += data[:left]

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, _error: Exception | None) -> None:
        """It has exited, and nobody holds its pipes."""
        self.closed.set()

    def ran(self, code: int | None) -> Ran:
        return Ran(code, bytes(self._kept[1]), bytes(self._kept[2]), self._cut)


def _say(transport: asyncio.SubprocessTransport, text: bytes) -> None:
    stdin = transport.get_pipe_transport(0)
    assert isinstance(stdin, asyncio.WriteTransport)
    stdin.write(text)
    stdin.close()  # once all is written


def _end(transport: asyncio.SubprocessTransport, heard: _Heard) -> None:
    """End a program and all of its group, also what it left behind with its pipes closed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        elif not heard.exited.is_set():
            transport.kill()
